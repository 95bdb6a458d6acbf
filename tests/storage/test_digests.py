"""Whose digest is due is found by an index of those for whom things are gathered, however many receive anything."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, text, update

from storage import Store, digests
from storage.receive_tables import receiver
from tests.bench import receivers
from tests.storage.house import do, gauged
from tests.storage.test_plans import overheard, plan_of

WANTED = ("weekly", "monthly")


def test_L08_who_is_due_is_found_without_looking_at_everybody(store: Store, now: datetime) -> None:
    receivers.fill(store, 2000, now)
    do(store, lambda conn: conn.execute(update(receiver).values(digest_at=now + timedelta(days=3))))
    gauged(store)

    def plans(conn: Connection) -> list[str]:
        if conn.dialect.name == "postgresql":
            # The table is small here, so PostgreSQL would rather read it whole: can it do without?
            conn.execute(text("SET LOCAL enable_seqscan = off"))
        with overheard(conn) as said:
            assert digests.due(conn, now) == []
        return ["\n".join(plan_of(conn, statement, values)) for statement, values in said]

    known, unknown = do(store, plans)
    assert "ix_receiver_gathered" in known
    assert ("digest_at<?" if store.dialect == "sqlite" else "Index Cond: (digest_at <=") in known
    # By the few of the one index or by the few at the front of the other; without figures of the one SQLite reads all.
    assert "ix_receiver_unknown" in unknown or "ix_receiver_gathered (digest_at=?)" in unknown
    assert "Filter" not in known + unknown


def test_the_longest_ago_come_first_then_who_is_not_worked_out_and_never_who_stopped(
    store: Store, now: datetime
) -> None:
    receivers.fill(store, 40, now)

    def at(days: int | None) -> None:
        when = None if days is None else now - timedelta(days=days)
        which = receiver.c.person_id <= {None: 40, 1: 20, 2: 10}[days]
        do(store, lambda conn: conn.execute(update(receiver).where(which).values(digest_at=when)))

    for days in (None, 1, 2):
        at(days)
    wishes = store.read(lambda conn: conn.execute(receiver.select()).all())
    gathered = {row.person_id for row in wishes if row.active and row.often in WANTED}
    found = [one.person_id for one in store.read(lambda conn: digests.due(conn, now))]
    assert set(found) == gathered
    parts = [sorted(of for of in gathered if of in those) for those in (range(11), range(11, 21), range(21, 41))]
    sizes = [len(part) for part in parts]
    assert all(sizes)
    first, second = sizes[0], sizes[0] + sizes[1]
    assert [sorted(found[:first]), sorted(found[first:second]), sorted(found[second:])] == parts
    few = [one.person_id for one in store.read(lambda conn: digests.due(conn, now, second + 1))]
    assert few[:first] == found[:first]
    assert len(few) == second + 1
