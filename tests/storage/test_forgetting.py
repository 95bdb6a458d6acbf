"""Who asks to be forgotten is forgotten: words, keys, contacts; and an old event does not bring them back."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, make_url, select, text

from dialogs.wishes import Wishes
from storage import (
    WrongKey,
    answers,
    cases,
    feed,
    inbox,
    join_codes,
    learned,
    line_menus,
    news,
    notes,
    outbox,
    pages,
    people,
    read_marks,
    receivers,
    rights,
    staff,
    tables,
    talk,
    tally,
    timed,
    ways,
)
from storage.engine import Store
from storage.talk import Author, Fetch, Line, Way
from storage.whole import metadata
from tests.storage.house import a_case, do, event, member, someone, take_in, whats_waiting

CANARY = "カナリアの悩み"
DAY = timedelta(days=1)
OF_A_PERSON = [
    "person", "contact", "message", "outbox", "thing", "private_link", "web_session", "unanswered", "learned",
    "reply_right", "line_menu", "read_mark", "join_code", "staff_way", "receiver",
]  # fmt: skip


def own_chat(conn: object, staff_id: int, chat: people.Contact, now: datetime) -> None:
    """The chat is a coordinator's own."""
    of_ours = staff.get(conn, staff_id)  # type: ignore[arg-type]
    assert of_ours is not None
    ways.keep(conn, chat, of_ours, now)  # type: ignore[arg-type]


def full_life(store: Store, now: datetime, staff_id: int, address: str = "U1") -> tuple[people.Person, cases.CaseHead]:
    """Somebody who left a trace in every table."""
    said = inbox.Incoming("line", "e-" + address, address, now, {"text": CANARY}, "token", "m-" + address)
    take_in(store, now, said, event("dead-" + address, now, address))
    who = someone(store, now, address)
    head = a_case(store, now, who)
    way = who.contacts[0].id

    def live(conn: object) -> None:
        first, second = inbox.waiting(conn, store.vault, 9)[-2:]  # type: ignore[arg-type]
        inbox.done(conn, [first.id])  # type: ignore[arg-type]
        inbox.failed(conn, second.id, "x", max_tries=1)  # type: ignore[arg-type]
        change = people.PersonChange(who.id, who.key, "ja", {"story": CANARY}, "v1", now)
        people.save(conn, store.vault, [change])  # type: ignore[arg-type]
        words = [{"text": CANARY}]
        numbers = outbox.put(
            conn,  # type: ignore[arg-type]
            store.vault,
            [outbox.Outgoing(who.id, way, "line", who.key, words, case_id=head.id) for _ in range(2)],
            now,
        )
        spoken = Line(who.id, who.key, now, Way.IN, Author.PERSON, words[0], head.id, way, None, "line", "m-" + address)
        shown = {"kind": "showed", "thing": "picture", "name": CANARY}
        fetch = Fetch(CANARY, now)
        seen = Line(who.id, who.key, now, Way.IN, Author.PERSON, shown, head.id, way, None, "line", fetch=fetch)
        reply = Line(who.id, who.key, now, Way.OUT, Author.STAFF, words[0], head.id, way, staff_id, "", "", numbers[0])
        talk.write(conn, store.vault, [spoken, reply, seen])  # type: ignore[arg-type]
        receivers.keep(conn, receivers.Said(who.id, way, "ja", Wishes(("events",)).going()), now)  # type: ignore[arg-type]
        notes.add(conn, store.vault, notes.NewNote(head.id, staff_id, CANARY), now)  # type: ignore[arg-type]
        later = timed.New(head.id, staff_id, now + DAY, 0, CANARY)
        timed.add(conn, store.vault, later, now)  # type: ignore[arg-type]
        news.add(conn, [news.New(staff_id, head.id, news.Kind.NAMED)], now)  # type: ignore[arg-type]
        notes.add(conn, store.vault, notes.NewNote(head.id, staff_id, CANARY, notes.Kind.PHONE), now)  # type: ignore[arg-type]
        line_menus.want(conn, [line_menus.Wanted(way, who.id, "new", "ja")])  # type: ignore[arg-type]
        rights.keep(conn, store.vault, [rights.Right(way, who.id, CANARY, now)])  # type: ignore[arg-type]
        read_marks.keep(conn, store.vault, [read_marks.Mark(way, who.id, CANARY, now)])  # type: ignore[arg-type]
        pages.make(conn, pages.NewLink(who.id, pages.Purpose.TALK, DAY, head.id), now)  # type: ignore[arg-type]
        pages.start_session(conn, pages.NewSession(who.id, pages.Purpose.CHAT, DAY, way), now)  # type: ignore[arg-type]
        join_codes.make(conn, who.id, way, now)  # type: ignore[arg-type]
        own_chat(conn, staff_id, people.Contact(way, who.id, "line-" + address, address), now)
        answers.shown(conn, [answers.Shown(now, who.id, "a", 1, "ja")])  # type: ignore[arg-type]
        learned.keep(conn, store.vault, learned.Verdict(who.id, CANARY, "a", True))  # type: ignore[arg-type]
        asked = answers.Question(now, who.id, who.key, "ja", CANARY)
        answers.unknown(conn, store.vault, [asked])  # type: ignore[arg-type]
        cases.claim(conn, head.id, staff_id, now)  # type: ignore[arg-type]

    do(store, live)
    return who, head


