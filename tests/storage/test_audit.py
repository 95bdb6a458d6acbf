"""Who saw and did what is written down for good, and what the owner of the database changes there shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from storage import audit
from storage.audit import Broken, Entry, What
from storage.engine import Store
from tests.storage.house import do

MINUTE = timedelta(minutes=1)


def write(store: Store, at: datetime, *entries: Entry) -> None:
    do(store, lambda conn: audit.add(conn, store.vault, entries, at))


@pytest.fixture
def written(store: Store, now: datetime) -> Store:
    """Five rows."""
    for n in range(1, 6):
        write(store, now + n * MINUTE, Entry(1, What.OPENED, (n,)))
    return store


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET staff_id = 9 WHERE id = 2",
        "DELETE FROM audit WHERE id = 2",
        "DELETE FROM audit",
        "INSERT INTO audit SELECT * FROM audit WHERE id = 2",
        "INSERT OR REPLACE INTO audit SELECT id, at, 9, what, cases, about, mark FROM audit WHERE id = 2",
        "TRUNCATE audit",
    ],
)
def test_P18_no_row_can_be_changed_or_taken_away(written: Store, change: str) -> None:
    with pytest.raises(DBAPIError):
        do(written, lambda conn: conn.execute(text(change)))
    with pytest.raises(DBAPIError):
        written.read(lambda conn: conn.execute(text(change)))
    assert audit.check(written).last == 5


UNLOCKED = {
    "sqlite": ["DROP TRIGGER audit_no_change", "DROP TRIGGER audit_no_end"],
    "postgresql": ["ALTER TABLE audit DISABLE TRIGGER ALL"],
}


@pytest.mark.parametrize(
    "changes",
    [
        ["UPDATE audit SET staff_id = 9 WHERE id = 2"],
        ["UPDATE audit SET cases = ',4,' WHERE id = 3"],
        ["UPDATE audit SET at = (SELECT at FROM audit WHERE id = 1) WHERE id = 2"],
        ["UPDATE audit SET mark = (SELECT mark FROM audit WHERE id = 1) WHERE id = 2"],
        ["DELETE FROM audit WHERE id = 3"],
        ["DELETE FROM audit WHERE id = 1"],
        ["DELETE FROM audit WHERE id = 5"],
        ["DELETE FROM audit WHERE id = 5", "UPDATE audit_head SET last = 4"],
        [
            "DELETE FROM audit WHERE id = 5",
            "UPDATE audit_head SET last = 4, mark = (SELECT mark FROM audit WHERE id = 4)",
        ],
        ["UPDATE audit SET id = 9 WHERE id = 3", "UPDATE audit SET id = 3 WHERE id = 4"],
    ],
    ids="; ".join,
)
def test_P18_what_the_owner_of_the_database_changes_is_found(written: Store, changes: Sequence[str]) -> None:
    def as_owner(conn: Connection) -> None:
        for statement in [*UNLOCKED[conn.dialect.name], *changes]:
            conn.execute(text(statement))

    assert audit.check(written).last == 5
    do(written, as_owner)
    with pytest.raises(Broken):
        audit.check(written)


def test_P18_a_head_that_was_taken_away_is_found_and_stops_nobody(written: Store, now: datetime) -> None:
    do(written, lambda conn: conn.execute(text("DELETE FROM audit_head")))
    write(written, now, Entry(2, What.CAME))
    with pytest.raises(Broken, match="row 6"):
        audit.check(written)


def test_P19_who_saw_a_case_is_answered_in_lists_and_alone(store: Store, now: datetime) -> None:
    write(store, now, Entry(1, What.LISTED, (1, 17, 2)), Entry(2, What.LISTED, (7, 117, 171)))
    write(store, now + MINUTE, Entry(3, What.OPENED, (17,)), Entry(3, What.CAME), Entry(4, What.REPLY, (17,)))
    found = store.read(lambda conn: audit.of_case(conn, 17))
    assert [(one.staff_id, one.what, one.at) for one in found] == [
        (1, What.LISTED, now),
        (3, What.OPENED, now + MINUTE),
        (4, What.REPLY, now + MINUTE),
    ]


def test_P25_what_was_seen_between_two_moments_counts_who_was_looking_on_already(store: Store, now: datetime) -> None:
    for minutes in (-11, -9, 0, 40, 41):
        write(store, now + minutes * MINUTE, Entry(1, What.OPENED, (100 + minutes,)))
    found = store.read(lambda conn: audit.between(conn, now, now + 40 * MINUTE))
    assert [one.cases for one in found] == [(91,), (100,), (140,)]


def test_what_is_seen_again_within_ten_minutes_is_not_written_again(store: Store, now: datetime) -> None:
    def due(at: datetime, opened: int | None, *listed: int, who: int = 1) -> list[Entry]:
        return store.read(lambda conn: audit.unwritten(conn, who, opened, listed, at))

    first = due(now, 1, 1, 2, 3)
    assert first == [Entry(1, What.OPENED, (1,)), Entry(1, What.LISTED, (2, 3))]
    write(store, now, *first)
    assert due(now + MINUTE, 1, 1, 2, 3) == []
    assert due(now + MINUTE, None, 1, 2, 4) == [Entry(1, What.LISTED, (4,))]
    assert due(now + MINUTE, 2) == [Entry(1, What.OPENED, (2,))]  # a whole case is more than its line in a list
    assert due(now + MINUTE, 1, who=2) == [Entry(2, What.OPENED, (1,))]
    assert due(now + audit.LATELY, 1) == [Entry(1, What.OPENED, (1,))]


def test_P16_the_two_hundredth_case_within_ten_minutes_is_told_once(store: Store, now: datetime) -> None:
    write(store, now, *(Entry(1, What.OPENED, (n,)) for n in range(1, audit.MANY - 1)))

    def opens(case_id: int, after: timedelta) -> list[What]:
        new = store.read(lambda conn: audit.unwritten(conn, 1, case_id, (), now + after))
        write(store, now + after, *new)
        return [one.what for one in new]

    assert opens(5, MINUTE) == []  # again is not one more
    assert opens(1001, MINUTE) == [What.OPENED]
    assert opens(1002, 2 * MINUTE) == [What.OPENED, What.MANY]
    assert opens(1003, 3 * MINUTE) == [What.OPENED]
    assert [one.staff_id for one in store.read(lambda conn: audit.alerts(conn, now))] == [1]
    assert opens(1004, audit.LATELY + MINUTE) == [What.OPENED]  # the first of them are long ago
