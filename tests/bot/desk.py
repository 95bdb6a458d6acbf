"""What the tests of the desk share: a resident whose case lies in the queue, and two coordinators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, func, select

from dialogs.heard import Tapped
from dialogs.saying import Message
from storage import cases, people, talk
from storage.cases import CaseHead, Mode, Opening
from storage.outbox import Claimed
from storage.whole import metadata
from tests.bot.centre import Centre

T = TypeVar("T")
LEASE = (timedelta(minutes=3), 20)  # of things to be fetched


def write(centre: Centre, job: Callable[[Connection], T]) -> T:
    """Write and wait for the commit."""
    return centre.store.writer.submit(job).result(60)


def count(centre: Centre, table: str) -> int:
    """How many rows a table has."""
    found = select(func.count()).select_from(metadata.tables[table])
    return centre.store.read(lambda conn: conn.execute(found).scalar_one())


def case_of(centre: Centre, who: str = "U1", channel: str = "line") -> CaseHead:
    """Somebody who asked for a person; a case that was opened this way is private."""
    centre.begin(who, channel)
    centre.say(who, "人と話したい", channel)
    person = centre.person_of(who, channel)
    return centre.store.read(lambda conn: cases.of_person_open(conn, [person]))[person]


def open_case_of(centre: Centre, who: str = "U1") -> CaseHead:
    """A case about something harmless, as the consultation form files it for a question about rooms."""
    centre.begin(who)
    person = centre.person_of(who)

    def job(conn: Connection) -> CaseHead:
        whole = people.load(conn, centre.store.vault, [person])[person]
        return cases.open_case(conn, centre.store.vault, harmless(whole), centre.now)

    return write(centre, job)


def open_cases(centre: Centre, everybody: Sequence[people.Pair], each: int = 1) -> list[CaseHead]:
    """The same for a crowd that never wrote a word, so many cases each, in one transaction."""

    def job(conn: Connection) -> list[CaseHead]:
        vault, now = centre.store.vault, centre.now
        contacts = people.contacts_for(conn, vault, everybody, now)
        known = people.load(conn, vault, [contacts[pair].person_id for pair in everybody])
        whose = [person for person in known.values() for _ in range(each)]
        return [cases.open_case(conn, vault, harmless(person), now) for person in whose]

    return write(centre, job)


def harmless(person: people.Person) -> Opening:
    """What opens a case about something harmless."""
    return Opening(
        person_id=person.id,
        key=person.key,
        contact_id=person.contacts[0].id,
        flow="consultation",
        revision=1,
        topic="place",
        topics=("place",),
        urgency="none",
        mode=Mode.OPEN,
        why="flow",
        language="ja",
    )


def in_the_form(centre: Centre, who: str = "U1") -> list[Message]:
    """Somebody in the middle of the consultation form, one answer given; the question that waits."""
    centre.begin(who)
    centre.say(who, Tapped("f:consultation"))
    return centre.say(who, Tapped("a:1:standing:npo"))


def head(centre: Centre, case_id: int) -> CaseHead:
    """The case as it is now."""
    found = centre.store.read(lambda conn: cases.head_of(conn, case_id))
    assert found is not None
    return found


def words(parcels: list[Claimed]) -> list[str]:
    """The texts of parcels, in order."""
    return [message["text"] for parcel in parcels for message in parcel.messages]


def said(centre: Centre, who: str = "U1", channel: str = "line") -> list[tuple[str, str]]:
    """Who said which words in the talk with this person."""
    lines = centre.lines(who, channel)
    return [(line.author.value, line.body["text"]) for line in lines if line.body and "text" in line.body]


def staff_words(centre: Centre, who: str = "U1") -> list[str]:
    """What coordinators wrote to this person."""
    return [text for author, text in said(centre, who) if author == talk.Author.STAFF.value]


def session_of(centre: Centre, who: str = "U1") -> dict[str, Any]:
    """What is kept of the conversation."""
    person = centre.person_of(who)
    session = centre.store.read(lambda conn: people.load(conn, centre.store.vault, [person]))[person].session
    assert session is not None
    return session
