"""One turn of the engine without a word from the person: the waiting question again, or the menu."""

from __future__ import annotations

from bot.acts import Act
from bot.gathered import OWN
from bot.mind import Mind
from dialogs.around import Around
from dialogs.heard import Tapped
from dialogs.saying import Message
from dialogs.session import Session
from dialogs.turn import turn
from storage import people
from storage.people import Contact, Person


def go_on(act: Act, mind: Mind, person: Person, contact: Contact) -> tuple[Message, ...]:
    """What the bot says when a person is given back to it; their session is written, the words are not."""
    around = Around(now=mind.local(act.now), ref="", shelves=mind.shelves(act.now), own=contact.channel in OWN)
    made = turn(mind.house, Session.from_json(person.session), Tapped("m:bot"), around)
    change = people.PersonChange(
        id=person.id,
        key=person.key,
        language=made.session.language,
        session=made.session.to_json(),
        consented=made.session.consented,
        seen_at=person.seen_at,
    )
    people.save(act.conn, act.vault, [change])
    return made.messages
