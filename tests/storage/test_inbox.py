"""Each event is stored once, heard in order, and what a person takes back is gone, also when that comes first."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from storage import inbox, people, tombstones
from storage.engine import Store
from storage.tables import inbox as table
from storage.tables import person
from tests.storage.house import do, event, someone, take_in, whats_waiting


def done(store: Store, *ids: int) -> None:
    do(store, lambda conn: inbox.done(conn, ids))


def depth(store: Store) -> dict[str, int]:
    return store.read(inbox.depth)


def test_an_event_is_new_once(store: Store, now: datetime) -> None:
    assert take_in(store, now, event("e1", now), event("e2", now), event("e1", now)) == [True, True, False]
    assert take_in(store, now, event("e2", now), event("e3", now)) == [False, True]
    assert [one.payload["text"] for one in whats_waiting(store)] == ["はい e1", "はい e2", "はい e3"]
    assert depth(store) == {"inbox": 3, "inbox:dead": 0}


def test_the_same_id_on_another_channel_is_another_event(store: Store, now: datetime) -> None:
    other = inbox.Incoming("telegram", "e1", "U1", now, {"kind": "came"})
    assert take_in(store, now, event("e1", now), other) == [True, True]
    assert len({one.person_id for one in whats_waiting(store)}) == 2


def test_W09_an_event_heard_long_ago_stays_known_without_its_words(store: Store, now: datetime) -> None:
    take_in(store, now, event("e1", now))
    done(store, whats_waiting(store)[0].id)
    assert take_in(store, now + timedelta(days=3), event("e1", now)) == [False]
    assert whats_waiting(store) == []
    row = store.read(lambda conn: conn.execute(select(table)).one())
    assert (row.event_id, row.state, row.payload, row.reply_token) == ("e1", "heard", None, None)
    assert (row.person_id, row.contact_id, row.said_id_index) == (None, None, None)
    assert depth(store)["inbox"] == 0


def test_W11_the_same_words_twice_are_two_events(store: Store, now: datetime) -> None:
    said = {"kind": "typed", "text": "はい"}
    twice = [inbox.Incoming("line", f"e{n}", "U1", now + timedelta(milliseconds=300 * n), said) for n in (1, 2)]
    assert take_in(store, now, *twice) == [True, True]
    assert [one.payload for one in whats_waiting(store)] == [said, said]


def test_W12_ten_pictures_of_a_new_person_are_one_conversation_in_order(store: Store, now: datetime) -> None:
    take_in(store, now, *[event(f"p{n}", now) for n in range(10)])
    heard = whats_waiting(store)
    assert [one.payload["text"] for one in heard] == [f"はい p{n}" for n in range(10)]
    assert len({one.person_id for one in heard}) == 1


def test_W14_events_out_of_order_are_heard_by_their_time(store: Store, now: datetime) -> None:
    for second in (3, 1, 2):
        take_in(store, now, event(f"e{second}", now + timedelta(seconds=second)))
    assert [one.payload["text"] for one in whats_waiting(store)] == ["はい e1", "はい e2", "はい e3"]


@pytest.mark.parametrize(
    "said",
    [
        inbox.Incoming("line", "e1", "U1", datetime.fromisoformat("2026-11-22T09:00:00+09:00"), None),
        inbox.Incoming("line", "e1", "", datetime.fromisoformat("2026-11-22T09:00:00+09:00"), {"kind": "typed"}),
    ],
    ids=["means nothing to us", "names no person"],
)
def test_W17_what_cannot_be_heard_is_remembered_by_id_only(store: Store, now: datetime, said: inbox.Incoming) -> None:
    assert take_in(store, now, said) == [True]
    assert take_in(store, now, said) == [False]
    assert whats_waiting(store) == []
    row = store.read(lambda conn: conn.execute(select(table)).one())
    assert (row.state, row.payload, row.person_id) == ("ignored", None, None)
    assert store.read(lambda conn: conn.execute(select(person)).all()) == []
    assert depth(store)["inbox"] == 0


@pytest.mark.parametrize(
    "name", ["", "a\x00b", "😀", "\ud800", "x" * 5000], ids=["empty", "NUL", "emoji", "half", "long"]
)
def test_a_hostile_event_id_is_still_an_id(store: Store, now: datetime, name: str) -> None:
    assert take_in(store, now, event(name, now)) == [True]
    assert take_in(store, now, event(name, now), event(name + "y", now)) == [False, True]


def test_text_arrives_bit_for_bit(store: Store, now: datetime) -> None:
    text = "𠮷 葛\U000e0100 👨‍👩‍👧 \x00 \u202e \x1b[2J {{7*7}} %s \ud83d " + "長" * 100_000
    take_in(store, now, inbox.Incoming("line", "e1", "U\x00𠮷", now, {"text": text}, "tok\x00en"))
    (one,) = whats_waiting(store)
    assert (one.payload, one.address, one.reply_token) == ({"text": text}, "U\x00𠮷", "tok\x00en")
    assert one.at == now


def test_L06_a_flood_of_one_person_leaves_room_for_the_others(store: Store, now: datetime) -> None:
    take_in(store, now, *[event(f"flood{n}", now, "U1") for n in range(300)])
    take_in(store, now, event("other", now, "U2"))
    helping = whats_waiting(store)
    assert len(helping) == inbox.A_TURN + 1
    assert [one.payload["text"] for one in helping][-1] == "はい other"
    assert [one.payload["text"] for one in helping][:3] == ["はい flood0", "はい flood1", "はい flood2"]


def test_under_load_the_lookout_goes_round_in_a_circle(store: Store, now: datetime) -> None:
    take_in(store, now, *[event(f"e{n}", now, f"U{n}") for n in range(5)])
    served: list[list[int]] = []
    after = 0
    for _ in range(4):
        served.append(sorted({one.person_id for one in whats_waiting(store, at_most=2, after=after)}))
        after = served[-1][-1]
    first = served[0][0]
    assert served == [[first, first + 1], [first + 2, first + 3], [first + 4], [first, first + 1]]


def test_S20_a_poison_event_fails_three_times_then_waits_for_a_person(store: Store, now: datetime) -> None:
    take_in(store, now, event("poison", now), event("after", now))
    poison = whats_waiting(store)[0].id
    lasts = [do(store, lambda conn: inbox.failed(conn, poison, "KeyError\x00")) for _ in range(3)]
    assert lasts == [False, False, True]
    assert [one.payload["text"] for one in whats_waiting(store)] == ["はい after"]
    (dead,) = store.read(inbox.dead)
    assert (dead.id, dead.tries, dead.why) == (poison, 3, "KeyError")
    assert depth(store) == {"inbox": 1, "inbox:dead": 1}
    assert do(store, lambda conn: inbox.replay(conn, poison))
    assert not do(store, lambda conn: inbox.replay(conn, poison))
    assert [one.payload["text"] for one in whats_waiting(store)] == ["はい poison", "はい after"]
    assert depth(store) == {"inbox": 2, "inbox:dead": 0}


def test_P07_a_message_taken_back_while_it_waits_is_never_heard(store: Store, now: datetime) -> None:
    take_in(store, now, event("e1", now, said_id="m1"), event("e2", now, said_id="m2"))
    do(store, lambda conn: inbox.withdraw(conn, store.vault, "line", "m1", now))
    assert [one.payload["text"] for one in whats_waiting(store)] == ["はい e2"]
    assert store.read(lambda conn: inbox.is_withdrawn(conn, store.vault, "line", "m1"))
    assert not store.read(lambda conn: inbox.is_withdrawn(conn, store.vault, "telegram", "m1"))
    assert depth(store)["inbox"] == 1


def test_P07_a_message_taken_back_before_it_arrives_is_refused(store: Store, now: datetime) -> None:
    do(store, lambda conn: inbox.withdraw(conn, store.vault, "line", "m1", now))
    do(store, lambda conn: inbox.withdraw(conn, store.vault, "line", "m1", now))
    assert take_in(store, now, event("e1", now, said_id="m1")) == [True]
    assert whats_waiting(store) == []
    row = store.read(lambda conn: conn.execute(select(table)).one())
    assert (row.state, row.payload) == ("ignored", None)


def test_P07_a_dead_event_can_be_taken_back_too(store: Store, now: datetime) -> None:
    take_in(store, now, event("e1", now, said_id="m1"))
    one = whats_waiting(store)[0].id
    assert do(store, lambda conn: inbox.failed(conn, one, "x", max_tries=1))
    do(store, lambda conn: inbox.withdraw(conn, store.vault, "line", "m1", now))
    assert not do(store, lambda conn: inbox.replay(conn, one))
    assert depth(store) == {"inbox": 0, "inbox:dead": 0}


def test_old_marks_are_dropped(store: Store, now: datetime) -> None:
    for name, age in (("old", 40), ("young", 1)):
        at = now - timedelta(days=age)
        do(store, lambda conn, name=name, at=at: inbox.withdraw(conn, store.vault, "line", name, at))  # type: ignore[misc]
    do(store, lambda conn: tombstones.forget_old(conn, now - timedelta(days=30)))
    assert not store.read(lambda conn: inbox.is_withdrawn(conn, store.vault, "line", "old"))
    assert store.read(lambda conn: inbox.is_withdrawn(conn, store.vault, "line", "young"))


def test_two_workers_never_hold_one_person(postgres_url: str, now: datetime) -> None:
    from storage import open_store
    from tests.conftest import SECRET

    one, other = open_store(postgres_url, SECRET), open_store(postgres_url, SECRET)
    take_in(one, now, *[event(f"e{n}", now, f"U{n}") for n in range(6)])

    def first(conn: object) -> tuple[set[int], set[int], set[int]]:
        held = {w.person_id for w in inbox.waiting(conn, one.vault, 2, lock=True)}  # type: ignore[arg-type]
        theirs = {w.person_id for w in whats_waiting(other)}
        loaded = do(other, lambda c: people.load(c, other.vault, [*held, *theirs], lock=True))
        take_in(other, now, event("new", now, "U0"))  # a webhook is not held up by a turn
        return held, theirs, set(loaded)

    held, theirs, loaded = do(one, first)
    assert len(held) == 2
    assert len(theirs) == 4
    assert not held & theirs
    assert loaded == theirs
    one.close()
    other.close()


def test_someone_helper_knows_the_same_person_again(store: Store, now: datetime) -> None:
    assert someone(store, now).id == someone(store, now + timedelta(days=1)).id
