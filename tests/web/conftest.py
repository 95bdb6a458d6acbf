"""What tests of the residents' pages ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from bot.mind import Mind
from tests import ours
from tests.clock import Clock
from tests.web.talking import Place, running


@pytest.fixture
def mind() -> Mind:
    """One mind for all: words, articles and calendar do not change."""
    return ours.mind()


@pytest.fixture
async def place(sqlite_url: str, mind: Mind, now: datetime) -> AsyncIterator[Place]:
    """A running centre on SQLite."""
    async with running(sqlite_url, mind, Clock(now)) as centre:
        yield centre


@pytest.fixture
async def either(database_url: str, mind: Mind, now: datetime) -> AsyncIterator[Place]:
    """A running centre, once on each database."""
    async with running(database_url, mind, Clock(now)) as centre:
        yield centre