def forget(store: Store, person_id: int, now: datetime) -> bool:
    return do(store, lambda conn: people.forget(conn, person_id, now))


def rows_of(store: Store, table: str, person_id: int) -> int:
    column = metadata.tables[table].c["id" if table == "person" else "person_id"]
    return len(store.read(lambda conn: conn.execute(select(column).where(column == person_id)).all()))


def test_P08_every_row_of_the_person_goes_and_nobody_elses(store: Store, now: datetime) -> None:
    staff_id = member(store, now)
    who, _ = full_life(store, now, staff_id)
    other, other_case = full_life(store, now, staff_id, "U2")
    assert all(rows_of(store, table, who.id) > 0 for table in OF_A_PERSON)
    before = {table: rows_of(store, table, other.id) for table in OF_A_PERSON}
    assert forget(store, who.id, now)
    assert {table: rows_of(store, table, who.id) for table in OF_A_PERSON} == dict.fromkeys(OF_A_PERSON, 0)
    assert {table: rows_of(store, table, other.id) for table in OF_A_PERSON} == before
    assert [note.text for note in store.read(lambda conn: notes.of_case(conn, store.vault, other_case.id))] == [
        CANARY
    ] * 2


def test_P08_no_table_was_forgotten_by_the_forgetting(store: Store) -> None:
    """Every column that points to a person belongs to a table that `forget` empties or unties."""
    pointing = {
        table.name
        for table in metadata.tables.values()
        for column in table.columns
        if any(key.column.table is tables.person for key in column.foreign_keys)
    }
    # Held by tests/bot/test_events_chat.py, test_offering.py and test_grants_chat.py.
    elsewhere = {"sign_up", "reminder", "event_offer", "group_card", "grant_use"}
    assert pointing == {*OF_A_PERSON, *elsewhere, "inbox", "case_file", "answer_shown", "joined"} - {"person"}
    assert set(store.read(lambda conn: inspect(conn).get_table_names())) >= pointing


def test_P08_what_colleagues_kept_for_one_another_goes_with_the_case_of_the_person(store: Store, now: datetime) -> None:
    staff_id = member(store, now)
    who, case = full_life(store, now, staff_id)
    _, other = full_life(store, now, staff_id, "U2")
    pointing = {
        table.name
        for table in metadata.tables.values()
        for column in table.columns
        if any(key.column.table is tables.case_file for key in column.foreign_keys)
    }
    at_the_desk = {"note", "timed_reply", "news"}
    assert pointing >= at_the_desk
    assert forget(store, who.id, now)
    for name in at_the_desk:
        column = metadata.tables[name].c.case_id
        left = store.read(lambda conn, of=column: set(conn.execute(select(of)).scalars()))  # type: ignore[misc]
        assert left == {other.id}, name
    assert case.id != other.id


