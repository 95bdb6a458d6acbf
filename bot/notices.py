"""Words of our own accord to one person, outside of any case: about a date of theirs that comes, moves or is off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.gathered import OWN
from bot.mind import Mind
from dialogs.saying import Message
from dialogs.words import Words
from knowledge.offsets import by_day
from storage import feed, outbox, people, receivers, talk
from storage.crypt import Vault
from storage.people import Contact, Person

Made = Callable[[Words], Sequence[Message]]


@dataclass(frozen=True)
class To:
    """Whom, and the contact they wrote from about it."""

    person_id: int
    contact_id: int


@dataclass(frozen=True)
class Pen:
    """What is needed to write to somebody, in the caller's transaction."""

    conn: Connection
    vault: Vault
    mind: Mind
    now: datetime


def tell(pen: Pen, to: To, made: Made, lane: int = outbox.REMINDER, not_before: datetime | None = None) -> int | None:
    """Say it where they can be reached; the number of the parcel. None for words read on our own page, or for nobody.

    `reached` tells the two apart beforehand.
    """
    found = people.load(pen.conn, pen.vault, [to.person_id]).get(to.person_id)
    contact = None if found is None else _way(found, to.contact_id)
    if found is None or contact is None:
        return None
    messages = made(pen.mind.house.library[found.language])
    number = None if contact.channel in OWN else _queue(pen, found, contact, (messages, lane, not_before))
    lines = [
        talk.Line(
            person_id=found.id,
            key=found.key,
            at=pen.now,
            way=talk.Way.OUT,
            author=talk.Author.BOT,
            body=message.to_json(),
            case_id=None,
            contact_id=contact.id,
            channel=contact.channel,
            outbox_id=number,
        )
        for message in messages
    ]
    talk.write(pen.conn, pen.vault, lines)
    if contact.channel in OWN:
        feed.add(pen.conn, [feed.Change(pen.now, "said", None, found.id)])
    return number


def awake(pen: Pen, person_id: int) -> datetime:
    """When this person may next be written to of our own accord: by day, and outside their quiet hours."""
    return by_day(pen.mind.local(pen.now), receivers.quiet(pen.conn, person_id))


def reached(pen: Pen, to: To) -> bool:
    """Whether there is a way to them now."""
    found = people.load(pen.conn, pen.vault, [to.person_id]).get(to.person_id)
    return found is not None and _way(found, to.contact_id) is not None


def _way(person: Person, contact_id: int) -> Contact | None:
    ways = sorted((one for one in person.contacts if one.reachable), key=lambda one: one.id != contact_id)
    return next(iter(ways), None)


def _queue(pen: Pen, person: Person, contact: Contact, what: tuple[Sequence[Message], int, datetime | None]) -> int:
    messages, lane, not_before = what
    out = outbox.Outgoing(
        person_id=person.id,
        contact_id=contact.id,
        channel=contact.channel,
        key=person.key,
        messages=[message.to_json() for message in messages],
        lane=lane,
        not_before=not_before,
    )
    return outbox.put(pen.conn, pen.vault, [out], pen.now)[0]
