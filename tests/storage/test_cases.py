"""A case has one holder at most, every step is in its history, and the folders show what is there."""

from __future__ import annotations

import random
import re
from datetime import datetime, timedelta

import pytest

from storage import cases, feed, open_store
from storage.cases import By, State, Which, Who
from storage.clock_columns import NEVER
from storage.engine import Store
from storage.worklist import Wanted, items
from tests.conftest import SECRET
from tests.storage.house import a_case, do, member, opening, someone


def of(store: Store, case_id: int) -> cases.CaseHead:
    head = store.read(lambda conn: cases.head_of(conn, case_id))
    assert head is not None
    return head


def kinds(store: Store, case_id: int) -> list[str]:
    return [event.kind for event in store.read(lambda conn: cases.history(conn, case_id))]


def claim(store: Store, case_id: int, staff_id: int, now: datetime) -> bool:
    return do(store, lambda conn: cases.claim(conn, case_id, staff_id, now))


def counted(store: Store, staff_id: int) -> tuple[int, int, int, dict[str, int]]:
    counts = store.read(lambda conn: cases.counts(conn, staff_id, NEVER))
    return counts.mine, counts.unassigned, counts.open, counts.topics


def test_a_new_case_lies_in_the_queue_with_a_reference_for_the_telephone(store: Store, now: datetime) -> None:
    who = someone(store, now)
    head = a_case(store, now, who)
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{3}-[2-9A-HJKMNP-Z]{4}", head.ref)
    assert (head.state, head.holder, head.person_id, head.version) == (State.NEW, None, who.id, 1)
    assert (head.topics, head.mode, head.opened_at) == (("T01", "T02"), cases.Mode.PRIVATE, now)
    assert kinds(store, head.id) == ["opened"]
    assert counted(store, 1) == (0, 1, 1, {"T01": 1})


def test_the_content_comes_back_bit_for_bit(store: Store, now: datetime) -> None:
    who = someone(store, now)
    head = a_case(store, now, who)
    whole = store.read(lambda conn: cases.get(conn, store.vault, head.id))
    assert whole is not None
    assert (whole.head, whole.rows, whole.record) == (head, opening(who).rows, opening(who).record)
    assert store.read(lambda conn: cases.of_person(conn, store.vault, who.id)) == [whole]
    assert store.read(lambda conn: cases.get(conn, store.vault, 999)) is None


@pytest.mark.parametrize("typed", [str.lower, lambda ref: ref.replace("-", " "), lambda ref: f" {ref}\x00 "])
def test_a_reference_is_found_as_people_type_it(store: Store, now: datetime, typed: object) -> None:
    head = a_case(store, now, someone(store, now))
    assert callable(typed)
    found = store.read(lambda conn: cases.by_ref(conn, typed(head.ref)))
    assert found == head
    assert store.read(lambda conn: cases.by_ref(conn, "222-2222")) is None


def test_a_reference_that_was_told_already_is_used_or_refused(store: Store, now: datetime) -> None:
    from dataclasses import replace

    who = someone(store, now)
    told = replace(opening(who), ref=cases.draw_ref())
    head = do(store, lambda conn: cases.open_case(conn, store.vault, told, now))
    assert head.ref == told.ref
    with pytest.raises(cases.RefTaken):
        do(store, lambda conn: cases.open_case(conn, store.vault, told, now))
    assert counted(store, 1)[2] == 1


def test_a_claim_is_a_lock_with_a_holder_and_a_time(store: Store, now: datetime) -> None:
    sato, suzuki = member(store, now, "sato"), member(store, now, "suzuki")
    head = a_case(store, now, someone(store, now))
    later = now + timedelta(minutes=5)
    assert claim(store, head.id, sato, later)
    assert not claim(store, head.id, suzuki, later)
    assert not claim(store, head.id, sato, later)
    held = of(store, head.id)
    assert (held.state, held.holder, held.holder_name, held.claimed_at) == (State.CLAIMED, sato, "Sato", later)
    assert held.version == 2
    assert kinds(store, head.id) == ["opened", "claimed"]
    assert counted(store, sato) == (1, 0, 1, {"T01": 1})


