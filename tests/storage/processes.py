"""What several processes do at once to one database; light to import, since each process imports it anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing.connection import Connection as PipeOfOne

from sqlalchemy import Connection

from storage import Store, inbox, migrate, open_store
from tests.apart import apart
from tests.secret import SECRET
from tests.storage.house import do, event, someone, take_in

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def pool(size: int) -> ProcessPoolExecutor:
    """So many of them, waiting for work."""
    return ProcessPoolExecutor(size, apart())


def start(url: str) -> str:
    """What each server does first."""
    migrate(url)
    store = open_store(url, SECRET)
    who = someone(store, NOW)
    store.close()
    return who.language


def filing(store: Store, name: str, address: str) -> Callable[[Connection], list[bool]]:
    """A job that files one event."""
    return lambda conn: inbox.receive(conn, store.vault, [event(name, NOW, address)], NOW)


def receive_all(url: str, names: Sequence[str], copies: int) -> int:
    """File each event so many times, many calls at once; how many were new here."""
    store = open_store(url, SECRET)
    futures = [store.writer.submit(filing(store, name, "U-" + name)) for _ in range(copies) for name in names]
    new = sum(sum(future.result(60)) for future in futures)
    new += sum(take_in(store, NOW, *[event(name, NOW, "U-" + name) for name in names]))
    store.close()
    return new


def write_until_killed(url: str, tag: str, listener: PipeOfOne) -> None:
    """File numbered events for ever, and say each number only after it was acknowledged."""
    store = open_store(url, SECRET)
    number = 0
    while True:
        batch = [f"{tag}-{number + step}" for step in range(3)]
        futures = [store.writer.submit(filing(store, name, "U1")) for name in batch]
        for name, future in zip(batch, futures, strict=True):
            assert future.result(60) == [True]
            listener.send(name)
        number += 3


def hear_all(url: str) -> list[tuple[int, str]]:
    """Hear what waits, as a worker does, until nothing does; what was heard, in its order."""
    store = open_store(url, SECRET)
    heard: list[tuple[int, str]] = []
    empty = 0
    while empty < 3:

        def turn(conn: Connection) -> list[tuple[int, str]]:
            rows = inbox.waiting(conn, store.vault, 5, lock=True)
            inbox.done(conn, [row.id for row in rows])
            return [(row.person_id, row.payload["text"]) for row in rows]

        got = do(store, turn)
        empty = 0 if got else empty + 1
        heard += got
    store.close()
    return heard
