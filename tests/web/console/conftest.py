"""What tests of the console ask for: an office, and the settings it runs under."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from bot.mind import Mind
from bot.settings import Settings
from storage import Store, open_store
from tests import ours
from tests.clock import Clock
from tests.conftest import SECRET
from tests.web.console.office import Office
from tests.web.console.written import with_few


@pytest.fixture
def mind() -> Mind:
    """One mind for all: words, articles and calendar do not change."""
    return ours.mind()


def settings_of(undo_seconds: int = 0) -> Settings:
    """Plain http, as on one's own machine; what is sent leaves at once, but where second thoughts are tried."""
    told = {"secret_key": SECRET, "public_url": "http://127.0.0.1", "undo_seconds": undo_seconds}
    return Settings.model_validate(told)


@pytest.fixture
def office(sqlite_url: str, mind: Mind, now: datetime) -> Iterator[Office]:
    """A centre on SQLite."""
    store = open_store(sqlite_url, SECRET)
    yield Office(store, Clock(now), mind, settings_of())
    store.close()


@pytest.fixture
def either(store: Store, mind: Mind, now: datetime) -> Office:
    """A centre, once on each database: where two who write at once meet."""
    return Office(store, Clock(now), mind, settings_of())


@pytest.fixture
def desk(either: Office, mind: Mind) -> Office:
    """An office on either database."""
    return with_few(either, mind)


@pytest.fixture
def lone(office: Office, mind: Mind) -> Office:
    """An office on SQLite."""
    return with_few(office, mind)
