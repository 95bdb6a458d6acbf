"""What the clock does to cases: wakes what was laid aside, warns before a promise breaks, says when one must."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.acts import NOBODY, Act, held
from bot.bell import Bell
from bot.handover import Desk
from bot.keeping_on import each, keep_on
from bot.mind import Mind
from dialogs.dates import say_moment
from dialogs.saying import Message
from dialogs.words import Words
from storage import calls, cases, clocking, feed, news, promises
from storage.casefile import By, State, Who
from storage.engine import Store

LOOK_S = 30.0
_MOMENT = timedelta(minutes=1)


class Watchman:
    """Several may run: each deed is done under the hold of its person, and only if it is still to be done."""

    def __init__(self, store: Store, mind: Mind, desk: Desk, bell: Bell, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._mind = mind
        self._desk = desk
        self._bell = bell
        self._clock = clock
        self._turn = -1

    async def run(self) -> None:
        """Look twice a minute, for ever."""
        await keep_on(self.round, LOOK_S, "the clocks wait for the database", "the clocks could not be looked at")

    async def round(self) -> int:
        """Everything that is due now; how many cases it was. At night nobody is warned and nothing is said."""
        now, done, last = self._clock(), 0, 0
        turn = self._mind.book.turn
        old = clocking.stale if self._turn == turn else clocking.all_open
        while found := await asyncio.to_thread(self._store.read, partial(old, after=last)):
            done, last = done + await self._each(found, self._renew), found[-1]
        self._turn = turn  # the centre set something, or this process is new: all clocks were wound anew
        due = await asyncio.to_thread(self._store.read, lambda conn: cases.pending_due(conn, now))
        done += await self._each([head.id for head in due], self._wake)
        if not self._mind.calendar.is_open(now):
            return done
        near = await asyncio.to_thread(self._store.read, lambda conn: clocking.due_for_warning(conn, now))
        done += await self._each(near, self._warn)
        told = await asyncio.to_thread(self._store.read, promises.told)
        return done + await self._each([case_id for case_id, at in told if self._breaks(at, now)], self._mend)

    async def _each(self, case_ids: list[int], step: Callable[[Act], None]) -> int:
        async def alone(case_id: int) -> None:
            await asyncio.wrap_future(self._store.writer.submit(partial(self._do, case_id=case_id, step=step)))

        broken = await each(case_ids, alone, "a clock could not be wound")
        if case_ids:
            self._bell.ring()
        return len(case_ids) - len(broken)

    def _do(self, conn: Connection, case_id: int, step: Callable[[Act], None]) -> None:
        head, now = held(conn, case_id), self._clock()
        if head is not None and head.person_id is not None:
            step(Act(conn, self._store.vault, head, head.person_id, NOBODY, now))
            clocking.settle(conn, self._mind.clocks, [case_id], now)

    def _renew(self, act: Act) -> None:
        clocking.renew(act.conn, act.head.id)

    def _wake(self, act: Act) -> None:
        until = act.head.pending_until
        if act.head.state is State.PENDING and until is not None and until <= act.now:
            cases.set_state(act.conn, act.head.id, State.CLAIMED, By(Who.SYSTEM), act.now)
            if act.head.holder is not None:
                news.add(act.conn, [news.New(act.head.holder, act.head.id, news.Kind.WOKE)], act.now)

    def _warn(self, act: Act) -> None:
        if clocking.warn(act.conn, self._mind.clocks, act.head.id, act.now):
            feed.add(act.conn, [feed.Change(act.now, "warned", act.head.id, act.person_id)])

    def _breaks(self, told: datetime, now: datetime) -> bool:
        """Whether a moment that was told has passed, or lies where the centre is closed by now."""
        return told <= now or not self._mind.calendar.is_open(told - _MOMENT)

    def _mend(self, act: Act) -> None:
        """Once for each case, and never to somebody whom a coordinator has taken over: from then on the bot is silent.

        The new moment is what nine replies in ten would need from now on; where that is not known, none is said.
        """
        told = act.head.promised_at
        if told is None or not self._breaks(told, act.now):
            return
        later = self._mind.by(act.now, promises.bound(act.conn))
        if not promises.mended(act.conn, act.head.id, later or told):
            return
        calls.called(act.conn, feed.Change(act.now, "late", act.head.id, act.person_id))
        self._desk.announce(act, lambda words: (Message(_sorry(words, later)),))


def _sorry(words: Words, later: datetime | None) -> str:
    return words.say("promise.later", moment=say_moment(later, words)) if later else words.say("promise.late")
