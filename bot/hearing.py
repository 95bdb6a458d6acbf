"""The ear: hears what waits, round after round, for as long as the process lives."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from bot.bell import Bell
from bot.conversation import Round, hear
from bot.delivery import Postman
from bot.mind import Mind
from storage.engine import Store
from storage.writer import StorageDown

log = structlog.get_logger()


class Ear:
    """One process's listener. On PostgreSQL several may listen: each person is heard by one of them at a time."""

    def __init__(self, store: Store, mind: Mind, bell: Bell, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._mind = mind
        self._bell = bell
        self._clock = clock
        self._last = 0

    async def run(self, arrived: asyncio.Event, postman: Postman | None) -> None:
        """Hear for ever; look again at least every half second, at once when something arrived."""
        while True:
            arrived.clear()
            try:
                made = await self.round()
            except StorageDown:
                log.warning("hearing waits for the database")
                made = Round()
            if postman and made.parcels:
                postman.due.set()
            if postman and made.farewells:
                await postman.carry_farewells(made.farewells)
            if not made.heard:
                await _rest(arrived)

    async def round(self) -> Round:
        """One transaction's worth."""
        now, after = self._clock(), self._last
        made = await asyncio.wrap_future(
            self._store.writer.submit(lambda conn: hear(conn, self._store.vault, self._mind, now, after))
        )
        self._last = made.last
        if made.heard:
            self._bell.ring()
        return made


async def _rest(arrived: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(0.5):
            await arrived.wait()
    except TimeoutError:
        pass
