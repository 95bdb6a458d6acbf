"""How long it takes to count whom words are meant for, among made-up people with made-up wishes."""

from __future__ import annotations

import random
import statistics
import time
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, insert, text

from knowledge.segment import All, And, Asked, Has, Not, Or, Segment
from storage import migrate, open_store, segments
from storage.engine import Store
from storage.receive_tables import receiver
from storage.tables import person

SEGMENTS: tuple[Segment, ...] = (
    All(),
    Has(Asked.TOPIC, ("events",)),
    And((Has(Asked.TOPIC, ("events", "courses")), Has(Asked.AREA, ("asakusa", "unset")))),
    And((Or((Has(Asked.TOPIC, ("grants",)), Has(Asked.ROLE, ("group",)))), Not(Has(Asked.CHANNEL, ("web",))))),
    And((Has(Asked.LANGUAGE, ("en", "zh")), Not(Has(Asked.OFTEN, ("monthly",))), Has(Asked.ROLE, ("foreign",)))),
)
_CHANNELS = ("line",) * 7 + ("telegram", "telegram", "web")
_LANGUAGES = ("ja",) * 12 + ("ja-easy", "en", "en", "zh", "ko")
_AT_ONCE = 10_000
Row = dict[str, object]


def fill(store: Store, people: int, now: datetime) -> None:
    """So many made-up people, of whom one in ten stopped and one in twenty cannot be reached."""
    draw = random.Random(6)  # noqa: S311 - made-up people
    for first in range(1, people + 1, _AT_ONCE):
        ids = range(first, min(first + _AT_ONCE, people + 1))
        names = [{"id": of, "wrapped_key": b"", "created_at": now, "seen_at": now} for of in ids]
        rows = [_wishes(draw, of, now) for of in ids]

        store.writer.submit(partial(_write, names, rows)).result(60)
    store.writer.submit(lambda conn: conn.execute(text("ANALYZE receiver"))).result(60)


def _write(names: list[Row], rows: list[Row], conn: Connection) -> None:
    conn.execute(insert(person), names)
    conn.execute(insert(receiver), rows)


def _wishes(draw: random.Random, of: int, now: datetime) -> Row:
    return {
        "person_id": of,
        "topics": draw.getrandbits(7) & draw.getrandbits(7),
        "areas": draw.getrandbits(7) & draw.getrandbits(7) & draw.getrandbits(7),
        "roles": draw.getrandbits(8) & draw.getrandbits(8) & draw.getrandbits(8),
        "often": draw.choice(("at_once", "weekly", "weekly", "monthly")),
        "quiet_from": 21,
        "quiet_to": 8,
        "contact_id": of,
        "channel": draw.choice(_CHANNELS),
        "reachable": draw.random() > 0.05,
        "language": draw.choice(_LANGUAGES),
        "asked_at": None,
        "changed_at": now,
        "stopped_at": now if draw.random() < 0.1 else None,
    }


def preview_p95(store: Store, rounds: int = 8) -> float:
    """Milliseconds in which nineteen of twenty previews of a segment are counted."""
    spent: list[float] = []
    for _ in range(rounds):
        for means in SEGMENTS:
            begun = time.perf_counter()
            store.read(partial(_count, means))
            spent.append((time.perf_counter() - begun) * 1000)
    return statistics.quantiles(spent, n=20)[-1]


def _count(means: Segment, conn: Connection) -> segments.Counts:
    return segments.count(conn, means)


def measure(url: str, people: int, now: datetime) -> float:
    """The p95 of previews among so many people, on an empty database."""
    migrate(url)
    store = open_store(url, "k" * 32)
    try:
        fill(store, people, now)
        return preview_p95(store)
    finally:
        store.close()
