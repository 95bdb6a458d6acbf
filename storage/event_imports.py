"""Events from elsewhere: a file between its preview and the button, all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from knowledge.event import Content
from storage import events
from storage.event_tables import event_import
from storage.events import Change, Span, State
from storage.heads import Took, took
from storage.previews import Previews

FILES = Previews(event_import)


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


def compare(conn: Connection, incoming: Sequence[Incoming]) -> Took:
    """What taking them would do."""
    return took(events.heads.by_name(conn, [one.uid for one in incoming]), incoming)


def take(conn: Connection, incoming: Sequence[Incoming], staff_id: int, feed: int | None, now: datetime) -> Took:
    """Take all of them, in the caller's transaction and with a few statements: as drafts that wait for a second look.

    What somebody took off stays off; what is as it was is left alone.
    """
    known = events.heads.by_name(conn, [one.uid for one in incoming], lock=True)
    new = [one for one in incoming if one.uid not in known and one.spans]
    made = [Change(one.content, one.spans, staff_id, uid=one.uid, feed=feed, mark=one.mark) for one in new]
    events.add_all(conn, made, now)
    other = [
        (before, Change(one.content, one.spans, staff_id, feed=feed, mark=one.mark))
        for one in incoming
        if (before := known.get(one.uid)) and before.mark != one.mark and before.state is not State.AWAY
    ]
    events.change_all(conn, other, now)
    return took(known, incoming)


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


def kept(conn: Connection, number: int, staff_id: int) -> list[Incoming]:
    """What was kept by this member; nothing where it was taken since, or is somebody else's."""
    found = FILES.found(conn, number, staff_id)
    return [
        Incoming(
            uid,
            Content.model_validate_json(content),
            tuple(Span(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in spans),
            mark,
        )
        for uid, content, spans, mark in json.loads(found or "[]")
    ]
