"""What the tests of faults ask for: a town on either database, and a PostgreSQL of their own to be stopped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from storage import migrate
from tests.faults.town import Town, town
from tests.postgres import Server, start_any


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
