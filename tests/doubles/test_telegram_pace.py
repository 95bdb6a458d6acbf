"""How fast the Telegram double lets a bot talk, seen through python-telegram-bot: per person, per group, overall."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import RetryAfter

from bot.channels.doubles.serve import serving
from bot.channels.doubles.telegram import TelegramPlatform, Terms
from tests.doubles.bot import HOOK_SECRET, TELEGRAM_TOKEN, Clock, telegram_bot

pytestmark = pytest.mark.anyio
USER, GROUP = 5_000_000_000, -1001


async def test_too_many_to_one_person_must_wait(tg: Bot, telegram: TelegramPlatform, clock: Clock) -> None:
    await telegram.start(USER)
    for number in range(10):
        await tg.send_message(USER, str(number))
    with pytest.raises(RetryAfter) as caught:
        await tg.send_message(USER, "eleventh")
    assert caught.value.retry_after == timedelta(seconds=1)
    clock.pass_by(seconds=1)
    await tg.send_message(USER, "eleventh")
    assert len(telegram.delivered(USER)) == 11


async def test_thirty_a_second_is_all_the_bot_may_send(tg: Bot, telegram: TelegramPlatform) -> None:
    for user in range(1, 32):
        telegram.meet(user, "住民")
    for user in range(1, 31):
        await tg.send_message(user, "お知らせ")
    with pytest.raises(RetryAfter):
        await tg.send_message(31, "お知らせ")
    assert telegram.delivered(31) == []


async def test_twenty_a_minute_is_all_a_group_takes(tg: Bot, telegram: TelegramPlatform, clock: Clock) -> None:
    telegram.group(GROUP, "窓口")
    card = await tg.send_message(GROUP, "a")
    for _ in range(19):
        clock.pass_by(milliseconds=100)
        await tg.send_message(GROUP, "a")
    with pytest.raises(RetryAfter):
        await tg.edit_message_text("edits count too", GROUP, card.message_id)
    clock.pass_by(seconds=3)
    await tg.edit_message_text("edits count too", GROUP, card.message_id)
    assert len(telegram.delivered(GROUP)) == 20


async def test_pacing_can_be_lifted_for_load(hook: str, clock: Clock) -> None:
    platform = TelegramPlatform(TELEGRAM_TOKEN, HOOK_SECRET, hook, clock=clock, terms=Terms(flood=False))
    async with platform, serving(platform.app) as base, telegram_bot(base) as tg:
        platform.meet(USER, "住民")
        await asyncio.gather(*[tg.send_message(USER, "a") for _ in range(50)])
        assert len(platform.delivered(USER)) == 50