def test_P08_what_stays_are_figures_without_content(store: Store, now: datetime) -> None:
    staff_id = member(store, now)
    who, head = full_life(store, now, staff_id)
    assert forget(store, who.id, now + DAY)
    assert not forget(store, who.id, now + DAY)
    left = store.read(lambda conn: cases.get(conn, store.vault, head.id))
    assert left is not None
    assert (left.rows, left.record, left.head.person_id, left.head.contact_id) == (None, None, None, None)
    assert (left.head.state, left.head.topic, left.head.closed_at) == (cases.State.CLOSED, "T01", now + DAY)
    assert store.read(lambda conn: notes.of_case(conn, store.vault, head.id)) == []
    assert store.read(lambda conn: talk.of_case(conn, store.vault, head.id)) == []
    assert [one.kind for one in store.read(lambda conn: cases.history(conn, head.id))][-1] == "forgotten"
    assert not do(store, lambda conn: cases.reopen(conn, head.id, cases.By(cases.Who.SYSTEM), now))
    proof = store.read(lambda conn: conn.execute(text("SELECT person_id, what FROM erasure")).one())
    assert tuple(proof) == (who.id, "person")
    assert set(store.read(lambda conn: tally.under(conn, "")).values()) == {0}
    kinds = [change.kind for change in store.read(lambda conn: feed.since(conn, 0))]
    assert kinds.count("forgotten") == 2


def test_P10_an_old_event_of_a_forgotten_person_brings_nobody_back(store: Store, now: datetime) -> None:
    who, _ = full_life(store, now, member(store, now))
    forget(store, who.id, now)
    again = inbox.Incoming("line", "e-U1", "U1", now, {"text": CANARY})
    assert take_in(store, now, again, event("dead-U1", now, "U1")) == [False, False]
    assert whats_waiting(store) == []
    assert store.read(lambda conn: people.known(conn, store.vault, [("line", "U1")])) == {}
    assert take_in(store, now, event("new", now, "U1")) == [True]  # who writes anew is a new person
    assert whats_waiting(store)[0].person_id != who.id


def test_P13_words_on_their_way_are_not_sent_and_their_carrier_is_told(store: Store, now: datetime) -> None:
    who, _ = full_life(store, now, member(store, now))
    (claimed,) = do(store, lambda conn: outbox.claim(conn, store.vault, "me", now))
    forget(store, who.id, now)
    done = outbox.Finished(claimed.id, "me", outbox.Delivery.SENT, now)
    assert do(store, lambda conn: outbox.finish(conn, [done])) == [False]
    assert do(store, lambda conn: outbox.claim(conn, store.vault, "me", now + DAY)) == []


def test_P09_without_the_persons_key_a_copy_of_the_words_is_noise(store: Store, now: datetime) -> None:
    who, _ = full_life(store, now, member(store, now))
    bodies = store.read(lambda conn: conn.execute(text("SELECT body FROM message")).scalars().all())
    assert len(bodies) == 3
    forget(store, who.id, now)
    other = someone(store, now, "U9")
    for key in (store.vault.house, other.key):
        with pytest.raises(WrongKey):
            store.vault.unseal(key, "message.body", bytes(bodies[0]))


def bytes_on_disk(url: str) -> bytes:
    file = Path(str(make_url(url).database))
    return b"".join(part.read_bytes() for part in file.parent.iterdir() if part.name.startswith(file.name))


def test_P08_P23_nothing_of_it_is_left_in_the_files(sqlite_url: str, now: datetime) -> None:
    from storage import open_store
    from tests.conftest import SECRET

    store = open_store(sqlite_url, SECRET)
    who, _ = full_life(store, now, member(store, now))
    sealed = [
        bytes(value)
        for column in (
            "wrapped_key, session FROM person",
            "body, said_id_index FROM message",
            "address, id FROM contact",
        )
        for row in store.read(lambda conn, c=column: conn.execute(text("SELECT " + c)).all())  # type: ignore[misc]
        for value in row
        if isinstance(value, bytes)
    ]
    assert len(sealed) >= 6
    on_disk = bytes_on_disk(sqlite_url)
    assert CANARY.encode() not in on_disk  # clear words are nowhere at any time
    assert b"e-U1" in on_disk  # the search itself works
    assert all(value in on_disk for value in sealed)
    forget(store, who.id, now)
    store.scrub()
    left = bytes_on_disk(sqlite_url)
    assert [value for value in sealed if value in left] == []
    assert b"e-U1" in left  # the bare event id stays, against redelivery
    store.close()


def test_scrubbing_a_postgresql_changes_nothing(store: Store, now: datetime) -> None:
    who = someone(store, now)
    store.scrub()
    assert someone(store, now).id == who.id
