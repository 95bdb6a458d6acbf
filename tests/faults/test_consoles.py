"""Many open consoles when the server dies: each comes back by itself, and nothing is missed or told twice."""

from __future__ import annotations

import asyncio
import json

import anyio
import httpx2
import pytest

from bot.channels.doubles.line import LinePlatform
from tests.faults.living import HANAKO, coordinator
from tests.serving import Server

pytestmark = pytest.mark.anyio
CONSOLES = 200


async def listen(web: httpx2.AsyncClient, cursor: str, wanted: int) -> tuple[str, list[str]]:
    """The cursor and the kinds of the next changes of cases that this console is told."""
    kinds: list[str] = []
    headers = {"last-event-id": cursor} if cursor else {}
    async with asyncio.timeout(40), web.stream("GET", "/console/live", headers=headers) as live:
        assert live.status_code == 200
        async for line in live.aiter_lines():
            field, _, value = line.partition(": ")
            if field == "id":
                cursor = value
            if field == "data" and "case" in value:
                kinds.append(json.loads(value)["kind"])
            if not line and cursor and len(kinds) >= wanted:
                return cursor, kinds
    raise AssertionError("the stream ended too early")


async def test_R02_two_hundred_consoles_come_back_after_a_kill_and_miss_nothing(
    served: tuple[LinePlatform, Server],
) -> None:
    line, server = served
    session = await anyio.to_thread.run_sync(coordinator, server.database_url)
    limits = httpx2.Limits(max_connections=2 * CONSOLES)
    async with httpx2.AsyncClient(base_url=server.base, cookies={"nakodo": session}, timeout=30, limits=limits) as web:
        await line.follow(HANAKO)
        await line.tap(HANAKO, "m:consent")
        open_ones = await asyncio.gather(*(listen(web, "", 0) for _ in range(CONSOLES)))
        assert (await line.say(HANAKO, "人と話したい")).status == 200
        await anyio.to_thread.run_sync(server.kill)
        await anyio.to_thread.run_sync(server.start)
        assert (await line.say(HANAKO, "追加があります")).status == 200
        back = await asyncio.gather(*(listen(web, cursor, 3) for cursor, _ in open_ones))
    assert {kinds[0] for _, kinds in back} == {"opened"}
    assert len({(cursor, *kinds) for cursor, kinds in back}) == 1  # all were told the same, each thing once
