"""How long a broadcast takes to so many people on LINE: the double, the carrier and we each in a process of our own.

python -m tests.bench.announcing [--people 100000] [--url postgresql://…]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import uvloop
from sqlalchemy import Connection, insert

from bot.announcer import Announcer
from bot.app import make_mind
from bot.bell import Bell
from bot.broadcasting import Crier
from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.line.platform import user_id
from bot.channels.doubles.serve import serving
from bot.heralding import Herald, Limits
from bot.outside import outside
from bot.settings import Settings
from bot.settling import settle
from storage import Store, fates, migrate, open_store, people
from storage.receive_tables import receiver
from tests.apart import apart
from tests.broadcast.newsletter import newsletter_to_all
from tests.secret import SECRET
from tests.serving import TOKEN, free_port
from tests.storage.house import gauged

AT_ONCE = 5_000


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def platform(port: int, people_there: int) -> None:
    """LINE at its own pace, with everybody a friend, until it is ended."""
    uvloop.run(_platform(port, people_there))


async def _platform(port: int, people_there: int) -> None:
    line = LinePlatform("s" * 32, TOKEN, "", clock=now, quota=None)
    for one in range(people_there):
        line.meet(user_id(str(one)), "住民").friend = True
    settle()
    async with serving(line.app, port=port):
        await asyncio.Event().wait()


def fill(store: Store, people_there: int) -> None:
    """Everybody in the database, who receives on LINE."""
    for first in range(0, people_there, AT_ONCE):
        names = [("line", user_id(str(one))) for one in range(first, min(first + AT_ONCE, people_there))]

        def job(conn: Connection, names: list[tuple[str, str]] = names) -> None:
            found = people.contacts_for(conn, store.vault, names, now())
            usual = {"channel": "line", "language": "ja", "often": "at_once", "quiet_from": 0, "quiet_to": 0}
            rows = [{"person_id": one.person_id, "contact_id": one.id, **usual} for one in found.values()]
            conn.execute(insert(receiver), rows)

        store.writer.submit(job).result(60)
    gauged(store)


async def send(store: Store, number: int) -> dict[str, float]:
    """Carry it, and how that went."""
    mind = make_mind(Settings.model_validate({"secret_key": SECRET}))
    channels = dict(outside(["line"]))
    for channel in channels.values():
        await channel.open()
    crier = Crier(store, channels, Bell(), now, Announcer(mind.house.library))
    herald = Herald(store, crier, Limits(), ZoneInfo("Asia/Tokyo"), now)
    settle()
    assert await channels["line"].month() is not None  # who speaks to LINE, and LINE, are ready
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    worked = time.process_time()
    await herald.look()
    frozen = time.perf_counter() - begun
    await herald.idle()
    while store.read(lambda conn: fates.of(conn, number)).waiting:
        await asyncio.sleep(0.05)
        await herald.look()
        await herald.idle()
    whole, worked = time.perf_counter() - begun, time.process_time() - worked
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    sums = store.read(lambda conn: fates.of(conn, number))
    for channel in channels.values():
        await channel.close()
    return {
        "accepted": sums.accepted, "frozen_s": frozen, "our_cpu_s": worked, "whole_s": whole,
        "people_per_s": sums.accepted / whole, "sent_per_s": sums.accepted / (whole - frozen),
        "memory_grown_mb": grown / 1024,
    }  # fmt: skip


def measure(url: str, people_there: int) -> Mapping[str, float]:
    """One run on an empty database."""
    port = free_port()
    os.environ |= {
        "NAKODO_LINE_API_BASE": f"http://127.0.0.1:{port}", "NAKODO_LINE_ACCESS_TOKEN": TOKEN,
        "NAKODO_LINE_CHANNEL_SECRET": "s" * 32, "NAKODO_SECRET_KEY": SECRET,
    }  # fmt: skip
    double = apart().Process(target=platform, args=(port, people_there), daemon=True)
    double.start()
    migrate(url)
    store = open_store(url, SECRET)
    try:
        fill(store, people_there)
        number = store.writer.submit(lambda conn: newsletter_to_all(conn, people_there)).result(60)
        _ready(port)
        return uvloop.run(send(store, number))
    finally:
        store.close()
        double.kill()
        double.join()


def _ready(port: int) -> None:
    for _ in range(600):
        try:
            httpx.get(f"http://127.0.0.1:{port}/v2/bot/info")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the double does not start")


def main() -> None:
    """Print the figures of one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="")
    parser.add_argument("--people", type=int, default=100_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(asked.url or f"sqlite:///{Path(folder) / 'bench.db'}", asked.people)
    print(json.dumps({**figures, "load": os.getloadavg()[0]}, indent=1))


if __name__ == "__main__":
    main()
