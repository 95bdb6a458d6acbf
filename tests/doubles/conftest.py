"""Platforms, a listening bot and the official SDKs, joined over real loopback HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.serve import serving
from bot.channels.doubles.telegram import TelegramPlatform
from bot.channels.line_sdk import AsyncApiClient, AsyncMessagingApi, AsyncMessagingApiBlob, Configuration
from tests.doubles.bot import HOOK_SECRET, SECRET, TELEGRAM_TOKEN, TOKEN, Clock, ListeningBot, telegram_bot


@pytest.fixture
def clock() -> Clock:
    """A clock moved by hand."""
    return Clock()


@pytest.fixture
def bot() -> ListeningBot:
    """A bot that only listens."""
    return ListeningBot()


@pytest.fixture
async def hook(bot: ListeningBot) -> AsyncIterator[str]:
    """The address of the listening bot."""
    async with serving(bot) as base:
        yield base + "/hook"


@pytest.fixture
async def line(hook: str, clock: Clock) -> AsyncIterator[LinePlatform]:
    """A LINE platform that posts to the listening bot."""
    async with LinePlatform(SECRET, TOKEN, hook, clock=clock) as platform:
        yield platform


@pytest.fixture
async def line_base(line: LinePlatform) -> AsyncIterator[str]:
    """The address of the LINE platform."""
    async with serving(line.app, grace=0.1) as base:
        yield base


@pytest.fixture
async def client(line_base: str) -> AsyncIterator[AsyncApiClient]:
    """LINE's own client, talking to the double."""
    async with AsyncApiClient(Configuration(host=line_base, access_token=TOKEN)) as made:
        yield made


@pytest.fixture
def api(client: AsyncApiClient) -> AsyncMessagingApi:
    """LINE's own SDK."""
    return AsyncMessagingApi(client)


@pytest.fixture
def blobs(client: AsyncApiClient) -> AsyncMessagingApiBlob:
    """LINE's own SDK for files, which by itself would go to its data host."""
    return AsyncMessagingApiBlob(client)


@pytest.fixture
async def telegram(hook: str, clock: Clock) -> AsyncIterator[TelegramPlatform]:
    """A Telegram platform that posts to the listening bot."""
    async with TelegramPlatform(TELEGRAM_TOKEN, HOOK_SECRET, hook, clock=clock) as platform:
        yield platform


@pytest.fixture
async def telegram_base(telegram: TelegramPlatform) -> AsyncIterator[str]:
    """The address of the Telegram platform."""
    async with serving(telegram.app, grace=0.1) as base:
        yield base


@pytest.fixture
async def tg(telegram_base: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    """python-telegram-bot's own Bot, talking to the double; it says `retry_after` as the timedelta of days to come."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    async with telegram_bot(telegram_base) as made:
        yield made