def test_of_two_hundred_double_claims_one_wins_every_time(database_url: str, now: datetime) -> None:
    stores = [open_store(database_url, SECRET) for _ in range(2)]
    staff = [member(stores[0], now, f"s{n}") for n in range(2)]
    who = someone(stores[0], now)
    ids = do(
        stores[0],
        lambda conn: [cases.open_case(conn, stores[0].vault, opening(who), now).id for _ in range(200)],
    )
    shuffled = [random.Random(n).sample(ids, len(ids)) for n in range(2)]  # noqa: S311 - an order, not a secret
    futures = [
        (case_id, n, store.writer.submit(lambda conn, c=case_id, s=staff[n]: cases.claim(conn, c, s, now)))  # type: ignore[misc]
        for place in range(200)
        for n, store in enumerate(stores)
        for case_id in [shuffled[n][place]]
    ]
    won: dict[int, list[int]] = {case_id: [] for case_id in ids}
    for case_id, n, future in futures:
        if future.result(60):
            won[case_id].append(staff[n])
    assert all(len(winners) == 1 for winners in won.values())
    page = stores[0].read(lambda conn: items(conn, Wanted(now, at_most=500)))
    held = {one.head.id: one.head.holder for one in page}
    assert held == {case_id: winners[0] for case_id, winners in won.items()}
    assert sum(counted(stores[0], member_id)[0] for member_id in staff) == 200
    assert counted(stores[0], staff[0])[1:3] == (0, 200)
    for store in stores:
        store.close()


def test_only_the_holder_can_release_or_hand_over(store: Store, now: datetime) -> None:
    sato, suzuki = member(store, now, "sato"), member(store, now, "suzuki")
    head = a_case(store, now, someone(store, now))
    assert claim(store, head.id, sato, now)
    assert not do(store, lambda conn: cases.release(conn, head.id, suzuki, now))
    assert not do(store, lambda conn: cases.hand_over(conn, head.id, suzuki, sato, now))
    assert do(store, lambda conn: cases.hand_over(conn, head.id, sato, suzuki, now))
    assert counted(store, sato)[0] == 0
    assert counted(store, suzuki)[0] == 1
    assert do(store, lambda conn: cases.release(conn, head.id, suzuki, now))
    free = of(store, head.id)
    assert (free.state, free.holder, free.claimed_at) == (State.NEW, None, None)
    assert kinds(store, head.id) == ["opened", "claimed", "handed_over", "released"]
    assert counted(store, suzuki) == (0, 1, 1, {"T01": 1})


def test_a_closed_case_is_closed_once_and_can_be_opened_again(store: Store, now: datetime) -> None:
    sato = member(store, now)
    by = By(Who.STAFF, sato)
    head = a_case(store, now, someone(store, now))
    claim(store, head.id, sato, now)
    assert do(store, lambda conn: cases.close(conn, head.id, by, now, "answered"))
    assert not do(store, lambda conn: cases.close(conn, head.id, by, now))
    assert not claim(store, head.id, sato, now)
    assert not do(store, lambda conn: cases.set_state(conn, head.id, State.WAITING_PERSON, by, now))
    closed = of(store, head.id)
    assert (closed.state, closed.holder, closed.closed_at) == (State.CLOSED, None, now)
    assert counted(store, sato) == (0, 0, 0, {})
    assert do(store, lambda conn: cases.reopen(conn, head.id, by, now))
    assert not do(store, lambda conn: cases.reopen(conn, head.id, by, now))
    again = of(store, head.id)
    assert (again.state, again.closed_at) == (State.NEW, None)
    assert counted(store, sato) == (0, 1, 1, {"T01": 1})
    history = store.read(lambda conn: cases.history(conn, head.id))
    assert [(event.kind, event.data, event.staff_name) for event in history[2:]] == [
        ("closed", {"why": "answered"}, "Sato"),
        ("reopened", {}, "Sato"),
    ]


def test_a_closed_case_stays_closed_while_another_of_the_person_is_open(store: Store, now: datetime) -> None:
    by, who = By(Who.SYSTEM), someone(store, now)
    old = a_case(store, now, who)
    do(store, lambda conn: cases.close(conn, old.id, by, now))
    new = a_case(store, now, who)
    assert not do(store, lambda conn: cases.reopen(conn, old.id, by, now))
    assert of(store, old.id).state is State.CLOSED
    do(store, lambda conn: cases.close(conn, new.id, by, now))
    a_case(store, now, someone(store, now, "U2"))  # somebody else's does not matter
    assert do(store, lambda conn: cases.reopen(conn, old.id, by, now))


