"""The platforms in miniature with the production adapters beside them, and the doors they post to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import httpx2
import pytest
from starlette.applications import Starlette

from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.serve import serving
from bot.channels.doubles.telegram import TelegramPlatform
from bot.channels.line import LineChannel
from bot.channels.telegram import TelegramChannel
from bot.ports import Arrived
from bot.settings import Settings
from bot.web.hooks import hooks
from tests.channels.line_case import Ways
from tests.channels.samples import HANAKO, HOOK_SECRET, LINE_SECRET, LINE_TOKEN, TELEGRAM_TOKEN, US, Clock


@dataclass
class Shelf:
    """Keeps what the doors hand over; `trouble` is raised instead while the storage is down."""

    kept: list[Arrived] = field(default_factory=list)
    trouble: Exception | None = None

    async def keep(self, arrived: Sequence[Arrived]) -> None:
        if self.trouble:
            raise self.trouble
        self.kept.extend(arrived)


@pytest.fixture
def clock() -> Clock:
    """The platform's and the adapter's time: stands still until it is moved."""
    return Clock()


@pytest.fixture
def shelf() -> Shelf:
    """Where the doors put what arrived."""
    return Shelf()


@pytest.fixture
def settings() -> Settings:
    """Both channels set up."""
    return Settings.model_validate({"line_channel_secret": LINE_SECRET, "telegram_webhook_secret": HOOK_SECRET})


@pytest.fixture
def doors(shelf: Shelf, settings: Settings) -> Starlette:
    """The two doors alone, of a bot that knows its own LINE id."""
    return Starlette(routes=hooks(shelf.keep, settings, US))


@pytest.fixture
async def web(doors: Starlette) -> AsyncIterator[httpx2.AsyncClient]:
    """Whoever posts to the doors."""
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(doors), base_url="http://nakodo") as client:
        yield client


@pytest.fixture
async def line(clock: Clock) -> AsyncIterator[LinePlatform]:
    """A LINE platform nobody listens to."""
    async with LinePlatform(LINE_SECRET, LINE_TOKEN, "http://127.0.0.1:9/", clock=clock) as platform:
        yield platform


@pytest.fixture
async def line_host(line: LinePlatform) -> AsyncIterator[str]:
    """The address of the LINE platform."""
    async with serving(line.app, grace=0.05) as base:
        yield base


@pytest.fixture
async def channel(line_host: str, clock: Clock) -> AsyncIterator[LineChannel]:
    """The production adapter, pointed at the platform."""
    adapter = LineChannel(line_host, LINE_TOKEN, clock)
    yield adapter
    await adapter.close()


@pytest.fixture
async def hasty(line_host: str, clock: Clock) -> AsyncIterator[LineChannel]:
    """The same with little patience, for when the platform is to be silent."""
    adapter = LineChannel(line_host, LINE_TOKEN, clock, patience=1.0)
    yield adapter
    await adapter.close()


@pytest.fixture
def ways(line: LinePlatform, channel: LineChannel, hasty: LineChannel) -> Ways:
    """The platform with both adapters."""
    return Ways(line, channel, hasty)


@pytest.fixture
async def token(line: LinePlatform) -> str:
    """A living reply token of Hanako's."""
    return str((await line.follow(HANAKO)).event["replyToken"])


@pytest.fixture
async def telegram(clock: Clock) -> AsyncIterator[TelegramPlatform]:
    """A Telegram platform nobody listens to."""
    async with TelegramPlatform(TELEGRAM_TOKEN, HOOK_SECRET, "http://127.0.0.1:9/", clock=clock) as platform:
        yield platform


@pytest.fixture
async def telegram_host(telegram: TelegramPlatform) -> AsyncIterator[str]:
    """The address of the Telegram platform."""
    async with serving(telegram.app, grace=0.05) as base:
        yield base


@pytest.fixture
async def bot(telegram_host: str) -> AsyncIterator[TelegramChannel]:
    """The production adapter, pointed at the platform."""
    adapter = TelegramChannel(telegram_host, TELEGRAM_TOKEN)
    yield adapter
    await adapter.close()
