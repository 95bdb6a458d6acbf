"""Reads the articles from their files and refuses, with a line for each thing to mend, what may not be shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

import tomli
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from knowledge.article import BRIEF, KEEPS_FOR, LANGUAGES, Area, Article, Confidence, Matter, Mode, Source, Words
from knowledge.plain import bare

SHELF = Path(__file__).parent / "articles"
FEWEST_ASKS = 12
_SENTENCE_END = re.compile(r"[。!?!?]|(?<=[a-z0-9)])\.(?=\s|$)")


class BrokenArticle(Exception):
    """An article that may not be shown; the message names file, field and mend, each on its line."""


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _SourceEntry(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: Line
    publisher: Line
    url: Annotated[str, StringConstraints(pattern=r"^https?://")] | None = None
    date: Annotated[str, StringConstraints(pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$")]
    about: bool = False


class _WordsEntry(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: Line
    question: Annotated[Line, StringConstraints(max_length=60)]
    short: Line
    details: Line | None = None
    steps: list[Line] = []
    next: Line
    table: list[list[Line]] = []
    asks: Annotated[list[Line], Field(min_length=1)]

    @model_validator(mode="after")
    def _square(self) -> _WordsEntry:
        if len({len(row) for row in self.table}) > 1:
            raise ValueError("table: rows differ in length; give each row as many cells as the first")
        return self


class _ArticleEntry(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{3,40}$")]
    version: Annotated[int, Field(ge=1)]
    topic: Annotated[str, StringConstraints(pattern=r"^T(0[1-9]|[1-5]\d|6[0-4])$")]
    area: Area
    mode: Mode
    matter: Matter
    sources: Annotated[list[_SourceEntry], Field(min_length=1)]
    facts: Annotated[list[Annotated[str, StringConstraints(pattern=r"^F\d{3}$")]], Field(min_length=1)]
    checked: date
    review_by: date
    confidence: Confidence
    next_step: Line | None = None
    related: Annotated[list[Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{3,40}$")]], Field(max_length=3)] = []
    named: list[Line] = []
    text: dict[str, _WordsEntry]

    @model_validator(mode="after")
    def _complete(self) -> _ArticleEntry:
        for language in (*LANGUAGES, *BRIEF):
            if language not in self.text:
                parts = "title, question, short, next, asks" + (", details" if language in LANGUAGES else "")
                raise ValueError(f"text.{language}: is missing; write {parts} in this language")
        if strange := sorted(set(self.text) - {*LANGUAGES, *BRIEF}):
            known = ", ".join((*LANGUAGES, *BRIEF))
            raise ValueError(f"text.{strange[0]}: is not a language of the bot; use one of {known}")
        for language, words in self.text.items():
            _fitting(language, words)
        wordings = sum(len(words.asks) for words in self.text.values())
        if wordings < FEWEST_ASKS:
            raise ValueError(f"text.*.asks: {wordings} wordings; write at least {FEWEST_ASKS} ways people ask this")
        return self

    @model_validator(mode="after")
    def _reviewed_in_time(self) -> _ArticleEntry:
        days = (self.review_by - self.checked).days
        if not 0 < days <= KEEPS_FOR[self.matter]:
            most = KEEPS_FOR[self.matter]
            raise ValueError(f"review_by: is {days} days after checked; for {self.matter.value!r} choose 1 to {most}")
        return self


def _fitting(language: str, words: _WordsEntry) -> None:
    if language in LANGUAGES and not words.details:
        raise ValueError(f"text.{language}.details: is missing; write what the short answer leaves out")
    if language in BRIEF and (words.details or words.steps or words.table):
        raise ValueError(f"text.{language}: has details, steps or a table, which nobody is shown; remove them")
    if sentences(words.short) > 3:
        raise ValueError(f"text.{language}.short: has more than 3 sentences; move the rest to details")


def sentences(text: str) -> int:
    """How many sentences a text has, in any of the languages."""
    return len(_SENTENCE_END.findall(bare(text)))


def load(shelf: Path = SHELF) -> tuple[Article, ...]:
    """Every article on the shelf (a folder of .toml files, one each), in the order of their ids.

    Raises BrokenArticle with one line for each thing to mend.
    """
    problems: list[str] = []
    articles: dict[str, Article] = {}
    for path in sorted(shelf.glob("*.toml")):
        try:
            article = read(path)
        except BrokenArticle as broken:
            problems.append(str(broken))
            continue
        if article.id in articles:
            problems.append(f"{path.name}: id: {article.id!r} is used twice; give this article its own id")
        articles[article.id] = article
    # A neighbour that could not be read is not missing.
    problems = problems or [line for article in articles.values() for line in _lost(article, articles)]
    if problems:
        raise BrokenArticle("\n".join(problems))
    return tuple(articles[key] for key in sorted(articles))


def read(path: Path) -> Article:
    """The article in one file; raises BrokenArticle."""
    try:
        return _said(path.name, path.read_text(encoding="utf-8"))
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BrokenArticle(f"{path.name}: is not TOML in UTF-8: {error}; mend the place it names") from error


@lru_cache(maxsize=512)  # of a shelf that is read again, what has not changed is worked out once
def _said(name: str, text: str) -> Article:
    data: dict[str, Any] = tomli.loads(text)
    try:
        entry = _ArticleEntry.model_validate(data)
    except ValidationError as error:
        raise BrokenArticle("\n".join(_line(name, problem) for problem in error.errors())) from error
    return _article(entry)


def _lost(article: Article, articles: Mapping[str, Article]) -> list[str]:
    return [
        f"{article.id}.toml: related: there is no other article {other!r}; name one of the shelf or remove it"
        for other in article.related
        if other not in articles or other == article.id
    ]


def _line(file: str, problem: Any) -> str:
    field = ".".join(str(part) for part in problem["loc"])
    what = str(problem["msg"]).removeprefix("Value error, ")
    mend = {"missing": "add it", "extra_forbidden": "remove it or mend its spelling"}.get(problem["type"], "")
    return ": ".join(part for part in (file, field, what) if part) + (f"; {mend}" if mend else "")


def _article(entry: _ArticleEntry) -> Article:
    return Article(
        id=entry.id,
        version=entry.version,
        topic=entry.topic,
        area=entry.area,
        mode=entry.mode,
        matter=entry.matter,
        sources=tuple(Source(s.title, s.publisher, s.url, s.date, s.about) for s in entry.sources),
        facts=tuple(entry.facts),
        checked=entry.checked,
        review_by=entry.review_by,
        confidence=entry.confidence,
        next_step=entry.next_step,
        words={language: _words(entry.text[language]) for language in (*LANGUAGES, *BRIEF)},
        related=tuple(entry.related),
        named=tuple(entry.named),
    )


def _words(entry: _WordsEntry) -> Words:
    return Words(
        title=entry.title,
        question=entry.question,
        short=entry.short,
        details=entry.details or "",
        steps=tuple(entry.steps),
        asks=tuple(entry.asks),
        next=entry.next,
        table=tuple(map(tuple, entry.table)),
    )
