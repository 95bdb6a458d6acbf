"""Ranks subjects by how well they explain a question: by words, characters, sounds, and the nearest wording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.binding import SHARES, Bound, bind
from knowledge.spelling import Spelling
from knowledge.terms import Terms, terms

WAYS = "wcs"  # of looking at a text: words, characters and pairs, sounds
NEAREST = 0.25  # of the whole explanation, for the nearest single wording
FEW = 5  # subjects that are never crowded out
UNKNOWN = 0.6  # of the rarest known term, for one that nobody has used: it stays unexplained

_Scores = NDArray[np.float64]
Chosen = NDArray[np.bool_]


class Entry(NamedTuple):
    """A text to be found: its subject, and whether it is a way of asking (else it is body text)."""

    subject: str
    text: str
    asked: bool = True


@dataclass(frozen=True)
class Ranked:
    """How well a subject fits; `score` has no upper bound but seldom passes 1.5, the others are 0 to 1.

    `nearest` is the likeness of its best wording, `cover` the share of the question that the subject explains, and
    `words`, `pairs` and `sounds` the same by one way of looking each.
    """

    subject: str
    score: float
    nearest: float
    cover: float
    words: float
    pairs: float
    sounds: float


@dataclass(frozen=True)
class Ranking:
    """The best subjects, best first; `unknown` is the share of the question's `terms` that no subject knows."""

    best: tuple[Ranked, ...]
    unknown: float
    terms: tuple[str, ...]


class Index:
    """Looks up in what was bound; `rank` is pure."""

    def __init__(self, entries: Iterable[Entry] | Bound) -> None:
        self.bound = entries if isinstance(entries, Bound) else bind(entries)
        self._spelling = Spelling(self.bound.vocabulary)
        self._unknown = float(self.bound.rarity.max(initial=1.0)) * UNKNOWN

    def rank(self, question: str, at_most: int = 5, always: Chosen | None = None) -> Ranking:
        """The best subjects for a question; none where no term is known.

        `always` marks subjects of which the best FEW are named too, whatever is better.
        """
        asked = self._asked(terms(question))
        if not len(self.bound.subjects) or not asked:
            return Ranking((), 1.0, tuple(asked))
        weighed = {term: self._weight(term) for term in asked}
        covers = self._covers(weighed, asked)
        total = dict.fromkeys(WAYS, 1e-9)
        for term, weight in weighed.items():
            total[term[0]] += weight
        whole = sum(total.values())
        cover = (covers["w"] + covers["c"] + covers["s"]) / whole
        nearest = self._nearest(weighed)
        score = cover + NEAREST * nearest
        unknown = sum(weight for term, weight in weighed.items() if term not in self.bound.vocabulary) / whole
        at = _highest(score, at_most)
        if always is not None:
            places = {*at, *_highest(np.where(always, score, 0.0), FEW)}
            at = sorted(places, key=lambda place: (-score[place], place))
        shares = (covers[channel][at] / total[channel] for channel in WAYS)
        scores, *others = (one.tolist() for one in (score[at], nearest[at], cover[at], *shares))
        rounded = [round(one, 6) for one in scores]
        best = map(Ranked, [self.bound.subjects[place] for place in at], rounded, *others)
        return Ranking(tuple(best), unknown, tuple(asked))

    def subjects(self, question: str, at_most: int) -> list[str]:
        """The names of the best subjects, best first."""
        return [one.subject for one in self.rank(question, at_most).best]

    def _asked(self, said: Terms) -> dict[str, tuple[str, ...]]:
        """Each term of a question with the meanings of its words; an unknown word is read as the one next to it."""
        asked: dict[str, tuple[str, ...]] = {}
        for word in said.words:
            meant = tuple(f"m{group}" for group in said.meanings.get(word, ()) if f"m{group}" in self.bound.vocabulary)
            term = f"w{word}"
            if term not in self.bound.vocabulary and not meant:
                term = self._spelling.nearest(term) or term
            asked[term] = meant
        asked.update((f"c{pair}", ()) for pair in said.pairs)
        asked.update((f"s{three}", ()) for three in said.sounds)
        return asked

    def _weight(self, term: str) -> float:
        number = self.bound.vocabulary.get(term)
        rarity = self._unknown if number is None else float(self.bound.rarity[number])
        return rarity * SHARES[term[0]]

    def _covers(self, weighed: Mapping[str, float], asked: Mapping[str, tuple[str, ...]]) -> dict[str, _Scores]:
        """Per way of looking, what the question's terms explain in each subject."""
        size, known = len(self.bound.subjects), self.bound.vocabulary
        covers = {}
        for channel in WAYS:
            exact = [known[term] for term in weighed if term[0] == channel and term in known and not asked[term]]
            covers[channel] = self.bound.explains.summed(exact, size)
        for term, meanings in asked.items():
            if meanings:
                covers[term[0]] += self._meant(known.get(term), meanings)
        return covers

    def _meant(self, number: int | None, meanings: tuple[str, ...]) -> _Scores:
        """What a word explains in each subject, or a word of the same meaning, whichever is more."""
        explained = np.zeros(len(self.bound.subjects))
        for meaning in (*(self.bound.vocabulary[one] for one in meanings), *([] if number is None else [number])):
            at, weight = self.bound.explains.of(meaning)
            explained[at] = np.maximum(explained[at], weight)
        return explained

    def _nearest(self, weighed: Mapping[str, float]) -> _Scores:
        """Per subject, the likeness (cosine) of the question and its nearest wording."""
        numbers = [self.bound.vocabulary[term] for term in weighed if term in self.bound.vocabulary]
        likeness = self.bound.likens.summed(numbers, self.bound.wordings)
        length = sum(weight * weight for weight in weighed.values()) ** 0.5 or 1.0
        nearest: _Scores = np.maximum.reduceat(likeness, self.bound.first_wording) / length
        return nearest


def _highest(score: _Scores, at_most: int) -> list[int]:
    """The places of the highest scores above nothing, best first; of two as high, the one that stands first."""
    found = np.flatnonzero(score > 0)
    if len(found) > at_most * 4:
        edge = np.partition(score[found], -at_most)[-at_most]
        found = found[score[found] >= edge]
    return [int(at) for at in found[np.argsort(-score[found], kind="stable")][:at_most]]
