"""What tests of broadcasts ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from storage import Store, open_store
from tests.broadcast.square import Square, square
from tests.clock import Clock
from tests.conftest import SECRET


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
async def either(store: Store, clock: Clock) -> AsyncIterator[Square]:
    """A square on each database."""
    async with square(store, clock) as found:
        yield found


@pytest.fixture
async def town(sqlite_url: str, clock: Clock) -> AsyncIterator[Square]:
    """A square on SQLite."""
    store = open_store(sqlite_url, SECRET)
    async with square(store, clock) as found:
        yield found
    store.close()
