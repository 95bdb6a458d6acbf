"""Reads a word that nobody uses as the known word next to it: one letter more, less, other, or two changed places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import takewhile

SHORTEST = 4  # letters; shorter words have too many neighbours


class Spelling:
    """Words by what is left of them without one letter, so that a neighbour is a look-up and not a search."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._known: dict[str, str | None] = {}
        for term in vocabulary:
            if _correctable(term):
                for key in _keys(term):
                    # Two words with the same key: which was meant cannot be told.
                    self._known[key] = term if self._known.get(key, term) == term else None

    def nearest(self, term: str) -> str | None:
        """The only known term one mistake away from this one, or None."""
        if not _correctable(term):
            return None
        found = {known for key in _keys(term) if (known := self._known.get(key)) and _one_mistake(term, known)}
        return found.pop() if len(found) == 1 else None


def _correctable(term: str) -> bool:
    return term[0] == "w" and len(term) > SHORTEST and _latin_or_katakana(term[1:])


def _latin_or_katakana(letters: str) -> bool:
    return (letters.isascii() and letters.isalpha()) or all("ァ" <= letter <= "ー" for letter in letters)


def _one_mistake(one: str, other: str) -> bool:
    """Whether what differs is one letter, or two that changed places; the keys of two mistakes can be the same."""
    start = _shared(one, other)
    one, other = one[start:], other[start:]
    end = _shared(one[::-1], other[::-1])
    one, other = one[: len(one) - end], other[: len(other) - end]
    return max(len(one), len(other)) <= 1 or (len(one) == 2 and one == other[::-1])


def _shared(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _keys(term: str) -> Iterator[str]:
    yield term
    for at in range(1, len(term)):
        yield term[:at] + term[at + 1 :]
