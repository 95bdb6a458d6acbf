"""Durable turns a second through hear(): 1,000 people, eleven messages each, all talking at once.

python -m tests.bench.turns [--people 1000] [--url sqlite:///…]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from bot.app import make_mind
from bot.conversation import Helping, Round, hear
from bot.mind import Mind
from bot.settings import Settings
from bot.settling import settle
from dialogs.heard import Typed, to_json
from storage import Store, inbox, migrate, open_store
from storage.inbox import Incoming
from tests.bench.people import INTAKE


def fill(store: Store, people: int, step: int) -> None:
    """Everybody sends their next message."""
    at = datetime.now(UTC)
    payload = {"heard": to_json(INTAKE[step]), "said": ""}
    rows = [
        Incoming("line", f"E{step}-{person}", f"U{person:032}", at, payload, f"token{step}-{person}")
        for person in range(people)
    ]
    for start in range(0, people, 250):
        store.writer.submit(partial(_receive, store, rows[start : start + 250])).result()


def _receive(store: Store, rows: list[Incoming], conn: Connection) -> list[bool]:
    return inbox.receive(conn, store.vault, rows, rows[0].at)


def _hear(store: Store, mind: Mind, after: int, conn: Connection) -> Round:
    return hear(conn, store.vault, mind, datetime.now(UTC), Helping(after=after))


def run(url: str, people: int) -> tuple[int, float, float]:
    """(turns, seconds spent storing events, seconds spent hearing)."""
    migrate(url)
    store = open_store(url, "k" * 32)
    mind = make_mind(Settings(database_url=url))
    mind.look(Typed("こんにちは"), "ja", datetime.now(UTC).date())  # the safety lists are read at the first words
    settle()  # as `nakodo serve` does
    turns, storing, hearing = 0, 0.0, 0.0
    try:
        for step in range(len(INTAKE)):
            begun = time.perf_counter()
            fill(store, people, step)
            storing += time.perf_counter() - begun
            begun, last = time.perf_counter(), 0
            while True:
                made = store.writer.submit(partial(_hear, store, mind, last)).result()
                if made.failed:
                    raise RuntimeError(f"{len(made.failed)} messages could not be heard: {made.failed[0][1]}")
                if not made.heard:
                    break
                turns, last = turns + made.heard, made.last
            hearing += time.perf_counter() - begun
    finally:
        store.close()
    return turns, storing, hearing


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--url", default="")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        turns, storing, hearing = run(asked.url or f"sqlite:///{Path(folder) / 'bench.db'}", asked.people)
    print(f"{turns} turns; stored {turns / storing:,.0f}/s; heard {turns / hearing:,.0f}/s")


if __name__ == "__main__":
    main()
