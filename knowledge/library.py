"""Everything a question is held against: articles, topics still without one, a person's matters, what is not ours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge import keeping, safety
from knowledge.article import Article
from knowledge.asking import asks_somewhere, tells
from knowledge.index import Entry, Index, Ranked
from knowledge.plain import bare, even
from knowledge.tone import Tone
from knowledge.topics import DANGER, FOR_A_PERSON, IN_PASSING, NOT_OURS, calm, topics
from knowledge.weighing import Clues, ratio

_NOTHING = Ranked("", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
_LOOKED_AT = 40  # subjects, so that the best of each kind is among them
_NEIGHBOURS = 10  # of these, that are asked what kind of thing is said


@dataclass(frozen=True)
class Seen:
    """What a question turned up: articles and topics, best first; and what is known of it, None where nothing was.

    `uneasy` says whether it speaks of trouble, though not in words that call for a person by themselves; `danger` is
    above 0 where it sounds like somebody in danger now.
    """

    ours: tuple[Ranked, ...]
    clues: Clues | None
    uneasy: bool
    danger: float


class Library:
    """Made once; `look` is a pure look-up."""

    def __init__(self, articles: Sequence[Article], kept_in: Path | None = None) -> None:
        self._topic_of = {article.id: article.topic for article in articles}
        self._fill((*entries_of(articles), *entries_without_article(frozenset(self._topic_of.values()))), kept_in)

    def of(self, entries: Sequence[Entry]) -> Library:
        """A library of the same articles that knows these texts only."""
        other = object.__new__(Library)
        other._topic_of = self._topic_of
        other._fill(entries, None)
        return other

    def _fill(self, entries: Sequence[Entry], kept_in: Path | None) -> None:
        self.index = Index(keeping.bound(entries, kept_in, (FOR_A_PERSON, NOT_OURS, DANGER)))
        bound = self.index.bound
        ours = [not one.startswith((FOR_A_PERSON, NOT_OURS, IN_PASSING)) for one in bound.subjects]
        self._ours = np.array(ours, dtype=bool)
        self._personal, self._strange, self._danger = (
            Tone(bound, bound.odds[kind]) for kind in (FOR_A_PERSON, NOT_OURS, DANGER)
        )

    def topic(self, subject: str) -> str:
        """The topic that an article or another subject of the index is about."""
        return self._topic_of.get(subject) or subject.partition("#")[0]

    def look(self, question: str) -> Seen:
        """What the question turns up. Never raises."""
        ranking = self.index.rank(question, _LOOKED_AT, self._ours)
        uneasy = safety.unease(question) is not None
        by_topic: dict[str, Ranked] = {}
        for one in ranking.best:
            by_topic.setdefault(self.topic(one.subject), one)
        person, elsewhere = by_topic.pop(FOR_A_PERSON, None), by_topic.pop(NOT_OURS, None)
        by_topic.pop(IN_PASSING, None)
        ours = tuple(one for one in ranking.best if self.topic(one.subject) in by_topic)
        danger = self._danger.of(ranking.terms)
        if not ranking.best:
            return Seen((), None, uneasy, danger)
        best = ours[0] if ours else _NOTHING
        rivals = [one for topic, one in by_topic.items() if topic != self.topic(best.subject)]
        rival_nearest = max((one.nearest for one in rivals), default=0.0)
        clues = Clues(
            score=best.score,
            nearest=best.nearest,
            words=best.words,
            pairs=best.pairs,
            sounds=best.sounds,
            rival=ratio(rivals[0], best) if rivals else 0.0,
            rival_nearest=rival_nearest,
            person=ratio(person, best),
            elsewhere=ratio(elsewhere, best),
            personal=self._personal.of(ranking.terms),
            strange=self._strange.of(ranking.terms),
            unknown=ranking.unknown,
            size=math.log1p(len(ranking.terms)) / 4,
            agreed=float(best.nearest >= rival_nearest),
            uneasy=float(uneasy),
            asks=float(asks_somewhere(question)),
            latin=float(even(question).isascii()),
            **self._by_each_way(ours),
            persons=self._share(ranking.best, FOR_A_PERSON),
            strangers=self._share(ranking.best, NOT_OURS),
            told=float(tells(question)),
        )
        return Seen(ours, clues, uneasy, danger)

    def _share(self, best: Sequence[Ranked], topic: str) -> float:
        return sum(self.topic(one.subject) == topic for one in best[:_NEIGHBOURS]) / _NEIGHBOURS

    def _by_each_way(self, ours: Sequence[Ranked]) -> dict[str, float]:
        """What the single ways of looking say of the best topic and of its rivals, by the names of the clues."""
        topics = [self.topic(one.subject) for one in ours]
        said: dict[str, float] = {"crowd": topics[:5].count(topics[0]) / 5 if topics else 0.0}
        for way in ("words", "pairs", "sounds"):
            said[f"by_{way}"] = said[f"rival_{way}"] = best = 0.0
            for one, topic in zip(ours, topics, strict=True):
                found = getattr(one, way)
                if topic == topics[0]:
                    best = max(best, found)
                else:
                    said[f"rival_{way}"] = max(said[f"rival_{way}"], found)
            said[f"by_{way}"] = float(best > 0 and best >= said[f"rival_{way}"])
        return said


def entries_of(articles: Sequence[Article]) -> list[Entry]:
    """The texts of the articles, without readings."""
    entries: list[Entry] = []
    for article in articles:
        for words in article.words.values():
            entries += [Entry(article.id, bare(text)) for text in (words.title, words.question, *words.asks)]
            body = (words.short, words.details, *words.steps, *(cell for row in words.table for cell in row))
            entries += [Entry(article.id, bare(text), asked=False) for text in body if text]
    return entries


def entries_without_article(covered: frozenset[str]) -> list[Entry]:
    """The wordings of topics that have no article. Of a person's matters and what is not ours, each is for itself."""
    entries: list[Entry] = []
    entries += [Entry(IN_PASSING, text) for text in calm()]
    for code, topic in topics().items():
        if code in (FOR_A_PERSON, NOT_OURS):
            entries += [Entry(f"{code}#{number}", text) for number, text in enumerate(topic.asks)]
            entries += [Entry(f"{DANGER}{number}", text) for number, text in enumerate(topic.danger)]
        elif code not in covered:
            entries += [Entry(code, text) for text in (*topic.names.values(), *topic.asks)]
    return entries
