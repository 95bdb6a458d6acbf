"""What the own page shows of a talk, and the contact a one-time link adds, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from storage import Store, inbox, people, staff, talk, window
from storage.attaching import attach
from storage.people import Contact
from storage.staff import Role
from storage.talk import Author, Way
from storage.window import Window


def _contact(store: Store, channel: str, address: str, now: datetime) -> Contact:
    pair = (channel, address)
    return store.writer.submit(lambda conn: people.contacts_for(conn, store.vault, [pair], now)[pair]).result()


def _say(store: Store, contact: Contact, words: str, at: datetime, **other: Any) -> None:
    def job(conn: Connection) -> None:
        person = people.load(conn, store.vault, [contact.person_id])[contact.person_id]
        values: dict[str, Any] = {"way": Way.OUT, "author": Author.BOT, "body": {"text": words}} | other
        line = talk.Line(person_id=person.id, key=person.key, at=at, contact_id=contact.id, **values)
        talk.write(conn, store.vault, [line])

    store.writer.submit(job).result()


def _seen(store: Store, person_id: int, after: int = 0, at_most: int = 400) -> list[tuple[str, Any]]:
    lines = store.read(lambda conn: window.look(conn, store.vault, Window(person_id, after, at_most)))
    return [(line.author.value, line.body and line.body["text"]) for line in lines]


def test_the_page_shows_its_own_lines_and_every_word_of_a_coordinator(store: Store, now: datetime) -> None:
    line = _contact(store, "line", "U1", now)
    own = store.writer.submit(lambda conn: attach(conn, store.vault, line.person_id, "web")).result()
    sato = store.writer.submit(lambda conn: staff.add(conn, "sato", "佐藤", Role.COORDINATOR, now)).result()
    _say(store, line, "LINEのボット", now)
    _say(store, own, "ページのボット", now + timedelta(seconds=1))
    _say(store, line, "担当者", now + timedelta(seconds=2), author=Author.STAFF, staff_id=sato)
    stranger = _contact(store, "web", "somebody", now)
    _say(store, stranger, "よその人", now)
    assert _seen(store, line.person_id) == [("bot", "ページのボット"), ("staff", "担当者")]
    named = store.read(lambda conn: window.look(conn, store.vault, Window(line.person_id)))
    assert [one.name for one in named] == [None, "佐藤"]


@pytest.mark.parametrize(("after", "at_most", "words"), [(0, 2, ["3", "4"]), (2, 9, ["3", "4"]), (4, 9, [])])
def test_the_newest_lines_after_a_number(
    store: Store, now: datetime, after: int, at_most: int, words: list[str]
) -> None:
    own = _contact(store, "web", "a", now)
    for number in range(1, 5):
        _say(store, own, str(number), now)
    first = store.read(lambda conn: window.look(conn, store.vault, Window(own.person_id)))[0].id
    assert [text for _, text in _seen(store, own.person_id, first - 1 + after if after else 0, at_most)] == words


def test_what_was_taken_back_is_not_shown(store: Store, now: datetime) -> None:
    own = _contact(store, "web", "a", now)
    _say(store, own, "ちがいました", now, way=Way.IN, author=Author.PERSON, channel="web", said_id="m1")
    store.writer.submit(lambda conn: inbox.withdraw(conn, store.vault, "web", "m1", now)).result()
    assert _seen(store, own.person_id) == [("person", None)]


def test_attaching_twice_is_one_contact_and_the_platforms_stay(store: Store, now: datetime) -> None:
    line = _contact(store, "line", "U1", now)
    one, two = [
        store.writer.submit(lambda conn: attach(conn, store.vault, line.person_id, "web")).result() for _ in range(2)
    ]
    assert one == two
    found = store.read(lambda conn: people.known(conn, store.vault, [("web", one.address)]))
    assert found["web", one.address] == one
    person = store.read(lambda conn: people.load(conn, store.vault, [line.person_id]))[line.person_id]
    assert {(each.channel, each.address) for each in person.contacts} == {("line", "U1"), ("web", one.address)}
