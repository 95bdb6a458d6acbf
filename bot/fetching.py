"""Brings what people sent besides words, at once and again while the platform has it, and keeps it sealed."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import assert_never

import structlog
from sqlalchemy import Connection

from bot.bell import Bell
from bot.ports import Channel, Content, Fetched, Fetches, Never, NotYet
from storage import things
from storage.engine import Store
from storage.things import Claimed, Whose
from storage.writer import StorageDown

log = structlog.get_logger()
AT_ONCE = 3  # each may be twenty megabytes in memory
LEASE = timedelta(minutes=3)  # longer than the slowest download with all its parts
GIVES_UP = timedelta(hours=24)  # LINE does not say how long it keeps things; nobody waits longer for one
CRASHES = 3  # attempts that ended the process which made them: one more would only end it again
LOOK_S = 2.0  # for what is due again, or was left by another process


class Fetcher:
    """One process's fetcher. Several may work on one PostgreSQL: leases keep them apart."""

    def __init__(
        self, store: Store, channels: Mapping[str, Channel], bell: Bell, clock: Callable[[], datetime]
    ) -> None:
        self._store, self._channels, self._bell, self._clock = store, channels, bell, clock
        self._owner = uuid.uuid4().hex
        self._under_way: set[asyncio.Task[None]] = set()
        self.due = asyncio.Event()

    async def rescue(self) -> None:
        """On SQLite no other process can be alive: what a dead one was fetching is fetched again at once."""
        if self._store.dialect == "sqlite":
            now = self._clock()
            await asyncio.wrap_future(self._store.writer.submit(lambda conn: things.rescue(conn, now)))

    async def run(self) -> None:
        """Fetch for ever; at once when there is something new."""
        while True:
            self.due.clear()
            begun = 0
            try:
                begun = await self.begin()
            except StorageDown:
                log.warning("fetching waits for the database")
            except Exception as broken:  # noqa: BLE001 - a fetcher that dies of one thing would bring nothing any more
                log.error("nothing could be fetched", why=type(broken).__name__)
            if not begun:
                await self._rest()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(LOOK_S):
                await self.due.wait()
        except TimeoutError:
            pass

    async def begin(self) -> int:
        """Claim what can be fetched now and begin; how many things that was."""
        while len(self._under_way) >= AT_ONCE:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
        now, vault = self._clock(), self._store.vault
        if not await asyncio.to_thread(self._store.read, lambda conn: things.due(conn, now)):
            return 0
        lease = (LEASE, AT_ONCE - len(self._under_way))
        claim = self._store.writer.submit(lambda conn: things.claim(conn, vault, self._owner, now, lease))
        claimed = await asyncio.wrap_future(claim)
        for one in claimed:
            task = asyncio.create_task(self._fetch(one))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return len(claimed)

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def put_down(self) -> None:
        """At the end: nothing is lost by breaking off, for the next start fetches it again."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _fetch(self, one: Claimed) -> None:
        content = await self._content(one)
        try:
            kept = await self._write(one, content)
        except StorageDown:
            return  # the lease ends by itself
        except Exception as broken:  # noqa: BLE001 - as in run()
            log.error("a thing could not be kept", kind=one.kind, why=type(broken).__name__)
            return
        if not kept:
            log.info("a thing was not wanted any more", kind=one.kind)
        self._bell.ring()
        self.due.set()

    async def _content(self, one: Claimed) -> Content:
        channel = self._channels.get(one.channel)
        if not isinstance(channel, Fetches):
            return NotYet(60, "the channel is not set up")
        try:
            return await channel.fetch(one.source)
        except Exception as broken:  # noqa: BLE001 - our own mistake: asked for again, as long as that makes sense
            log.error("a thing could not be fetched", channel=one.channel, kind=one.kind, why=type(broken).__name__)
            return NotYet(60, "our own mistake")

    async def _write(self, one: Claimed, content: Content) -> bool:
        """Write down what came of it; False when nobody wants the thing any more, or its lease was lost."""
        now, mine = self._clock(), Whose(one.id, self._owner)
        match content:
            case Fetched(form, data):
                return await self._keep(one, form, data)
            case Never(why):
                return await self._do(lambda conn: things.lose(conn, mine, why, now))
            case NotYet(ended=True) if one.tried >= CRASHES:
                return await self._do(lambda conn: things.lose(conn, mine, "unreadable", now))
            case NotYet() if now - one.created_at > GIVES_UP:
                return await self._do(lambda conn: things.lose(conn, mine, "unreachable", now))
            case NotYet(seconds):
                patience = min((now - one.created_at).total_seconds() / 5, 600.0)
                at = now + timedelta(seconds=max(seconds, patience))
                return await self._do(lambda conn: things.later(conn, mine, at))
            case _:
                assert_never(content)

    async def _keep(self, one: Claimed, form: str, data: bytes) -> bool:
        """A commit for each part: whoever writes meanwhile waits for a quarter of a megabyte and not for a video."""
        mine, vault = Whose(one.id, self._owner), self._store.vault
        parts = await asyncio.to_thread(things.sealed_parts, vault, one.key, one.id, data)
        for place, part in enumerate(parts):
            if not await self._do(lambda conn, n=place, p=part: things.put_part(conn, mine, n, p)):  # type: ignore[misc]
                return False
        what, now = (form, len(data), len(parts)), self._clock()
        return await self._do(lambda conn: things.keep(conn, mine, what, now))

    async def _do(self, job: Callable[[Connection], bool]) -> bool:
        return await asyncio.wrap_future(self._store.writer.submit(job))
