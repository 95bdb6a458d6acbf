"""How long it takes to count whom words are meant for, among made-up people with made-up wishes."""

from __future__ import annotations

import random
import statistics
import time
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, insert

from knowledge.event import Content, What
from knowledge.interests import GROUP, codes
from knowledge.segment import All, And, Asked, Did, Has, Not, Or, Segment, Took
from storage import migrate, open_store, segments
from storage.engine import Store
from storage.event_tables import event, event_date, sign_up
from storage.grant_tables import group_card
from storage.receive_tables import receiver
from storage.tables import person
from tests.storage.house import gauged

SEGMENTS: tuple[Segment, ...] = (
    All(),
    Has(Asked.TOPIC, ("events",)),
    And((Has(Asked.TOPIC, ("events", "courses")), Has(Asked.AREA, ("asakusa", "unset")))),
    And((Or((Has(Asked.TOPIC, ("grants",)), Has(Asked.ROLE, ("group",)))), Not(Has(Asked.CHANNEL, ("web",))))),
    And((Has(Asked.FORM, ("npo", "voluntary")), Has(Asked.FIELD, ("children", "unset")))),
    Or((Took(Did.SIGNED, "any", 365), Has(Asked.BASE, ("ward",)))),
    And((Not(Took(Did.SIGNED, "any", 730)), Not(Has(Asked.TOPIC, ("rooms",))))),
    And((Has(Asked.TOPIC, ("events",)), Took(Did.CAME, "course", 180), Not(Took(Did.SIGNED, "2", 730)))),
    And((Has(Asked.LANGUAGE, ("en", "zh")), Not(Has(Asked.OFTEN, ("monthly",))), Has(Asked.ROLE, ("foreign",)))),
)
_CHANNELS = ("line",) * 7 + ("telegram", "telegram", "web")
_LANGUAGES = ("ja",) * 12 + ("ja-easy", "en", "en", "zh", "ko")
_AT_ONCE = 10_000
_EVENTS = 40  # of which every fourth is a course, each with one date
Row = dict[str, object]


def fill(store: Store, people: int, now: datetime) -> None:
    """So many made-up people, of whom one in ten stopped and one in twenty cannot be reached.

    One in ten told of their group, two thirds of these for announcements too; one in five signed up for something.
    """
    draw = random.Random(6)  # noqa: S311 - made-up people
    store.writer.submit(partial(_fair, now)).result(300)
    for first in range(1, people + 1, _AT_ONCE):
        ids = range(first, min(first + _AT_ONCE, people + 1))
        names = [{"id": of, "wrapped_key": b"", "created_at": now, "seen_at": now} for of in ids]
        rows = [_wishes(draw, of, now) for of in ids]
        cards = [_card(draw, of, now) for of in ids if draw.random() < 0.1]
        signed = [_signed(draw, of, now) for of in ids if draw.random() < 0.2]
        store.writer.submit(partial(_write, names, rows, (cards, signed))).result(300)
    gauged(store)


def _write(names: list[Row], rows: list[Row], more: tuple[list[Row], list[Row]], conn: Connection) -> None:
    conn.execute(insert(person), names)
    conn.execute(insert(receiver), rows)
    for table, some in zip((group_card, sign_up), more, strict=True):
        if some:
            conn.execute(insert(table), some)


def _fair(now: datetime, conn: Connection) -> None:
    for of in range(1, _EVENTS + 1):
        # Words that look like the mark of a course must not make one.
        kind = What.COURSE if of % 4 == 0 else What.EVENT
        said = Content(title=f"催し{of}", organiser="ふれあいの会", what=kind, about='"what":"course"')
        made = {"uid": f"made-up-{of}", "state": "published", "content": said.model_dump_json(), "changed_at": now}
        number = conn.execute(insert(event).returning(event.c.id), made).scalar_one()
        span = {"starts_at": now, "ends_at": now, "state": "on"}
        conn.execute(insert(event_date), {"event_id": number, **span})


def _card(draw: random.Random, of: int, now: datetime) -> Row:
    bits = 0 if draw.random() < 0.3 else sum(1 << draw.choice([*codes()[kind].values()]) for kind in GROUP)
    return {"person_id": of, "card": b"", "agreed": "", "at": now, "bits": bits}


def _signed(draw: random.Random, of: int, now: datetime) -> Row:
    at = now - timedelta(days=draw.randrange(800))
    state = draw.choice(("going", "going", "going", "waiting", "left", "off"))
    came = at + timedelta(days=1) if state == "going" and draw.random() < 0.6 else None
    return {
        "date_id": draw.randint(1, _EVENTS), "person_id": of, "contact_id": of, "state": state, "code": f"C{of}",
        "at": at, "arrived_at": came,
    }  # fmt: skip


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


def preview_p95(store: Store, now: datetime, rounds: int = 8) -> float:
    """Milliseconds in which nineteen of twenty previews of a segment are counted."""
    spent: list[float] = []
    for _ in range(rounds):
        for means in SEGMENTS:
            begun = time.perf_counter()
            store.read(partial(segments.count, means=means, now=now))
            spent.append((time.perf_counter() - begun) * 1000)
    return statistics.quantiles(spent, n=20)[-1]


def measure(url: str, people: int, now: datetime) -> float:
    """The p95 of previews among so many people, on an empty database."""
    migrate(url)
    store = open_store(url, "k" * 32)
    try:
        fill(store, people, now)
        return preview_p95(store, now)
    finally:
        store.close()
