"""What the tests of faults ask for: a town on either database, and a PostgreSQL of their own to be stopped."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import anyio
import pytest

from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.line.platform import Terms
from bot.channels.doubles.serve import serving
from storage import migrate
from tests.clock import Clock
from tests.faults.living import Living, living
from tests.faults.town import Town, town
from tests.postgres import Server, start_any
from tests.serving import SECRET, TOKEN
from tests.serving import Server as ServerProcess


@pytest.fixture
def place(sqlite_url: str, now: datetime) -> Iterator[Town]:
    """A town on SQLite."""
    with town(sqlite_url, now) as one:
        yield one


@pytest.fixture
def either(database_url: str, now: datetime) -> Iterator[Town]:
    """A town, once on each database."""
    with town(database_url, now) as one:
        yield one


@pytest.fixture
def postgres() -> Iterator[Server]:
    """A PostgreSQL of this test alone, migrated, to be stopped and started."""
    server = start_any(brisk=False)
    migrate(server.url())
    yield server
    server.remove()


@asynccontextmanager
async def serving_apart(url: str) -> AsyncIterator[tuple[LinePlatform, ServerProcess]]:
    """A server in a process of its own on this database, and the LINE that posts to it."""
    terms = Terms(rates={}, reply_seconds=600, hook_seconds=20)  # a machine that does much besides is slow
    platform = LinePlatform(SECRET, TOKEN, "", clock=lambda: datetime.now(UTC), quota=None, terms=terms)
    async with serving(platform.app, grace=0.05) as base:
        server = ServerProcess(url, base)
        await anyio.to_thread.run_sync(server.start)
        platform.hook_url = f"{server.base}/line/webhook"
        yield platform, server
        await anyio.to_thread.run_sync(server.kill)


@pytest.fixture
async def served(sqlite_url: str) -> AsyncIterator[tuple[LinePlatform, ServerProcess]]:
    """One on SQLite."""
    async with serving_apart(sqlite_url) as both:
        yield both


@pytest.fixture
async def served_on_either(database_url: str) -> AsyncIterator[tuple[LinePlatform, ServerProcess]]:
    """One, once on each database."""
    async with serving_apart(database_url) as both:
        yield both


@pytest.fixture
async def of(database_url: str, now: datetime) -> AsyncIterator[Living]:
    """Hanako has agreed and asked for a person."""
    async with living(database_url, Clock(now)) as one:
        await one.touch("同意する", "人と話したい")
        yield one


@pytest.fixture
async def here(sqlite_url: str, now: datetime) -> AsyncIterator[Living]:
    """The same on SQLite alone, where the database makes no difference."""
    async with living(sqlite_url, Clock(now)) as one:
        await one.touch("同意する", "人と話したい")
        yield one
