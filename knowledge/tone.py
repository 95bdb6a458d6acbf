"""How much a question sounds like one kind of wording and unlike the others: a logistic regression on their terms."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from knowledge.binding import Bound
from knowledge.postings import Floats

_EVEN = 1.0  # keeps the odds small, so that no single word decides
_CONSTANT = 0.1  # beside terms of length 1; a larger one would make the way down steep and the steps small
_STEPS = 40
_LOOKS = 8  # for the steepness of the slope
_Numbers = NDArray[np.float64]


class Tone:
    """The odds of each term for one kind; made once, `of` is a pure look-up."""

    def __init__(self, bound: Bound, odds: Floats) -> None:
        """`odds` are those that `learnt` found in this index."""
        self._vocabulary, self._rarity = bound.vocabulary, _rarity(bound)
        self._odds, self._constant = odds[:-1], _CONSTANT * float(odds[-1])

    def of(self, terms: Iterable[str]) -> float:
        """Above 0 where the terms are more its kind's than the others'; 0 where none is known."""
        known = [self._vocabulary[term] for term in dict.fromkeys(terms) if term in self._vocabulary]
        rarity = self._rarity[known]
        length = float(np.sqrt(rarity @ rarity))
        return float(rarity @ self._odds[known]) / length + self._constant if length else 0.0


def learnt(bound: Bound, kind: str) -> Floats:
    """The odds of each term, and a constant, by which the wordings of this kind are told from the others.

    `kind` is how the names of its subjects begin. Of the same index always the same is learnt.
    """
    texts = _Texts(bound)
    theirs = texts.of_kind(kind)
    if not theirs.any() or theirs.all():
        return np.zeros(len(bound.vocabulary) + 1, dtype=np.float32)
    count = np.where(theirs, (~theirs).sum() / theirs.sum(), 1.0)  # the few of a kind count as much as the many others
    steepest = 0.25 * texts.steepest(count) + _EVEN
    odds = ahead = np.zeros(len(bound.vocabulary) + 1)
    for step in range(_STEPS):  # Nesterov's way down: each step goes on a little where the last one led
        slope = texts.across(count * (_chance(texts.along(ahead)) - theirs)) + _EVEN * np.append(ahead[:-1], 0.0)
        further = ahead - slope / steepest
        ahead = further + step / (step + 3) * (further - odds)
        odds = further
    return odds.astype(np.float32)


class _Texts:
    """The wordings of an index as rows of terms, each of length 1, and with a constant."""

    def __init__(self, bound: Bound) -> None:
        self._subjects, self._first = bound.subjects, bound.first_wording
        self._size, self._wordings = len(bound.vocabulary), bound.wordings
        term = np.repeat(np.arange(self._size), np.diff(bound.likens.starts))
        rarity = _rarity(bound)[term]
        self._term, self._wording = term[rarity > 0], bound.likens.at[rarity > 0]
        rarity = rarity[rarity > 0]
        length = np.sqrt(np.bincount(self._wording, rarity * rarity, self._wordings))
        self._value: _Numbers = rarity / length[self._wording]

    def of_kind(self, kind: str) -> NDArray[np.bool_]:
        """Which wordings belong to subjects whose names begin so."""
        of_kind = np.array([subject.startswith(kind) for subject in self._subjects], dtype=bool)
        begins = np.zeros(self._wordings, dtype=np.int32)
        begins[self._first] = 1
        return of_kind[np.cumsum(begins) - 1] if len(of_kind) else np.zeros(0, dtype=bool)

    def along(self, odds: _Numbers) -> _Numbers:
        """For each wording, the odds of its terms together."""
        summed = np.bincount(self._wording, self._value * odds[self._term], self._wordings)
        constant: float = _CONSTANT * odds[-1]
        return summed.astype(np.float64) + constant

    def across(self, of_each: _Numbers) -> _Numbers:
        """For each term, what its wordings give together; for the constant, what all do."""
        summed = np.bincount(self._term, self._value * of_each[self._wording], self._size)
        return np.append(summed, _CONSTANT * of_each.sum())

    def steepest(self, count: _Numbers) -> float:
        """How fast the slope can change at most, about: found by looking along it again and again."""
        along, length = np.ones(self._size + 1), 1.0
        for _ in range(_LOOKS):
            along = self.across(count * self.along(along / np.linalg.norm(along)))
            length = float(np.linalg.norm(along))
        return 1.1 * length


def _rarity(bound: Bound) -> _Numbers:
    """How few wordings have each term; 0 for meanings, and for terms of bodies only."""
    spread = np.diff(bound.likens.starts).astype(np.float64)
    told = np.array([term[0] != "m" for term in bound.vocabulary], dtype=bool) & (spread > 0)
    rarity: _Numbers = np.where(told, np.log((bound.wordings + 1) / (spread + 0.5)), 0.0)
    return rarity


def _chance(odds: _Numbers) -> _Numbers:
    chance: _Numbers = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
    return chance
