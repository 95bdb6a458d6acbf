"""Which answers residents may read now: those of the release, and what the centre wrote in their place or beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from knowledge import edited
from knowledge.answer import compose
from knowledge.article import EVERY, Article
from knowledge.edited import EDITED_FROM, Edited, Unreadable
from knowledge.holes import wrong_hole
from storage.articles import State, Version, in_force, next_change


@dataclass(frozen=True)
class LeftOut:
    """A version that cannot be shown, and why: a field's name, never its words. The release's stands in for it."""

    name: str
    why: str


@dataclass(frozen=True)
class Stock:
    """What there is to answer with.

    `out` is for residents, `internal` for the centre's own people alone. `tests` are questions with the name of the
    article that must stay their answer. `renewed` are shipped articles that a release changed after the centre wrote
    its own. `revision` is the newest version that was looked at, `until` when time alone changes something.
    """

    shipped: tuple[Article, ...]
    out: tuple[Article, ...]
    internal: tuple[Article, ...] = ()
    left: tuple[LeftOut, ...] = ()
    renewed: tuple[str, ...] = ()
    tests: tuple[tuple[str, str], ...] = ()
    revision: int = 0
    until: datetime | None = None
    written: Mapping[str, Edited] = field(default_factory=dict)

    def all_but(self, name: str) -> tuple[Article, ...]:
        """What residents read, without one article: what a draft of it would stand beside."""
        return tuple(one for one in self.out if one.id != name)


def as_shipped(articles: Sequence[Article]) -> Stock:
    """Nothing was written, or nobody knows yet whether anything was."""
    return Stock(tuple(articles), tuple(articles))


def needed(written: Sequence[Version], now: datetime) -> list[int]:
    """The versions whose words are needed to know what there is."""
    return [one.id for one in in_force(written, now).values() if one.state in (State.PUBLIC, State.INTERNAL)]


def stock_of(
    shipped: Sequence[Article],
    written: Sequence[Version],
    bodies: Mapping[int, str],
    now: datetime,
    values: Mapping[str, str],
) -> Stock:
    """What there is now. One article that cannot be read costs itself alone, and is named."""
    out = {one.id: one for one in shipped}
    internal, left, renewed = list[Article](), list[LeftOut](), list[str]()
    tests, texts = list[tuple[str, str]](), dict[str, Edited]()
    for name, version in in_force(written, now).items():
        if version.state is State.SHIPPED:
            continue
        if name in out and version.shipped != edited.mark(out[name]):
            renewed.append(name)
        if version.state in (State.AWAY, State.INTERNAL):  # whatever is wrong with it, residents read none of it
            out.pop(name, None)
        if version.state is State.AWAY:
            continue
        try:
            text = edited.read(bodies.get(version.id, ""))
            article = shown(text, version, values)
        except (Unreadable, LookupError, ValueError) as wrong:
            left.append(LeftOut(name, str(wrong) if isinstance(wrong, Unreadable) else type(wrong).__name__))
            continue
        if version.state is State.INTERNAL:
            internal.append(article)
            continue
        out[name] = article
        texts[name] = text
        tests += [(question, name) for question in text.tests]
    return Stock(
        shipped=tuple(shipped),
        out=tuple(out[name] for name in sorted(out)),
        internal=tuple(internal),
        left=tuple(left),
        renewed=tuple(renewed),
        tests=tuple(tests),
        revision=written[-1].id if written else 0,
        until=next_change(written, now),
        written=texts,
    )


def shown(text: Edited, version: Version | None, values: Mapping[str, str]) -> Article:
    """A version as residents read it; `version` None is one that was never kept. Raises Unreadable."""
    for language in text.languages:
        for place, words in text.of(language).every().items():
            if wrong := wrong_hole(words, values):
                raise Unreadable(f"text.{language}.{place}: {wrong}")
    name, number = (version.name, version.id) if version else ("draft", 0)
    article = edited.made(text, name, EDITED_FROM + number, values)
    for language in EVERY:
        compose(article, language)
    return article
