"""Platforms, a listening bot and the official SDKs, joined over real loopback HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import certifi
import pytest
from linebot.v3.messaging import (  # type: ignore[import-untyped]
    AsyncApiClient,
    AsyncMessagingApi,
    AsyncMessagingApiBlob,
    Configuration,
)
from telegram import Bot

from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.serve import serving
from bot.channels.doubles.telegram import TelegramPlatform
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


@pytest.fixture(scope="session")
def one_certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One of the world's certificates: LINE's client loads all of them for each test unless it is given some."""
    path = tmp_path_factory.mktemp("certificates") / "one.pem"
    first, end, _ = Path(certifi.where()).read_text(encoding="utf-8").partition("-----END CERTIFICATE-----\n")
    path.write_text(first + end, encoding="utf-8")
    return path


@pytest.fixture
async def client(line_base: str, one_certificate: Path) -> AsyncIterator[AsyncApiClient]:
    """LINE's own client, talking to the double."""
    configuration = Configuration(host=line_base, access_token=TOKEN)
    configuration.ssl_ca_cert = str(one_certificate)
    async with AsyncApiClient(configuration) as made:
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
