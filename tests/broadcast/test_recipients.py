"""Whoever of a chunk is sent it: looked up by their numbers, however little the database knows of itself."""

from __future__ import annotations

from array import array

from sqlalchemy import Connection, event

from storage import open_store
from storage.chunks import Claimed
from storage.recipients import recipients
from tests.conftest import SECRET


def test_a_young_database_looks_nobody_up_but_the_people_of_the_chunk(sqlite_url: str) -> None:
    store, plans = open_store(sqlite_url, SECRET), list[str]()
    one = Claimed(1, 1, "line", "ja", "k", array("q", range(1, 501)), "q" * 500, 0, False)

    def look(conn: Connection) -> None:
        asked: list[tuple[str, tuple[object, ...]]] = []
        event.listen(conn, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
        assert recipients(conn, store.vault, one) == []
        for statement, values in asked[:]:
            plans.extend(row[3] for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values))

    try:
        store.read(look)
    finally:
        store.close()
    looked = [step for step in plans if "contact" in step or "receiver" in step]
    assert looked == [f"SEARCH {table} USING INTEGER PRIMARY KEY (rowid=?)" for table in ("contact", "receiver")]
