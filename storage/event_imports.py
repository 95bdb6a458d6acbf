"""Events from elsewhere: a file between its preview and the button, all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, insert, select

from knowledge.event import Content
from storage import events
from storage.event_tables import event_import
from storage.events import Change, Span, State

_i = event_import.c
_KEEP = insert(event_import).returning(_i.id)
_KEPT = select(_i.found).where(_i.id == bindparam("of"), _i.staff_id == bindparam("who"))
_DROP = event_import.delete().where((_i.id == bindparam("of")) | (_i.at < bindparam("before")))
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Incoming:
    """One event as it came, with the name it has there, and a hash of all it says.

    Without dates all of it is off. `stamp` is when it was written there, where that is told.
    """

    uid: str
    content: Content
    spans: tuple[Span, ...]
    mark: str
    stamp: datetime | None = None


@dataclass(frozen=True)
class Took:
    """What became of them: new ones, those that say something else now, those that are as they were."""

    new: int = 0
    changed: int = 0
    same: int = 0


def compare(conn: Connection, incoming: Sequence[Incoming]) -> Took:
    """What taking them would do."""
    known = events.by_uid(conn, [one.uid for one in incoming])
    same = sum(one.uid in known and known[one.uid].mark == one.mark for one in incoming)
    new = sum(one.uid not in known for one in incoming)
    return Took(new, len(incoming) - new - same, same)


def take(conn: Connection, incoming: Sequence[Incoming], staff_id: int, feed: int | None, now: datetime) -> Took:
    """Take all of them, in the caller's transaction: as drafts that wait for a second look.

    What somebody took off stays off; what is as it was is left alone.
    """
    took = compare(conn, incoming)
    known = events.by_uid(conn, [one.uid for one in incoming])
    for one in incoming:
        before = known.get(one.uid)
        if before is None:
            if one.spans:
                events.add(conn, Change(one.content, one.spans, staff_id, uid=one.uid, feed=feed, mark=one.mark), now)
        elif before.mark != one.mark and before.state is not State.AWAY:
            events.change(
                conn,
                Change(one.content, one.spans, staff_id, before.id, before.version, feed=feed, mark=one.mark),
                now,
            )
    return took


def keep(conn: Connection, incoming: Sequence[Incoming], staff_id: int, name: str, now: datetime) -> int:
    """Keep a file until its button is pressed, for a day at most; its number."""
    conn.execute(_DROP, {"of": 0, "before": now - KEPT})
    found = [
        [
            one.uid,
            one.content.model_dump(mode="json"),
            [[span.starts_at.isoformat(), span.ends_at.isoformat()] for span in one.spans],
            one.mark,
        ]
        for one in incoming
    ]
    row = {
        "staff_id": staff_id,
        "at": now,
        "name": name[:100],
        "found": json.dumps(found, ensure_ascii=False, default=datetime.isoformat),
    }
    number: int = conn.execute(_KEEP, row).scalar_one()
    return number


def kept(conn: Connection, number: int, staff_id: int) -> list[Incoming] | None:
    """What was kept by this member."""
    found = conn.execute(_KEPT, {"of": number, "who": staff_id}).scalar()
    if found is None:
        return None
    return [
        Incoming(
            uid,
            Content.model_validate_json(json.dumps(content)),
            tuple(Span(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in spans),
            mark,
        )
        for uid, content, spans, mark in json.loads(found)
    ]


def drop(conn: Connection, number: int, now: datetime) -> None:
    """It was taken."""
    conn.execute(_DROP, {"of": number, "before": now - KEPT})
