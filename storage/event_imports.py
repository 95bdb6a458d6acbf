"""Events from elsewhere: a file between its preview and the button, all of it or nothing, and feeds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, insert, select, update

from knowledge.event import Content
from storage import events
from storage.event_tables import event_feed, event_import
from storage.events import Change, Event, Span, State
from storage.twins import insert_new

_i, _f = event_import.c, event_feed.c
_KEEP = insert(event_import).returning(_i.id)
_KEPT = select(_i.found).where(_i.id == bindparam("of"), _i.staff_id == bindparam("who"))
_DROP = event_import.delete().where(_i.id == bindparam("of"), _i.staff_id == bindparam("who"))
_DROP_OLD = event_import.delete().where(_i.at < bindparam("before"))
_ADD_FEED = insert_new(event_feed)
_FEEDS = select(
    _f.id, _f.url, _f.kind, _f.staff_id, _f.every_minutes, _f.etag, _f.modified, _f.said, _f.checked_at
).order_by(_f.id)
_DUE = _FEEDS.where(_f.next_at <= bindparam("now")).limit(5)
_LEASE = (
    update(event_feed).where(_f.id == bindparam("of"), _f.next_at <= bindparam("now")).values(next_at=bindparam("next"))
)
_LOOKED = (
    update(event_feed)
    .where(_f.id == bindparam("of"))
    .values(etag=bindparam("tag"), modified=bindparam("since"), said=bindparam("how"), checked_at=bindparam("now"))
)
_NO_FEED = event_feed.delete().where(_f.id == bindparam("of"))
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Incoming:
    """One event as it came, with the name it has there, and a hash of all it says."""

    uid: str
    content: Content
    span: Span
    mark: str


@dataclass(frozen=True)
class Took:
    """What became of them: new ones, those that say something else now, those that are as they were."""

    new: int = 0
    changed: int = 0
    same: int = 0


@dataclass(frozen=True)
class Feed:
    """A calendar or feed that is looked at again and again."""

    id: int
    url: str
    kind: str
    staff_id: int
    every_minutes: int
    etag: str | None
    modified: str | None
    said: str | None
    checked_at: datetime | None


def compare(conn: Connection, incoming: Sequence[Incoming]) -> Took:
    """What taking them would do."""
    return _took(events.by_uid(conn, [one.uid for one in incoming]), incoming)


def _took(known: Mapping[str, Event], incoming: Sequence[Incoming]) -> Took:
    same = sum(one.uid in known and known[one.uid].mark == one.mark for one in incoming)
    new = sum(one.uid not in known for one in incoming)
    return Took(new, len(incoming) - new - same, same)


def take(conn: Connection, incoming: Sequence[Incoming], staff_id: int, feed: int | None, now: datetime) -> Took:
    """Take all of them, in the caller's transaction: as drafts that wait for a second look.

    What somebody took off stays off; what is as it was is left alone.
    """
    known = events.by_uid(conn, [one.uid for one in incoming])
    new = [one for one in incoming if one.uid not in known]
    made = [Change(one.content, [one.span], staff_id, uid=one.uid, feed=feed, mark=one.mark) for one in new]
    events.add_all(conn, made, now)
    for one in incoming:
        before = known.get(one.uid)
        if before and before.mark != one.mark and before.state is not State.AWAY:
            change = Change(one.content, [one.span], staff_id, before.id, before.version, feed=feed, mark=one.mark)
            events.change(conn, change, now)
    return _took(known, incoming)


def packed(incoming: Sequence[Incoming]) -> str:
    """What a file holds as it is kept; worked out before anybody has to wait for it."""
    found = [
        [one.uid, one.content.model_dump_json(), one.span.starts_at.isoformat(), one.span.ends_at.isoformat(), one.mark]
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
            Span(datetime.fromisoformat(start), datetime.fromisoformat(end)),
            mark,
        )
        for uid, content, start, end, mark in json.loads(found or "[]")
    ]


def drop(conn: Connection, number: int, staff_id: int) -> bool:
    """It is taken now; False when it was before."""
    return conn.execute(_DROP, {"of": number, "who": staff_id}).rowcount == 1


def follow(conn: Connection, url: str, kind: str, staff_id: int, now: datetime) -> None:
    """Look at this address from now on."""
    row = {"url": url, "kind": kind, "staff_id": staff_id, "next_at": now}
    conn.execute(_ADD_FEED[conn.dialect.name], row)


def unfollow(conn: Connection, number: int) -> None:
    """Look there no more; what came from it stays."""
    conn.execute(_NO_FEED, {"of": number})


def feeds(conn: Connection) -> list[Feed]:
    """All of them."""
    return [Feed(*row) for row in conn.execute(_FEEDS)]


def due(conn: Connection, now: datetime) -> list[Feed]:
    """Those to look at now; each is this process's alone until its next time."""
    found = [Feed(*row) for row in conn.execute(_DUE, {"now": now})]
    return [one for one in found if conn.execute(_LEASE, _lease(one, now)).rowcount == 1]


def _lease(one: Feed, now: datetime) -> dict[str, object]:
    return {"of": one.id, "now": now, "next": now + timedelta(minutes=one.every_minutes)}


def looked(conn: Connection, one: Feed, marks: tuple[str | None, str | None], said: str, now: datetime) -> None:
    """How it went, and what the server wants to hear next time (ETag, Last-Modified)."""
    conn.execute(_LOOKED, {"of": one.id, "tag": marks[0], "since": marks[1], "how": said, "now": now})
