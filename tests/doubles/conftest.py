"""Platforms, a listening bot and the official SDKs, joined over real loopback HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from linebot.v3.messaging import AsyncApiClient, AsyncMessagingApi, AsyncMessagingApiBlob, Configuration

from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.serve import serving
from tests.doubles.bot import SECRET, TOKEN, Clock, ListeningBot


@pytest.fixture
def anyio_backend() -> str:
    """The doubles run on asyncio alone."""
    return "asyncio"


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
    async with serving(line.app) as base:
        yield base


@pytest.fixture
async def line_client(line_base: str) -> AsyncIterator[AsyncApiClient]:
    """LINE's own client, talking to the double."""
    async with AsyncApiClient(Configuration(host=line_base, access_token=TOKEN)) as client:
        yield client


@pytest.fixture
async def api(line_client: AsyncApiClient) -> AsyncMessagingApi:
    """LINE's own SDK."""
    return AsyncMessagingApi(line_client)


@pytest.fixture
async def blobs(line_client: AsyncApiClient) -> AsyncMessagingApiBlob:
    """LINE's own SDK for files."""
    return AsyncMessagingApiBlob(line_client)
