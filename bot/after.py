"""Asks people how it went, weeks and months after their case: by day, once, and not while they talk with us."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from bot.acts import held
from bot.handover import Desk
from bot.keeping_on import each, keep_on
from bot.mind import Mind
from dialogs.session import Session
from dialogs.tap import Stage
from dialogs.turn import AWAY
from storage import after, cases, people
from storage.engine import Store

T = TypeVar("T")
EVERY_S = 60.0
AT_ONCE = 20
TALKING = timedelta(days=7)  # who talks with a coordinator now is asked so much later
TOMORROW = timedelta(days=1)  # who is in the middle of a form, or could not be asked by a mistake of ours


class After:
    """Runs beside the other chores; several processes may, for each question is taken by one of them."""

    def __init__(self, store: Store, desk: Desk, mind: Mind, clock: Callable[[], datetime]) -> None:
        self._store, self._desk, self._mind, self._clock = store, desk, mind, clock

    async def run(self) -> None:
        """Look every minute, for ever."""
        waits, breaks = "the questions afterwards wait for the database", "the questions afterwards could not be asked"
        await keep_on(self.ask, EVERY_S, waits, breaks)

    async def ask(self) -> int:
        """Ask what is due, while the centre is open; how many were asked."""
        now, asked = self._clock(), 0
        if not self._mind.calendar.is_open(self._mind.local(now)):
            return 0

        async def ask(one: after.Due) -> None:
            nonlocal asked
            asked += await self._write(lambda conn: self._one(conn, one, now))

        due = await asyncio.to_thread(self._store.read, lambda conn: after.due(conn, now, AT_ONCE))
        for one in await each(due, ask, "a question afterwards could not be asked"):
            await self._write(partial(after.postpone, follow_up_id=one.id, until=now + TOMORROW))
        return asked

    async def _write(self, job: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self._store.writer.submit(job))

    def _one(self, conn: Connection, due: after.Due, now: datetime) -> bool:
        head = held(conn, due.case_id)
        if head is None or head.person_id is None or head.closed_at is None or due.stage not in self._mind.asked:
            after.asked(conn, due.id, now)  # forgotten, it goes on, or the centre asks no more: there is nothing to ask
            return False
        if cases.of_person_open(conn, [head.person_id]):
            after.postpone(conn, due.id, now + TALKING)
            return False
        person = people.load(conn, self._store.vault, [head.person_id])[head.person_id]
        session = Session.from_json(person.session)
        if session.flow and session.seen_at and now - datetime.fromisoformat(session.seen_at) < AWAY:
            after.postpone(conn, due.id, now + TOMORROW)  # their form has the word
            return False
        if not after.asked(conn, due.id, now):
            return False  # another process asked while we waited for the person, or the case was closed anew
        return session.consented is not None and self._desk.ask_about(conn, head, Stage(due.stage), now)
