"""Serving an app inside the running loop: it starts on a free port, ends cleanly, and lets nobody hang."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from bot.channels.doubles.line import LinePlatform, user_id
from bot.channels.doubles.serve import serving
from tests.doubles.bot import SECRET, TOKEN, Clock, ListeningBot

pytestmark = pytest.mark.anyio


async def test_two_servers_share_one_loop_and_leave_nothing_open(bot: ListeningBot) -> None:
    other = ListeningBot()
    async with serving(bot) as here, serving(other) as there, aiohttp.ClientSession() as session:
        assert here != there
        for base in (here, there, there):
            async with session.post(base, data=b"{}") as response:
                assert response.status == 200
        assert (len(bot.got), len(other.got)) == (1, 2)
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.post(here)


async def test_the_port_can_be_chosen_and_is_free_again(bot: ListeningBot) -> None:
    async with serving(bot) as base:
        port = int(base.rsplit(":", 1)[1])
    async with serving(bot, port=port) as again:
        assert again == base


async def test_the_app_lives_from_start_to_stop() -> None:
    lived: list[str] = []

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        for _ in range(2):
            message = await receive()
            lived.append(message["type"])
            await send({"type": message["type"] + ".complete"})

    async with serving(app):
        assert lived == ["lifespan.startup"]
    assert lived == ["lifespan.startup", "lifespan.shutdown"]


async def test_who_hangs_is_cut_off_after_the_grace() -> None:
    bot = ListeningBot(answers=[None])
    async with aiohttp.ClientSession() as session:
        async with serving(bot, grace=0.05) as base:
            waiting = asyncio.create_task(session.post(base, data=b"{}"))
            await bot.came.wait()
        with pytest.raises(aiohttp.ClientError):
            await waiting


async def test_stopping_a_platform_gives_back_its_connections(hook: str, bot: ListeningBot, clock: Clock) -> None:
    line = LinePlatform(SECRET, TOKEN, hook, clock=clock)
    async with serving(line.app):
        await line.say(user_id("hanako"), "a")
    assert len(bot.got) == 1
    await line.close()
