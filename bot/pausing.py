"""What deeds at the desk mean for a case's clocks: laid aside they rest, and a first reply says how long one takes."""

from __future__ import annotations

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
    WEEK = "week"
    NOTHING = "nothing"


_DAYS = {Wait.TOMORROW: 1, Wait.WEEK: 7}


def rest(act: Act, what: Wait, mind: Mind) -> Done | Refused:
    """The holder says what the case waits for."""
    if act.head.holder != act.staff.id:
        return not_mine(act)
    by = By(Who.STAFF, act.staff.id)
    match what:
        case Wait.TOMORROW | Wait.WEEK:
            cases.pend(act.conn, act.head.id, mind.opening_in(act.now, _DAYS[what]), by, act.now)
        case Wait.PERSON:
            cases.set_state(act.conn, act.head.id, State.WAITING_PERSON, by, act.now)
        case Wait.PARTNER:
            cases.set_state(act.conn, act.head.id, State.WAITING_PARTNER, by, act.now)
        case Wait.NOTHING:
            cases.set_state(act.conn, act.head.id, State.CLAIMED, by, act.now)
        case _:
            assert_never(what)
    return Done()


def timed(act: Act, calendar: Calendar) -> None:
    """A first reply says how long first replies take; those to danger come sooner and would promise too much."""
    head = act.head
    if head.first_reply_at is None and head.why != "urgent":
        kept = None if head.promised_at is None else act.now <= head.promised_at
        minutes = calendar.minutes(head.opened_at, act.now)
        promises.replied(act.conn, head.id, minutes, act.now, kept)
