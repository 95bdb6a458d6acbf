"""Opens a database, SQLite or PostgreSQL, with everything durable and nothing surprising."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, nullcontext
from pathlib import Path
from time import monotonic
from typing import TypeVar, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, QueuePool

from storage import keystone
from storage.compiled import STATEMENTS
from storage.crypt import Vault
from storage.shape import fits
from storage.troubles import Trouble, of
from storage.turnstile import Turnstile
from storage.writer import Gate, StorageDown, Writer, down

T = TypeVar("T")
PATIENCE_S = 10
# Whoever reads for longer is cut off: meanwhile SQLite's log only grows, and PostgreSQL clears nothing away.
LONGEST_READ_S = 30
GAUGED = 400  # rows of an index that are looked at: some tens of milliseconds for all of them
LOG_KEPT = 64 << 20  # bytes: a log that once grew becomes small again
_READERS = 8
_STEPS = 100_000  # of SQLite's machine, a few milliseconds, between two looks at the clock
# A server that went away without a word is noticed within ten seconds or so, not after the kernel's two hours.
_IMPATIENT = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


class Store:
    """An open database: one writing thread, a pool of read-only connections, and the vault.

    `dialect` is "sqlite" or "postgresql".
    """

    def __init__(self, url: URL, vault: Vault, patience_s: float = PATIENCE_S) -> None:
        self._url = url
        self._patience_s = patience_s
        self.vault = vault
        self.dialect = url.get_backend_name()
        self._writing = _engine(url, patience_s, read_only=False)
        self._reading = _engine(url, patience_s, read_only=True)
        self._closed = False
        event.listen(self._reading, "checkin", self._let_go)
        self.writer = Writer(self._writing.connect, self._gate())

    def read(self, look: Callable[[Connection], T]) -> T:
        """What `look` finds, in one consistent snapshot, in the calling thread. Raises StorageDown."""
        try:
            return self._look(look)
        except DBAPIError as broken:
            # A pooled line may have died while nobody looked; the pool has just thrown its lines away.
            if not broken.connection_invalidated:
                raise _meant(broken, reading=True) from broken.orig
        try:
            return self._look(look)
        except DBAPIError as broken:
            raise _meant(broken, reading=True) from broken.orig

    def _look(self, look: Callable[[Connection], T]) -> T:
        with self._reading.connect() as line, line.begin():
            return look(line)

    def log_size(self) -> int:
        """Bytes of SQLite's log; it grows as long as anybody, a tool too, goes on reading. 0 on PostgreSQL."""
        if self.dialect != "sqlite":
            return 0
        try:
            return Path(f"{self._url.database}-wal").stat().st_size
        except OSError:
            return 0

    def gauge(self) -> None:
        """Let SQLite learn how its tables are filled, from some hundred rows of each index: without that it guesses
        whom to look up first. PostgreSQL does so by itself. Raises StorageDown.
        """
        if self.dialect == "sqlite":
            self.writer.submit(_gauge).result()
            self._reading.dispose()  # lines that are open learn nothing of it

    def scrub(self) -> None:
        """Wipe what erased rows left in an SQLite file and its log, by writing it anew. Slow; for the nightly chore."""
        if self.dialect != "sqlite":
            return
        # A lock of its own: the writing thread waits meanwhile like any other process.
        with self._gate()(), self._writing.connect() as line, closing(line.connection.cursor()) as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _gate(self) -> Gate:
        return _gate(self._url, self._patience_s)

    def close(self) -> None:
        """Finish what was queued and give every connection back."""
        self.writer.close()
        self._closed = True
        self._writing.dispose()
        self._reading.dispose()

    def _let_go(self, _line: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        """Whoever was still reading at the end brings back a line that no pool waits for any more."""
        if self._closed:
            entry.close()


def open_store(url: str, secret: str, patience_s: float = PATIENCE_S) -> Store:
    """A migrated database, ready; `patience_s` is how long to wait for others who hold a lock.

    Raises WrongKey when it was filled under another secret, StorageDown, ValueError.
    """
    store = Store(_checked(url), Vault(secret), patience_s)
    try:
        store.writer.submit(lambda conn: keystone.check(conn, store.vault)).result()
    except BaseException:
        store.close()
        raise
    return store


def migrate(url: str) -> None:
    """Bring the database to this release's shape; several may start at once. Raises StorageDown, ValueError."""
    place = _checked(url)
    engine = _engine(place, 6 * PATIENCE_S, read_only=False, keys=False)
    try:
        with _gate(place, 6 * PATIENCE_S)(), engine.connect() as line, line.begin():
            if not _is_sqlite(place):
                line.execute(text("SELECT pg_advisory_xact_lock(7210460)"))
            if not fits(line):
                # alembic takes half a second to import, and only this needs it
                from storage.upgrade import upgrade

                upgrade(line)
    except DBAPIError as broken:
        raise _meant(broken) from broken.orig
    finally:
        engine.dispose()


def _checked(url: str) -> URL:
    try:
        place = make_url("postgresql" + url.removeprefix("postgres") if url.startswith("postgres://") else url)
    except ArgumentError:
        # Not from the cause: an address may hold a password.
        raise ValueError("the database address cannot be read") from None
    match place.get_backend_name():
        case "postgresql":
            return place.set(drivername="postgresql+psycopg")
        case "sqlite" if place.database and place.database != ":memory:":
            return place.set(drivername="sqlite+pysqlite")
        case "sqlite":
            raise ValueError("an SQLite database must be a file: sqlite:///name.db")
        case _:
            raise ValueError("the database must be sqlite:/// or postgresql://")


def _gate(place: URL, patience_s: float) -> Gate:
    return Turnstile(Path(str(place.database)), patience_s) if _is_sqlite(place) else nullcontext


def _meant(broken: DBAPIError, reading: bool = False) -> Exception:
    return down(broken) if of(broken, reading) is Trouble.DOWN else broken


def _is_sqlite(place: URL) -> bool:
    return place.get_backend_name() == "sqlite"


def _engine(place: URL, patience_s: float, read_only: bool, keys: bool = True) -> Engine:
    if _is_sqlite(place):
        engine = _sqlite(place, patience_s, _pragmas(patience_s, read_only, keys), read_only)
    else:
        engine = _postgresql(place, patience_s, read_only)
    engine.update_execution_options(compiled_cache=STATEMENTS)
    return engine


def _postgresql(place: URL, patience_s: float, read_only: bool) -> Engine:
    options = f"-c timezone=UTC -c lock_timeout={int(patience_s * 1000)}"
    if read_only:
        longest = LONGEST_READ_S * 1000
        options += " -c default_transaction_read_only=on"
        options += f" -c statement_timeout={longest} -c idle_in_transaction_session_timeout={longest}"
    return create_engine(
        place,
        hide_parameters=True,
        isolation_level="REPEATABLE READ" if read_only else "READ COMMITTED",
        connect_args={"options": options, "application_name": "nakodo", **_IMPATIENT},
        **({"pool_size": _READERS} if read_only else {"poolclass": NullPool}),
    )


def _sqlite(place: URL, patience_s: float, pragmas: list[str], read_only: bool) -> Engine:
    file = Path(str(place.database))
    try:
        # Readable by its owner alone, from the first byte.
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as refused:
        raise StorageDown(f"the database file cannot be opened: {refused.strerror}") from refused
    engine = create_engine(
        place,
        hide_parameters=True,
        **({"poolclass": QueuePool, "pool_size": _READERS} if read_only else {"poolclass": NullPool}),
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": patience_s},
    )

    @event.listens_for(engine, "connect")
    def _prepare(raw: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        with closing(raw.cursor()) as cursor:
            for pragma in pragmas:
                cursor.execute("PRAGMA " + pragma)
        if read_only:
            cast("sqlite3.Connection", raw).set_progress_handler(lambda: monotonic() > entry.info["until"], _STEPS)

    @event.listens_for(engine, "begin")
    def _begin(line: Connection) -> None:
        # The driver opens no transaction by itself; a writer takes its place at once instead of failing half way.
        line.info["until"] = monotonic() + LONGEST_READ_S
        line.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _gauge(conn: Connection) -> None:
    for said in (f"PRAGMA analysis_limit = {GAUGED}", "ANALYZE"):
        conn.exec_driver_sql(said).close()


def _pragmas(patience_s: float, read_only: bool, keys: bool) -> list[str]:
    common = [f"busy_timeout = {int(patience_s * 1000)}", "temp_store = MEMORY", "cache_size = -32768"]
    if read_only:
        return [*common, "query_only = ON"]
    # FULL: an acknowledged word survives a power cut. secure_delete: a forgotten key leaves no trace in free pages.
    return [
        *common,
        "journal_mode = WAL",
        "synchronous = FULL",
        f"journal_size_limit = {LOG_KEPT}",
        "secure_delete = ON",
        f"foreign_keys = {'ON' if keys else 'OFF'}",
    ]
