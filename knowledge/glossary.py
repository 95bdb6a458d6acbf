"""The words of collaboration in one sentence each, for a question like 「定款とは」 that no article answers better."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import tomli
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from knowledge.answer import notes, source_line
from knowledge.article import EVERY, Article
from knowledge.phrases import PHRASES
from knowledge.plain import annotated, bare, plain
from knowledge.shelf import Line

FILE = Path(__file__).parent / "glossary.toml"
_ASKED = (
    re.compile(
        r"(?P<term>.+?)(?:とは|というのは|っていうのは|ってのは|って|の|は)(?:いったい|一体)?"
        r"(?:何|なに|なん|意味|どういう意味|どんな意味|どういうこと|どういうもの|どんなもの)"
        r"(?:の(?:こと|意味))?(?:なの|だ)?(?:です|でしょう)?(?:か|の|っけ)?(?:を?(?:おし|教)えて(?:ください|下さい)?)?"
    ),
    re.compile(r"(?P<term>.+?)(?:とは|って)(?:を?(?:おし|教)えて(?:ください|下さい)?)?"),
    re.compile(r"(?:what is|what are|what s|whats|meaning of|what does|define) (?:an? |the )?(?P<term>.+?)(?: mean)?"),
    re.compile(r"(?:请问|請問)?(?:什么是|什么叫|何谓)(?P<term>.+?)(?:呢|啊)?"),
    re.compile(r"(?:请问|請問)?(?P<term>.+?)(?:是什么(?:意思|东西)?|是啥|指的是什么|的意思(?:是什么)?)(?:呢|啊)?"),
    re.compile(
        r"(?P<term>.+?)(?:이란|란|이|가|은|는|의)?"
        r"(?:(?:무슨|어떤)?(?:뜻|의미|말)[이가은]?(?:뭐|뭔|무엇)?|뭐|뭔|무엇|뭘말하)"
        r"(?:예요|에요|이에요|인가요|가요|입니까|일까요|죠|나요)?(?:알려주세요|가르쳐주세요)?"
    ),
    re.compile(r"(?P<term>.+?)(?:이란|란)"),
)


class BrokenGlossary(Exception):
    """A glossary that may not be shown; the message names file, field and mend, each on its line."""


class _TermEntry(BaseModel):
    model_config = ConfigDict(extra="forbid")
    version: Annotated[int, Field(ge=1)] = 1
    name: dict[str, Line]
    also: list[Line] = []
    said: dict[str, Annotated[Line, StringConstraints(max_length=300)]]
    articles: Annotated[list[Line], Field(min_length=1, max_length=3)]


@dataclass(frozen=True)
class Term:
    """A word, what it means in one sentence per language, and the articles to read; the first carries its source.

    `names` and `said` mark readings `{漢字|かんじ}`; `also` are other spellings that people type.
    """

    id: str
    version: int
    names: dict[str, str]
    also: tuple[str, ...]
    said: dict[str, str]
    articles: tuple[str, ...]


@dataclass(frozen=True)
class Glossary:
    """Every term by its id."""

    terms: Mapping[str, Term]

    def asked(self, question: str) -> Term | None:
        """The term whose meaning a question asks for and nothing else, or None."""
        said = plain(question)
        for pattern in _ASKED:
            found = pattern.fullmatch(said)
            if found and (term := self._called.get(found["term"].strip())):
                return term
        return None

    @cached_property
    def _called(self) -> dict[str, Term]:
        return {plain(name): term for term in self.terms.values() for name in _spellings(term)}


def load(articles: Collection[str], file: Path = FILE) -> Glossary:
    """The glossary, held against the ids of the shelf. Raises BrokenGlossary with a line for each thing to mend."""
    try:
        table: dict[str, Any] = tomli.loads(file.read_text(encoding="utf-8"))
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BrokenGlossary(f"{file.name}: is not TOML in UTF-8: {error}; mend the place it names") from error
    problems: list[str] = []
    terms: dict[str, Term] = {}
    owner: dict[str, str] = {}
    for key, data in table.items():
        try:
            term = _term(key, _TermEntry.model_validate(data))
        except ValidationError as error:
            problems += [
                f"{file.name}: {key}.{'.'.join(map(str, e['loc']))}: {e['msg']}; mend it" for e in error.errors()
            ]
            continue
        problems += [f"{file.name}: {key}.{line}" for line in _wrong(term, articles, owner)]
        terms[term.id] = term
    if problems:
        raise BrokenGlossary("\n".join(problems))
    return Glossary(terms)


def explain(term: Term, article: Article, language: str) -> str:
    """What a term means, in `language` or else Japanese, with notes and source of `article`; readings as U+FFF9 … ."""
    language = language if language in term.said else "ja"
    phrases = PHRASES[language]
    parts = (
        phrases.pair.replace("{head}", term.names[language]).replace("{cell}", term.said[language]),
        notes(article, language),
        phrases.unchecked,
        source_line(article, language),
    )
    return annotated("\n".join(part for part in parts if part))


def _term(key: str, entry: _TermEntry) -> Term:
    return Term(f"term-{key}", entry.version, entry.name, tuple(entry.also), entry.said, tuple(entry.articles))


def _wrong(term: Term, articles: Collection[str], owner: dict[str, str]) -> list[str]:
    lines = [
        f"articles: there is no article {one!r}; name one of the shelf" for one in term.articles if one not in articles
    ]
    for field, texts in (("name", term.names), ("said", term.said)):
        if missing := [language for language in EVERY if language not in texts]:
            lines.append(f"{field}.{missing[0]}: is missing; write it in this language")
        if strange := sorted(set(texts) - set(EVERY)):
            lines.append(f"{field}.{strange[0]}: is not a language of the glossary; use one of {', '.join(EVERY)}")
    twice = [one for one in _spellings(term) if owner.setdefault(plain(one), term.id) != term.id]
    return lines + [f"also: {spelling!r} is used twice; keep it in one term" for spelling in twice]


def _spellings(term: Term) -> tuple[str, ...]:
    return (*map(bare, term.names.values()), *term.also)
