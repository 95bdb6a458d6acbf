"""Shows on the phone that an answer is being made: to those alone who have really been waiting for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.ports import Channel, ShowsBusy
from storage import lateness
from storage.engine import Store
from storage.lateness import Span
from storage.writer import StorageDown

LOOK_S = 1.0
PATIENCE, GIVEN_UP = timedelta(seconds=1), timedelta(seconds=60)  # before and after this nothing is shown
AGAIN = timedelta(seconds=4)  # it lasts five seconds on LINE and Telegram, and ends with our next message


class Hourglass:
    """Works beside hearing and delivery. Answers usually take a tenth of a second: then nobody sees anything of it."""

    def __init__(self, store: Store, channels: Mapping[str, Channel], clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._channels = {name: channel for name, channel in channels.items() if isinstance(channel, ShowsBusy)}
        self._shown: dict[int, datetime] = {}

    async def run(self) -> None:
        """Look for ever."""
        while self._channels:
            await asyncio.sleep(LOOK_S)
            try:
                await self.look()
            except StorageDown:
                continue

    async def look(self) -> int:
        """Show it to those who wait now and do not see it already; how many those were."""
        now, vault = self._clock(), self._store.vault
        span = Span(now - GIVEN_UP, now - PATIENCE, list(self._channels))
        waiting = await asyncio.to_thread(self._store.read, lambda conn: lateness.waiters(conn, vault, span, now))
        self._shown = {contact: until for contact, until in self._shown.items() if until > now}
        fresh = [one for one in waiting if one.contact_id not in self._shown]
        self._shown |= {one.contact_id: now + AGAIN for one in fresh}
        await asyncio.gather(*(self._channels[one.channel].show_busy(one.address) for one in fresh))
        return len(fresh)
