"""Whatever happens in whatever order, the counters are what counting would give, and the feed never goes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from storage import StorageDown, cases, feed, inbox, open_store, outbox, people, staff, tally
from storage.cases import By, State, Who
from storage.engine import Store
from storage.outbox import Delivery, Finished
from tests.conftest import SECRET
from tests.storage.house import do, event, member, opening, someone

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
COUNTED = """
    SELECT 'inbox', count(*) FROM inbox WHERE state = 'waiting'
    UNION ALL SELECT 'inbox:dead', count(*) FROM inbox WHERE state = 'dead'
    UNION ALL SELECT 'outbox', count(*) FROM outbox WHERE state IN ('queued', 'sending')
    UNION ALL SELECT 'case:open', count(*) FROM case_file WHERE state <> 'closed'
    UNION ALL SELECT 'case:unassigned', count(*) FROM case_file WHERE state <> 'closed' AND holder IS NULL
    UNION ALL SELECT 'case:topic:' || topic, count(*) FROM case_file WHERE state <> 'closed' GROUP BY topic
    UNION ALL SELECT 'case:holder:' || holder, count(*) FROM case_file WHERE holder IS NOT NULL GROUP BY holder
"""
STEPS = [
    "receive",
    "again",
    "die",
    "replay",
    "done",
    "put",
    "claim",
    "finish",
    "lose",
    "open",
    "file",
    "take",
    "release",
    "hand",
    "close",
    "reopen",
    "wait",
    "forget",
    "withdraw",
    "crash",
]
Step = tuple[str, int, int]


class Town:
    """A store and what may be done in it; `a` and `b` choose among who and what is there."""

    def __init__(self, store: Store) -> None:
        self.v = store.vault
        self.staff = [one.id for one in store.read(staff.everybody)]
        self.clock = NOW
        self.claimed: list[outbox.Claimed] = []

    def take(self, conn: Connection, step: Step) -> object:
        """One step."""
        name, a, b = step
        self.clock += timedelta(seconds=7)
        move: Callable[[Connection, int, int], object] = getattr(self, "do_" + name)
        return move(conn, a, b)

    def who(self, conn: Connection, a: int) -> people.Person:
        found = people.contacts_for(conn, self.v, [("line", f"U{a % 3}")], self.clock)
        person_id = found["line", f"U{a % 3}"].person_id
        return people.load(conn, self.v, [person_id])[person_id]

    def case(self, conn: Connection, a: int) -> int:
        ids = conn.execute(text("SELECT id FROM case_file ORDER BY id")).scalars().all()
        return int(ids[a % len(ids)]) if ids else 0

    def do_receive(self, conn: Connection, a: int, b: int) -> object:
        rows = [event(f"e{n}", self.clock, f"U{a % 3}", f"m{n}") for n in (b, b + 1, b)]
        return inbox.receive(conn, self.v, rows, self.clock)

    def do_again(self, conn: Connection, a: int, b: int) -> object:
        rows = inbox.waiting(conn, self.v, 2)
        return [inbox.failed(conn, row.id, "x") for row in rows]

    def do_die(self, conn: Connection, a: int, b: int) -> object:
        rows = inbox.waiting(conn, self.v, 1)
        return [inbox.failed(conn, row.id, "x", max_tries=1) for row in rows]

    def do_replay(self, conn: Connection, a: int, b: int) -> object:
        return [inbox.replay(conn, one.id) for one in inbox.dead(conn)[:1]]

    def do_done(self, conn: Connection, a: int, b: int) -> object:
        ids = [row.id for row in inbox.waiting(conn, self.v, 2)]
        inbox.done(conn, [*ids, *ids, 999])
        return ids

    def do_put(self, conn: Connection, a: int, b: int) -> object:
        who = self.who(conn, a)
        row = outbox.Outgoing(who.id, who.contacts[0].id, "line", who.key, [{"text": "x"}], lane=b % 3)
        return outbox.put(conn, self.v, [row, row], self.clock)

    def do_claim(self, conn: Connection, a: int, b: int) -> object:
        self.claimed += outbox.claim(conn, self.v, f"w{a % 2}", self.clock, lease_s=10, at_most=2)
        return None

    def do_finish(self, conn: Connection, a: int, b: int) -> object:
        states = [Delivery.SENT, Delivery.QUEUED, Delivery.GAVE_UP, Delivery.UNKNOWN]
        rows = [Finished(one.id, f"w{a % 2}", states[b % 4], self.clock) for one in self.claimed]
        return outbox.finish(conn, rows)

    def do_lose(self, conn: Connection, a: int, b: int) -> object:
        self.clock += timedelta(seconds=60)
        return self.do_claim(conn, a + 1, b)

    def do_open(self, conn: Connection, a: int, b: int) -> object:
        return cases.open_case(conn, self.v, opening(self.who(conn, a), f"T{b % 2}"), self.clock)

    def do_file(self, conn: Connection, a: int, b: int) -> object:
        who = self.who(conn, a)
        found = [case.head.id for case in cases.of_person(conn, self.v, who.id)]
        return cases.file_into(conn, self.v, found[0], opening(who, f"T{b % 3}"), self.clock) if found else None

    def do_take(self, conn: Connection, a: int, b: int) -> object:
        return cases.claim(conn, self.case(conn, a), self.staff[b % 2], self.clock)

    def do_release(self, conn: Connection, a: int, b: int) -> object:
        return cases.release(conn, self.case(conn, a), self.staff[b % 2], self.clock)

    def do_hand(self, conn: Connection, a: int, b: int) -> object:
        return cases.hand_over(conn, self.case(conn, a), self.staff[b % 2], self.staff[b // 2 % 2], self.clock)

    def do_close(self, conn: Connection, a: int, b: int) -> object:
        return cases.close(conn, self.case(conn, a), By(Who.BOT), self.clock)

    def do_reopen(self, conn: Connection, a: int, b: int) -> object:
        return cases.reopen(conn, self.case(conn, a), By(Who.BOT), self.clock)

    def do_wait(self, conn: Connection, a: int, b: int) -> object:
        return cases.set_state(conn, self.case(conn, a), State.WAITING_PERSON, By(Who.BOT), self.clock)

    def do_forget(self, conn: Connection, a: int, b: int) -> object:
        return people.forget(conn, self.who(conn, a).id, self.clock)

    def do_withdraw(self, conn: Connection, a: int, b: int) -> object:
        inbox.withdraw(conn, self.v, "line", f"m{b}", self.clock)
        return b

    def do_crash(self, conn: Connection, a: int, b: int) -> object:
        self.do_open(conn, a, b)
        self.do_put(conn, a, b)
        raise LookupError("on the way")


def check(store: Store) -> None:
    def both(conn: Connection) -> tuple[dict[str, int], dict[str, int]]:
        counted = {str(row[0]): int(row[1]) for row in conn.execute(text(COUNTED))}
        return tally.under(conn, ""), counted

    kept, counted = store.read(both)
    assert Counter(kept) == Counter(counted)


step = st.tuples(st.sampled_from(STEPS), st.integers(0, 5), st.integers(0, 5))


@pytest.mark.parametrize("together", [1, 4], ids=["one by one", "in groups"])
@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(step, min_size=10, max_size=40))
def test_the_counters_never_drift(store: Store, together: int, steps: list[Step]) -> None:
    # One database for all examples: what one leaves behind is a start nobody would have thought of for the next.
    if not store.read(staff.everybody):
        member(store, NOW, "sato")
        member(store, NOW, "suzuki")
    town = Town(store)
    for start in range(0, len(steps), together):
        futures = [
            store.writer.submit(lambda conn, one=one: town.take(conn, one))  # type: ignore[misc]
            for one in steps[start : start + together]
        ]
        for future in futures:
            assert isinstance(future.exception(30), LookupError | None)
    check(store)


def test_two_servers_counting_the_same_lose_nothing(database_url: str) -> None:
    stores = [open_store(database_url, SECRET) for _ in range(3)]
    futures = [
        store.writer.submit(lambda conn: tally.add(conn, {"x": 2, "y": -1})) for _ in range(50) for store in stores
    ]
    for future in futures:
        future.result(30)
    assert stores[0].read(lambda conn: tally.get(conn, "x", "y", "never")) == {"x": 300, "y": -150, "never": 0}
    for store in stores:
        store.close()


def test_R01_a_page_that_follows_the_feed_misses_nothing(database_url: str, now: datetime) -> None:
    """Several servers write; a reader who always goes on from its last number sees every change once, in order."""
    stores = [open_store(database_url, SECRET) for _ in range(3)]
    futures = [
        store.writer.submit(lambda conn, n=n: feed.add(conn, [feed.Change(now, "x", n)] * 3))  # type: ignore[misc]
        for n in range(60)
        for store in stores
    ]
    seen: list[feed.Seen] = []
    open_ones, new = True, [feed.Seen(0, now, "", None, None)]
    while open_ones or new:
        open_ones = not all(future.done() for future in futures)
        cursor = seen[-1].id if seen else 0
        new = stores[0].read(lambda conn, c=cursor: feed.since(conn, c, 50))  # type: ignore[misc]
        seen += new
    assert len(seen) == len({one.id for one in seen}) == 540
    assert [one.id for one in seen] == sorted(one.id for one in seen)
    assert stores[0].read(feed.newest) == seen[-1].id
    do(stores[0], lambda conn: feed.trim(conn, seen[-2].id))
    assert [one.id for one in stores[0].read(lambda conn: feed.since(conn, 0))] == [seen[-1].id]
    for store in stores:
        store.close()
    with pytest.raises(StorageDown):
        stores[0].writer.submit(feed.newest)


def test_a_number_once_seen_never_comes_back(store: Store, now: datetime) -> None:
    """Forgetting the newest person must not give their number to the next."""
    first = someone(store, now, "U1")
    assert do(store, lambda conn: people.forget(conn, first.id, now))
    assert someone(store, now, "U2").id > first.id
