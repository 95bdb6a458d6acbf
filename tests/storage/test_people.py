"""A person is one person however often and wherever they are met, and their session comes back as it was."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from sqlalchemy import func, select

from storage import open_store, people
from storage.engine import Store
from storage.tables import contact, person
from tests.conftest import SECRET
from tests.storage.house import WAIT_S, do, someone

SESSION = {"flow": "consultation", "answers": {"story": "𠮷 葛\U000e0100 👨‍👩‍👧 \x00"}, "asked": None}


def test_whoever_writes_first_becomes_a_person(store: Store, now: datetime) -> None:
    pairs = [("line", "U1"), ("telegram", "7"), ("line", "U2"), ("line", "U1")]
    found = do(store, lambda conn: people.contacts_for(conn, store.vault, pairs, now))
    assert set(found) == set(pairs)
    assert len({one.person_id for one in found.values()}) == 3
    again = do(store, lambda conn: people.contacts_for(conn, store.vault, pairs, now))
    assert again == found


def test_asking_who_is_known_creates_nobody(store: Store, now: datetime) -> None:
    someone(store, now)
    found = store.read(lambda conn: people.known(conn, store.vault, [("line", "U1"), ("line", "U9")]))
    assert set(found) == {("line", "U1")}


def test_a_new_person_is_empty(store: Store, now: datetime) -> None:
    who = someone(store, now)
    assert (who.language, who.session, who.consented, who.reachable) == ("ja", None, None, True)
    assert (who.created_at, who.seen_at) == (now, now)
    assert [(one.channel, one.address) for one in who.contacts] == [("line", "U1")]


def test_a_session_comes_back_as_it_was(store: Store, now: datetime) -> None:
    who, later = someone(store, now), now + timedelta(days=7)
    change = people.PersonChange(who.id, who.key, "ja-easy", SESSION, "2026-11", later)
    do(store, lambda conn: people.save(conn, store.vault, [change]))
    back = store.read(lambda conn: people.load(conn, store.vault, [who.id, 999]))
    assert set(back) == {who.id}
    loaded = back[who.id]
    assert (loaded.language, loaded.session, loaded.consented) == ("ja-easy", SESSION, "2026-11")
    assert (loaded.created_at, loaded.seen_at) == (now, later)
    do(
        store,
        lambda conn: people.save(conn, store.vault, [people.PersonChange(who.id, who.key, "en", None, None, now)]),
    )
    assert store.read(lambda conn: people.load(conn, store.vault, [who.id]))[who.id].session is None


def test_many_are_saved_at_once(store: Store, now: datetime) -> None:
    everybody = [someone(store, now, f"U{n}") for n in range(20)]
    changes = [people.PersonChange(w.id, w.key, "ja", {"n": w.id}, None, now) for w in everybody]
    do(store, lambda conn: people.save(conn, store.vault, changes))
    back = store.read(lambda conn: people.load(conn, store.vault, [who.id for who in everybody]))
    assert all(back[who.id].session == {"n": who.id} for who in everybody)


def test_W25_a_person_is_reachable_while_one_contact_is(store: Store, now: datetime) -> None:
    who = someone(store, now)
    way = who.contacts[0].id

    def reachable() -> tuple[bool, bool]:
        loaded = store.read(lambda conn: people.load(conn, store.vault, [who.id]))[who.id]
        return loaded.reachable, loaded.contacts[0].reachable

    do(store, lambda conn: people.set_reachable(conn, way, False))
    assert reachable() == (False, False)
    do(store, lambda conn: people.set_reachable(conn, way, True))
    assert reachable() == (True, True)


def test_two_servers_meeting_the_same_people_at_once_make_each_once(database_url: str, now: datetime) -> None:
    stores = [open_store(database_url, SECRET) for _ in range(4)]
    pairs = [("line", f"U{n}") for n in range(50)]
    start = threading.Barrier(4)
    found: list[dict[people.Pair, people.Contact]] = []

    def meet(store: Store, turn: int) -> None:
        start.wait(WAIT_S)
        mine = pairs[turn:] + pairs[:turn]
        found.append(do(store, lambda conn: people.contacts_for(conn, store.vault, mine, now)))

    threads = [threading.Thread(target=meet, args=(store, 7 * n)) for n, store in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_S)
    assert len(found) == 4
    assert all(one == found[0] for one in found)
    for table in (person, contact):
        count = stores[0].read(lambda conn, table=table: conn.execute(select(func.count()).select_from(table)).scalar())  # type: ignore[misc]
        assert count == 50
    for store in stores:
        store.close()
