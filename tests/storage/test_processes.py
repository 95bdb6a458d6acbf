"""Several processes and sudden death: each event once, nothing acknowledged is lost."""

from __future__ import annotations

import multiprocessing
from contextlib import suppress
from datetime import datetime

from sqlalchemy import func, select, text

from storage import open_store, tally
from storage.engine import Store
from storage.tables import contact, inbox, person
from tests.apart import apart
from tests.conftest import SECRET
from tests.storage import processes
from tests.storage.house import event, take_in

EVENTS = [f"e{n}" for n in range(4)]


def count(store: Store, table: object) -> int:
    found: int = store.read(lambda conn: conn.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]
    return found


def test_W10_the_same_events_over_four_processes_are_each_heard_once(database_url: str) -> None:
    with processes.pool(4) as pool:
        new = [pool.submit(processes.receive_all, database_url, EVENTS, 50) for _ in range(4)]
        assert sum(one.result(120) for one in new) == len(EVENTS)
    store = open_store(database_url, SECRET)
    assert (count(store, inbox), count(store, person), count(store, contact)) == (len(EVENTS),) * 3
    assert store.read(lambda conn: tally.get(conn, "inbox"))["inbox"] == len(EVENTS)
    store.close()


def test_events_heard_by_two_workers_keep_each_persons_order(database_url: str, now: datetime) -> None:
    store = open_store(database_url, SECRET)
    take_in(store, now, *[event(f"{n:03}", now, f"U{n % 20}") for n in range(400)])
    with processes.pool(2) as pool:
        futures = [pool.submit(processes.hear_all, database_url) for _ in range(2)]
        heard = [future.result(120) for future in futures]
    everything = [one for worker in heard for one in worker]
    assert len(everything) == len(set(everything)) == 400
    for worker in heard:  # within a worker the order shows; between them the lock of the person keeps it
        for person_id in {who for who, _ in worker}:
            mine = [words for who, words in worker if who == person_id]
            assert mine == sorted(mine)
    assert store.read(lambda conn: tally.get(conn, "inbox"))["inbox"] == 0
    store.close()


def test_S01_S02_killed_again_and_again_nothing_acknowledged_is_lost(database_url: str) -> None:
    acknowledged: set[str] = set()
    for round_ in range(3):
        heard, listener = multiprocessing.Pipe(duplex=False)
        with heard:
            with listener:
                victim = apart().Process(
                    target=processes.write_until_killed, args=(database_url, f"r{round_}", listener)
                )
                victim.start()
            acknowledged.update(heard.recv() for _ in range(20 + 37 * round_))
            victim.kill()
            victim.join()
            with suppress(EOFError, OSError):  # the last word may be cut off
                while True:
                    acknowledged.add(heard.recv())
    assert len(acknowledged) >= 3 * 20
    store = open_store(database_url, SECRET)
    kept = set(store.read(lambda conn: conn.execute(select(inbox.c.event_id)).scalars().all()))
    assert acknowledged - kept == set()
    if store.dialect == "sqlite":
        assert store.read(lambda conn: conn.execute(text("PRAGMA integrity_check")).scalar_one()) == "ok"
    assert store.read(lambda conn: tally.get(conn, "inbox"))["inbox"] == len(kept)
    store.close()
