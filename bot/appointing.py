"""Appointments as deeds at a case: set, moved, called off, and reminded of in time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.acts import Act, Done, Refused, Step, held, not_mine, press_of, settled, unasked, whom
from bot.gathered import OWN
from bot.handover import Desk
from bot.meetings import as_meeting, noted, tell_staff
from bot.passing import takers
from dialogs.around import Meeting
from dialogs.meeting import Told, told
from storage import appointments, news, ties
from storage.appointments import DAY, HOUR, Appointment, Reminder, State, When
from storage.cases import By, Mode, Who
from storage.crypt import Vault
from storage.may import Deed as May
from storage.may import Reach, may

LONGEST, FURTHEST = timedelta(hours=8), timedelta(days=366)
PLACE = 80  # signs
# So late a reminder still helps; after that it is not sent, and whoever waits is told that nobody was reminded.
PATIENCE = {Reminder.DAY: timedelta(hours=6), Reminder.HOUR: timedelta(minutes=20)}


@dataclass(frozen=True)
class Wanted:
    """What a form asks for: a new appointment, or another time for that of this number as it was at `sequence`."""

    when: When | None
    number: int = 0
    sequence: int = 0


def setting(desk: Desk, wanted: Wanted, key: str) -> Step:
    """The step by which a holder sets or moves an appointment; the resident is told, with a calendar file."""

    def step(act: Act) -> Done | Refused:
        press = press_of(act, key, f"appointment {wanted.number}", str(wanted.when))
        if (before := settled(act, press)) is not None:
            return before
        if act.head.holder != act.staff.id:
            return not_mine(act)
        if wanted.when is None or not _fits(wanted.when, act.now):
            return Refused("moment")
        if wanted.when.staff_id not in {act.staff.id, *(one.id for one in takers(act.conn, act.head, act.staff))}:
            return Refused("nobody_there")
        old = _of(act, wanted.number)
        if wanted.number and (old is None or old.sequence != wanted.sequence):
            return Refused("away")
        if not press.first(act.conn, act.vault, act.now):
            return Refused("other_words")
        if old is None:
            number = appointments.add(act.conn, act.vault, act.head.id, wanted.when, act.now)
        else:
            number = old.id
            appointments.change(act.conn, act.vault, old, wanted.when, act.now)
        _say(act, desk, number, Told.MOVED if old else Told.SET)
        return Done()

    return step


def calling_off(desk: Desk, number: int) -> Step:
    """The step by which a holder calls an appointment off; pressed twice it is one deed.

    In a case that is over anybody of the desk may: its appointments stand, and nobody holds it.
    """

    def step(act: Act) -> Done | Refused:
        at = ties.whole(act.conn, act.head)
        if at.holder != act.staff.id and (at.closed_at is None or may(act.staff.role, May.WORK) is not Reach.ANY):
            return not_mine(act)
        old = _of(act, number)
        if old is None:
            return Refused("away")
        if appointments.cancel(act.conn, old, act.now):
            _say(act, desk, number, Told.OFF)
        return Done()

    return step


def _fits(when: When, now: datetime) -> bool:
    length = timedelta(minutes=when.minutes)
    return now < when.starts_at <= now + FURTHEST and timedelta() < length <= LONGEST and len(when.place) <= PLACE


def _of(act: Act, number: int) -> Appointment | None:
    """One that stands, of this case or of one that went into it."""
    found = appointments.get(act.conn, act.vault, number) if number else None
    here = {act.head.id, *(one.id for one in ties.parts(act.conn, act.head))}
    return found if found and found.case_id in here and found.stands else None


def _say(act: Act, desk: Desk, number: int, what: Told) -> None:
    found = appointments.get(act.conn, act.vault, number)
    if found is not None:
        of = _as_told(act, desk, found)
        desk.announce(act, lambda words: (told(words, of, what),))
        noted(act.conn, found, what.value, By(Who.STAFF, act.staff.id), act.now)


def remind(conn: Connection, vault: Vault, desk: Desk, due: tuple[int, Reminder], now: datetime) -> bool:
    """Remind of one whose moment has come, once for ever; False when it is not said any more.

    One that would come too late is not sent, and the coordinators are told. Who asked for another day needs none.
    """
    number, which = due
    before = appointments.get(conn, vault, number)
    head = None if before is None else held(conn, before.case_id)
    found = appointments.get(conn, vault, number)  # anew: its person was held for somebody else's deed until now
    if found is None or head is None or not appointments.take(conn, number, which, now):
        return False
    if found.state in {State.OTHER, State.CANCELLED}:
        return False
    moment = found.when.starts_at - (DAY if which is Reminder.DAY else HOUR)
    act = unasked(conn, vault, head, now, reminds=True)
    if act is None or now - moment > PATIENCE[which] or now >= found.when.starts_at:
        noted(conn, found, "late", None, now)
        tell_staff(conn, found, news.Kind.LATE, now)
        return False
    what = Told.DAY if which is Reminder.DAY else Told.HOUR
    return desk.announce(act, lambda words: (told(words, _as_told(act, desk, found), what),))


def _as_told(act: Act, desk: Desk, found: Appointment) -> Meeting:
    """Of a private matter the place, which is free text, stands in no chat of a platform."""
    contact = whom(act)[1]
    inside = act.head.mode is Mode.PRIVATE and contact is not None and contact.channel not in OWN
    return replace(as_meeting(found, desk.mind.zone), inside=inside)
