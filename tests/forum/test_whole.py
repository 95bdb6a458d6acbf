"""The whole program with a group set: the clerk beside the worker, and the platforms' process speaks to Telegram."""

from __future__ import annotations

import asyncio

import pytest

from bot import app
from bot.channels.doubles.serve import serving
from bot.channels.doubles.telegram import TelegramPlatform
from bot.channels.doubles.telegram.platform import Terms
from bot.channels.forum_calls import OpenTopic, Say, Wait, Went
from bot.channels.telegram_draw import Part
from bot.outside import outside
from tests.bot.centre import Centre
from tests.bot.desk import open_case_of
from tests.channels.samples import HOOK_SECRET, TELEGRAM_TOKEN
from tests.clock import Clock
from tests.faults.town import settings
from tests.forum.group import FORUM
from tests.ours import mind

pytestmark = pytest.mark.anyio


async def test_a_running_program_shows_a_new_case_by_itself(sqlite_url: str, clock: Clock) -> None:
    telegram = TelegramPlatform(TELEGRAM_TOKEN, HOOK_SECRET, "", clock=clock, terms=Terms(flood=False))
    telegram.group(FORUM, "窓口", forum=True)
    async with serving(telegram.app, grace=0.05) as base:
        more = {"telegram_api_base": base, "telegram_token": TELEGRAM_TOKEN, "telegram_staff_chat": str(FORUM)}
        parts = app.assemble(settings(sqlite_url, **more), clock=clock, mind=mind())
        async with app.working(parts):
            case = await asyncio.to_thread(open_case_of, Centre(parts.store, clock.now))
            parts.bell.ring()
            async with asyncio.timeout(20):
                await telegram.changed(FORUM)
        await app.close(parts)
    assert case.ref in telegram.delivered(FORUM)[0]["text"]


async def test_without_a_group_there_is_no_clerk(sqlite_url: str, clock: Clock) -> None:
    parts = app.assemble(settings(sqlite_url), clock=clock, mind=mind())
    assert (parts.clerk, parts.counter) == (None, None)
    await app.close(parts)


async def test_the_group_is_spoken_to_by_the_platforms_process(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    telegram = TelegramPlatform(TELEGRAM_TOKEN, HOOK_SECRET, "", clock=clock)
    telegram.group(FORUM, "窓口", forum=True)
    async with serving(telegram.app, grace=0.05) as base:
        monkeypatch.setenv("NAKODO_TELEGRAM_TOKEN", TELEGRAM_TOKEN)
        monkeypatch.setenv("NAKODO_TELEGRAM_API_BASE", base)
        channel = outside(["telegram"])["telegram"]
        opened = await channel.forum(FORUM, OpenTopic("相談"))
        assert isinstance(opened, Went)
        said = await channel.forum(FORUM, Say(Part("<b>a</b>", "a"), opened.number))
        assert isinstance(said, Went)
        assert isinstance(await channel.forum(-1, OpenTopic("相談")), Wait)
        await channel.close()
    assert [one["text"] for one in telegram.delivered(FORUM)] == ["a"]
