"""Replies that leave and cases that end at a moment of their own: kept, taken back, and done by the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot.acts import Act, Deed, Done, Manner, Refused, Step, not_mine, press_of, settled, unfit
from storage import news, staff, timed, worklist
from storage.audit import What
from storage.crypt import Vault
from storage.timed import Kind, State, Timed

if TYPE_CHECKING:
    from bot.handover import Desk

SOONEST, LATEST = timedelta(minutes=1), timedelta(days=60)


@dataclass(frozen=True)
class Later:
    """A reply for later: its words, when, and the newest line of others that its writer had before them."""

    text: str
    due_at: datetime | None
    seen: int


def keeping(new: Later, key: str) -> Step:
    """The step by which a holder leaves a reply to the clock."""

    def step(act: Act) -> Done | Refused:
        press = press_of(act, key, "reply later", new.text)
        if before := unfit(new.text) or settled(act, press):
            return before
        if act.head.holder != act.staff.id:
            return not_mine(act)
        if new.due_at is None or not SOONEST <= new.due_at - act.now <= LATEST:
            return Refused("moment")
        if timed.waiting(act.conn, act.head.id) >= timed.AT_MOST:
            return Refused("many")
        if not press.first(act.conn, act.vault, act.now):
            return Refused("other_words")
        kept = timed.New(act.head.id, act.staff.id, new.due_at, new.seen, new.text.strip())
        timed.add(act.conn, act.vault, kept, act.now)
        return Done()

    return step


def holding(new: Later, key: str, wait: timedelta, answers: int | None = None) -> Step:
    """The step by which a holder sends a reply that is held back for so long, for second thoughts."""

    def step(act: Act) -> Done | Refused:
        press = press_of(act, key, f"reply to {answers}" if answers else "reply", new.text)
        if before := unfit(new.text) or settled(act, press):
            return before
        if act.head.holder != act.staff.id:
            return not_mine(act)
        if timed.waiting(act.conn, act.head.id) >= timed.AT_MOST:
            return Refused("many")
        if not press.first(act.conn, act.vault, act.now):
            return Refused("other_words")
        due_at, words = act.now + wait, new.text.strip()
        kept = timed.New(act.head.id, act.staff.id, due_at, new.seen, words, Kind.SEND, answers)
        timed.add(act.conn, act.vault, kept, act.now)
        return Done()

    return step


def closing(seen: int, wait: timedelta) -> Step:
    """The step by which a case is ended, held back for so long; pressed twice it is ended once."""

    def step(act: Act) -> Done | Refused:
        if act.head.closed_at:
            return Refused("closed")
        if act.head.holder not in (None, act.staff.id):
            return not_mine(act)
        kept = timed.of_case(act.conn, act.vault, act.head.id)
        if not any(one.kind is Kind.CLOSE and one.state is State.WAITING for one in kept):
            new = timed.New(act.head.id, act.staff.id, act.now + wait, seen, "", Kind.CLOSE)
            timed.add(act.conn, act.vault, new, act.now)
        return Done()

    return step


def hurry(conn: Connection, vault: Vault, desk: Desk, at: tuple[int, int], now: datetime) -> None:
    """What a member holds back in a case, `at` (case, member), leaves at once: they went on to the next thing there."""
    for number in timed.held_back(conn, *at):
        send(conn, vault, desk, (number, at[0]), now)


def taking_back(number: int) -> Step:
    """The step by which its writer, or whoever holds the case now, takes one back; pressed twice it is back, too."""

    def step(act: Act) -> Done | Refused:
        one = timed.find(act.conn, act.vault, act.head.id, number)
        if one is None:
            return Refused("away")
        if act.staff.id not in {one.staff_id, act.head.holder}:
            return not_mine(act)
        if one.state is not State.TAKEN:
            timed.moved(act.conn, one, State.TAKEN, act.now)
        return Done()

    return step


def send(conn: Connection, vault: Vault, desk: Desk, due: tuple[int, int], now: datetime) -> bool:
    """Say one whose moment has come (number, case); False when it came back to its writer as a draft, or is gone."""
    number, case_id = due

    def step(act: Act) -> Done | Refused:
        one = timed.find(conn, vault, case_id, number)  # anew: its person was held for somebody else's deed until now
        if one is None or one.state is not State.WAITING:
            return Refused("away")
        done = _said(act, desk, one)
        over = isinstance(done, Refused) and one.kind is Kind.CLOSE and done.why == "closed"
        if isinstance(done, Done) or over:
            timed.left(conn, one)
        else:
            timed.moved(conn, one, State.RETURNED, now, done.why)
            news.add(conn, [news.New(one.staff_id, case_id, news.Kind.RETURNED)], now)
        return done

    first = timed.find(conn, vault, case_id, number)
    member = None if first is None else staff.get(conn, first.staff_id)
    if first is None or member is None:
        return False
    what = What.CLOSE if first.kind is Kind.CLOSE else What.REPLY
    done = desk.within(conn, case_id, member, Deed(what, step), now)
    if isinstance(done, Refused) and done.why == "apart":  # they have nothing to do with the case any more
        timed.moved(conn, first, State.RETURNED, now, "not_holder")
    return isinstance(done, Done)


def _said(act: Act, desk: Desk, one: Timed) -> Done | Refused:
    if not act.staff.active:
        return Refused("nobody_there")
    if act.head.holder != act.staff.id and one.kind is not Kind.CLOSE:
        return not_mine(act)
    # What was sent was sent knowing all there was, and only waits for second thoughts.
    newest = worklist.newest_of_others(act.conn, act.head.id, act.staff.id)
    if newest > one.seen and one.kind is not Kind.SEND:
        return Refused("newer")  # the same rule as for a reply that leaves at once
    if one.kind is Kind.CLOSE:
        return desk.ending(act)
    return desk.replying(one.text, f"timed:{one.id}", Manner(one.answers))(act)
