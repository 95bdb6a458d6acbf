"""Decides what a question gets: an answer, a choice, a person, the safety path, or an honest no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knowledge import safety
from knowledge.article import Article
from knowledge.asking import asks_like_question, tells
from knowledge.index import Entry, Index, Ranked
from knowledge.plain import bare, even
from knowledge.topics import FOR_A_PERSON, NOT_OURS, Topic, topics

# Calibrated on tests/knowledge/paraphrases.jsonl; an answer must be sure, a choice may be a guess.
SURE = 0.36  # score from which an article is the answer
CLEAR = 1.20  # times as good as the next subject that it must be
SAME = 0.97  # likeness from which a question is one of the known wordings
CAREFUL = 0.9  # share of the best score from which a person's matter, or a matter that is not ours, wins
GUESS = 0.27  # score from which an article may be offered in a choice
NEAR = 0.70  # share of the best article's score from which another is offered beside it
NEAR_ELSEWHERE = 0.88  # the same, where the best is a topic without an article
PROOF = 3.0  # evidence that an answer must have, see `Ranked.evidence`
HINT = 2.0  # evidence that an article in a choice must have
AT_MOST = 3  # articles in a choice


class Kind(StrEnum):
    """What a question gets."""

    ANSWER = "answer"
    CHOOSE = "choose"
    PERSON = "person"
    URGENT = "urgent"
    DECLINE = "decline"


@dataclass(frozen=True)
class Found:
    """An article that was found, of which version, and how well it fits (0 to 1)."""

    id: str
    version: int
    topic: str
    score: float


@dataclass(frozen=True)
class Decision:
    """What to do with a question.

    `articles` holds one for ANSWER, one to three for CHOOSE, the expired one for PERSON with reason "expired", else
    none. `topics` are the articles' or, for "unknown", the topic it seems to be about. `reason` is a group of
    safety.toml, or "found", "several", "sensitive", "expired", "unknown", "out_of_scope", "empty".
    """

    kind: Kind
    articles: tuple[Found, ...]
    topics: tuple[str, ...]
    reason: str
    asks_like_question: bool


class Finder:
    """Finds in a set of articles, on a day. Building it indexes everything; `decide` is a pure look-up."""

    def __init__(self, articles: Sequence[Article], today: date) -> None:
        self._articles = {article.id: article for article in articles}
        self._today = today
        covered = {article.topic for article in articles}
        self._open_topics = {code: topic for code, topic in topics().items() if code not in covered}
        self._index = Index([*_entries_of_articles(articles), *_entries_of_topics(self._open_topics)])

    def on(self, today: date) -> Finder:
        """The same finder on another day; shares the index."""
        other = object.__new__(Finder)
        other.__dict__.update(self.__dict__, _today=today)
        return other

    def article(self, article_id: str) -> Article | None:
        """The article of this id, expired or not."""
        return self._articles.get(article_id)

    def decide(self, question: str, language: str) -> Decision:
        """What a question gets; `language` is the person's and changes nothing in this version. Never raises.

        The wordings of danger and of a person's matters come first: what they name is never searched for.
        """
        asks = asks_like_question(question)
        heard = safety.alarm(question)
        if heard is not None:
            return Decision(Kind(heard.care.value), (), (_topic_of(heard),), heard.reason, asks)
        if not even(question):
            return Decision(Kind.DECLINE, (), (), "empty", asks)
        kind, articles, codes, reason = self._choose(self._index.rank(question))
        if reason == "unknown":
            uneasy = safety.unease(question)
            # What tells of something and asks for nothing that we know is for a person to read.
            if uneasy is not None or (not codes and tells(question)):
                return Decision(Kind.PERSON, (), (*codes, FOR_A_PERSON), "unease", asks)
        return Decision(kind, articles, codes, reason, asks)

    def _choose(self, ranked: list[Ranked]) -> tuple[Kind, tuple[Found, ...], tuple[str, ...], str]:
        best = ranked[0] if ranked else None
        if best is None or best.score < GUESS:
            return Kind.DECLINE, (), (), "unknown"
        scores = {one.subject: one.score for one in ranked}
        # 1. What may be a person's matter, or is not ours, is never answered on a narrow win.
        if scores.get(FOR_A_PERSON, 0.0) >= CAREFUL * best.score:
            return Kind.PERSON, (), (FOR_A_PERSON,), "sensitive"
        if scores.get(NOT_OURS, 0.0) >= CAREFUL * best.score:
            return Kind.DECLINE, (), (NOT_OURS,), "out_of_scope"
        # 2. An article past its day is not stated, whatever stands beside it.
        first = self._articles.get(best.subject)
        if first is not None and first.expired(self._today):
            return Kind.PERSON, (self._found(best),), (first.topic,), "expired"
        # 3. A sure and clear article is the answer; those near the best are a choice; the rest is an honest no.
        if first is not None and _sure(best, ranked[1:]):
            return Kind.ANSWER, (self._found(best),), (first.topic,), "found"
        offered = tuple(self._found(one) for one in ranked if self._offerable(one, best))[:AT_MOST]
        if not offered:
            return Kind.DECLINE, (), (self._topic(best),), "unknown"
        return Kind.CHOOSE, offered, tuple(dict.fromkeys(found.topic for found in offered)), "several"

    def _offerable(self, one: Ranked, best: Ranked) -> bool:
        article = self._articles.get(one.subject)
        near = NEAR if best.subject in self._articles else NEAR_ELSEWHERE
        if article is None or article.expired(self._today):
            return False
        return one.score >= max(GUESS, near * best.score) and (one.evidence >= HINT or one.score >= SURE)

    def _topic(self, ranked: Ranked) -> str:
        article = self._articles.get(ranked.subject)
        return article.topic if article else ranked.subject

    def _found(self, ranked: Ranked) -> Found:
        article = self._articles[ranked.subject]
        return Found(article.id, article.version, article.topic, round(ranked.score, 4))


def _sure(best: Ranked, others: list[Ranked]) -> bool:
    if best.score < SURE or best.evidence < PROOF:
        return False
    asked_in_these_words = best.nearest >= SAME and all(other.nearest < SAME for other in others)
    return asked_in_these_words or all(best.score >= CLEAR * other.score for other in others)


def _entries_of_articles(articles: Sequence[Article]) -> list[Entry]:
    entries: list[Entry] = []
    for article in articles:
        for words in article.words.values():
            entries += [Entry(article.id, bare(text)) for text in (words.title, words.question, *words.asks)]
            body = (words.short, words.details, *words.steps, *(cell for row in words.table for cell in row))
            entries += [Entry(article.id, bare(text), asked=False) for text in body]
    return entries


def _entries_of_topics(open_topics: dict[str, Topic]) -> list[Entry]:
    return [Entry(topic.code, text) for topic in open_topics.values() for text in (*topic.names.values(), *topic.asks)]


def _topic_of(heard: safety.Alarm) -> str:
    return NOT_OURS if heard.care is safety.Care.DECLINE else FOR_A_PERSON
