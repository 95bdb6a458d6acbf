"""Hears greetings and thanks however they are strung together, like 「ありがとう。もういいです」."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from dialogs.words import Words

# The gravest first: of what is strung together, this is answered.
COURTESIES = ("done", "thanks", "welcome", "understood", "hello")


def courtesy(form: str, books: Iterable[Words]) -> str | None:
    """The courtesy that a text in its plain form is and nothing else, or None; pictures in it do not count."""
    rest, known = _letters(form), _known(tuple(_Same(book) for book in books))
    heard: set[str] = set()
    while rest:
        length = next((length for length in known.lengths if rest[:length] in known.said), 0)
        if not length:
            return None
        heard.add(known.said[rest[:length]])
        rest = rest[length:]
    return next((one for one in COURTESIES if one in heard), None)


@dataclass(frozen=True)
class _Known:
    """What each courtesy is said with, and how long that is, longest first."""

    said: dict[str, str]
    lengths: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class _Same:
    """A book that is equal to itself alone, so that what was gathered from it is found again at once."""

    book: Words

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.book is self.book

    def __hash__(self) -> int:
        return id(self.book)


@lru_cache(maxsize=64)
def _known(books: tuple[_Same, ...]) -> _Known:
    said: dict[str, str] = {}
    for one in books:
        spoken = one.book.spoken.items()
        said.update((_letters(word), command) for word, command in spoken if command in COURTESIES)
    return _Known(said, tuple(sorted({len(word) for word in said}, reverse=True)))


def _letters(form: str) -> str:
    return "".join(sign for sign in form if sign.isalnum())
