"""How much a question sounds like one kind of wording and unlike the others: naive Bayes on their terms."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from knowledge.binding import Bound

_SMOOTH = 0.5  # a term that a kind never used counts as used half a time


class Tone:
    """Made once of a bound index: the odds of each term for the subjects of one kind against the others."""

    def __init__(self, bound: Bound, kind: str) -> None:
        """`kind` is how the names of its subjects begin."""
        of_kind = np.array([subject.startswith(kind) for subject in bound.subjects], dtype=bool)
        whose = np.zeros(bound.wordings, dtype=np.int32)
        whose[bound.first_wording] = 1
        wording_of_kind = of_kind[np.cumsum(whose) - 1] if len(of_kind) else np.zeros(0, dtype=bool)
        size = len(bound.vocabulary)
        term = np.repeat(np.arange(size), np.diff(bound.likens.starts))
        theirs = wording_of_kind[bound.likens.at]
        ours = np.bincount(term[~theirs], minlength=size)
        odds = self._share(np.bincount(term[theirs], minlength=size)) - self._share(ours)
        self._odds: NDArray[np.float64] = odds
        self._vocabulary = bound.vocabulary

    @staticmethod
    def _share(counts: NDArray[np.int64]) -> NDArray[np.float64]:
        shares: NDArray[np.float64] = np.log(counts + _SMOOTH) - np.log(counts.sum() + _SMOOTH * max(1, len(counts)))
        return shares

    def of(self, terms: Iterable[str]) -> float:
        """Above 0 where the terms are more its kind's than the others'; grows with the root of their number."""
        known = [self._vocabulary[term] for term in terms if term in self._vocabulary]
        return float(self._odds[known].sum() / len(known) ** 0.5) if known else 0.0
