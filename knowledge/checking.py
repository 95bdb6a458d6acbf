"""Says what an edited article still lacks before residents may read it: the checks of shipped content, as data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from knowledge.article import BRIEF, KEEPS_FOR, LANGUAGES, Article
from knowledge.easy import hard
from knowledge.edited import Edited, Tongue
from knowledge.figures import figures
from knowledge.holes import wrong_hole
from knowledge.plain import bare, even
from knowledge.shelf import FEWEST_ASKS, sentences
from knowledge.topics import topics

FEWEST_OF_OURS = 3  # ways of asking without which nobody finds it; shipped articles have more
_URL = re.compile(r"https?://[^\s<>\"]+")
_DAY = re.compile(r"(\d{4}(-\d{2}(-\d{2})?)?)?")
_READING = re.compile(r"\{[^{}|]+\|([^{}|]*)\}")
_KANA = re.compile(r"[ぁ-んー]+")
_PHONE = re.compile(r"\d{2,4}[-\u2010\u2013(]\d{2,4}[-\u2010\u2013)]\d{3,4}")


@dataclass(frozen=True)
class Lack:
    """What is missing: a key for the words that say it, the place in the form, and what fills the words.

    Without `grave` it is advice, and does not keep the article from residents.
    """

    key: str
    place: str
    language: str = ""
    values: Mapping[str, str | int] = field(default_factory=dict)
    grave: bool = True


@dataclass(frozen=True)
class Beside:
    """What an article is held against: the day, the holes that can be filled, the flows, and the other articles."""

    today: date
    holes: Collection[str]
    flows: Collection[str]
    others: Sequence[Article]


def lacks(edited: Edited, beside: Beside) -> list[Lack]:
    """Everything that is missing, in the order of the form; [] when the article may be shown."""
    found = [*_frame(edited, beside), *_sources(edited)]
    for language in dict.fromkeys(("ja", *edited.languages)):
        found += _whole(edited.of(language), language)
        found += _holes(edited.of(language), language, beside.holes)
        found += _well_said(edited.of(language), language)
    return [*found, *_asked(edited), *_equal(edited), *_alone(edited, beside.others)]


def _frame(edited: Edited, beside: Beside) -> Iterator[Lack]:
    if edited.topic not in topics():
        yield Lack("topic", "topic")
    if edited.next_step not in {"", "person", *beside.flows}:
        yield Lack("next_step", "next_step")
    if lost := [one for one in edited.related if one not in {other.id for other in beside.others}]:
        yield Lack("related", "related", values={"name": lost[0]})
    if edited.checked is None or edited.checked > beside.today:
        yield Lack("checked", "checked")
    elif edited.review_by is None or not 0 < (edited.review_by - edited.checked).days <= KEEPS_FOR[edited.matter]:
        yield Lack("review_by", "review_by", values={"n": KEEPS_FOR[edited.matter]})
    elif edited.review_by < beside.today:
        yield Lack("past", "review_by")


def _sources(edited: Edited) -> Iterator[Lack]:
    if not edited.sources:
        yield Lack("source", "sources")
    for number, one in enumerate(edited.sources, 1):
        if not one.title or not one.publisher:
            yield Lack("source_name", "sources", values={"n": number})
        if one.url and not _URL.fullmatch(one.url):
            yield Lack("source_url", "sources", values={"n": number})
        if not _is_day(one.date):
            yield Lack("source_date", "sources", values={"n": number})


def _is_day(told: str) -> bool:
    """Whether this is a day, a month, a year, or nothing."""
    if not _DAY.fullmatch(told):
        return False
    try:
        date.fromisoformat(told + "2000-01-01"[len(told) :])
    except ValueError:
        return False
    return True


def _whole(words: Tongue, language: str) -> Iterator[Lack]:
    wanted = ("title", "question", "short", "next", *(("details",) if language in LANGUAGES else ()))
    for name in wanted:
        if not getattr(words, name).strip():
            yield Lack("missing", name, language)
    if not words.asks:
        yield Lack("missing", "asks", language)
    if language in BRIEF and (words.details or words.steps or words.table):
        yield Lack("too_much", "details", language)
    if len({len(row) for row in words.table}) > 1:
        yield Lack("ragged", "table", language)


def _holes(words: Tongue, language: str, holes: Collection[str]) -> Iterator[Lack]:
    for name, text in {**words.every(), "asks": "\n".join(words.asks)}.items():
        if wrong := wrong_hole(text, holes):
            yield Lack("hole", name.partition(".")[0], language, {"name": wrong})


def _well_said(words: Tongue, language: str) -> Iterator[Lack]:
    if sentences(words.short) > 3:
        yield Lack("sentences", "short", language)
    for name, text in words.every().items():
        plain_name = name.partition(".")[0]
        if language == "ja-easy":
            if any(not _KANA.fullmatch(reading) for reading in _READING.findall(text)):
                yield Lack("reading", plain_name, language)
            for line in hard(text):
                yield Lack("hard", plain_name, language, {"line": line})
        elif _READING.search(text):
            yield Lack("no_reading", plain_name, language)
        if _PHONE.search(unicodedata.normalize("NFKC", text)):
            yield Lack("phone", plain_name, language, grave=False)


def _asked(edited: Edited) -> Iterator[Lack]:
    count = len({even(ask) for language in edited.languages for ask in edited.of(language).asks})
    if count < FEWEST_OF_OURS:
        yield Lack("few", "asks", "ja", {"n": FEWEST_OF_OURS})
    elif count < FEWEST_ASKS:
        yield Lack("more_asks", "asks", "ja", {"n": FEWEST_ASKS}, grave=False)


def _equal(edited: Edited) -> Iterator[Lack]:
    """A figure, a step or a row more in one language would be another answer there."""
    japanese = edited.of("ja")
    whole = figures(*(text for name, text in japanese.every().items() if name not in ("title", "question")))
    brief = figures(japanese.short, japanese.next)
    for language in edited.languages:
        words = edited.of(language)
        said = figures(*(text for name, text in words.every().items() if name not in ("title", "question")))
        wanted = brief if language in BRIEF else whole
        if language != "ja" and said != wanted:
            differing = "、".join(sorted(said ^ wanted, key=lambda one: (len(one), one))[:5])
            yield Lack("figures", "short", language, {"figures": differing})
        shape = (len(words.steps), len(words.table))
        if language in LANGUAGES and shape != (len(japanese.steps), len(japanese.table)):
            yield Lack("shape", "steps", language)


def _alone(edited: Edited, others: Sequence[Article]) -> Iterator[Lack]:
    """A way of asking leads to one answer."""
    owner = {even(bare(ask)): other for other in others for ask in other.asks}
    asked = {
        (language, even(bare(other.words[language].question))): other for other in others for language in other.words
    }
    for language in edited.languages:
        words = edited.of(language)
        for ask in words.asks:
            if other := owner.get(even(bare(ask))):
                values = {"ask": ask, "title": bare(other.words["ja"].title)}
                yield Lack("taken", "asks", language, values)
        if other := asked.get((language, even(bare(words.question)))):
            yield Lack("same", "question", language, {"title": bare(other.words["ja"].title)})
