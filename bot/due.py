"""Replies that were left to the clock leave at their moment, a second late at most."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy import Connection

from bot.handover import Desk
from bot.keeping_on import keep_on
from bot.timed import send
from storage import timed
from storage.engine import Store

log = structlog.get_logger()
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
        """Say what is due; how many replies left."""
        now, left = self._clock(), 0
        replies = await asyncio.to_thread(self._store.read, partial(timed.due, now=now))
        for one in replies:
            left += await asyncio.wrap_future(self._store.writer.submit(partial(self._send, one, now)))
        if replies:
            self._desk.ring()
        return left

    def _send(self, one: tuple[int, int], now: datetime, conn: Connection) -> bool:
        return send(conn, self._store.vault, self._desk, one, now)