def test_waiting_and_pending(store: Store, now: datetime) -> None:
    sato = member(store, now)
    by, tomorrow = By(Who.STAFF, sato), now + timedelta(days=1)
    head = a_case(store, now, someone(store, now))
    assert not do(store, lambda conn: cases.set_state(conn, head.id, State.CLAIMED, by, now))  # nobody holds it
    claim(store, head.id, sato, now)
    assert do(store, lambda conn: cases.set_state(conn, head.id, State.WAITING_PARTNER, by, now))
    assert of(store, head.id).state is State.WAITING_PARTNER
    assert do(store, lambda conn: cases.pend(conn, head.id, tomorrow, by, now))
    assert (of(store, head.id).state, of(store, head.id).pending_until) == (State.PENDING, tomorrow)
    assert store.read(lambda conn: cases.pending_due(conn, now)) == []
    assert [due.id for due in store.read(lambda conn: cases.pending_due(conn, tomorrow))] == [head.id]
    assert do(store, lambda conn: cases.set_state(conn, head.id, State.CLAIMED, by, now))
    assert (of(store, head.id).holder, of(store, head.id).pending_until) == (sato, None)


@pytest.mark.parametrize("state", [State.NEW, State.CLOSED, State.PENDING])
def test_a_state_with_its_own_function_cannot_be_set(store: Store, now: datetime, state: State) -> None:
    head = a_case(store, now, someone(store, now))
    with pytest.raises(ValueError, match="of its own"):
        do(store, lambda conn: cases.set_state(conn, head.id, state, By(Who.SYSTEM), now))


def test_the_open_case_of_a_person_is_the_held_one_else_the_newest(store: Store, now: datetime) -> None:
    sato = member(store, now)
    who, other = someone(store, now), someone(store, now, "U2")

    def current() -> dict[int, int]:
        found = store.read(lambda conn: cases.of_person_open(conn, [who.id, other.id]))
        return {person_id: head.id for person_id, head in found.items()}

    assert current() == {}
    first, second = a_case(store, now, who), a_case(store, now, who)
    assert current() == {who.id: second.id}
    claim(store, first.id, sato, now)
    assert current() == {who.id: first.id}
    do(store, lambda conn: cases.close(conn, first.id, By(Who.STAFF, sato), now))
    assert current() == {who.id: second.id}
    do(store, lambda conn: cases.close(conn, second.id, By(Who.STAFF, sato), now))
    assert current() == {}
    assert store.read(lambda conn: cases.of_person_open(conn, [])) == {}


def test_folders_and_their_pages(store: Store, now: datetime) -> None:
    sato, suzuki = member(store, now, "sato"), member(store, now, "suzuki")
    who = someone(store, now)
    heads = [a_case(store, now, who, topic) for topic in ("T01", "T03", "T01", "T03", "T01")]
    ids = [head.id for head in heads]
    claim(store, ids[0], sato, now)
    claim(store, ids[1], suzuki, now)
    do(store, lambda conn: cases.close(conn, ids[2], By(Who.STAFF, sato), now))

    def look(which: Which, staff_id: int = 0, topic: str = "") -> list[int]:
        found = store.read(lambda conn: items(conn, Wanted(now, which, staff_id, topic)))
        return [one.head.id for one in found]

    assert look(Which.ALL) == [ids[0], ids[1], ids[3], ids[4]]
    assert look(Which.MINE, sato) == [ids[0]]
    assert look(Which.UNASSIGNED) == [ids[3], ids[4]]
    assert look(Which.CLOSED) == [ids[2]]
    assert look(Which.ALL, topic="T03") == [ids[1], ids[3]]
    assert counted(store, sato) == (1, 2, 4, {"T01": 2, "T03": 2})


def test_every_step_is_told_to_open_pages(store: Store, now: datetime) -> None:
    sato = member(store, now)
    head = a_case(store, now, someone(store, now))
    claim(store, head.id, sato, now)
    do(store, lambda conn: cases.pend(conn, head.id, now, By(Who.STAFF, sato), now))
    do(store, lambda conn: cases.release(conn, head.id, sato, now))
    do(store, lambda conn: cases.close(conn, head.id, By(Who.BOT), now))
    changes = store.read(lambda conn: feed.since(conn, 0))
    assert [change.kind for change in changes] == ["opened", "claimed", "state", "released", "closed"]
    assert {change.case_id for change in changes} == {head.id}
