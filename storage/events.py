"""Events and courses: what they say with every version, their dates, and who made, checked and cancelled them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select, update

from storage import event_dates, event_pictures, tally
from storage.event_dates import STAMP, Wanted, set_date, touched
from storage.event_file import (
    READ,
    Change,
    DateState,
    Event,
    EventDate,
    Pending,
    Span,
    State,
    Version,
    content_of,
    dates_of,
    whole,
)
from storage.event_tables import event, event_date, event_version
from storage.heads import Head, Heads
from storage.tables import staff

__all__ = [
    "Change", "DateState", "Event", "EventDate", "Span", "State", "Version", "add", "add_all", "change",
    "change_all", "find", "heads", "latest", "move", "of_date", "publish", "published", "set_date", "stamp", "titles",
    "touched", "versions",
]  # fmt: skip

_e, _d, _v = event.c, event_date.c, event_version.c
_ADD = insert(event)
_CHANGE = (
    update(event)
    .where(_e.id == bindparam("of"))
    .values(
        version=_e.version + 1,
        content=func.coalesce(bindparam("new"), _e.content),
        pending=bindparam("later"),
        editor_id=bindparam("who"),
        changed_at=bindparam("at"),
        checker_id=None,
        mark=bindparam("hash"),
    )
)
_APPLY = (
    update(event)
    .where(_e.id == bindparam("of"), _e.version == bindparam("after"))
    .values(content=bindparam("new"), pending=None, checker_id=bindparam("who"), changed_at=bindparam("at"))
)
_STATE = (
    update(event)
    .where(_e.id == bindparam("of"), _e.version == bindparam("after"), _e.state == bindparam("was"))
    .values(state=bindparam("to"), checker_id=bindparam("who"), changed_at=bindparam("at"))
)
_NOTE = insert(event_version)
_ONE = READ.where(_e.id == bindparam("of"))
heads = Heads(event, State)
_TITLES = select(_e.id, _e.content).where(_e.state != "away").order_by(_e.id.desc()).limit(200)
_LATEST = READ.order_by(_e.id.desc()).limit(bindparam("at_most"))
_PUBLISHED = READ.where(
    _e.state.in_(("published", "cancelled")),
    _e.id.in_(select(_d.event_id).where(_d.ends_at >= bindparam("now"))),
).limit(bindparam("at_most"))
_DATE = select(_d.event_id).where(_d.id == bindparam("of"))
_VERSIONS = (
    select(_v.id, _v.version, _v.at, staff.c.name, _v.what, _v.content)
    .select_from(event_version.outerjoin(staff, staff.c.id == _v.staff_id))
    .where(_v.event_id == bindparam("of"))
    .order_by(_v.id.desc())
)


def add(conn: Connection, new: Change, now: datetime) -> int:
    """A new event, a draft; its number."""
    uid = new.uid or f"{uuid.uuid4()}@nakodo"
    return add_all(conn, [replace(new, uid=uid)], now)[uid].id


def _row(new: Change, words: str, now: datetime) -> dict[str, object]:
    return {
        "uid": new.uid,
        "version": 1,
        "state": State.DRAFT.value,
        "content": words,
        "editor_id": new.staff_id,
        "changed_at": now,
        "feed_id": new.feed,
        "mark": new.mark or None,
    }


def add_all(conn: Connection, new: Sequence[Change], now: datetime) -> dict[str, Head[State]]:
    """Many of them with a few statements: while ten thousand are added everybody else waits. Each has its `uid`."""
    if not new:
        return {}
    words = {one.uid: one.content.model_dump_json() for one in new}
    conn.execute(_ADD, [_row(one, words[one.uid], now) for one in new])
    made = heads.by_name(conn, list(words))
    event_dates.add(conn, [(made[one.uid].id, span, one.content.capacity) for one in new for span in one.spans])
    conn.execute(_NOTE, [_said(made[one.uid].id, (1, one.staff_id, "made"), words[one.uid], now) for one in new])
    touched(conn)
    return made


def change(conn: Connection, new: Change, now: datetime) -> bool:
    """Another version. It waits for a second look; until then everybody sees what was published before.

    False when somebody was quicker.
    """
    before = heads.by_number(conn, new.event_id or 0)
    if before is None or before.version != new.after or before.state is State.AWAY:
        return False
    change_all(conn, [(before, new)], now)
    return True


def change_all(conn: Connection, new: Sequence[tuple[Head[State], Change]], now: datetime) -> None:
    """Another version of each, with a few statements; nobody else can change them since they were read."""
    if not new:
        return
    words = {before.id: one.content.model_dump_json() for before, one in new}
    rows = [
        {
            "of": before.id,
            "new": words[before.id] if before.state is State.DRAFT else None,
            "later": None if before.state is State.DRAFT else _pending(one),
            "who": one.staff_id,
            "at": now,
            "hash": one.mark or None,
        }
        for before, one in new
    ]
    conn.execute(_CHANGE, rows)
    drafts = [(before.id, one) for before, one in new if before.state is State.DRAFT]
    dates = dates_of(conn, [of for of, _ in drafts])
    wanted = [Wanted(of, dates.get(of, ()), one.spans, one.content.capacity) for of, one in drafts]
    event_dates.keep(conn, wanted, now)
    said = [_said(at.id, (at.version + 1, one.staff_id, "changed"), words[at.id], now) for at, one in new]
    conn.execute(_NOTE, said)


def _pending(new: Change) -> str:
    spans = tuple((span.starts_at, span.ends_at) for span in new.spans)
    return Pending(content=new.content, spans=spans).model_dump_json()


def publish(conn: Connection, of: Event, staff_id: int | None, now: datetime) -> bool:
    """Everybody may see it as it was last written; False when somebody was quicker."""
    if of.state is not State.PUBLISHED and not move(conn, of, State.PUBLISHED, staff_id, now):
        return False
    if of.pending is None:
        return True
    words = of.pending.content.model_dump_json()
    if conn.execute(_APPLY, {"of": of.id, "after": of.version, "new": words, "who": staff_id, "at": now}).rowcount == 0:
        return False
    spans = [Span(start, end) for start, end in of.pending.spans]
    event_dates.keep(conn, [Wanted(of.id, of.dates, spans, of.pending.content.capacity)], now)
    _note(conn, of.id, (of.version, staff_id, State.PUBLISHED.value), words, now)
    return True


def move(conn: Connection, of: Event, to: State, staff_id: int | None, now: datetime) -> bool:
    """Publish, cancel or take off; False when somebody was quicker."""
    values = {"of": of.id, "after": of.version, "was": of.state.value, "to": to.value, "who": staff_id, "at": now}
    if conn.execute(_STATE, values).rowcount == 0:
        return False
    if to is State.AWAY:
        event_pictures.drop(conn, of.id)
    _note(conn, of.id, (of.version, staff_id, to.value), of.content.model_dump_json(), now)
    return True


def _note(conn: Connection, event_id: int, what: tuple[int, int | None, str], words: object, now: datetime) -> None:
    conn.execute(_NOTE, _said(event_id, what, words, now))
    touched(conn)


def _said(event_id: int, what: tuple[int, int | None, str], words: object, now: datetime) -> dict[str, object]:
    version, who, deed = what
    return {"event_id": event_id, "version": version, "at": now, "staff_id": who, "what": deed, "content": words}


def stamp(conn: Connection) -> int:
    """The number of the last change."""
    return tally.get(conn, STAMP)[STAMP]


def find(conn: Connection, event_id: int) -> Event | None:
    """One event, in whatever state."""
    return next(iter(whole(conn, conn.execute(_ONE, {"of": event_id}).all())), None)


def of_date(conn: Connection, date_id: int) -> tuple[Event, EventDate] | None:
    """The date of this number, with its event."""
    event_id = conn.execute(_DATE, {"of": date_id}).scalar()
    found = None if event_id is None else find(conn, event_id)
    if found is None:
        return None
    return found, next(one for one in found.dates if one.id == date_id)


def titles(conn: Connection) -> dict[int, str]:
    """The names of the newest, by their numbers."""
    return {number: content_of(words).title for number, words in conn.execute(_TITLES)}


def latest(conn: Connection, at_most: int = 200) -> list[Event]:
    """The newest, in whatever state, for those who look after them."""
    return [one for one in whole(conn, conn.execute(_LATEST, {"at_most": at_most}).all()) if one.state != State.AWAY]


def published(conn: Connection, now: datetime, at_most: int = 1000) -> list[Event]:
    """What everybody may see: not over yet, cancelled ones too, by their next date."""
    rows = conn.execute(_PUBLISHED, {"now": now, "at_most": at_most}).all()
    return sorted(whole(conn, rows), key=lambda one: min(d.span.starts_at for d in one.dates if d.span.ends_at >= now))


def versions(conn: Connection, event_id: int) -> list[Version]:
    """All that was done to it, newest first."""
    return [
        Version(row.id, row.version, row.at, row.name or "", row.what, content_of(row.content))
        for row in conn.execute(_VERSIONS, {"of": event_id})
    ]
