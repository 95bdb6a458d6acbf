"""A real Chromium for the tests marked `browser`; where there is none they are left out loudly, or fail if required."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from bot.mind import Mind
from bot.settings import Settings
from storage import open_store
from tests import left_out, ours
from tests.browser.desk import Desk
from tests.browser.street import Street, Town, open_street
from tests.clock import Clock
from tests.conftest import SECRET
from tests.web.console.office import Office

REQUIRED = "NAKODO_REQUIRE_BROWSER"
# The shell without windows first: the full browser draws its own toolbar all the while.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# Nothing but our own pages may be talked to, and a container has no sandbox to offer.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
ARGUMENTS += ["--disable-sync", "--no-first-run"]
ARGUMENTS += ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"]
_LOUD = """\
########################################################################
##  NO CHROMIUM HERE: {count:>3} BROWSER TESTS WERE LEFT OUT.                ##
##  The console and its accessibility are NOT tested in a browser.    ##
##  Install chromium, or set NAKODO_CHROMIUM=/path/to/it              ##
########################################################################"""
# Two cores that run everything else beside it may take long; what is never there is found out either way.
expect.set_options(timeout=20_000)


def chromium() -> str | None:
    """The browser to use: NAKODO_CHROMIUM, else what is installed; None when there is none."""
    named = os.environ.get("NAKODO_CHROMIUM")
    found = (shutil.which(name) for name in ([named] if named else _NAMES))
    return next((path for path in found if path), None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the browser tests out where there is no browser and none is required."""
    if chromium() or os.environ.get(REQUIRED) == "1":
        return
    marked = [item for item in items if item.get_closest_marker("browser")]
    items[:] = [item for item in items if item not in marked]
    if marked:
        left_out.note(config, _LOUD.format(count=len(marked)))
        config.hook.pytest_deselected(items=marked)


_OPEN = ExitStack()  # holds the browser while one page of browser tests follows the other
_opened: list[Browser] = []


@pytest.fixture(scope="module")
def browser() -> Browser:
    """A Chromium, opened for the first page of tests that asks for one."""
    if not _opened:
        path = chromium()
        assert path is not None, f"{REQUIRED} is set and no Chromium was found"
        playwright = _OPEN.enter_context(sync_playwright())
        _opened.append(playwright.chromium.launch(executable_path=path, args=ARGUMENTS))
        _OPEN.callback(lambda: _opened.pop().close())
    return _opened[0]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, None, None]:
    """Close it before any other test: while it is open no other event loop can run in this process."""
    try:
        yield
    finally:
        if nextitem is None or not nextitem.get_closest_marker("browser"):
            _OPEN.close()


@pytest.fixture
def mind() -> Mind:
    """One mind for all: words, articles and calendar do not change."""
    return ours.mind()


def _settings() -> Settings:
    return Settings.model_validate({"secret_key": SECRET, "public_url": "http://127.0.0.1", "undo_seconds": 0})


@pytest.fixture
def office(sqlite_url: str, mind: Mind, now: datetime) -> Iterator[Office]:
    """A centre on SQLite."""
    store = open_store(sqlite_url, SECRET)
    yield Office(store, Clock(now), mind, _settings())
    store.close()


@pytest.fixture
def desk(office: Office, browser: Browser, tmp_path: Path) -> Iterator[Desk]:
    """The centre, served on a free port, and browsers in front of it."""
    with Desk.opened(office, browser, tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The demo."""
    made = Town(tmp_path_factory.mktemp("town"))
    yield made
    made.stop()


@pytest.fixture
def street(town: Town, browser: Browser) -> Iterator[Street]:
    """Windows."""
    with open_street(town, browser) as opened:
        yield opened
