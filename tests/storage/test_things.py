"""Pictures and files: asked for with their message, fetched by one, sealed in parts, gone with message and person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import Connection, func, select, update

from storage import WrongKey, cases, feed, inbox, people, talk, things
from storage.engine import Store
from storage.talk import Author, Fetch, Line, Way
from storage.thing_tables import thing_part
from storage.things import PART, Claimed, State, Whose
from storage.whole import metadata
from tests.storage.house import a_case, do, someone

T = TypeVar("T")
LEASE = (timedelta(minutes=3), 10)
DATA = bytes(range(256)) * (PART // 256) + b"the end"


def send(store: Store, now: datetime, *names: str, address: str = "U1") -> tuple[people.Person, cases.CaseHead]:
    """Somebody with a case sends things, each known to the platform by its name."""
    who = someone(store, now, address)
    head = do(store, lambda conn: cases.of_person_open(conn, [who.id])).get(who.id) or a_case(store, now, who)
    lines = [
        Line(
            person_id=who.id,
            key=who.key,
            at=now,
            way=Way.IN,
            author=Author.PERSON,
            body={"kind": "showed", "thing": "picture", "name": f"{name}.jpg"},
            case_id=head.id,
            contact_id=who.contacts[0].id,
            channel="line",
            said_id=name,
            fetch=Fetch(name, now),
        )
        for name in names
    ]
    do(store, lambda conn: talk.write(conn, store.vault, lines))
    return who, head


def claim(store: Store, now: datetime, owner: str = "me") -> list[Claimed]:
    return do(store, lambda conn: things.claim(conn, store.vault, owner, now, LEASE))


def keep(store: Store, now: datetime, one: Claimed, owner: str = "me", data: bytes = DATA) -> bool:
    """Everything a fetcher does with what it has brought."""
    mine = Whose(one.id, owner)
    parts = things.sealed_parts(store.vault, one.key, one.id, data)
    for place, part in enumerate(parts):
        if not do(store, lambda conn, n=place, p=part: things.put_part(conn, mine, n, p)):  # type: ignore[misc]
            return False
    return do(store, lambda conn: things.keep(conn, mine, ("pdf", len(data), len(parts)), now))


def content(store: Store, case_id: int, thing_id: int) -> bytes:
    """What is handed out."""
    found = store.read(lambda conn: things.find(conn, store.vault, case_id, thing_id))
    assert found is not None
    read = [store.read(_part(store, thing_id, place)) for place in range(found.thing.parts)]
    return b"".join(part or b"?" for part in read)


def _part(store: Store, thing_id: int, place: int) -> Callable[[Connection], bytes | None]:
    return lambda conn: things.part(conn, store.vault, thing_id, place)


def rows(store: Store, name: str) -> int:
    counted = select(func.count()).select_from(metadata.tables[name])
    return store.read(lambda conn: conn.execute(counted).scalar_one())


def states(store: Store, case_id: int) -> list[tuple[State, str]]:
    found = store.read(lambda conn: things.of_case(conn, case_id))
    return [(found[number].state, found[number].why) for number in sorted(found)]


def test_what_was_sent_is_kept_bit_for_bit_and_the_open_pages_are_told(store: Store, now: datetime) -> None:
    _, head = send(store, now, "m1")
    seen = store.read(feed.newest)
    [one] = claim(store, now)
    assert (one.source, one.kind, one.channel, one.case_id) == ("m1", "picture", "line", head.id)
    assert keep(store, now, one)
    assert content(store, head.id, one.id) == DATA
    found = store.read(lambda conn: things.find(conn, store.vault, head.id, one.id))
    assert found is not None
    assert (found.name, found.thing.form, found.thing.size, found.thing.parts) == ("m1.jpg", "pdf", len(DATA), 2)
    news = store.read(lambda conn: feed.since(conn, seen))
    assert [(change.kind, change.case_id) for change in news] == [("fetched", head.id)]
    assert not store.read(lambda conn: things.due(conn, now + timedelta(days=9)))


def test_W12_ten_pictures_at_once_keep_their_order(store: Store, now: datetime) -> None:
    _, head = send(store, now, *(f"m{number}" for number in range(10)))
    claimed = claim(store, now)
    assert [one.source for one in claimed] == [f"m{number}" for number in range(10)]
    for number, one in enumerate(reversed(claimed)):
        assert keep(store, now, one, data=b"picture %d" % number)
    lines = store.read(lambda conn: talk.of_case(conn, store.vault, head.id))
    shown = store.read(lambda conn: things.of_case(conn, head.id))
    assert [content(store, head.id, shown[line.id].id) for line in lines] == [
        b"picture %d" % n for n in range(9, -1, -1)
    ]


def test_C30_nothing_is_found_under_another_case(store: Store, now: datetime) -> None:
    _, head = send(store, now, "m1")
    _, other = send(store, now, "m2", address="U2")
    first, second = claim(store, now)
    assert keep(store, now, first)
    for case_id, thing_id in ((other.id, first.id), (head.id, second.id), (head.id, 999)):
        assert store.read(lambda conn, c=case_id, t=thing_id: things.find(conn, store.vault, c, t)) is None  # type: ignore[misc]


def test_S09_who_slept_past_the_lease_can_write_nothing(store: Store, now: datetime) -> None:
    _, head = send(store, now, "m1")
    [slow] = claim(store, now, "slow")
    assert claim(store, now, "quick") == []
    late = now + timedelta(minutes=4)
    [quick] = claim(store, late, "quick")
    assert (quick.id, quick.tried) == (slow.id, 2)
    assert do(store, lambda conn: things.put_part(conn, Whose(quick.id, "quick"), 0, b"half"))
    assert not keep(store, late, slow, "slow")
    assert not do(store, lambda conn: things.lose(conn, Whose(slow.id, "slow"), "gone", late))
    assert not do(store, lambda conn: things.later(conn, Whose(slow.id, "slow"), late))
    assert keep(store, late, quick, "quick")
    assert content(store, head.id, quick.id) == DATA


def test_S01_what_a_killed_process_was_fetching_is_fetched_again_from_the_first_part(
    store: Store, now: datetime
) -> None:
    _, head = send(store, now, "m1")
    [one] = claim(store, now, "dead")
    assert do(store, lambda conn: things.put_part(conn, Whose(one.id, "dead"), 0, b"half"))
    do(store, lambda conn: things.rescue(conn, now))
    [again] = claim(store, now)
    assert keep(store, now, again)
    assert content(store, head.id, again.id) == DATA


def test_what_cannot_be_had_now_waits_and_what_never_can_says_why(store: Store, now: datetime) -> None:
    _, head = send(store, now, "m1")
    [one] = claim(store, now)
    soon = now + timedelta(seconds=9)
    assert do(store, lambda conn: things.later(conn, Whose(one.id, "me"), soon))
    assert claim(store, now) == []
    [one] = claim(store, soon)
    assert do(store, lambda conn: things.put_part(conn, Whose(one.id, "me"), 0, b"half"))
    assert do(store, lambda conn: things.lose(conn, Whose(one.id, "me"), "too_large", soon))
    assert states(store, head.id) == [(State.LOST, "too_large")]
    assert rows(store, "thing_part") == 0


def test_P07_what_is_taken_back_goes_with_all_its_parts_and_nothing_more_comes(store: Store, now: datetime) -> None:
    _, head = send(store, now, "m1", "m2", "m3")
    first, second, third = claim(store, now)
    assert keep(store, now, first)
    assert keep(store, now, third)
    assert do(store, lambda conn: things.put_part(conn, Whose(second.id, "me"), 0, b"half"))
    for name in ("m1", "m2"):
        do(store, lambda conn, n=name: inbox.withdraw(conn, store.vault, "line", n, now))  # type: ignore[misc]
    assert not keep(store, now, second)
    assert (rows(store, "thing"), rows(store, "thing_part")) == (1, 2)
    assert content(store, head.id, third.id) == DATA


def test_P07_what_was_taken_back_before_it_came_is_not_fetched(store: Store, now: datetime) -> None:
    do(store, lambda conn: inbox.withdraw(conn, store.vault, "line", "m1", now))
    send(store, now, "m1")
    assert (rows(store, "message"), rows(store, "thing")) == (1, 0)


def test_P08_P13_a_person_who_is_forgotten_while_it_is_fetched_leaves_nothing(store: Store, now: datetime) -> None:
    who, head = send(store, now, "m1", "m2")
    other, _ = send(store, now, "m3", address="U2")
    first, second, third = claim(store, now)
    assert keep(store, now, first)
    assert keep(store, now, third)
    assert do(store, lambda conn: things.put_part(conn, Whose(second.id, "me"), 0, b"half"))
    assert do(store, lambda conn: people.forget(conn, who.id, now))
    assert not keep(store, now, second)
    assert not do(store, lambda conn: things.lose(conn, Whose(second.id, "me"), "gone", now))
    assert store.read(lambda conn: things.find(conn, store.vault, head.id, first.id)) is None
    assert store.read(_part(store, first.id, 0)) is None
    assert store.read(lambda conn: things.count_of_person(conn, other.id)) == 1
    assert (rows(store, "thing"), rows(store, "thing_part")) == (1, 2)


def test_P23_parts_cannot_be_read_without_the_key_nor_put_in_anothers_place(store: Store, now: datetime) -> None:
    send(store, now, "m1", "m2")
    first, second = claim(store, now)
    assert keep(store, now, first, data=b"CANARY" * 100)
    assert keep(store, now, second)
    kept = store.read(lambda conn: conn.execute(select(thing_part)).all())
    assert all(b"CANARY" not in bytes(row.data) for row in kept)
    moved = update(thing_part).where(thing_part.c.thing_id == second.id, thing_part.c.place == 0)
    do(store, lambda conn: conn.execute(moved.values(data=kept[0].data)).close())
    with pytest.raises(WrongKey):
        store.read(_part(store, second.id, 0))


def test_L06_who_sends_more_than_anybody_needs_is_told_no_and_others_are_not(store: Store, now: datetime) -> None:
    _, head = send(store, now, *(f"m{number}" for number in range(things.MOST_THINGS + 1)))
    send(store, now, "other", address="U2")
    assert states(store, head.id)[-1] == (State.LOST, "too_many")
    assert states(store, head.id)[-2] == (State.WANTED, "")
    assert rows(store, "thing") == things.MOST_THINGS + 2
    claimed = do(store, lambda conn: things.claim(conn, store.vault, "me", now, (LEASE[0], 500)))
    assert [one.source for one in claimed][-1] == "other"


def test_L06_nor_may_one_person_fill_the_disk(store: Store, now: datetime) -> None:
    _, head = send(store, now, "m1")
    [one] = claim(store, now)
    mine = Whose(one.id, "me")
    assert do(store, lambda conn: things.keep(conn, mine, ("mp4", things.MOST_BYTES, 0), now))
    send(store, now, "m2")
    assert states(store, head.id)[-1] == (State.LOST, "too_many")
