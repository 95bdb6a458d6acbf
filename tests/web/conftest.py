"""What tests of the residents' pages ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from bot.app import make_mind
from bot.mind import Mind
from bot.settings import Settings
from tests.clock import Clock
from tests.conftest import SECRET
from tests.web.talking import Place, running


@pytest.fixture(scope="session")
def mind() -> Mind:
    """One mind for all: words, articles and calendar do not change."""
    return make_mind(Settings.model_validate({"secret_key": SECRET}))


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
