"""Appointments of a case: set, moved and called off, answered by the resident, and reminded of once each."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, bindparam, func, insert, select, text, update

from storage import feed
from storage.columns import AnyRow
from storage.crypt import Vault
from storage.tables import case_file, staff
from storage.work_tables import appointment

_PLACE = "appointment.place"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
_c = appointment.c
_ADD = insert(appointment).returning(_c.id)
_READ = select(
    _c.id, _c.case_id, case_file.c.ref, case_file.c.person_id, _c.staff_id, staff.c.name, _c.uid, _c.sequence,
    _c.made_at, _c.changed_at, _c.starts_at, _c.minutes, _c.way, _c.place, _c.state, _c.day_at, _c.hour_at,
).select_from(
    appointment.join(case_file, case_file.c.id == _c.case_id).join(staff, staff.c.id == _c.staff_id)
)  # fmt: skip
_ONE = _READ.where(_c.id == bindparam("of"))
_STANDS = text("appointment.state <> 'cancelled'")
_OF_CASE = _READ.where(_c.case_id == bindparam("of")).order_by(_c.starts_at, _c.id)
_WITHIN = _READ.where(_c.starts_at >= bindparam("since"), _c.starts_at < bindparam("until"), _STANDS).order_by(
    _c.starts_at, _c.id
)
_CHANGE = (
    update(appointment)
    .where(_c.id == bindparam("of"), _c.sequence == bindparam("was"), _STANDS)
    .values(
        staff_id=bindparam("who"),
        starts_at=bindparam("at"),
        minutes=bindparam("long"),
        way=bindparam("how"),
        place=bindparam("where"),
        state="proposed",
        sequence=_c.sequence + 1,
        changed_at=bindparam("now"),
        day_at=bindparam("day"),
        hour_at=bindparam("hour"),
    )
)
_CANCEL = (
    update(appointment)
    .where(_c.id == bindparam("of"), _STANDS)
    .values(state="cancelled", sequence=_c.sequence + 1, changed_at=bindparam("now"), day_at=None, hour_at=None)
)
_ANSWER = (
    update(appointment)
    .where(_c.id == bindparam("of"), _c.sequence == bindparam("was"), _STANDS, _c.state != bindparam("to"))
    .values(state=bindparam("to"))
)
_COUNT = (
    select(func.count())
    .select_from(appointment.join(case_file, case_file.c.id == _c.case_id))
    .where(case_file.c.person_id == bindparam("of"))
)
_DUE = {
    "day": select(_c.id).where(_c.day_at <= bindparam("now")).order_by(_c.day_at, _c.id).limit(bindparam("at_most")),
    "hour": select(_c.id).where(_c.hour_at <= bindparam("now")).order_by(_c.hour_at, _c.id).limit(bindparam("at_most")),
}
_TAKE = {
    "day": update(appointment).where(_c.id == bindparam("of"), _c.day_at <= bindparam("now")).values(day_at=None),
    "hour": update(appointment)
    .where(_c.id == bindparam("of"), _c.hour_at <= bindparam("now"))
    .values(hour_at=None, day_at=None),
}


class Way(StrEnum):
    """How one meets."""

    DESK = "desk"
    PHONE = "phone"
    ONLINE = "online"
    VISIT = "visit"


class State(StrEnum):
    """What the resident said to it."""

    PROPOSED = "proposed"  # nothing yet
    AGREED = "agreed"
    OTHER = "other"  # another day, please
    CANCELLED = "cancelled"  # by them or by us


class Reminder(StrEnum):
    """When somebody is reminded."""

    DAY = "day"
    HOUR = "hour"


@dataclass(frozen=True)
class When:
    """What is agreed on: with whom, from when, how long, how and where."""

    staff_id: int
    starts_at: datetime
    minutes: int
    way: Way
    place: str

    @property
    def ends_at(self) -> datetime:
        """Its end."""
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Appointment:
    """An appointment as it is kept. `sequence` grows with every change, `uid` never changes."""

    id: int
    case_id: int
    ref: str
    person_id: int | None
    staff_name: str
    uid: str
    sequence: int
    made_at: datetime
    changed_at: datetime
    when: When
    state: State
    day_at: datetime | None
    hour_at: datetime | None

    @property
    def stands(self) -> bool:
        """Whether it was not called off."""
        return self.state is not State.CANCELLED


def add(conn: Connection, vault: Vault, case_id: int, when: When, now: datetime) -> int:
    """Keep a new one; its number."""
    row = _values(vault, when, now) | {
        "case_id": case_id,
        "uid": str(uuid.uuid4()),
        "made_at": now,
        "changed_at": now,
        "state": State.PROPOSED.value,
    }
    number: int = conn.execute(_ADD, row).scalar_one()
    feed.add(conn, [feed.Change(now, "appointment", case_id)])
    return number


def change(conn: Connection, vault: Vault, old: Appointment, when: When, now: datetime) -> bool:
    """Move it: as if nobody had answered; False when somebody was quicker."""
    new = _values(vault, when, now)
    values = {"of": old.id, "was": old.sequence, "who": when.staff_id, "at": when.starts_at, "long": when.minutes}
    values |= {"how": when.way.value, "where": new["place"], "day": new["day_at"], "hour": new["hour_at"], "now": now}
    return _told(conn, old, conn.execute(_CHANGE, values).rowcount, now)


def cancel(conn: Connection, old: Appointment, now: datetime) -> bool:
    """Call it off, with its reminders; False when it was."""
    return _told(conn, old, conn.execute(_CANCEL, {"of": old.id, "now": now}).rowcount, now)


def answered(conn: Connection, old: Appointment, state: State, now: datetime) -> bool:
    """What the resident says to it as it is now; False when they had said so, or it was changed since."""
    if state is State.CANCELLED:
        return cancel(conn, old, now)
    values = {"of": old.id, "was": old.sequence, "to": state.value}
    return _told(conn, old, conn.execute(_ANSWER, values).rowcount, now)


def _told(conn: Connection, old: Appointment, changed: int, now: datetime) -> bool:
    if changed:
        feed.add(conn, [feed.Change(now, "appointment", old.case_id)])
    return changed > 0


def get(conn: Connection, vault: Vault, number: int) -> Appointment | None:
    """One by its number."""
    row = conn.execute(_ONE, {"of": number}).first()
    return None if row is None else _appointment(vault, row)


def of_case(conn: Connection, vault: Vault, case_id: int) -> list[Appointment]:
    """All of a case, also those that were called off, by their time."""
    return [_appointment(vault, row) for row in conn.execute(_OF_CASE, {"of": case_id})]


def within(conn: Connection, vault: Vault, since: datetime, until: datetime) -> list[Appointment]:
    """All that begin in a stretch of time and stand, by their time."""
    return [_appointment(vault, row) for row in conn.execute(_WITHIN, {"since": since, "until": until})]


def count_of_person(conn: Connection, person_id: int) -> int:
    """How many were made with a person, for their own question only."""
    return conn.execute(_COUNT, {"of": person_id}).scalar_one()


def clashing(found: Sequence[Appointment]) -> set[int]:
    """Those of them where somebody has two at once."""
    pairs = (
        (one.id, other.id)
        for place, one in enumerate(found)
        for other in found[place + 1 :]
        if one.when.staff_id == other.when.staff_id
        and one.when.starts_at < other.when.ends_at
        and other.when.starts_at < one.when.ends_at
    )
    return {number for pair in pairs for number in pair}


def due(conn: Connection, now: datetime, at_most: int = 50) -> list[tuple[int, Reminder]]:
    """(number, which) of reminders whose moment has come; the later one first: it makes the earlier needless."""
    values = {"now": now, "at_most": at_most}
    return [
        (one, which) for which in (Reminder.HOUR, Reminder.DAY) for one in conn.execute(_DUE[which], values).scalars()
    ]


def take(conn: Connection, number: int, which: Reminder, now: datetime) -> bool:
    """This reminder is ours, once for ever; False when another process took it or the appointment was moved."""
    return conn.execute(_TAKE[which], {"of": number, "now": now}).rowcount == 1


def _values(vault: Vault, when: When, now: datetime) -> dict[str, object]:
    """What is set is reminded of in time, or not at all: who hears of it now needs no reminder of the same day."""
    day, hour = when.starts_at - DAY, when.starts_at - HOUR
    return {
        "staff_id": when.staff_id,
        "starts_at": when.starts_at,
        "minutes": when.minutes,
        "way": when.way.value,
        "place": vault.seal(vault.house, _PLACE, when.place),
        "day_at": day if day > now else None,
        "hour_at": hour if hour > now else None,
    }


def _appointment(vault: Vault, row: AnyRow) -> Appointment:
    place = vault.unseal_text(vault.house, _PLACE, row.place)
    return Appointment(
        id=row.id,
        case_id=row.case_id,
        ref=row.ref,
        person_id=row.person_id,
        staff_name=row.name,
        uid=row.uid,
        sequence=row.sequence,
        made_at=row.made_at,
        changed_at=row.changed_at,
        when=When(row.staff_id, row.starts_at, row.minutes, Way(row.way), place),
        state=State(row.state),
        day_at=row.day_at,
        hour_at=row.hour_at,
    )
