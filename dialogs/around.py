"""All that one turn may know besides the session, handed in as plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from dialogs.flow import Flow
from dialogs.question import Item
from dialogs.wishes import Receiving
from dialogs.words import Words


class Finding(StrEnum):
    """What the search for an answer decided."""

    ANSWER = "answer"  # one article is the answer
    CHOOSE = "choose"  # two or three could be
    PERSON = "person"  # this belongs to a human
    URGENT = "urgent"  # danger: fixed numbers at once
    DECLINE = "decline"  # not ours to answer
    CENTRE = "centre"  # a question about the centre itself: its telephone, its hours
    NOTHING = "nothing"  # nothing fits


@dataclass(frozen=True)
class Card:
    """An article as it would be shown in this language, its source line included.

    `details` is all there is to say, or "" where `text` is all. `related` are other articles as (id, question).
    `language` is given where the person asked in another one than the talk is in.
    """

    id: str
    version: int
    title: str
    text: str
    next_step: str = ""  # a flow's name, "person", or nothing
    details: str = ""
    related: tuple[tuple[str, str], ...] = ()
    language: str = ""


@dataclass(frozen=True)
class Found:
    """What was found for the words heard. `question` says whether they sound like a question at all.

    Of an ANSWER the first card is the answer; more of them are about the other questions of the same message. `reason`
    "more" asks for all that the first has to say.
    `urgent` is the fixed text for words of danger: the centre's numbers, in the person's language. `said` is the answer
    to a question about the centre itself, or "" when the centre has not set it.
    """

    kind: Finding
    cards: tuple[Card, ...] = ()
    question: bool = False
    reason: str = ""
    urgent: str = ""
    said: str = ""


@dataclass(frozen=True)
class Promise:
    """When somebody reads it (from the next opening; None while it is open), and by when they answer, if known."""

    opens: datetime | None = None
    by: datetime | None = None


@dataclass(frozen=True)
class OpenCase:
    """The person's case that is not closed yet."""

    ref: str
    claimed: bool


class Code(StrEnum):
    """What a typed code of another channel is worth."""

    FITS = "fits"
    OWN = "own"  # drawn on this very side
    WRONG = "wrong"  # unknown, used, or too old: never told which
    TOO_MANY = "too_many"


@dataclass(frozen=True)
class Meeting:
    """An appointment of the person's, on the centre's own clock; `way` is a key, `name` who is there for the centre.

    With `inside` the place is told on the centre's own page only.
    """

    number: int
    sequence: int
    starts: datetime
    minutes: int
    way: str
    place: str
    name: str
    inside: bool = False


# Such words may open a talk: nobody at the desk has any business with them.
LIVING = frozenset({Code.FITS, Code.OWN, Code.TOO_MANY})


# Asking for a room or how to make a leaflet reveals nothing. A centre may decide otherwise.
FREE = frozenset({"place", "publicity", "event"})


@dataclass(frozen=True)
class House:
    """What stays the same from turn to turn: the flows, the words, the centre's name and its consent text."""

    flows: Mapping[str, type[Flow]]
    library: Mapping[str, Words]
    centre: Mapping[str, str]  # its name in each language, readings marked
    consent_version: str = "2026-11"
    free: frozenset[str] = FREE  # topics that may be talked about in the chat itself
    tells: bool = True  # whether people are asked if others may hear of their case


@dataclass(frozen=True)
class Around:
    """What this moment adds: the clock in the centre's zone, what was found, the shelves, the next opening.

    `own` is True on the centre's own page, where private questions may be asked directly; `ref` is the number a case
    would get if this turn opens one. `found` is what must be known before anything else, danger above all; `later`
    looks for the rest, once, if the turn comes to need it: most words are an answer, and looking is what costs most.
    `asking` is False for words that do not even sound like a question. `code` is given where the words are a code of
    another channel; `joined` tells that the person has channels that were joined. `stale`: the tapped answer is to a
    question about an earlier case, or to an appointment, that does not stand any more; `meeting` is the one that does.
    For groups: `alone` is the address that opens a talk of one's own, or "" while nobody knows it, `prefix` how a line
    for us begins there, or "".
    `receives` reads what the person wants to receive, and `meant` which codes an announcement was meant for, by kind;
    both only where a turn comes to need it.
    """

    now: datetime
    ref: str
    found: Found | None = None
    later: Callable[[], Found | None] | None = None
    asking: bool = True
    code: Code | None = None
    joined: bool = False
    stale: bool = False
    meeting: Meeting | None = None
    shelves: Mapping[str, Sequence[Item]] = field(default_factory=dict)
    own: bool = False
    promise: Promise = Promise()
    open_case: OpenCase | None = None
    alone: str = ""
    prefix: str = ""
    receives: Callable[[], Receiving] = Receiving
    meant: Callable[[int], Mapping[str, frozenset[str]]] | None = None

    @cached_property
    def receiving(self) -> Receiving:
        """What the person wants to receive, read now if it was not yet."""
        return self.receives()

    @cached_property
    def finding(self) -> Found | None:
        """What was found, looked for now if it was not yet."""
        return self.later() if self.found is None and self.later is not None else self.found
