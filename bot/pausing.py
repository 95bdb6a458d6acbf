"""What deeds at the desk mean for a case's clocks: laid aside they rest, and a first reply says how long one takes."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import assert_never

from bot.acts import Act, Done, Refused, not_mine
from bot.mind import Mind
from knowledge.hours import Calendar
from storage import cases, promises
from storage.cases import By, State, Who


class Wait(StrEnum):
    """What a case waits for: its person, somebody else, a day to come, or nothing any more."""

    PERSON = "person"
    PARTNER = "partner"
    TOMORROW = "tomorrow"
    MONDAY = "monday"
    WEEK = "week"
    DAY = "day"  # of one's own choice
    NOTHING = "nothing"


LONGEST = 366  # days


def rest(act: Act, what: Wait, mind: Mind, day: date | None = None) -> Done | Refused:
    """The holder says what the case waits for; `day` is the one they chose themselves, None where it cannot be read."""
    if act.head.holder != act.staff.id:
        return not_mine(act)
    by = By(Who.STAFF, act.staff.id)
    match what:
        case Wait.TOMORROW | Wait.MONDAY | Wait.WEEK | Wait.DAY:
            days = _days(what, mind.local(act.now).date(), day)
            if not 0 < days <= LONGEST:
                return Refused("moment")
            until = mind.opening_in(act.now, days)
            if act.head.pending_until != until:  # pressed twice it is one deed
                cases.pend(act.conn, act.head.id, until, by, act.now)
        case Wait.PERSON:
            cases.set_state(act.conn, act.head.id, State.WAITING_PERSON, by, act.now)
        case Wait.PARTNER:
            cases.set_state(act.conn, act.head.id, State.WAITING_PARTNER, by, act.now)
        case Wait.NOTHING:
            cases.set_state(act.conn, act.head.id, State.CLAIMED, by, act.now)
        case _:
            assert_never(what)
    return Done()


def _days(what: Wait, today: date, day: date | None) -> int:
    """How many days from today; 0 for a day that is none."""
    if what is Wait.DAY:
        return (day - today).days if day else 0
    return {Wait.TOMORROW: 1, Wait.MONDAY: 7 - today.weekday()}.get(what, 7)


def timed(act: Act, calendar: Calendar) -> None:
    """A first reply says how long first replies take; those to danger come sooner and would promise too much."""
    head = act.head
    if head.first_reply_at is None and head.why != "urgent":
        kept = None if head.promised_at is None else act.now <= head.promised_at
        minutes = calendar.minutes(head.opened_at, act.now)
        promises.replied(act.conn, head.id, minutes, act.now, kept)
