"""Words that wait for a free reply or a new month leave once, whoever of several servers comes to them first."""

from __future__ import annotations

import threading
from datetime import datetime

from sqlalchemy import Connection

from storage import later, outbox, people
from storage.engine import Store
from storage.later import Later
from storage.outbox import Delivery, Finished, Outgoing
from tests.storage.house import do, someone


def waits(store: Store, now: datetime) -> int:
    """Somebody for whom words wait."""
    person = someone(store, now)

    def job(conn: Connection) -> None:
        whole = people.load(conn, store.vault, [person.id])[person.id]
        contact = whole.contacts[0]
        out = Outgoing(person.id, contact.id, "line", whole.key, [{"text": "はい"}])
        outbox.put(conn, store.vault, [out], now)
        (one,) = outbox.claim(conn, store.vault, "me", now, at_most=1)
        outbox.finish(conn, [Finished(one.id, "me", Delivery.WAITING_PERSON, now)])

    do(store, job)
    return person.id


def test_two_servers_that_let_go_at_once_let_go_once(store: Store, second: Store, now: datetime) -> None:
    waits(store, now)
    looked, other_looked = threading.Event(), threading.Event()

    def first(conn: Connection) -> int:
        found = later.oldest(conn, store.vault, 9)
        looked.set()
        other_looked.wait(0.05)
        later.again(conn, store.vault, list(found.values()), now)
        return len(found)

    def then(conn: Connection) -> int:
        found = later.oldest(conn, second.vault, 9)
        other_looked.set()
        later.again(conn, second.vault, list(found.values()), now)
        return len(found)

    ours = store.writer.submit(first)
    assert looked.wait(20)
    theirs = second.writer.submit(then)
    assert (ours.result(20), theirs.result(20)) == (1, 0)
    assert store.read(outbox.depth) == 1


def test_what_goes_along_with_a_reply_is_not_pushed_at_the_same_moment(
    store: Store, second: Store, now: datetime
) -> None:
    person = waits(store, now)
    looked, other_looked = threading.Event(), threading.Event()

    def hearing(conn: Connection) -> list[Later]:
        whole = people.load(conn, store.vault, [person], lock=True)[person]
        found = later.waiting_for(conn, store.vault, {person: whole.key})
        looked.set()
        other_looked.wait(0.05)
        (parcels,) = found.values()
        numbers = outbox.put(conn, store.vault, [Outgoing(person, whole.contacts[0].id, "line", whole.key, [])], now)
        later.taken_along(conn, [(one, numbers[0]) for one in parcels])
        return list(parcels)

    def letting_go(conn: Connection) -> int:
        found = later.oldest(conn, second.vault, 9)
        later.again(conn, second.vault, list(found.values()), now)
        return len(found)

    heard = store.writer.submit(hearing)
    assert looked.wait(20)
    let_go = second.writer.submit(letting_go)
    assert (len(heard.result(20)), let_go.result(20)) == (1, 0)
    assert store.read(outbox.depth) == 1
