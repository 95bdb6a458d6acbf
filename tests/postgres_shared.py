"""One PostgreSQL for a whole test run, whatever number of workers it has, gone when the run is gone."""

from __future__ import annotations

import atexit
import fcntl
import itertools
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from storage.engine import migrate
from tests.postgres import SOON_S, NoPostgres, start_any
from tests.run_folder import GIVEN, LEADER, RUN, template

_numbers = itertools.count()


def address() -> str:
    """The address of the run's server with a migrated template; whoever asks first starts it."""
    folder = Path(os.environ[RUN])
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = folder / "address"
        if not said.exists():
            _begin(folder, said)
        answer: dict[str, str] = json.loads(said.read_text())
    if "failed" in answer:
        raise NoPostgres(answer["failed"])
    return answer["url"]


def _begin(folder: Path, said: Path) -> None:
    answer: dict[str, str] = {}
    try:
        answer = {"url": os.environ.get(GIVEN) or _watched(folder)}
        _make_template(answer["url"])
    except NoPostgres as failed:
        answer = {"failed": str(failed)}
    except psycopg.OperationalError as refused:
        answer = {"failed": f"The PostgreSQL of {GIVEN} cannot be used ({type(refused).__name__})."}
    said.write_text(json.dumps(answer))


def _watched(folder: Path) -> str:
    """Start the process that owns the server: it outlives a worker, but not the run."""
    (folder / "watched").touch()
    # Not a subprocess.Popen: it outlives whoever starts it, and nobody here will wait for it.
    os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", __name__, str(folder), os.environ[LEADER]],
        os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
        file_actions=[(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)],
        setsid=True,
    )
    until = time.monotonic() + 2 * SOON_S
    while not (folder / "started").exists():
        if time.monotonic() > until:
            raise NoPostgres("PostgreSQL did not start in time.")
        time.sleep(0.02)
    answer: dict[str, str] = json.loads((folder / "started").read_text())
    if "failed" in answer:
        raise NoPostgres(answer["failed"])
    return answer["url"]


def _watch(folder: Path, leader: int) -> None:
    server = None
    try:
        server = start_any()
        _say(folder / "started", {"url": server.url()})
        while not (folder / "stop").exists() and _alive(leader):
            time.sleep(0.05)
    except (NoPostgres, OSError) as failed:
        _say(folder / "started", {"failed": str(failed)})
    finally:
        if server is not None:
            server.remove()
        if not _alive(leader):
            shutil.rmtree(folder, ignore_errors=True)
        elif folder.exists():
            (folder / "gone").touch()


def _say(place: Path, answer: dict[str, str]) -> None:
    place.with_suffix(".new").write_text(json.dumps(answer))
    place.with_suffix(".new").rename(place)


def _alive(leader: int) -> bool:
    try:
        os.kill(leader, 0)
    except ProcessLookupError:
        return False
    return True


def _make_template(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as line:
        line.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(template())))
    migrate(_named(url, template()))


def _named(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def fresh_database(empty: bool = False) -> Iterator[str]:
    """The address of a new database, migrated unless `empty`; dropped afterwards."""
    url = address()
    name = f"nakodo_t{os.getpid()}_{next(_numbers)}"
    origin = sql.Identifier("template0" if empty else template())
    line = _line(url)
    # Copying files is the quick way where fsync is off; before 15 it was the only one.
    how = sql.SQL("STRATEGY file_copy" if line.info.server_version >= 150_000 else "")
    line.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} {}").format(sql.Identifier(name), origin, how))
    try:
        yield _named(url, name)
    finally:
        _line(url).execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@cache
def _line(url: str) -> psycopg.Connection:
    """A line to the server for as long as this process lives: a new one is a quarter of what a new database takes."""
    line = psycopg.connect(url, autocommit=True)
    atexit.register(line.close)
    return line


if __name__ == "__main__":
    _watch(Path(sys.argv[1]), int(sys.argv[2]))
