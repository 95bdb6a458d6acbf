"""The database goes away and comes back: said at once, nothing acknowledged is lost, no restart of ours is needed."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime

import pytest
from sqlalchemy import Connection, insert, make_url, select, text

from bot import chores
from storage import StorageDown, engine, migrate, open_store
from storage.engine import Store
from storage.tables import tombstone
from tests.conftest import DATABASES, SECRET
from tests.postgres import Server, start_any
from tests.storage.house import do


def mark(name: str, now: datetime) -> Callable[[Connection], None]:
    def job(conn: Connection) -> None:
        conn.execute(insert(tombstone), {"said_id_index": name.encode(), "channel": "line", "at": now})

    return job


def marks(store: Store) -> set[bytes]:
    return set(store.read(lambda conn: conn.execute(select(tombstone.c.said_id_index)).scalars().all()))


@pytest.fixture
def server() -> Iterator[Server]:
    """A PostgreSQL of this test alone, durable, to be stopped and started."""
    mine = start_any(brisk=False)
    yield mine
    mine.remove()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["stopped", "crashed"])
def test_S03_postgresql_goes_and_comes_back(server: Server, now: datetime, how: signal.Signals) -> None:
    migrate(server.url())
    store = open_store(server.url(), SECRET)
    do(store, mark("before", now))
    assert marks(store) == {b"before"}
    server.stop(how)
    for _ in range(3):
        with pytest.raises(StorageDown, match="does not answer"):
            do(store, mark("while it was away", now))
        with pytest.raises(StorageDown, match="does not answer"):
            marks(store)
    server.start()
    do(store, mark("after", now))
    assert marks(store) == {b"before", b"after"}
    store.close()


def test_S03_lines_that_were_cut_are_replaced(postgres_url: str, now: datetime) -> None:
    store, other = open_store(postgres_url, SECRET), open_store(postgres_url, SECRET)
    do(store, mark("a", now))
    assert marks(store) == {b"a"}
    cut = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> ")
    do(other, lambda conn: conn.execute(text(cut.text + "pg_backend_pid()")).all())
    assert marks(store) == {b"a"}  # a read asks a second time by itself
    with pytest.raises(StorageDown):
        do(store, mark("b", now))
    do(store, mark("b", now))
    assert marks(store) == {b"a", b"b"}
    store.close()
    other.close()


def test_starting_without_postgresql_says_so(server: Server) -> None:
    url = server.url()
    server.stop()
    with pytest.raises(StorageDown):
        migrate(url)
    with pytest.raises(StorageDown):
        open_store(url, SECRET)


def test_S08_a_lock_held_by_another_tool_is_waited_for_then_told(sqlite_url: str, now: datetime) -> None:
    store = open_store(sqlite_url, SECRET, patience_s=0.05)
    with closing(sqlite3.connect(str(make_url(sqlite_url).database), isolation_level=None)) as tool:
        tool.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageDown):
            do(store, mark("refused", now))
        assert marks(store) == set()  # reading goes on
        tool.execute("ROLLBACK")
    do(store, mark("taken", now))
    assert marks(store) == {b"taken"}
    store.close()


def test_S15_a_second_process_waits_its_turn_to_write(sqlite_url: str, now: datetime) -> None:
    server, tool = open_store(sqlite_url, SECRET), open_store(sqlite_url, SECRET, patience_s=0.05)

    def held(conn: Connection) -> None:
        mark("server", now)(conn)
        with pytest.raises(StorageDown, match="another process is writing"):
            do(tool, mark("tool", now))

    do(server, held)
    do(tool, mark("tool", now))
    assert marks(server) == {b"server", b"tool"}
    server.close()
    tool.close()


def test_S06_a_full_disk_is_told_and_passes(sqlite_url: str, now: datetime) -> None:
    store = open_store(sqlite_url, SECRET)
    do(store, mark("before", now))
    pages = store.read(lambda conn: conn.exec_driver_sql("PRAGMA page_count").scalar_one())

    def too_much(conn: Connection) -> None:
        conn.exec_driver_sql(f"PRAGMA max_page_count = {pages}")  # what a full disk looks like to SQLite
        for n in range(1000):
            mark(f"much {n}" * 50, now)(conn)

    with pytest.raises(StorageDown):
        do(store, too_much)
    assert marks(store) == {b"before"}
    do(store, mark("after", now))
    assert marks(store) == {b"before", b"after"}
    store.close()


def test_a_database_that_cannot_be_opened_is_told() -> None:
    with pytest.raises(StorageDown):
        migrate("sqlite:////nowhere/at/all/nakodo.db")


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) SELECT max(i) FROM n"


@pytest.mark.parametrize("database", DATABASES)
def test_S10_who_reads_for_too_long_is_cut_off_and_the_next_reader_is_not(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, database: str
) -> None:
    monkeypatch.setattr(engine, "LONGEST_READ_S", 0.1)
    store = open_store(request.getfixturevalue("sqlite_url" if database == "sqlite" else "postgres_url"), SECRET)
    with pytest.raises(StorageDown):
        store.read(lambda conn: conn.execute(text(ENDLESS)).all())
    assert marks(store) == set()
    store.close()


def test_S10_a_log_that_grows_under_a_tool_that_reads_is_told_and_then_small_again(
    sqlite_url: str, now: datetime, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "LOG_KEPT", 1 << 20)
    store = open_store(sqlite_url, SECRET)
    most = 12 << 20

    def much(name: str) -> int:
        for n in range(2):
            do(store, lambda conn, n=n: tombstones_of(conn, f"{name}{n}", now))  # type: ignore[misc]
        chores.look_at_log(store, most)
        return store.log_size()

    much("before")
    assert "the database's log grows" not in capsys.readouterr().out
    with closing(sqlite3.connect(str(make_url(sqlite_url).database), isolation_level=None)) as tool:
        tool.execute("BEGIN")
        tool.execute("SELECT count(*) FROM tombstone").fetchall()
        much("while")
        grown = much("still")
    assert grown > most
    assert "the database's log grows" in capsys.readouterr().out
    much("after")
    assert much("and on") < most
    store.close()


def tombstones_of(conn: Connection, name: str, now: datetime) -> None:
    """About three megabytes of rows."""
    rows = [
        {"said_id_index": f"{name}-{n}".encode().ljust(3000, b"."), "channel": "line", "at": now} for n in range(400)
    ]
    conn.execute(insert(tombstone), rows)
