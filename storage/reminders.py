"""Messages relative to a date: planned, moved and cancelled with their item, said once for ever, never late unseen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, bindparam, select, text, update

from storage.columns import AnyRow
from storage.reminder_tables import reminder
from storage.tables import outbox
from storage.twins import insert_new

LATE = timedelta(hours=1)  # older than this it is a person who decides (list of faults, B-14)

_c = reminder.c
_item = (_c.kind == bindparam("what"), _c.item == bindparam("of"))
_PLAN = insert_new(reminder)
_MOVE = (
    update(reminder)
    .where(
        *_item,
        _c.person_id == bindparam("who"),
        _c.offset == bindparam("at"),
        _c.state.in_(("waiting", "cancelled", "late")),
    )
    .values(state="waiting", due_at=bindparam("moment"), good_until=bindparam("until"))
)
_DROP = update(reminder).where(*_item, _c.state.in_(("waiting", "late"))).values(state="cancelled")
_DROP_OF = _DROP.where(_c.person_id == bindparam("who"))
_READ = select(
    _c.id, _c.kind, _c.item, _c.person_id, _c.contact_id, _c.offset, _c.due_at, _c.good_until, _c.state, _c.outbox_id
)
_DUE = (
    _READ.where(text("state = 'waiting'"), _c.due_at <= bindparam("now"))
    .order_by(_c.due_at, _c.id)
    .limit(bindparam("at_most"))
)
_LATE = (
    _READ.where(text("state = 'late'"), _c.kind.in_(bindparam("kinds", expanding=True)))
    .order_by(_c.due_at, _c.id)
    .limit(bindparam("at_most"))
)
_ONE = _READ.where(_c.id == bindparam("of"))
_OVER = (
    select(_c.id, outbox.c.id.label("parcel"), outbox.c.state)
    .select_from(reminder.outerjoin(outbox, outbox.c.id == _c.outbox_id))
    .where(text("reminder.state = 'sent'"), _c.good_until <= bindparam("now"))
    .limit(bindparam("at_most"))
)
_END = (
    update(reminder)
    .where(_c.id == bindparam("of"), _c.state == bindparam("was"))
    .values(state=bindparam("to"), done_at=bindparam("now"))
)
_GOES = update(reminder).where(_c.id == bindparam("of")).values(outbox_id=bindparam("parcel"))


class State(StrEnum):
    """Where a message relative to a date stands."""

    WAITING = "waiting"
    SENT = "sent"  # given to the outbox
    DONE = "done"  # its item has begun, and it had left by then
    LATE = "late"  # somebody decides whether it still goes
    DROPPED = "dropped"  # of no use any more, or somebody decided so
    CANCELLED = "cancelled"  # with its item


class Kind(StrEnum):
    """What it belongs to; the item is a row of that kind."""

    EVENT = "event"
    THANKS = "thanks"  # after an event: thanks, and what it was like
    GRANT = "grant"  # before the last day of a call for grants


@dataclass(frozen=True)
class Whose:
    """To whom, where, and about what."""

    kind: Kind
    item: int
    person_id: int
    contact_id: int


@dataclass(frozen=True)
class When:
    """The moment it is due, and the moment from which it is of no use."""

    due_at: datetime
    good_until: datetime


@dataclass(frozen=True)
class Reminder:
    """One of them."""

    id: int
    whose: Whose
    offset: str
    when: When
    state: State
    outbox_id: int | None


def plan(conn: Connection, whose: Whose, moments: Mapping[str, When], now: datetime) -> None:
    """Bring the reminders of one person about one item to these moments, by offset.

    One that was said is never said again, whatever moves. What would be due already is not planned: somebody who signs
    up today needs no word about tomorrow that should have come yesterday.
    """
    for offset, when in moments.items():
        spot = {"what": whose.kind.value, "of": whose.item, "who": whose.person_id, "at": offset}
        if when.due_at <= now:
            conn.execute(_DROP_OF.where(_c.offset == bindparam("at")), spot)
            continue
        row = {
            "kind": whose.kind.value,
            "item": whose.item,
            "person_id": whose.person_id,
            "contact_id": whose.contact_id,
            "offset": offset,
            "due_at": when.due_at,
            "good_until": when.good_until,
            "state": State.WAITING.value,
        }
        conn.execute(_PLAN[conn.dialect.name], row)
        conn.execute(_MOVE, spot | {"moment": when.due_at, "until": when.good_until})


def cancel(conn: Connection, kind: Kind, item: int, person_id: int | None = None) -> None:
    """Nothing more is said about this item; with `person_id` to this person alone."""
    of = {"what": kind.value, "of": item}
    conn.execute(*((_DROP, of) if person_id is None else (_DROP_OF, of | {"who": person_id})))


def due(conn: Connection, now: datetime, at_most: int = 100) -> list[Reminder]:
    """What is due, the oldest first."""
    return [_reminder(row) for row in conn.execute(_DUE, {"now": now, "at_most": at_most})]


def late(conn: Connection, kinds: Sequence[Kind] = tuple(Kind), at_most: int = 300) -> list[Reminder]:
    """What nobody has decided about yet, of these kinds."""
    values = {"kinds": [one.value for one in kinds], "at_most": at_most}
    return [_reminder(row) for row in conn.execute(_LATE, values)]


def find(conn: Connection, number: int) -> Reminder | None:
    """One of them."""
    row = conn.execute(_ONE, {"of": number}).first()
    return None if row is None else _reminder(row)


def take(conn: Connection, one: Reminder, to: State, now: datetime) -> bool:
    """Move it on; False when another process was quicker, or its item was moved or cancelled meanwhile."""
    return conn.execute(_END, {"of": one.id, "was": one.state.value, "to": to.value, "now": now}).rowcount == 1


def goes(conn: Connection, one: Reminder, parcel: int | None) -> None:
    """Which parcel carries it."""
    conn.execute(_GOES, {"of": one.id, "parcel": parcel})


def overtaken(conn: Connection, now: datetime, at_most: int = 100) -> Sequence[tuple[int, bool]]:
    """(parcel, whether it still waits) of those whose item has begun; each is told once.

    Words that could not leave until then must not leave later: whoever calls takes them out of the line.
    """
    found = conn.execute(_OVER, {"now": now, "at_most": at_most}).all()
    told = []
    for number, parcel, state in found:
        waits = state in ("queued", "waiting_person")
        to = State.LATE if waits else State.DONE
        conn.execute(_END, {"of": number, "was": "sent", "to": to.value, "now": now})
        if parcel is not None:
            told.append((parcel, waits))
    return told


def _reminder(row: AnyRow) -> Reminder:
    whose = Whose(Kind(row.kind), row.item, row.person_id, row.contact_id)
    when = When(row.due_at, row.good_until)
    return Reminder(row.id, whose, row.offset, when, State(row.state), row.outbox_id)
