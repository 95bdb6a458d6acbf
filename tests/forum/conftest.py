"""A centre with a group, once on each database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from storage import Store
from tests.bot.centre import Centre
from tests.clock import Clock
from tests.forum.group import Group, group


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    """The centre behind the group."""
    return Centre(store, now)


@pytest.fixture
async def forum(store: Store, centre: Centre) -> AsyncIterator[Group]:
    """The group, its clerk waiting to be told to work."""
    async with group(store, centre) as opened:
        yield opened


@pytest.fixture
def clock(now: datetime) -> Clock:
    """A clock of its own."""
    return Clock(now)
