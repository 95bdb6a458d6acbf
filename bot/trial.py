"""What would change if a draft were published: each known question asked of the answers of now and of those to come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.articles import Stock
from bot.look import Shelf
from dialogs.words import bracketed
from knowledge.article import Article
from knowledge.decision import Decision, Kind


@dataclass(frozen=True)
class Got:
    """What a question gets: the kind of answer, and the articles that it shows."""

    kind: Kind
    articles: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A question that would get something else: what it gets now, and what then, as titles."""

    question: str
    kind_before: Kind
    before: tuple[str, ...]
    kind_after: Kind
    after: tuple[str, ...]


@dataclass(frozen=True)
class Kept:
    """How the questions of the centre's own test set fare: how many there are, and those that get another answer."""

    asked: int
    wrong: tuple[tuple[str, str], ...]  # the question, and the title of the article that it should get

    @property
    def right(self) -> int:
        """How many still get their answer."""
        return self.asked - len(self.wrong)


def got(decision: Decision) -> Got:
    """What residents notice of a decision."""
    shown = decision.articles if decision.kind in (Kind.ANSWER, Kind.CHOOSE) else ()
    ids = [one.id for one in shown]
    return Got(decision.kind, tuple(ids if decision.kind is Kind.ANSWER else sorted(ids)))


def known_questions(stock: Stock, more: Iterable[str] = ()) -> list[str]:
    """What is asked to see what changes: the test set, the question of every answer, and what else is known."""
    own = (one.words["ja"].question for one in stock.out)
    return list(dict.fromkeys((*(question for question, _ in stock.tests), *more, *own)))


def changes(before: Shelf, after: Shelf, questions: Sequence[str], today: date) -> list[Change]:
    """The questions that would get something else. Each costs about two look-ups, some milliseconds."""
    titles = {one.id: bracketed(one.words["ja"].title) for one in (*before.articles, *after.articles)}

    def named(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(titles[one] for one in ids)

    found = list[Change]()
    for question in questions:
        one, other = (got(shelf.decide(question, "ja", today)[0]) for shelf in (before, after))
        if one != other:
            found.append(Change(question, one.kind, named(one.articles), other.kind, named(other.articles)))
    return found


def kept(shelf: Shelf, tests: Iterable[tuple[str, str]], today: date) -> Kept:
    """Whether each test question still gets its article: as the answer, or among few to choose from."""
    titles = {one.id: bracketed(one.words["ja"].title) for one in shelf.articles}
    asked = list(tests)
    wrong = [
        (question, titles.get(name, name))
        for question, name in asked
        if name not in got(shelf.decide(question, "ja", today)[0]).articles
    ]
    return Kept(len(asked), tuple(wrong))


def with_draft(stock: Stock, draft: Article) -> tuple[Article, ...]:
    """What residents would read with the draft among it."""
    return tuple(sorted((*stock.all_but(draft.id), draft), key=lambda one: one.id))
