"""A small town for the tests: people who write, coordinators, cases, made in one line each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from storage import cases, inbox, people, staff
from storage.engine import Store

T = TypeVar("T")
WAIT_S = 30


def do(store: Store, job: Callable[[Connection], T]) -> T:
    """What `job` returned, once it is committed."""
    return store.writer.submit(job).result(WAIT_S)


def gauged(store: Store) -> None:
    """The database knows how its tables are filled, as it does within the hour in use."""
    store.gauge()
    if store.dialect == "postgresql":
        do(store, lambda conn: conn.exec_driver_sql("ANALYZE").close())


def someone(store: Store, now: datetime, address: str = "U1", channel: str = "line") -> people.Person:
    """The person behind an address, new if need be."""

    def job(conn: Connection) -> people.Person:
        found = people.contacts_for(conn, store.vault, [(channel, address)], now)[channel, address]
        return people.load(conn, store.vault, [found.person_id])[found.person_id]

    return do(store, job)


def member(store: Store, now: datetime, login: str = "sato") -> int:
    """A coordinator."""
    new = do(store, lambda conn: staff.add(conn, login, login.title(), staff.Role.COORDINATOR, now))
    assert new is not None
    return new


def opening(who: people.Person, topic: str = "T01") -> cases.Opening:
    """What a case of this person is made of."""
    return cases.Opening(
        person_id=who.id,
        key=who.key,
        contact_id=who.contacts[0].id,
        flow="consultation",
        revision=1,
        topic=topic,
        urgency="week",
        mode=cases.Mode.PRIVATE,
        why="flow",
        language="ja",
        topics=(topic, "T02"),
        rows=[["お困りのこと", "𠮷さんのこと\x00"]],
        record={"story": "葛\U000e0100飾"},
    )


def a_case(store: Store, now: datetime, who: people.Person, topic: str = "T01") -> cases.CaseHead:
    """A new case."""
    return do(store, lambda conn: cases.open_case(conn, store.vault, opening(who, topic), now))


def event(name: str, now: datetime, address: str = "U1", said_id: str = "") -> inbox.Incoming:
    """Something typed on LINE."""
    return inbox.Incoming("line", name, address, now, {"kind": "typed", "text": f"はい {name}"}, "token", said_id)


def take_in(store: Store, now: datetime, *events: inbox.Incoming) -> list[bool]:
    """File events; which were new."""
    return do(store, lambda conn: inbox.receive(conn, store.vault, events, now))


def whats_waiting(store: Store, at_most: int = 100, after: int = 0) -> list[inbox.Waiting]:
    """The next helping."""
    return do(store, lambda conn: inbox.waiting(conn, store.vault, at_most, lock=True, after=after))
