"""Events from elsewhere: a file between its preview and the button, all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, insert, select

from knowledge.event import Content
from storage import events
from storage.event_tables import event_import
from storage.events import Change, Head, Span, State

_i = event_import.c
_KEEP = insert(event_import).returning(_i.id)
_KEPT = select(_i.found).where(_i.id == bindparam("of"), _i.staff_id == bindparam("who"))
_DROP = event_import.delete().where(_i.id == bindparam("of"), _i.staff_id == bindparam("who"))
_DROP_OLD = event_import.delete().where(_i.at < bindparam("before"))
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
    return _took(events.heads(conn, [one.uid for one in incoming]), incoming)


def _took(known: Mapping[str, Head], incoming: Sequence[Incoming]) -> Took:
    same = sum(one.uid in known and known[one.uid].mark == one.mark for one in incoming)
    new = sum(one.uid not in known for one in incoming)
    return Took(new, len(incoming) - new - same, same)


def take(conn: Connection, incoming: Sequence[Incoming], staff_id: int, feed: int | None, now: datetime) -> Took:
    """Take all of them, in the caller's transaction and with a few statements: as drafts that wait for a second look.

    What somebody took off stays off; what is as it was is left alone.
    """
    known = events.heads(conn, [one.uid for one in incoming], lock=True)
    new = [one for one in incoming if one.uid not in known and one.spans]
    made = [Change(one.content, one.spans, staff_id, uid=one.uid, feed=feed, mark=one.mark) for one in new]
    events.add_all(conn, made, now)
    other = [
        (before, Change(one.content, one.spans, staff_id, feed=feed, mark=one.mark))
        for one in incoming
        if (before := known.get(one.uid)) and before.mark != one.mark and before.state is not State.AWAY
    ]
    events.change_all(conn, other, now)
    return _took(known, incoming)


def packed(incoming: Sequence[Incoming]) -> str:
    """What a file holds as it is kept; worked out before anybody has to wait for it."""
    found = [
        [
            one.uid,
            one.content.model_dump_json(),
            [[span.starts_at.isoformat(), span.ends_at.isoformat()] for span in one.spans],
            one.mark,
        ]
        for one in incoming
    ]
    return json.dumps(found, ensure_ascii=False)


def keep(conn: Connection, found: str, staff_id: int, name: str, now: datetime) -> int:
    """Keep what `packed` made of a file until its button is pressed, for a day at most; its number."""
    conn.execute(_DROP_OLD, {"before": now - KEPT})
    row = {"staff_id": staff_id, "at": now, "name": name[:100], "found": found}
    number: int = conn.execute(_KEEP, row).scalar_one()
    return number


def kept(conn: Connection, number: int, staff_id: int) -> list[Incoming]:
    """What was kept by this member; nothing where it was taken since, or is somebody else's."""
    found = conn.execute(_KEPT, {"of": number, "who": staff_id}).scalar()
    return [
        Incoming(
            uid,
            Content.model_validate_json(content),
            tuple(Span(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in spans),
            mark,
        )
        for uid, content, spans, mark in json.loads(found or "[]")
    ]


def drop(conn: Connection, number: int, staff_id: int) -> bool:
    """It is taken now; False when it was before."""
    return conn.execute(_DROP, {"of": number, "who": staff_id}).rowcount == 1
