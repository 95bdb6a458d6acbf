"""What every test may ask for: a clock that stands still, and a fresh migrated store on either database."""

from __future__ import annotations

import gc
import importlib
import os
import shutil
import time
from collections.abc import Generator, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from argon2 import PasswordHasher
from hypothesis import settings

from bot.web import passwords
from tests import engines, left_out
from tests.run_folder import close_run, open_run
from tests.secret import SECRET
from tests.shares import deal

if TYPE_CHECKING:
    from storage.engine import Store

__all__ = ["DATABASES", "SECRET", "SHIPPED"]

DATABASES = engines.ENGINES
SHIPPED = passwords.EFFORT

# The suite tries the same made-up values every time, so that a change and not chance breaks it; `make fuzz` roams.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("roam", deadline=None, max_examples=2_000)
settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    """The process that leads the run opens a folder for all its workers."""
    if not hasattr(config, "workerinput"):
        open_run()


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """All that is collected stays: it is not looked through for what could go, neither meanwhile nor afterwards."""
    gc.disable()
    try:
        _read_own_part(session.config)
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def _read_own_part(config: pytest.Config) -> None:
    """Read another part of the pages first than the other workers: what one has compiled, the others find compiled."""
    about: dict[str, Any] = getattr(config, "workerinput", {})
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS or not about:
        return
    pages = sorted(Path(__file__).parent.rglob("test_*.py"))
    number, many = int(about["workerid"].removeprefix("gw")), about["workercount"]
    for page in pages[len(pages) * number // many : len(pages) * (number + 1) // many]:
        with suppress(Exception):  # what is wrong with a page is told when it is collected
            importlib.import_module(".".join(page.relative_to(Path(__file__).parents[1]).with_suffix("").parts))


def pytest_unconfigure(config: pytest.Config) -> None:
    """And closes it, with the database server that may run in it."""
    if not hasattr(config, "workerinput"):
        close_run()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Whatever could not run or be judged is told to the end of the report."""
    left_out.hand_over(session.config)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker is done; one that died says nothing any more."""
    left_out.take_over(node.config, getattr(node, "workeroutput", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The last word of every run."""
    left_out.say(terminalreporter)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One worker more than cores: much of a browser test is waiting. With two more, a cold start waits too long."""
    return 1 + (os.cpu_count() or 1)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Each to its database; dealt out so that no worker is left alone with the slow ones at the end."""
    if engines.quick():
        gone = [item for item in items if engines.elsewhere(item.nodeid, _engine(item))]
        config.hook.pytest_deselected(items=gone)
        left = set(items) - set(gone)
        items[:] = [item for item in items if item in left]
        left_out.note(config, engines.SAID if gone else "")
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    if workers > 1:
        items[:] = deal(items, lambda item: item.nodeid.partition("::")[0], workers)


def _engine(item: pytest.Item) -> str:
    callspec = getattr(item, "callspec", None)
    return str(callspec.params.get("database_url", "")) if callspec else ""


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio, as the bot does."""
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def _light_passwords() -> None:
    """A tenth of a second for every password is for thieves; that it is so is held by the test that asks `SHIPPED`."""
    passwords.EFFORT = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def now() -> datetime:
    """A Sunday afternoon in November, in Tokyo's evening."""
    return datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
def secret() -> str:
    """The secret key under which the stores of the tests are sealed."""
    return SECRET


@pytest.fixture(scope="session")
def _migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from storage import migrate

    file = tmp_path_factory.mktemp("template") / "nakodo.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(tmp_path: Path, _migrated_file: Path) -> str:
    """The address of a fresh migrated SQLite file."""
    file = tmp_path / "nakodo.db"
    shutil.copy(_migrated_file, file)
    return f"sqlite:///{file}"


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """The address of a fresh migrated PostgreSQL database; fails with a plain sentence when there is no server."""
    from tests.postgres_shared import fresh_database

    with fresh_database() as url:
        yield url


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh migrated database, once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An open store on a fresh database, once on SQLite and once on PostgreSQL."""
    from storage import open_store

    opened = open_store(database_url, SECRET)
    yield opened
    opened.close()


@pytest.fixture
def second(database_url: str, store: Store) -> Iterator[Store]:
    """The same database, opened by another server."""
    from storage import open_store

    other = open_store(database_url, SECRET)
    yield other
    other.close()


@pytest.fixture
def zones(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The zone of this process, to be set by TZ and time.tzset; given back afterwards."""
    with monkeypatch.context() as inner:
        yield inner
    time.tzset()
