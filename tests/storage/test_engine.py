"""A database opens under the right secret, in the right shape, durable, and closed to others."""

from __future__ import annotations

import sqlite3
import stat
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError

from storage import StorageDown, WrongKey, engine, migrate, open_store, shape, upgrade
from storage.crypt import Vault
from storage.engine import Store
from storage.whole import metadata
from tests.conftest import DATABASES, SECRET
from tests.postgres_shared import fresh_database
from tests.storage import processes
from tests.storage.house import do, someone
from tests.storage.test_writer import mark as marked


def test_the_code_and_the_migrations_agree(store: Store) -> None:
    do(store, upgrade.differences)
    found = set(store.read(lambda conn: inspect(conn).get_table_names()))
    assert found == {*metadata.tables, "alembic_version"}


def test_a_difference_would_be_noticed(store: Store) -> None:
    def cut(conn: Connection) -> None:
        conn.execute(text("ALTER TABLE note DROP COLUMN at"))
        upgrade.differences(conn)

    with pytest.raises(CommandError, match="note"):
        do(store, cut)


def test_every_index_is_there_on_both(store: Store) -> None:
    def names(conn: Connection) -> set[str | None]:
        look = inspect(conn)
        return {index["name"] for name in metadata.tables for index in look.get_indexes(name)}

    wanted = {index.name for table in metadata.tables.values() for index in table.indexes}
    assert wanted <= store.read(names)


def test_every_key_is_there_on_both(store: Store) -> None:
    def keys(conn: Connection) -> dict[str, list[str]]:
        look = inspect(conn)
        return {name: look.get_pk_constraint(name)["constrained_columns"] for name in metadata.tables}

    wanted = {name: [column.name for column in table.primary_key] for name, table in metadata.tables.items()}
    assert store.read(keys) == wanted


def test_what_need_not_be_migrated_is_known_without_alembic(store: Store) -> None:
    def others(conn: Connection) -> list[bool]:
        found = []
        for number in ("0001", "9999"):
            conn.execute(text("UPDATE alembic_version SET version_num = :of"), {"of": number})
            found.append(shape.fits(conn))
        conn.execute(text("DROP TABLE alembic_version"))
        return [*found, shape.fits(conn)]

    head = do(store, lambda conn: ScriptDirectory.from_config(upgrade.configured(conn)).get_current_head())
    assert head == shape.NEWEST
    assert store.read(shape.fits)
    assert do(store, others) == [False, False, False]


def test_S18_migrating_again_changes_nothing(database_url: str, now: datetime) -> None:
    store = open_store(database_url, SECRET)
    who = someone(store, now)
    migrate(database_url)
    assert someone(store, now).id == who.id
    store.close()


@pytest.mark.parametrize("database", DATABASES)
def test_several_servers_may_start_at_once_on_an_empty_database(tmp_path: Path, database: str) -> None:
    if database == "sqlite":
        _start_at_once(f"sqlite:///{tmp_path}/new.db")
    else:
        with fresh_database(empty=True) as url:
            _start_at_once(url)


def _start_at_once(url: str) -> None:
    with processes.pool(2) as pool:
        assert [future.result(60) for future in [pool.submit(processes.start, url) for _ in range(2)]] == ["ja"] * 2


def test_another_secret_is_refused_at_the_door(database_url: str) -> None:
    open_store(database_url, SECRET).close()
    with pytest.raises(WrongKey, match="NAKODO_SECRET_KEY"):
        open_store(database_url, SECRET + "!")
    open_store(database_url, SECRET).close()


def test_a_database_without_tables_is_told(tmp_path: Path) -> None:
    with pytest.raises(OperationalError, match="no such table"):
        open_store(f"sqlite:///{tmp_path}/empty.db", SECRET)


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://u:canary@h/d", "nonsense canary", ""], ids=str
)
def test_an_address_that_cannot_work_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="database") as refused:
        open_store(url, SECRET)
    assert "canary" not in str(refused.value)


