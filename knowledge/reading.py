"""Reads texts into the numbers of their terms, each text once, so that a change of few texts costs little."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from knowledge.postings import Whole
from knowledge.terms import Terms, terms

_Marks = NDArray[np.uint64]


@dataclass(frozen=True)
class Read:
    """Texts that were read, in an order: which terms each holds and how often. `marks` know the texts again.

    The terms of text n stand from `starts[n]` on; `vocabulary` numbers the terms in the order of their appearance.
    """

    marks: _Marks
    starts: Whole
    term: Whole
    often: Whole
    vocabulary: dict[str, int]

    def columns(self) -> tuple[Whole, Whole, Whole]:
        """Text, term and how often it stands there, for every pair of them."""
        text = np.repeat(np.arange(len(self.marks), dtype=np.int32), np.diff(self.starts))
        return text, self.term, self.often


NOTHING = Read(np.zeros(0, np.uint64), np.zeros(1, np.int32), np.zeros(0, np.int32), np.zeros(0, np.int32), {})


def read(texts: Sequence[str], before: Read = NOTHING) -> Read:
    """These texts in this order; those that stand in `before` are taken from there."""
    known = {int(mark): number for number, mark in enumerate(before.marks)}
    vocabulary = dict(before.vocabulary)
    fresh, starts, term, often, places = array("Q"), array("i"), array("i"), array("i"), array("i")
    for text in texts:
        mark = _mark(text)
        place = known.get(mark)
        if place is None:
            place = known[mark] = len(before.marks) + len(fresh)
            fresh.append(mark)
            numbered = _numbered(terms(text), vocabulary)
            term.extend(numbered.keys())
            often.extend(numbered.values())
            starts.append(len(before.term) + len(term))
        places.append(place)
    return _only(
        np.array(places, np.int32),
        Read(
            np.concatenate([before.marks, np.array(fresh, np.uint64)]),
            np.concatenate([before.starts, np.array(starts, np.int32)]),
            np.concatenate([before.term, np.array(term, np.int32)]),
            np.concatenate([before.often, np.array(often, np.int32)]),
            vocabulary,
        ),
    )


def _only(places: Whole, among: Read) -> Read:
    """The texts at these places, and of the vocabulary what they use, numbered by their first appearance."""
    lengths = np.diff(among.starts)[places]
    starts = np.concatenate([np.zeros(1, np.int32), np.cumsum(lengths, dtype=np.int32)])
    at = np.arange(int(starts[-1]), dtype=np.int32) + np.repeat(among.starts[places] - starts[:-1], lengths)
    term = among.term[at]
    used, first = np.unique(term, return_index=True)
    order = used[np.argsort(first)]
    number = np.zeros(len(among.vocabulary), np.int32)
    number[order] = np.arange(len(order), dtype=np.int32)
    names = list(among.vocabulary)
    vocabulary = {names[one]: at for at, one in enumerate(order.tolist())}
    return Read(among.marks[places], starts, number[term], among.often[at], vocabulary)


def _mark(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def _numbered(said: Terms, vocabulary: dict[str, int]) -> dict[int, int]:
    numbered: dict[int, int] = {}
    for named, count in _named(said):
        number = vocabulary.setdefault(named, len(vocabulary))
        numbered[number] = numbered.get(number, 0) + count
    return numbered


def _named(said: Terms) -> Iterator[tuple[str, int]]:
    for word, count in said.words.items():
        yield "w" + word, count
        for group in said.meanings.get(word, ()):
            yield "m" + group, count
    for pair, count in said.pairs.items():
        yield "c" + pair, count
    for three, count in said.sounds.items():
        yield "s" + three, count
