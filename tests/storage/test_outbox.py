"""Words leave once, in order per person, urgent ones first; a worker that slept past its lease has no say."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from storage import feed, open_store, outbox, people
from storage.engine import Store
from storage.outbox import Claimed, Delivery, Finished
from storage.tables import outbox as table
from tests.conftest import SECRET
from tests.storage.house import a_case, do, someone

LEASE_S = 30


def out(who: people.Person, text: str, lane: int = outbox.TALK, case_id: int | None = None) -> outbox.Outgoing:
    return outbox.Outgoing(
        who.id, who.contacts[0].id, "line", who.key, [{"text": text}], "token\x00", None, lane=lane, case_id=case_id
    )


def put(store: Store, now: datetime, *rows: outbox.Outgoing) -> list[int]:
    return do(store, lambda conn: outbox.put(conn, store.vault, rows, now))


def claim(store: Store, now: datetime, owner: str = "me", at_most: int = 100) -> list[Claimed]:
    return do(store, lambda conn: outbox.claim(conn, store.vault, owner, now, LEASE_S, at_most))


def finish(store: Store, *rows: Finished) -> list[bool]:
    return do(store, lambda conn: outbox.finish(conn, rows))


def said(rows: list[Claimed]) -> list[str]:
    return [row.messages[0]["text"] for row in rows]


def sent(row: Claimed, now: datetime, owner: str = "me") -> Finished:
    return Finished(row.id, owner, Delivery.SENT, now, via="push")


def test_words_come_out_as_they_went_in(store: Store, now: datetime) -> None:
    who = someone(store, now)
    text = "𠮷 葛\U000e0100 👨‍👩‍👧 \x00 \ud83d"
    until = now + timedelta(seconds=50)
    row = outbox.Outgoing(who.id, who.contacts[0].id, "line", who.key, [{"text": text}, {"text": "b"}], "t", until)
    (number,) = put(store, now, row)
    (got,) = claim(store, now)
    assert (got.id, got.person_id, got.channel, got.address) == (number, who.id, "line", "U1")
    assert got.messages == [{"text": text}, {"text": "b"}]
    assert (got.reply_token, got.reply_until, got.language, got.reachable, got.tried) == ("t", until, "ja", True, 0)
    assert str(uuid.UUID(got.retry_key)) == got.retry_key


def test_numbers_come_back_in_the_order_of_the_rows(store: Store, now: datetime) -> None:
    crowd = [someone(store, now, f"U{n}") for n in range(30)]
    numbers = put(store, now, *[out(who, who.contacts[0].address) for who in reversed(crowd)])
    by_number = {row.id: row.address for row in claim(store, now)}
    assert [by_number[number] for number in numbers] == [f"U{n}" for n in reversed(range(30))]


def test_only_the_head_of_each_persons_line_is_given_out(store: Store, now: datetime) -> None:
    one, two = someone(store, now, "U1"), someone(store, now, "U2")
    put(store, now, out(one, "1a"), out(one, "1b"), out(two, "2a"), out(one, "1c"), out(two, "2b"))
    first = claim(store, now)
    assert sorted(said(first)) == ["1a", "2a"]
    assert claim(store, now, "other") == []
    assert finish(store, *[sent(row, now) for row in first]) == [True, True]
    assert sorted(said(claim(store, now))) == ["1b", "2b"]


def test_a_head_that_must_wait_holds_its_line(store: Store, now: datetime) -> None:
    who = someone(store, now)
    put(store, now, out(who, "a"), out(who, "b"))
    (head,) = claim(store, now)
    later = now + timedelta(seconds=300)
    assert finish(store, Finished(head.id, "me", Delivery.QUEUED, now, why="429", next_at=later)) == [True]
    assert claim(store, now + timedelta(seconds=299)) == []
    (again,) = claim(store, later)
    assert (said([again]), again.tried, again.retry_key) == (["a"], 0, head.retry_key)


def test_B17_an_urgent_lane_does_not_wait_for_a_long_one(store: Store, now: datetime) -> None:
    crowd = [someone(store, now, f"U{n}") for n in range(40)]
    put(store, now, *[out(who, "news", outbox.BULK) for who in crowd], *[out(who, "talk") for who in crowd])
    put(store, now, *[out(who, "alert", outbox.URGENT) for who in crowd])
    assert set(said(claim(store, now, at_most=40))) == {"alert"}
    assert said(claim(store, now, at_most=60)) == ["talk"] * 40 + ["news"] * 20


def test_a_message_for_later_waits_for_its_time(store: Store, now: datetime) -> None:
    who = someone(store, now)
    later = now + timedelta(hours=1)
    row = outbox.Outgoing(who.id, who.contacts[0].id, "line", who.key, [{"text": "later"}], not_before=later)
    put(store, now, row)
    assert claim(store, now) == []
    assert said(claim(store, later)) == ["later"]


def test_S09_a_worker_that_slept_past_its_lease_cannot_finish(store: Store, now: datetime) -> None:
    who = someone(store, now)
    put(store, now, out(who, "a"))
    (slept,) = claim(store, now, "sleeper")
    assert claim(store, now + timedelta(seconds=LEASE_S - 1), "other") == []
    after = now + timedelta(seconds=LEASE_S)
    (rescued,) = claim(store, after, "other")
    assert (rescued.id, rescued.tried, rescued.retry_key) == (slept.id, 1, slept.retry_key)
    assert finish(store, sent(slept, after, "sleeper")) == [False]
    assert finish(store, sent(rescued, after, "other")) == [True]
    assert finish(store, sent(rescued, after, "other")) == [False]
    assert claim(store, after + timedelta(days=1)) == []


def test_an_attempt_that_may_have_arrived_is_counted(store: Store, now: datetime) -> None:
    put(store, now, out(someone(store, now), "a"))
    (row,) = claim(store, now)
    finish(store, Finished(row.id, "me", Delivery.QUEUED, now, why="timeout", next_at=now, attempts=1))
    assert claim(store, now)[0].tried == 1


@pytest.mark.parametrize("state", [Delivery.GAVE_UP, Delivery.UNKNOWN, Delivery.WAITING_PERSON])
def test_an_end_without_sending_frees_the_line_and_keeps_the_words(
    store: Store, now: datetime, state: Delivery
) -> None:
    who = someone(store, now)
    put(store, now, out(who, "a"), out(who, "b"))
    (head,) = claim(store, now)
    assert finish(store, Finished(head.id, "me", state, now, why="blocked\x00 \ud800")) == [True]
    assert said(claim(store, now)) == ["b"]
    row = store.read(lambda conn: conn.execute(select(table).where(table.c.id == head.id)).one())
    assert (row.state, row.why, row.done_at, row.lease_owner) == (state.value, "blocked ?", now, None)
    assert row.body is not None


def test_what_was_sent_keeps_no_second_copy(store: Store, now: datetime) -> None:
    put(store, now, out(someone(store, now), "a"))
    finish(store, *[sent(row, now) for row in claim(store, now)])
    row = store.read(lambda conn: conn.execute(select(table)).one())
    assert (row.state, row.via, row.body, row.reply_token, row.done_at) == ("sent", "push", None, None, now)


def test_each_end_is_told_to_the_pages_of_its_case(store: Store, now: datetime) -> None:
    who = someone(store, now)
    head = a_case(store, now, who)
    cursor = store.read(feed.newest)
    put(store, now, out(who, "a", case_id=head.id))
    (row,) = claim(store, now)
    assert row.case_id == head.id
    finish(store, sent(row, now))
    changes = store.read(lambda conn: feed.since(conn, cursor))
    assert [(change.kind, change.case_id) for change in changes] == [("delivery", head.id)]


def test_depth_counts_what_is_still_to_be_carried(store: Store, now: datetime) -> None:
    crowd = [someone(store, now, f"U{n}") for n in range(5)]
    put(store, now, *[out(who, "a") for who in crowd])
    rows = claim(store, now)
    assert store.read(outbox.depth) == 5
    finish(store, *[sent(row, now) for row in rows[:3]])
    finish(store, Finished(rows[3].id, "me", Delivery.QUEUED, now))
    assert store.read(outbox.depth) == 2


def test_nothing_to_do_is_nothing_done(store: Store, now: datetime) -> None:
    assert put(store, now) == []
    assert claim(store, now) == []
    assert finish(store) == []


def test_several_carriers_at_once_never_carry_the_same(database_url: str, now: datetime) -> None:
    stores = [open_store(database_url, SECRET) for _ in range(4)]
    who = [someone(stores[0], now, f"U{n}") for n in range(60)]
    put(stores[0], now, *[out(one, str(n)) for n in range(3) for one in who])
    carried: list[tuple[int, str]] = []
    while len(carried) < 180:
        futures = [
            store.writer.submit(lambda conn, s=store, o=f"w{n}": outbox.claim(conn, s.vault, o, now, LEASE_S, 7))  # type: ignore[misc]
            for n, store in enumerate(stores)
        ]
        for n, future in enumerate(futures):
            rows = future.result(30)
            carried += [(row.person_id, row.messages[0]["text"]) for row in rows]
            assert finish(stores[n], *[sent(row, now, f"w{n}") for row in rows]) == [True] * len(rows)
    assert len(carried) == len(set(carried)) == 180
    for one in who:
        assert [text for person, text in carried if person == one.id] == ["0", "1", "2"]
    for store in stores:
        store.close()