def test_the_older_spelling_of_postgres_is_understood(postgres_url: str) -> None:
    store = open_store(postgres_url.replace("postgresql://", "postgres://"), SECRET)
    assert store.dialect == "postgresql"
    store.close()


def test_S05_an_sqlite_file_is_kept_durably_and_for_its_owner(sqlite_url: str, now: datetime, tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path}/mine.db")
    store = open_store(f"sqlite:///{tmp_path}/mine.db", SECRET)
    someone(store, now)
    for part in tmp_path.glob("mine.db*"):
        assert stat.S_IMODE(part.stat().st_mode) == 0o600, part.name

    def pragmas(conn: Connection) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        return {name: conn.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}

    assert do(store, pragmas) == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 10_000,
    }
    store.close()


def test_a_time_without_a_zone_is_refused(store: Store, now: datetime) -> None:
    with pytest.raises(Exception, match="without a zone"):
        someone(store, now.replace(tzinfo=None))


def test_times_come_back_exact_from_any_zone(store: Store) -> None:
    at = datetime.fromisoformat("2026-11-22T18:30:15.000001+09:00")
    who = someone(store, at)
    assert who.created_at == at
    assert who.created_at.utcoffset() is not None


def test_who_still_reads_while_the_store_closes_leaves_no_line_open(database_url: str) -> None:
    store = open_store(database_url, SECRET)
    lines: list[Any] = []

    def slowly(conn: Connection) -> int:
        lines.append(conn.connection.dbapi_connection)
        store.close()
        return int(conn.execute(text("SELECT 1")).scalar_one())

    assert store.read(slowly) == 1
    with pytest.raises((sqlite3.ProgrammingError, psycopg.OperationalError), match="closed"):
        lines[0].execute("SELECT 1")


def test_a_closed_store_says_so(database_url: str) -> None:
    store = open_store(database_url, SECRET)
    store.close()
    with pytest.raises(StorageDown, match="closed"):
        store.writer.submit(lambda conn: None)  # noqa: ARG005


@pytest.mark.parametrize("database", DATABASES)
def test_S18_a_migration_that_is_killed_halfway_leaves_the_old_shape_and_is_done_by_the_next_start(
    tmp_path: Path, database: str, now: datetime
) -> None:
    if database == "sqlite":
        _stop_halfway(f"sqlite:///{tmp_path}/old.db", now)
    else:
        with fresh_database(empty=True) as url:
            _stop_halfway(url, now)


def _stop_halfway(url: str, now: datetime) -> None:
    def first(conn: Connection) -> None:
        command.upgrade(upgrade.configured(conn), "0001")

    def dies(conn: Connection) -> None:
        upgrade.upgrade(conn)
        raise KeyboardInterrupt  # before the commit, which is where a kill leaves it too

    old = Store(engine._checked(url), Vault(SECRET))
    do(old, first)
    with pytest.raises(KeyboardInterrupt):
        do(old, dies)
    assert "mark" not in old.read(lambda conn: {one["name"] for one in inspect(conn).get_columns("inbox")})
    old.close()
    migrate(url)
    store = open_store(url, SECRET)
    assert someone(store, now).language == "ja"
    do(store, upgrade.differences)
    store.close()


def test_sqlite_learns_how_its_tables_are_filled_and_open_lines_hear_of_it(sqlite_url: str, now: datetime) -> None:
    """Without statistics it would begin with whatever index stands first (seen with the people of a broadcast)."""
    store = open_store(sqlite_url, SECRET)
    asked = "SELECT stat FROM sqlite_stat1 WHERE tbl = 'tombstone'"
    try:
        for name in range(20):
            do(store, marked(str(name), now))
        with pytest.raises(OperationalError, match="no such table"):
            store.read(lambda conn: conn.exec_driver_sql(asked).scalar())
        store.gauge()
        assert store.read(lambda conn: conn.exec_driver_sql(asked).scalars().all())
    finally:
        store.close()
