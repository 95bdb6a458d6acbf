"""What the centre knows, as the engine wants it: a decision and the cards to show, in the person's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Protocol

from dialogs.around import Card, Finding, Found
from dialogs.heard import Heard, Tapped, Typed
from dialogs.tap import ArticleTap, read
from knowledge.answer import compose
from knowledge.article import Article
from knowledge.emergency import urgent_text
from knowledge.search import Decision, Finder, Kind

_FINDINGS: Mapping[Kind, Finding] = {
    Kind.ANSWER: Finding.ANSWER,
    Kind.CHOOSE: Finding.CHOOSE,
    Kind.PERSON: Finding.PERSON,
    Kind.URGENT: Finding.URGENT,
    Kind.DECLINE: Finding.DECLINE,
}


class Look(Protocol):
    """Finds what words or a tapped article stand for."""

    def __call__(self, heard: Heard, language: str, today: date) -> Found | None:
        """What was found, or None where nothing is looked for."""
        ...


class Shelf:
    """The articles with their search, and each composed card once per language."""

    def __init__(self, articles: Sequence[Article], today: date) -> None:
        self._finder = Finder(articles, today)
        self._articles = {article.id: article for article in articles}
        self._card = lru_cache(maxsize=4096)(self._compose)

    def __call__(self, heard: Heard, language: str, today: date) -> Found | None:
        """See Look."""
        match heard:
            case Typed(text):
                return self._found(self._finder.on(today).decide(text, language), language)
            case Tapped(raw) if isinstance(tap := read(raw), ArticleTap):
                article = self._articles.get(tap.article)
                if article is None or article.expired(today):
                    return None
                return Found(Finding.ANSWER, (self._card(article.id, language),))
            case _:
                return None

    def decide(self, text: str, language: str, today: date) -> tuple[Decision, Found]:
        """The raw decision beside what the engine sees of it."""
        decision = self._finder.on(today).decide(text, language)
        return decision, self._found(decision, language)

    def _found(self, decision: Decision, language: str) -> Found:
        kind = _FINDINGS[decision.kind]
        if kind is Finding.DECLINE and decision.reason in ("unknown", "empty"):
            kind = Finding.NOTHING
        shown = kind in (Finding.ANSWER, Finding.CHOOSE)
        cards = tuple(self._card(one.id, language) for one in decision.articles) if shown else ()
        urgent = urgent_text(decision.reason, language) if kind is Finding.URGENT else ""
        return Found(kind, cards, decision.asks_like_question, decision.reason, urgent)

    def _compose(self, article_id: str, language: str) -> Card:
        article = self._articles[article_id]
        composed = compose(article, language)
        return Card(
            id=article.id,
            version=article.version,
            title=composed.question,
            text=composed.text,
            next_step=article.next_step or "",
        )
