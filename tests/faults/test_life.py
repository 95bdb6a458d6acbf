"""The life of a real server: its database goes away and comes back, and the end comes in order."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import anyio
import httpx2
import pytest

from bot.channels.doubles.faults import Hang
from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.line.platform import Terms, user_id
from bot.channels.doubles.serve import serving
from tests.clock import Clock
from tests.faults.living import HANAKO, coordinator, living
from tests.postgres import Server as Postgres
from tests.serving import SECRET, TOKEN, Server

pytestmark = pytest.mark.anyio
PEOPLE = [user_id(f"person {number}") for number in range(12)]


async def test_S03_ear_and_postman_go_on_by_themselves_when_postgresql_is_back(
    postgres: Postgres, now: datetime
) -> None:
    async with living(postgres.url(), Clock(now)) as centre:
        await centre.touch("同意する")
        before = len(centre.shown())
        await asyncio.to_thread(postgres.stop)
        posted = await centre.line.say(HANAKO, "使い方")
        assert posted.status == 503
        async with httpx2.AsyncClient(base_url=centre.base) as web:
            assert (await web.get("/console", follow_redirects=True)).status_code in (200, 503)
            assert (await web.get("/health")).status_code == 503
        await asyncio.to_thread(postgres.start)
        assert {again.status for again in await centre.line.redeliver_failed()} == {200}
        await centre.quiet()
        once = centre.shown()[before:]
        assert "ききたいこと" in once[0]
        assert await centre.say("使い方") == once  # the same again and not a bubble more


@pytest.fixture
async def line() -> AsyncIterator[tuple[LinePlatform, str]]:
    terms = Terms(rates={}, reply_seconds=600)
    platform = LinePlatform(SECRET, TOKEN, "", clock=lambda: datetime.now(UTC), quota=None, terms=terms)
    async with serving(platform.app, grace=0.05) as base:
        yield platform, base


async def everybody_has(platform: LinePlatform, counts: Mapping[str, int]) -> None:
    """Wait until each person's phone shows so many bubbles of ours."""
    async with asyncio.timeout(60):
        for user, count in counts.items():
            while len(platform.delivered(user)) < count:
                newest = max((face["seq"] for face in platform.screen(user)), default=0)
                await platform.changed(user, newest)


async def agreed(platform: LinePlatform) -> int:
    """Everybody has agreed and asked once how it works; how many bubbles that answer has."""
    for user in PEOPLE:
        await platform.follow(user)
        await platform.tap(user, "m:consent")
    await everybody_has(platform, dict.fromkeys(PEOPLE, 4))
    for user in PEOPLE:
        await platform.say(user, "使い方")
    await everybody_has(platform, dict.fromkeys(PEOPLE, 5))
    (count,) = {len(platform.delivered(user)) - 4 for user in PEOPLE}
    return count


async def terminated(server: Server, platform: LinePlatform) -> Counter[str]:
    """SIGTERM while LINE is silent, work waits and a page is open; what was acknowledged before, by person."""
    async with httpx2.AsyncClient(base_url=server.base, headers={"sec-fetch-site": "same-origin"}) as web:
        await web.post("/chat/start")
        async with web.stream("GET", "/chat/events") as open_page:
            assert open_page.status_code == 200
            posted = await asyncio.gather(*(platform.say(user, "使い方") for user in PEOPLE for _ in range(5)))
            async with asyncio.timeout(20):
                while not platform.ledger.of("reply")[-1].fault:  # noqa: ASYNC110 - the silence is on both sides
                    await asyncio.sleep(0.05)
            begun = time.monotonic()
            await anyio.to_thread.run_sync(server.stop)
            assert time.monotonic() - begun < 20
    return Counter(one.event["source"]["userId"] for one in posted if one.status == 200)


async def test_S19_SIGTERM_with_work_under_way_ends_soon_and_loses_nothing(
    line: tuple[LinePlatform, str], sqlite_url: str, tmp_path: Path
) -> None:
    platform, base = line
    server = Server(sqlite_url, base, output=tmp_path / "log")
    await anyio.to_thread.run_sync(server.start)
    platform.hook_url = f"{server.base}/line/webhook"
    bubbles = await agreed(platform)
    before = {user: len(platform.delivered(user)) for user in PEOPLE}
    platform.faults.next("reply", Hang(accepted=False), times=2 * len(PEOPLE))  # LINE falls silent
    acked = await terminated(server, platform)
    assert server.process is not None
    assert server.process.exitcode in (0, -15)
    assert sum(acked.values()) == 5 * len(PEOPLE)
    platform.faults.clear()
    await anyio.to_thread.run_sync(server.start)
    due = {user: before[user] + bubbles * acked[user] for user in PEOPLE}
    await everybody_has(platform, due)
    await anyio.to_thread.run_sync(server.stop)
    assert {user: len(platform.delivered(user)) for user in PEOPLE} == due
    assert grave(server) == []


def grave(server: Server) -> list[str]:
    """What it wrote for an operator to worry about."""
    lines = [json.loads(line) for line in server.said().splitlines()]
    assert "listening" in [line.get("event") for line in lines]
    return [str(line) for line in lines if line["level"] in ("error", "critical")]


async def test_S19_open_pages_end_in_order_and_nothing_is_called_an_error(sqlite_url: str, tmp_path: Path) -> None:
    server = Server(sqlite_url, "http://127.0.0.1:9", output=tmp_path / "log")
    session = coordinator(sqlite_url)
    await anyio.to_thread.run_sync(server.start)
    headers = {"sec-fetch-site": "same-origin"}
    async with httpx2.AsyncClient(base_url=server.base, headers=headers, cookies={"nakodo": session}) as web:
        await web.post("/chat/start")
        async with web.stream("GET", "/chat/events") as talk, web.stream("GET", "/console/live") as live:
            assert (talk.status_code, live.status_code) == (200, 200)
            pages = [talk.aiter_lines(), live.aiter_lines()]
            assert [await anext(page) for page in pages]
            assert server.process is not None
            server.process.terminate()
            for page in pages:
                async with asyncio.timeout(5):
                    assert [line async for line in page][-1] == ""  # to its end, and not cut off within an event
            await anyio.to_thread.run_sync(server.process.join, 10)
            assert server.process.exitcode in (0, -15)
    assert grave(server) == []
