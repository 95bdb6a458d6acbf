"""Appointments as the resident and the history know them: said in their words, and what they say to one is kept."""

from __future__ import annotations

from datetime import datetime, tzinfo

from sqlalchemy import Connection

from dialogs.around import Meeting
from dialogs.deeds import Attending
from dialogs.tap import Attend
from storage import appointments, cases, feed, news, ties
from storage.appointments import Appointment, State
from storage.cases import By, Who
from storage.crypt import Vault

_STATES = {Attend.YES: State.AGREED, Attend.OTHER: State.OTHER, Attend.CANCEL: State.CANCELLED}
_SAID = {Attend.YES: "yes", Attend.OTHER: "other", Attend.CANCEL: "cancel"}


def as_meeting(found: Appointment, zone: tzinfo) -> Meeting:
    """An appointment as it is said."""
    when = found.when
    starts = when.starts_at.astimezone(zone)
    return Meeting(found.id, found.sequence, starts, when.minutes, when.way.value, when.place, found.staff_name)


def meeting_of(conn: Connection, vault: Vault, zone: tzinfo, person_id: int, number: int) -> Meeting | None:
    """The appointment of this number, if it is this person's and stands."""
    found = appointments.get(conn, vault, number)
    return as_meeting(found, zone) if found and found.stands and found.person_id == person_id else None


def attended(conn: Connection, vault: Vault, person_id: int, said: Attending, now: datetime) -> None:
    """What a person says to an appointment of theirs is kept, and whoever has it or holds the case finds it."""
    found = appointments.get(conn, vault, said.number)
    if found is None or found.person_id != person_id or found.sequence != said.sequence:
        return
    if appointments.answered(conn, found, _STATES[said.answer], now):
        noted(conn, found, _SAID[said.answer], None, now)
        tell_staff(conn, found, news.Kind.MEETING, now)


def noted(conn: Connection, found: Appointment, what: str, by: By | None, now: datetime) -> None:
    """A step in the history of its case; `by` is a member, None for the person or the clock."""
    whose = by or By(Who.SYSTEM if what == "late" else Who.PERSON)
    change = feed.Change(now, "appointment", found.case_id, found.person_id)
    cases.wrote(conn, change, whose, {"what": what})


def tell_staff(conn: Connection, found: Appointment, kind: news.Kind, now: datetime) -> None:
    """News for whom the appointment is with, and for whoever holds the case or what it went into."""
    head = cases.head_of(conn, found.case_id)
    at = None if head is None else ties.whole(conn, head)
    whom = dict.fromkeys([found.when.staff_id, at.holder if at and at.holder else found.when.staff_id])
    news.add(conn, [news.New(one, at.id if at else found.case_id, kind) for one in whom], now)
