"""Many open consoles when the server dies: each comes back by itself, and nothing is missed or told twice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field

import anyio
import httpx2
import pytest
from sqlalchemy import Connection, func, select

from bot.bell import Bell
from bot.channels.doubles.line import LinePlatform
from storage import feed, open_store
from storage.engine import Store
from storage.tables import message
from tests.faults.contest import said_on
from tests.faults.living import HANAKO, coordinator
from tests.serving import Server

pytestmark = pytest.mark.anyio
CONSOLES = 200
PATIENCE_S = 60
Told = tuple[int, str, int]


@dataclass
class Ear:
    """A console as browsers keep it: after a lost line it waits as it was told, and goes on after the last number."""

    web: httpx2.AsyncClient
    news: Bell
    told: list[Told] = field(default_factory=list)
    cursor: str = ""
    again_ms: int = 0
    open: bool = False
    lost: int = 0

    async def listen(self) -> None:
        """For ever."""
        while True:
            with suppress(httpx2.TransportError):
                await self._hear()
            self.lost += self.open
            self.open = False
            await asyncio.sleep(self.again_ms / 1000)

    async def _hear(self) -> None:
        headers = {"last-event-id": self.cursor} if self.cursor else {}
        async with self.web.stream("GET", "/console/live", headers=headers) as live:
            assert live.status_code == 200
            number = ""
            async for line in live.aiter_lines():
                name, _, value = line.partition(": ")
                if name == "retry":
                    self.again_ms = int(value)
                elif name == "id":
                    number = value
                elif name == "data" and "kind" in value:
                    change = json.loads(value)
                    self.told.append((int(number), change["kind"], change["case"]))
                elif not line and number:  # only a whole event moves the place one goes on from
                    self.cursor, self.open = number, True
                    self.news.ring()


@dataclass
class Room:
    """All consoles of a server, and the phone of the one who writes."""

    line: LinePlatform
    server: Server
    ears: Sequence[Ear]
    store: Store
    news: Bell
    wrote: list[str] = field(default_factory=list)

    async def say(self) -> bool:
        """Hanako writes once more; whether the server took it at once."""
        self.wrote.append(f"{len(self.wrote) + 1}つ目の話")
        return (await self.line.say(HANAKO, self.wrote[-1])).ok

    def truth(self, start: int) -> list[Told]:
        """What a console must have been told that has listened since `start`."""
        changes = self.store.read(lambda conn: feed.since(conn, start))
        return [(one.id, one.kind, one.case_id) for one in changes if one.case_id is not None]

    async def all_open(self) -> None:
        """Wait until every console has its line."""
        async with asyncio.timeout(PATIENCE_S):
            while not all(ear.open for ear in self.ears):
                await self.news.wait(0.05)

    async def all_know(self, start: int) -> list[Told]:
        """Wait until nothing is left to be told; each was told just this, in this order."""
        async with asyncio.timeout(PATIENCE_S):
            while await self._hears_more(start):
                await self.news.wait(0.05)
        truth = await asyncio.to_thread(self.truth, start)
        assert truth
        assert [ear.told for ear in self.ears] == [truth] * len(self.ears)
        return truth

    async def _hears_more(self, start: int) -> bool:
        heard = await asyncio.to_thread(self.store.read, _heard)
        truth = await asyncio.to_thread(self.truth, start)
        return heard <= len(self.wrote) or any(ear.told[-1:] != truth[-1:] for ear in self.ears)


def _heard(conn: Connection) -> int:
    """How many lines of the resident's stand in a case: the wish for a person, and all that came after it."""
    lines = select(func.count()).where(message.c.case_id.is_not(None), message.c.direction == "in")
    return int(conn.execute(lines).scalar_one())


async def die_and_rise(room: Room) -> list[bool]:
    """kill -9 between two messages while all lines are open; what comes meanwhile, the platform brings again."""
    assert all(ear.open and not ear.lost for ear in room.ears)
    taken = [await room.say()]
    dying = asyncio.create_task(asyncio.to_thread(room.server.kill))
    taken += [await room.say() for _ in range(3)]
    await dying
    taken.append(await room.say())
    await asyncio.to_thread(room.server.start)
    await room.line.redeliver_failed()
    taken.append(await room.say())
    return taken


async def live_through(line: LinePlatform, server: Server, kills: int) -> Room:
    """Two hundred consoles, one resident, and a server that dies so many times."""
    session = await anyio.to_thread.run_sync(coordinator, server.database_url)
    limits, cookies = httpx2.Limits(max_connections=2 * CONSOLES), {"nakodo": session}
    async with AsyncExitStack() as stack:
        web = httpx2.AsyncClient(base_url=server.base, cookies=cookies, timeout=PATIENCE_S, limits=limits)
        await stack.enter_async_context(web)
        store = open_store(server.database_url, "s" * 48)
        stack.callback(store.close)
        await line.follow(HANAKO)
        await line.tap(HANAKO, "m:consent")
        news = Bell()
        room = Room(line, server, [Ear(web, news) for _ in range(CONSOLES)], store, news)
        for ear in room.ears:
            stack.callback(asyncio.create_task(ear.listen()).cancel)
        await room.all_open()
        start = min(int(ear.cursor) for ear in room.ears)
        assert (await line.say(HANAKO, "人と話したい")).ok
        for _ in range(kills):
            taken = await die_and_rise(room)
            assert (taken[0], taken[-2], taken[-1]) == (True, False, True)
            await room.all_open()
            await room.all_know(start)
            assert {ear.lost for ear in room.ears} == {1}
            for ear in room.ears:
                ear.lost = 0
        (case_id,) = {case for _, _, case in await room.all_know(start)}
        assert said_on((await web.get(f"/console/cases/{case_id}")).text) == ["人と話したい", *room.wrote]
    return room


async def test_R02_two_hundred_consoles_come_back_after_a_kill_and_miss_nothing(
    served_on_either: tuple[LinePlatform, Server],
) -> None:
    room = await live_through(*served_on_either, kills=1)
    waits = {ear.again_ms for ear in room.ears}
    assert len(waits) > CONSOLES // 2  # they do not come back in the same moment
    assert max(waits) < 5000


@pytest.mark.long
async def test_R02_two_hundred_consoles_live_through_ten_kills(
    served_on_either: tuple[LinePlatform, Server],
) -> None:
    room = await live_through(*served_on_either, kills=10)
    assert len(room.wrote) == 60
