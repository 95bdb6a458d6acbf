"""Which texts hold a term and how much it weighs there, in flat arrays: small, quick to sum, easy to keep on disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Whole = NDArray[np.int32]


@dataclass(frozen=True)
class Postings:
    """For the term of number n: texts `at[starts[n]:starts[n+1]]`, each with the weight beside it."""

    starts: Whole
    at: Whole
    weight: Floats

    def of(self, term: int) -> tuple[Whole, Floats]:
        """The texts that hold the term, each once, and its weight in each."""
        begin, end = self.starts[term], self.starts[term + 1]
        return self.at[begin:end], self.weight[begin:end]

    def summed(self, terms: Sequence[int], texts: int) -> NDArray[np.float64]:
        """For each text, the weights of these terms together."""
        if not terms:
            return np.zeros(texts)
        held = [self.of(term) for term in terms]
        at, weight = (np.concatenate(column) for column in zip(*held, strict=True))
        summed: NDArray[np.float64] = np.bincount(at, weights=weight, minlength=texts).astype(np.float64)
        return summed


def gather(term: NDArray[Any], text: NDArray[Any], weight: NDArray[Any], terms: int) -> Postings:
    """Postings of three columns; a pair of term and text may come once only."""
    order = np.argsort(term, kind="stable")
    starts = np.zeros(terms + 1, dtype=np.int32)
    np.cumsum(np.bincount(term, minlength=terms), out=starts[1:])
    return Postings(starts, text[order].astype(np.int32), weight[order].astype(np.float32))
