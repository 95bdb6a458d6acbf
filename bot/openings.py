"""What a turn opens or adds to: a case from a form, from the wish for a person, or from words of danger."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from dialogs.deeds import Alarm, Deed, Filed, PersonWanted, Turn
from dialogs.saying import Message, Page
from dialogs.words import Words
from storage.casefile import Mode
from storage.cases import Opening
from storage.people import Person


@dataclass(frozen=True)
class Applicant:
    """Whose case it is, the contact they are answered at, and the words of their language."""

    person: Person
    contact_id: int
    words: Words


def opening_of(deed: Deed, of: Applicant) -> Opening | None:
    """What the case is made of; None for a deed that is nobody's work."""
    common: dict[str, Any] = {
        "person_id": of.person.id,
        "key": of.person.key,
        "contact_id": of.contact_id,
        "language": of.words.language,
    }
    match deed:
        case Filed():
            return Opening(
                flow=deed.flow,
                revision=deed.revision,
                topic=deed.topics[0] if deed.topics else "other",
                topics=deed.topics,
                urgency=deed.urgency,
                mode=Mode(deed.mode.value),
                why="flow",
                ref=deed.ref,
                rows=[[row.key, row.label, row.value] for row in deed.rows],
                record=dict(deed.record),
                **common,
            )
        case PersonWanted():
            # Nobody agreed yet that what was written on our own page is read by anybody: it waits for 「送る」.
            rows = [[row.key, row.label, row.value] for row in deed.rows if not row.private]
            if deed.words:
                rows.insert(0, ["words", of.words.say("person.words"), deed.words])
            return _asked(deed.ref, deed.why, "none", rows, common)
        case Alarm():
            return _asked(deed.ref, "urgent", "today", [], common)
        case _:
            return None


def _asked(ref: str, why: str, urgency: str, rows: list[list[str]], common: dict[str, Any]) -> Opening:
    """A case that began without a form. Its talk is private until the centre says otherwise."""
    return Opening(
        flow="", revision=0, topic="other", urgency=urgency, mode=Mode.PRIVATE, why=why, ref=ref, rows=rows, **common
    )


def receipt_of(filed: Filed, made: Turn, words: Words) -> tuple[Message, ...]:
    """The number and when it will be read, in words of ours alone, for the chat that somebody came from."""
    sent = words.say(f"{filed.flow}.sent", ref=filed.ref)
    promise = next(after for one, after in pairwise(made.messages) if one.text == sent)
    return Message(sent), replace(promise, page=Page(words.say("private.talk"), "talk"))
