"""An article as it is written in the console: it may lack anything, is kept as JSON, and is one when it is whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from knowledge.article import EVERY, Area, Article, Confidence, Matter, Mode, Source, Words
from knowledge.holes import filled

EDITED_FROM = 1000  # versions from here on are the centre's own: this and the number of their row
LONGEST = {
    "title": 80,
    "question": 60,
    "short": 600,
    "details": 3000,
    "next": 200,
    "step": 300,
    "ask": 160,
    "cell": 200,
}
MOST = {"sources": 8, "steps": 12, "asks": 80, "rows": 12, "cells": 5, "related": 3, "named": 10, "tests": 20}
_Short = Annotated[str, StringConstraints(max_length=300)]
_Ask = Annotated[str, StringConstraints(max_length=LONGEST["ask"])]


class Unreadable(Exception):
    """What is kept of an article cannot be read; the message names the field, and none of the words."""


class Origin(BaseModel):
    """A source as it is written; see knowledge.article.Source."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: _Short = ""
    publisher: _Short = ""
    url: Annotated[str, StringConstraints(max_length=600)] = ""
    date: Annotated[str, StringConstraints(max_length=10)] = ""
    about: bool = False


class Tongue(BaseModel):
    """The words of one language as they are written; see knowledge.article.Words."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: Annotated[str, StringConstraints(max_length=LONGEST["title"])] = ""
    question: Annotated[str, StringConstraints(max_length=LONGEST["question"])] = ""
    short: Annotated[str, StringConstraints(max_length=LONGEST["short"])] = ""
    details: Annotated[str, StringConstraints(max_length=LONGEST["details"])] = ""
    steps: Annotated[
        tuple[Annotated[str, StringConstraints(max_length=LONGEST["step"])], ...], Field(max_length=12)
    ] = ()
    asks: Annotated[tuple[_Ask, ...], Field(max_length=MOST["asks"])] = ()
    next: Annotated[str, StringConstraints(max_length=LONGEST["next"])] = ""
    table: Annotated[
        tuple[
            Annotated[
                tuple[Annotated[str, StringConstraints(max_length=LONGEST["cell"])], ...],
                Field(max_length=MOST["cells"]),
            ],
            ...,
        ],
        Field(max_length=MOST["rows"]),
    ] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing was written in this language."""
        return self == Tongue()

    def every(self) -> dict[str, str]:
        """Each text that may be read by somebody, by the field it stands in."""
        steps = {f"steps.{n}": step for n, step in enumerate(self.steps, 1)}
        cells = {f"table.{n}.{m}": cell for n, row in enumerate(self.table) for m, cell in enumerate(row)}
        shown = {name: getattr(self, name) for name in ("title", "question", "short", "details", "next")}
        return {name: text for name, text in {**shown, **steps, **cells}.items() if text}


class Edited(BaseModel):
    """An article as it is written. `tests` are questions that it must stay the answer to."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    topic: Annotated[str, StringConstraints(max_length=4)] = ""
    area: Area = Area.TAITO
    mode: Mode = Mode.OPEN
    matter: Matter = Matter.WAY
    confidence: Confidence = Confidence.HIGH
    checked: date | None = None
    review_by: date | None = None
    next_step: Annotated[str, StringConstraints(max_length=40)] = "person"
    related: Annotated[
        tuple[Annotated[str, StringConstraints(max_length=40)], ...], Field(max_length=MOST["related"])
    ] = ()
    named: Annotated[tuple[_Ask, ...], Field(max_length=MOST["named"])] = ()
    facts: tuple[Annotated[str, StringConstraints(max_length=10)], ...] = ()
    sources: Annotated[tuple[Origin, ...], Field(max_length=MOST["sources"])] = ()
    tests: Annotated[tuple[_Ask, ...], Field(max_length=MOST["tests"])] = ()
    text: dict[str, Tongue] = {}

    def of(self, language: str) -> Tongue:
        """The words of a language, empty where there are none."""
        return self.text.get(language, Tongue())

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which something was written, in the house's order."""
        return tuple(one for one in EVERY if not self.of(one).empty)


def read(kept: str) -> Edited:
    """What was kept as JSON. Raises Unreadable."""
    try:
        return Edited.model_validate_json(kept)
    except ValidationError as wrong:
        raise Unreadable(", ".join(".".join(map(str, one["loc"])) or "JSON" for one in wrong.errors())) from None


def opened(article: Article) -> Edited:
    """A shipped article, to be written on."""
    words = {
        language: Tongue(
            title=one.title, question=one.question, short=one.short, details=one.details, steps=one.steps,
            asks=one.asks, next=one.next, table=one.table,
        )
        for language, one in article.words.items()
    }  # fmt: skip
    sources = tuple(
        Origin(title=one.title, publisher=one.publisher, url=one.url or "", date=one.date, about=one.about)
        for one in article.sources
    )
    return Edited(
        topic=article.topic, area=article.area, mode=article.mode, matter=article.matter,
        confidence=article.confidence, checked=article.checked, review_by=article.review_by,
        next_step=article.next_step or "", related=article.related, named=article.named, facts=article.facts,
        sources=sources, text=words,
    )  # fmt: skip


def made(edited: Edited, name: str, version: int, values: Mapping[str, str]) -> Article:
    """The article, with its holes filled. Raises Unreadable where it is not whole enough to be shown at all."""

    def fill(text: str) -> str:
        return filled(text.strip(), values)

    japanese = edited.of("ja")
    if edited.checked is None or edited.review_by is None or not edited.sources or not edited.topic:
        raise Unreadable("topic, sources, checked, review_by")
    if not all((japanese.title, japanese.question, japanese.short, japanese.next, japanese.asks)):
        raise Unreadable("text.ja")
    return Article(
        id=name,
        version=version,
        topic=edited.topic,
        area=edited.area,
        mode=edited.mode,
        matter=edited.matter,
        sources=tuple(Source(one.title, one.publisher, one.url or None, one.date, one.about) for one in edited.sources),
        facts=edited.facts,
        checked=edited.checked,
        review_by=edited.review_by,
        confidence=edited.confidence,
        next_step=edited.next_step or None,
        words={language: _words(edited.of(language), fill) for language in edited.languages},
        related=edited.related,
        named=edited.named,
    )


def _words(tongue: Tongue, fill: Callable[[str], str]) -> Words:
    return Words(
        title=fill(tongue.title),
        question=fill(tongue.question),
        short=fill(tongue.short),
        details=fill(tongue.details),
        steps=tuple(map(fill, tongue.steps)),
        asks=tuple(map(fill, tongue.asks)),
        next=fill(tongue.next),
        table=tuple(tuple(map(fill, row)) for row in tongue.table),
    )


def mark(article: Article | None) -> str:
    """By which a shipped article is known again; another one where a release changed it, "" for none."""
    return "" if article is None else hashlib.sha256(repr(article).encode()).hexdigest()[:16]
