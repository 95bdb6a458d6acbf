"""An article: one answer to one question that people have, with its sources, dates and words in every language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LANGUAGES = ("ja", "ja-easy", "en")  # an article is whole in these
BRIEF = ("zh", "ko")  # and has title, question, short answer, next step and wordings in these; the rest is Japanese
EVERY = (*LANGUAGES, *BRIEF)  # and whatever is said around articles is whole in all of these


class Area(StrEnum):
    """Where an article holds; `example` is another place's way, told as an example."""

    TAITO = "taito"
    TOKYO = "tokyo"
    NATIONAL = "national"
    EXAMPLE = "example"


class Mode(StrEnum):
    """Whether what follows the answer may be written in LINE (open) or only on the centre's own page (private)."""

    OPEN = "open"
    PRIVATE = "private"


class Matter(StrEnum):
    """How fast the content ages."""

    MONEY = "money"  # amounts and deadlines
    LAW = "law"
    WAY = "way"  # how things are done


class Confidence(StrEnum):
    """How sure the facts are; a fact of low confidence is not stated at all."""

    HIGH = "high"
    MIDDLE = "mid"


# Days from the check to the next one, at most.
KEEPS_FOR = {Matter.MONEY: 184, Matter.LAW: 366, Matter.WAY: 366}


@dataclass(frozen=True)
class Source:
    """Where it was read. `title` says in our words what the page is.

    `date` is ISO and may stop early ("2021", "2021-04"), or is "" when the page shows none.
    """

    title: str
    publisher: str
    url: str | None
    date: str
    about: bool  # the date is an estimate


@dataclass(frozen=True)
class Words:
    """An article in one language; readings are marked `{漢字|かんじ}`.

    `next` is one sentence: what to ask or do after this answer. `table` is rows of equal length, the first the heads.
    """

    title: str
    question: str
    short: str
    details: str
    steps: tuple[str, ...]
    asks: tuple[str, ...]
    next: str
    table: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Article:
    """One answer. `next_step` is the name of a flow, "person", or None; `related` are ids of articles read with it."""

    id: str
    version: int
    topic: str
    area: Area
    mode: Mode
    matter: Matter
    sources: tuple[Source, ...]
    facts: tuple[str, ...]
    checked: date
    review_by: date
    confidence: Confidence
    next_step: str | None
    words: dict[str, Words]
    related: tuple[str, ...]
    named: tuple[str, ...] = ()  # one fund or house among many: the answer only to a question that names it

    @property
    def asks(self) -> tuple[str, ...]:
        """The wordings of all languages."""
        return tuple(ask for words in self.words.values() for ask in words.asks)

    def expired(self, today: date) -> bool:
        """Whether the day by which it had to be checked again has passed."""
        return self.review_by < today
