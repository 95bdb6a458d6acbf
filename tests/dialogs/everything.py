"""A made-up flow with one question of every kind, its words in every language, and a house that has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from dialogs.around import House
from dialogs.flow import Flow, Mode
from dialogs.flows import ALL
from dialogs.questions import (
    Clock,
    Consent,
    Day,
    File,
    LongText,
    Mail,
    ManyOf,
    Moment,
    Number,
    OneOf,
    Phone,
    Postcode,
    Slot,
    Text,
    YesNo,
)
from dialogs.session import Answers
from dialogs.words import Phrase, Words, library


class Way(StrEnum):
    """How to meet."""

    DESK = "desk"
    PHONE = "phone"
    LETTER = "letter"


class Tool(StrEnum):
    """What to bring."""

    BROOM = "broom"
    BAG = "bag"
    NOTHING = "nothing"


class Everything(Flow):
    """One question of every kind; `mode` depends on an answer, and a refusal ends it."""

    name = "everything"
    revision = 3
    shelves = ("hours",)

    consent = Consent(version="v1")
    way = OneOf(Way)
    day = Day(future=True, when=way.is_(Way.DESK))
    clock = Clock(optional=True)
    moment = Moment(when=way.is_(Way.PHONE), optional=True)
    slot = Slot(of="hours", at_most=2, optional=True)
    tools = ManyOf(Tool, alone=(Tool.NOTHING,))
    hidden = YesNo()
    count = Number(at_least=1, at_most=50, when=tools.has(Tool.BROOM, Tool.BAG))
    file = File(optional=True, private=True)
    title = Text(at_most=20, was=("heading",))
    story = LongText(at_most=200, private=True)
    postcode = Postcode(when=way.is_(Way.LETTER))
    mail = Mail(optional=True)
    phone = Phone(personal=True, when=way.is_(Way.PHONE))

    @classmethod
    def stop(cls, answers: Answers) -> str | None:
        """Without consent nothing is filed."""
        return "no_consent" if cls.consent.given(answers) is False else None

    @classmethod
    def mode(cls, answers: Answers, free: frozenset[str]) -> Mode:
        """Private when the person says so."""
        return Mode.PRIVATE if cls.hidden.answer(answers) else Mode.OPEN


def words_of(flow: type[Flow]) -> Mapping[str, str]:
    """Every phrase that a flow needs, each saying its own key in short."""
    said = {f"{flow.name}.{part}": f"{flow.name} {part}" for part in ("title", "sent", "stop_no_consent")}
    said |= {f"{flow.name}.{q.key}.{part}": f"{q.key} {part}" for q in flow.questions for part in q.word_keys()}
    return said | {f"{flow.name}.title": f"the {flow.name} form", f"{flow.name}.sent": "sent as {ref}"}


def library_with(*flows: type[Flow]) -> Mapping[str, Words]:
    """The words of this release with those of made-up flows."""
    more = {key: Phrase.of(said) for flow in flows for key, said in words_of(flow).items()}
    return {lang: replace(book, phrases={**book.phrases, **more}) for lang, book in library().items()}


def house_with(*flows: type[Flow]) -> House:
    """A house of this release's flows and made-up ones, for a made-up centre."""
    centre = dict.fromkeys(library(), "みほんセンター")
    return House({**ALL, **{flow.name: flow for flow in flows}}, library_with(*flows), centre)
