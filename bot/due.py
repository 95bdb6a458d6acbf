"""Replies that were left to the clock, and reminders of appointments, leave at their moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot.appointing import remind
from bot.handover import Desk
from bot.keeping_on import each, keep_on
from bot.timed import send
from storage import appointments, timed
from storage.engine import Store

EVERY_S = 1.0  # what is held back for second thoughts is waited for


class Due:
    """Runs beside the other chores; several processes may, for each reply is said by one of them."""

    def __init__(self, store: Store, desk: Desk, clock: Callable[[], datetime]) -> None:
        self._store, self._desk, self._clock = store, desk, clock

    async def run(self) -> None:
        """Look every second, for ever."""
        waits, breaks = "replies for later wait for the database", "replies for later could not be said"
        await keep_on(self.look, EVERY_S, waits, breaks)

    async def look(self) -> int:
        """Say what is due; how many replies and reminders left."""
        now, left = self._clock(), 0
        replies = await asyncio.to_thread(self._store.read, partial(timed.due, now=now))
        reminders = await asyncio.to_thread(self._store.read, partial(appointments.due, now=now))
        jobs = [partial(self._send, one, now) for one in replies]
        jobs += [partial(self._remind, one, now) for one in reminders]

        async def say(job: Callable[[Connection], bool]) -> None:
            nonlocal left
            left += await asyncio.wrap_future(self._store.writer.submit(job))

        await each(jobs, say, "a reply for later or a reminder could not be said")
        if jobs:
            self._desk.ring()
        return left

    def _remind(self, one: tuple[int, appointments.Reminder], now: datetime, conn: Connection) -> bool:
        return remind(conn, self._store.vault, self._desk, one, now)

    def _send(self, one: tuple[int, int], now: datetime, conn: Connection) -> bool:
        return send(conn, self._store.vault, self._desk, one, now)
