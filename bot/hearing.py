"""The ear: hears what waits, round after round, for as long as the process lives."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime
from time import monotonic

import structlog
from sqlalchemy import Connection

from bot.bell import Bell
from bot.conversation import Helping, Round, hear
from bot.delivery import Postman
from bot.fetching import Fetcher
from bot.mind import Mind
from storage import inbox
from storage.crypt import Vault
from storage.engine import Store
from storage.writer import StorageDown

log = structlog.get_logger()
# Seconds a round may take: posts that come meanwhile are acknowledged after it. While none come, a long one is cheaper.
PRESSED_S, CALM_S = 0.03, 0.15
FEWEST, MOST = 8, 128  # people heard in one round


class Ear:
    """One process's listener. On PostgreSQL several may listen: each person is heard by one of them at a time."""

    def __init__(self, store: Store, mind: Mind, bell: Bell, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._mind = mind
        self._bell = bell
        self._clock = clock
        self._last = 0
        self._people = FEWEST
        self._pressed = 0
        self._going = False
        self._ahead: Future[Round] | None = None

    async def run(self, arrived: asyncio.Event, postman: Postman | None, fetcher: Fetcher | None = None) -> None:
        """Hear for ever; look again at least every half second, at once when something arrived."""
        self._going = True
        try:
            while True:
                arrived.clear()
                made = await self._whatever_comes()
                if postman and made.parcels:
                    postman.due.set()
                if fetcher and made.things:
                    fetcher.due.set()
                if postman and made.farewells:
                    postman.carry_fleeting(made.farewells)
                if not made.heard:
                    await _rest(arrived)
        finally:
            self._going = False
            if self._ahead:
                self._ahead.cancel()

    async def round(self) -> Round:
        """One transaction's worth."""
        ahead, self._ahead = self._ahead, None
        return self._told(await asyncio.wrap_future(ahead or self._next()))

    def _next(self) -> Future[Round]:
        heard = self._store.writer.submit(self._some, long=True)
        heard.add_done_callback(self._go_on)
        return heard

    def _go_on(self, heard: Future[Round]) -> None:
        """In the writing thread, after the commit: while more waits, the next round need not wait for a busy loop."""
        if heard.cancelled() or heard.exception():
            return
        made = heard.result()
        self._last = made.last
        if self._going and made.heard:
            with suppress(StorageDown):
                self._ahead = self._next()

    async def _whatever_comes(self) -> Round:
        """A round that never ends the listening. What cannot be written costs its own message, not everybody's."""
        try:
            return await self.round()
        except StorageDown:
            log.warning("hearing waits for the database")
        except Exception as broken:  # noqa: BLE001 - an ear that dies of one message would leave everybody in silence
            log.error("a round could not be written", why=type(broken).__name__)
            return await self._alone()
        return Round()

    async def _alone(self) -> Round:
        """The next person's next message by itself; when it is the one that breaks, that is counted against it."""
        alone = Helping(after=self._last, people=1, events=1)
        try:
            return await self._do(lambda conn: self._hear(conn, alone))
        except StorageDown:
            return Round()
        except Exception as broken:  # noqa: BLE001 - as above
            why = type(broken).__name__
        return await self._do(lambda conn: _count_against(conn, self._store.vault, alone, why))

    def _some(self, conn: Connection) -> Round:
        """As many people as can be heard in the time a round may take, by how long the last one took."""
        pressed, self._pressed = self._pressed, self._store.writer.urgent
        limit = PRESSED_S if self._pressed > pressed else CALM_S
        begun = monotonic()
        made = self._hear(conn, Helping(after=self._last, people=self._people, seconds=limit))
        self._people = suited(self._people, made.people, (monotonic() - begun) / limit)
        return made

    def _hear(self, conn: Connection, helping: Helping) -> Round:
        return hear(conn, self._store.vault, self._mind, self._clock(), helping)

    async def _do(self, job: Callable[[Connection], Round]) -> Round:
        made = await asyncio.wrap_future(self._store.writer.submit(job))
        self._last = made.last
        return self._told(made)

    def _told(self, made: Round) -> Round:
        if made.heard:
            self._bell.ring()
        return made


def suited(asked: int, heard: int, share: float) -> int:
    """How many people the next round is for, when this one was for `asked`, heard `heard` and took `share` of its time.

    One that found fewer and was soon over says nothing. Never more than twice as many as the last.
    """
    if heard < asked and share < 1:
        return asked
    return max(FEWEST, min(MOST, 2 * asked, int(heard / max(share, 0.01))))


def _count_against(conn: Connection, vault: Vault, alone: Helping, why: str) -> Round:
    """Three times, then it lies in the dead letters and its person's later messages are heard."""
    waiting = inbox.waiting(conn, vault, alone.people, lock=True, after=alone.after)
    if not waiting:
        return Round()
    first = waiting[0]
    inbox.failed(conn, first.id, why)
    return Round(last=first.person_id, failed=((first.id, why),))


async def _rest(arrived: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(0.5):
            await arrived.wait()
    except TimeoutError:
        pass
