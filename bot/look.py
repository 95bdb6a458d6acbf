"""What the centre knows, as the engine wants it: a decision and the cards to show, in the person's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Protocol

from dialogs.around import Card, Finding, Found
from dialogs.heard import Heard, Tapped, Typed
from dialogs.tap import ArticleTap, DetailsTap, read
from knowledge import safety
from knowledge.answer import compose
from knowledge.article import Article
from knowledge.decision import Decision, Kind
from knowledge.emergency import Emergency, load, urgent_text
from knowledge.glossary import Glossary, explain
from knowledge.plain import annotated
from knowledge.search import Finder, Learnt
from knowledge.tongue import tongue

_FINDINGS: Mapping[Kind, Finding] = {
    Kind.ANSWER: Finding.ANSWER,
    Kind.CHOOSE: Finding.CHOOSE,
    Kind.PERSON: Finding.PERSON,
    Kind.URGENT: Finding.URGENT,
    Kind.DECLINE: Finding.DECLINE,
}
# What a word's meaning may stand in for: never for a person's matter, a danger or what is not ours.
_OPEN = frozenset({Finding.ANSWER, Finding.CHOOSE, Finding.NOTHING})


class Look(Protocol):
    """Finds what words or a tapped article stand for."""

    def __call__(
        self, heard: Heard, language: str, today: date, after: str | None = None, learnt: Learnt | None = None
    ) -> Found | None:
        """What was found, or None where nothing is looked for.

        `after` is the article that was shown last, `learnt` tells the article people confirmed for a question.
        """
        ...


def danger(text: str, language: str, known: Emergency | None = None) -> Found | None:
    """What is said at once to words of danger, without any search; None for all other words.

    `known` are the numbers that the centre shows; without it, those that were shipped.
    """
    heard = safety.alarm(text)
    if heard is None or heard.care is not safety.Care.URGENT:
        return None
    said = urgent_text(heard.reason, tongue(text) or language, known)
    return Found(Finding.URGENT, (), False, heard.reason, said)


class Shelf:
    """The articles with their search, the glossary, and each composed card once per language.

    A question in Chinese or Korean is answered in it, whatever the talk is in.
    """

    def __init__(
        self,
        articles: Sequence[Article],
        today: date,
        glossary: Glossary | None = None,
        numbers: Callable[[], Emergency] | None = None,
    ) -> None:
        self._finder = Finder(articles, today)
        self._articles = {article.id: article for article in articles}
        self._glossary = glossary or Glossary({})
        self._numbers = numbers or load
        self.articles = tuple(articles)
        self._card = lru_cache(maxsize=4096)(self._compose)

    def __call__(
        self, heard: Heard, language: str, today: date, after: str | None = None, learnt: Learnt | None = None
    ) -> Found | None:
        """See Look."""
        match heard:
            case Typed(text):
                return self.decide(text, language, today, after, learnt)[1]
            case Tapped(raw):
                match read(raw):
                    case ArticleTap(article, other) | DetailsTap(article, _, other):
                        card = self._of(article, other or language, today)
                        return Found(Finding.ANSWER, (_spoken(card, language, other or language),)) if card else None
                    case _:
                        return None
            case _:
                return None

    def decide(
        self, text: str, language: str, today: date, after: str | None = None, learnt: Learnt | None = None
    ) -> tuple[Decision, Found]:
        """The raw decision beside what the engine sees of it."""
        last = self._glossary.terms.get(after or "")
        decision = self._finder.on(today).decide(text, language, last.articles[0] if last else after, learnt)
        spoken = tongue(text) or language
        found = self._found(decision, language, spoken, today)
        term = self._glossary.asked(text)
        if (
            term
            and found.kind in _OPEN
            and not (decision.kind is Kind.ANSWER and decision.articles[0].id in term.articles)
        ):
            meant = self._of(term.id, spoken, today)
            found = Found(Finding.ANSWER, (meant,), True, "term") if meant else found
        return decision, found

    def _found(self, decision: Decision, language: str, spoken: str, today: date) -> Found:
        kind = _FINDINGS[decision.kind]
        if kind is Finding.DECLINE and decision.reason in ("unknown", "empty"):
            kind = Finding.NOTHING
        shown = (*decision.articles, *decision.also) if kind in (Finding.ANSWER, Finding.CHOOSE) else ()
        cards = (self._of(one.id, spoken, today) for one in shown)
        urgent = urgent_text(decision.reason, spoken, self._numbers()) if kind is Finding.URGENT else ""
        return Found(
            kind,
            tuple(_spoken(card, language, spoken) for card in cards if card),
            decision.asks_like_question,
            decision.reason,
            urgent,
        )

    def _of(self, name: str, language: str, today: date) -> Card | None:
        """The card of an article or a term in a language, with the neighbours that may be shown today."""
        article, term = self._articles.get(name), self._glossary.terms.get(name)
        if article and not article.expired(today):
            related = article.related
        elif term and any(self._holds(one, today) for one in term.articles):
            related = term.articles
        else:
            return None
        near = tuple((one, self._card(one, language).title) for one in related if self._holds(one, today))
        return replace(self._card(name, language), related=near)

    def _holds(self, name: str, today: date) -> bool:
        article = self._articles.get(name)
        return article is not None and not article.expired(today)

    def _compose(self, name: str, language: str) -> Card:
        article = self._articles.get(name)
        if article is None:
            term = self._glossary.terms[name]
            first = next(self._articles[one] for one in term.articles if one in self._articles)
            text = explain(term, first, language)
            return Card(term.id, term.version, annotated(term.names.get(language, term.names["ja"])), text)
        composed = compose(article, language)
        return Card(
            id=article.id,
            version=article.version,
            title=composed.question,
            text=composed.text,
            next_step=article.next_step or "",
            details=composed.details,
        )


def _spoken(card: Card, language: str, spoken: str) -> Card:
    """The card as one in another language than the talk is in, where it is."""
    return card if spoken == language else replace(card, language=spoken)
