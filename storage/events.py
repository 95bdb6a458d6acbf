"""Events and courses: what they say with every version, their dates, and who made, checked and cancelled them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from storage import tally
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
    whole,
)
from storage.event_tables import event, event_date, event_version
from storage.tables import staff

__all__ = [
    "Change", "DateState", "Event", "EventDate", "Span", "State", "Version", "add", "add_all", "by_uid", "change",
    "find", "latest", "move", "of_date", "publish", "published", "set_date", "stamp", "titles", "touched", "versions",
]  # fmt: skip

_e, _d, _v = event.c, event_date.c, event_version.c
STAMP = "events"  # counts changes: what was worked out under the same number is still true
_ADD = insert(event).returning(_e.id)
_CHANGE = (
    update(event)
    .where(_e.id == bindparam("of"), _e.version == bindparam("after"))
    .values(
        version=_e.version + 1,
        content=bindparam("new"),
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
_BY_UID = READ.where(_e.uid.in_(bindparam("uids", expanding=True)))
_NUMBERS = select(_e.id, _e.uid).where(_e.uid.in_(bindparam("uids", expanding=True)))
_LATEST = READ.order_by(_e.id.desc()).limit(bindparam("at_most"))
_PUBLISHED = READ.where(
    _e.state.in_(("published", "cancelled")),
    _e.id.in_(select(_d.event_id).where(_d.ends_at >= bindparam("now"))),
).limit(bindparam("at_most"))
_DATE = select(_d.event_id).where(_d.id == bindparam("of"))
_ADD_DATES = insert(event_date)
_SET_DATE = (
    update(event_date)
    .where(_d.id == bindparam("of"))
    .values(starts_at=bindparam("start"), ends_at=bindparam("end"), capacity=bindparam("room"), state=bindparam("to"))
)
_VERSIONS = (
    select(_v.id, _v.version, _v.at, staff.c.name, _v.what, _v.content)
    .select_from(event_version.outerjoin(staff, staff.c.id == _v.staff_id))
    .where(_v.event_id == bindparam("of"))
    .order_by(_v.id.desc())
)


def add(conn: Connection, new: Change, now: datetime) -> int:
    """A new event, a draft; its number."""
    row = _row(new, new.content.model_dump_json(), now)
    number: int = conn.execute(_ADD, row).scalar_one()
    _put_dates(conn, number, [(span, new.content.capacity) for span in new.spans])
    _note(conn, number, (1, new.staff_id, "made"), row["content"], now)
    return number


def _row(new: Change, words: str, now: datetime) -> dict[str, object]:
    return {
        "uid": new.uid or f"{uuid.uuid4()}@nakodo",
        "version": 1,
        "state": State.DRAFT.value,
        "content": words,
        "editor_id": new.staff_id,
        "changed_at": now,
        "feed_id": new.feed,
        "mark": new.mark or None,
    }


def add_all(conn: Connection, new: Sequence[Change], now: datetime) -> None:
    """Many of them with a few statements: while ten thousand are added everybody else waits. Each has its `uid`."""
    words = {one.uid: one.content.model_dump_json() for one in new}
    if not new:
        return
    conn.execute(insert(event), [_row(one, words[one.uid], now) for one in new])
    found: dict[str, int] = {}
    for start in range(0, len(new), 500):
        uids = [one.uid for one in new[start : start + 500]]
        found |= {uid: number for number, uid in conn.execute(_NUMBERS, {"uids": uids})}
    dates = [_date(found[one.uid], span, one.content.capacity) for one in new for span in one.spans]
    conn.execute(_ADD_DATES, dates)
    made = [_said(found[one.uid], (1, one.staff_id, "made"), words[one.uid], now) for one in new]
    conn.execute(_NOTE, made)
    touched(conn)


def change(conn: Connection, new: Change, now: datetime) -> bool:
    """Another version. It waits for a second look; until then everybody sees what was published before.

    False when somebody was quicker.
    """
    before = find(conn, new.event_id or 0)
    if before is None or before.version != new.after or before.state is State.AWAY:
        return False
    words, draft = new.content.model_dump_json(), before.state is State.DRAFT
    values = {
        "of": before.id,
        "after": new.after,
        "new": words if draft else before.content.model_dump_json(),
        "later": None if draft else _pending(new),
        "who": new.staff_id,
        "at": now,
        "hash": new.mark or None,
    }
    if conn.execute(_CHANGE, values).rowcount == 0:
        return False
    if draft:
        _keep_dates(conn, before, new.spans, new.content.capacity, now)
    _note(conn, before.id, (new.after + 1, new.staff_id, "changed"), str(words), now)
    return True


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
    _keep_dates(conn, of, spans, of.pending.content.capacity, now)
    _note(conn, of.id, (of.version, staff_id, State.PUBLISHED.value), words, now)
    return True


def _keep_dates(conn: Connection, before: Event, new: Sequence[Span], room: int | None, now: datetime) -> None:
    """Dates keep their sign-ups: by the same beginning, else the nearest; one too many is off.

    What is over stays as it was: who came then did not sign up for another day.
    """
    spans = sorted(new, key=lambda one: one.starts_at)
    same = {one.span.starts_at: one for one in before.dates}
    pairs = [(same[span.starts_at], span) for span in spans if span.starts_at in same]
    used = {one.id for one, _ in pairs}
    ahead = [one for one in before.dates if one.state is DateState.ON and one.span.ends_at > now]
    free = [one for one in ahead if one.id not in used]
    rest = [span for span in spans if span.starts_at not in same]
    moved, rest = _nearest(free, rest)
    for one, span in [*pairs, *moved]:
        set_date(conn, one.id, span, room, DateState.ON)
    still = {one.id for one, _ in moved}
    for one in free:
        if one.id not in still:
            set_date(conn, one.id, one.span, one.capacity, DateState.OFF)
    _put_dates(conn, before.id, [(span, room) for span in rest])


def _nearest(free: Sequence[EventDate], rest: Sequence[Span]) -> tuple[list[tuple[EventDate, Span]], list[Span]]:
    """Which date moved to which span: in order where there are as many, else the nearest; and what is new."""
    if len(free) == len(rest):
        return list(zip(free, rest, strict=True)), []
    near = sorted(
        (abs(span.starts_at - one.span.starts_at), at, to)
        for at, one in enumerate(free)
        for to, span in enumerate(rest)
    )
    pairs: dict[int, int] = {}
    for _, at, to in near:
        if at not in pairs and to not in pairs.values():
            pairs[at] = to
    left = [span for to, span in enumerate(rest) if to not in pairs.values()]
    return [(free[at], rest[to]) for at, to in pairs.items()], left


def set_date(conn: Connection, date_id: int, span: Span, room: int | None, state: DateState) -> None:
    """Move, widen or end one date."""
    values = {"of": date_id, "start": span.starts_at, "end": span.ends_at, "room": room, "to": state.value}
    conn.execute(_SET_DATE, values)
    touched(conn)


def _put_dates(conn: Connection, event_id: int, new: Iterable[tuple[Span, int | None]]) -> None:
    rows = [_date(event_id, span, room) for span, room in new]
    if rows:
        conn.execute(_ADD_DATES, rows)


def _date(event_id: int, span: Span, room: int | None) -> dict[str, object]:
    state = DateState.ON.value
    return {
        "event_id": event_id, "starts_at": span.starts_at, "ends_at": span.ends_at, "capacity": room, "state": state,
    }  # fmt: skip


def move(conn: Connection, of: Event, to: State, staff_id: int | None, now: datetime) -> bool:
    """Publish, cancel or take off; False when somebody was quicker."""
    values = {"of": of.id, "after": of.version, "was": of.state.value, "to": to.value, "who": staff_id, "at": now}
    if conn.execute(_STATE, values).rowcount == 0:
        return False
    _note(conn, of.id, (of.version, staff_id, to.value), of.content.model_dump_json(), now)
    return True


def _note(conn: Connection, event_id: int, what: tuple[int, int | None, str], words: object, now: datetime) -> None:
    conn.execute(_NOTE, _said(event_id, what, words, now))
    touched(conn)


def _said(event_id: int, what: tuple[int, int | None, str], words: object, now: datetime) -> dict[str, object]:
    version, who, deed = what
    return {"event_id": event_id, "version": version, "at": now, "staff_id": who, "what": deed, "content": words}


def touched(conn: Connection) -> None:
    """Something about events is not as it was."""
    tally.add(conn, {STAMP: 1})


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


def by_uid(conn: Connection, uids: Sequence[str]) -> dict[str, Event]:
    """Those that are known by these names of another calendar."""
    found: dict[str, Event] = {}
    for start in range(0, len(uids), 500):
        rows = conn.execute(_BY_UID, {"uids": list(uids[start : start + 500])}).all()
        found |= {one.uid: one for one in whole(conn, rows)}
    return found


def titles(conn: Connection) -> dict[int, str]:
    """The names of the newest, by their numbers."""
    return {one.id: one.content.title for one in latest(conn)}


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
