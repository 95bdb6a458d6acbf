"""Two servers on one PostgreSQL: what comes to both is heard once, and when either dies the other goes on."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import anyio
import httpx2
import pytest

from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.line.platform import BOT_ID, Terms
from bot.channels.doubles.serve import serving
from tests.faults.living import HANAKO, coordinator
from tests.serving import SECRET, TOKEN, Server

pytestmark = pytest.mark.anyio
PATIENCE_S = 40


@dataclass
class Pair:
    """Hanako's phone, two servers behind it, and a coordinator who is signed in to both."""

    line: LinePlatform
    servers: tuple[Server, Server]
    session: str
    seen: int = field(default=0)

    def through(self, number: int) -> None:
        """From now on LINE posts to this server."""
        self.line.hook_url = f"{self.servers[number].base}/line/webhook"

    def desk(self, number: int) -> httpx2.AsyncClient:
        """The coordinator's browser at this server."""
        headers, cookies = {"sec-fetch-site": "same-origin"}, {"nakodo": self.session}
        return httpx2.AsyncClient(base_url=self.servers[number].base, headers=headers, cookies=cookies, timeout=20)

    async def news(self, count: int) -> list[dict[str, Any]]:
        """The next `count` bubbles of ours on the phone."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.line.delivered(HANAKO)) < self.seen + count:
                newest = max((face["seq"] for face in self.line.screen(HANAKO)), default=0)
                await self.line.changed(HANAKO, newest)
        fresh = self.line.delivered(HANAKO)[self.seen :]
        self.seen += count
        return fresh


@pytest.fixture
async def pair(postgres_url: str) -> AsyncIterator[Pair]:
    terms = Terms(rates={}, reply_seconds=600)
    platform = LinePlatform(SECRET, TOKEN, "", clock=lambda: datetime.now(UTC), quota=None, terms=terms)
    async with AsyncExitStack() as stack:
        base = await stack.enter_async_context(serving(platform.app, grace=0.05))
        servers = Server(postgres_url, base), Server(postgres_url, base)
        session = await anyio.to_thread.run_sync(coordinator, postgres_url)
        for server in servers:
            stack.push_async_callback(anyio.to_thread.run_sync, server.kill)
        await asyncio.gather(*(anyio.to_thread.run_sync(server.start) for server in servers))
        made = Pair(platform, servers, session)
        made.through(0)
        await platform.follow(HANAKO)
        await platform.tap(HANAKO, "m:consent")
        await made.news(4)
        yield made


async def at_both(pair: Pair, event: dict[str, Any]) -> list[int]:
    """The same event fifty times at once, half of it at each server."""
    body = json.dumps({"destination": BOT_ID, "events": [event]}).encode()
    headers = {"x-line-signature": pair.line.sign(body)}
    async with httpx2.AsyncClient(timeout=20) as web:
        posts = [
            web.post(f"{server.base}/line/webhook", content=body, headers=headers)
            for server in pair.servers
            for _ in range(25)
        ]
        return [answer.status_code for answer in await asyncio.gather(*posts)]


async def heard(desk: httpx2.AsyncClient, case: str, words: str) -> None:
    """Wait until the console of this server shows the words."""
    async with asyncio.timeout(PATIENCE_S), desk.stream("GET", "/console/live?after=0") as live:
        async for line in live.aiter_lines():
            if line.startswith("event: change") and words in (await desk.get(f"/console/cases/{case}")).text:
                return
    raise AssertionError("the stream ended before the words came")


async def test_W10_R14_what_comes_to_both_is_heard_once_and_when_either_dies_the_other_goes_on(pair: Pair) -> None:
    text = {"type": "text", "id": "100000000000000001", "quoteToken": "q", "text": "メニュー"}
    assert await at_both(pair, pair.line.event("message", HANAKO, message=text)) == [200] * 50
    await pair.news(1)
    assert (await pair.line.say(HANAKO, "人と話したい")).status == 200
    told = await pair.news(1)
    assert "text" in told[0] or "altText" in told[0]
    async with pair.desk(1) as desk:  # the resident came by the first server, the coordinator sits at the second
        queue = (await desk.get("/console?folder=unassigned")).text
        case = queue[queue.index('id="row-') + 8 :].partition('"')[0]
        assert (await desk.post(f"/console/cases/{case}/claim")).status_code == 303
        await pair.news(1)
        pair.servers[0].kill()
        pair.through(1)
        form = {"text": "こんにちは、佐藤です", "key": str(uuid.uuid4()), "seen": str(10**9)}
        assert (await desk.post(f"/console/cases/{case}/reply", data=form)).status_code == 303
        await pair.news(1)
        assert (await pair.line.say(HANAKO, "よろしくお願いします")).status == 200
        await heard(desk, case, "よろしくお願いします")
    await anyio.to_thread.run_sync(pair.servers[0].start)
    await anyio.to_thread.run_sync(pair.servers[1].kill)
    async with pair.desk(0) as desk:
        assert "よろしくお願いします" in (await desk.get(f"/console/cases/{case}")).text
        assert (await desk.post(f"/console/cases/{case}/close")).status_code == 303
    await pair.news(1)
    assert len(pair.line.delivered(HANAKO)) == pair.seen  # and not a bubble more
