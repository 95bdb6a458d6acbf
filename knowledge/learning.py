"""Learns from judged questions: each becomes an alias of its answer at once; from 150 on, how to weigh the clues too.

Learning changes the order of answers only. What may be answered at all is decided before it (knowledge.safety) and
after it (knowledge.weighing), and neither ever hears of it. Without the judged questions everything is as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.binding import bind
from knowledge.index import Entry, Index, Ranked
from knowledge.measuring import Query
from knowledge.reading import read

FEWEST = 150  # judged questions; weights learnt from fewer do more harm than good
POWER = 4  # a past question counts by how alike it is, and little unless it is very alike
ALIAS = 0.8  # of a whole explanation, for a past question in the same words
_FORMS = 3  # of each clue
_DEEP = 30  # subjects that are put into a new order
_FOLDS = 3
_EVEN = 30.0  # keeps the weights near the order without them, so that a few questions do not turn it round
_TRUSTED = 10.0  # the weight that this order begins with
_ROUNDS = 20
_Rows = NDArray[np.float64]


class Clues(NamedTuple):
    """What speaks for a subject: all of it, its ways of asking and its body alone, how alike past questions are.

    `whole` is the order without weights: how well the subject is found, with its past questions.
    """

    score: float
    nearest: float
    words: float
    pairs: float
    sounds: float
    asked_cover: float
    asked_nearest: float
    asked_words: float
    asked_pairs: float
    told_cover: float
    told_nearest: float
    told_words: float
    told_pairs: float
    alike: float
    whole: float


class Learned:
    """A ranking that knows what past questions were after; of the same questions always the same ranking is made."""

    def __init__(self, entries: Sequence[Entry], judged: Sequence[Query], weighing: bool = True) -> None:
        """`entries` are the corpus; what `judged` grades above 0 is learnt; with `weighing` off, as aliases only."""
        self._entries = entries
        self._read = read([*(one.text for one in entries), *(query.text for query in judged)])
        self._asked = self._index(one for one in entries if one.asked)
        self._told = self._index(one._replace(asked=True) for one in entries if not one.asked)
        self._weights: _Rows | None = None
        if weighing and len(judged) >= FEWEST:
            self._weights = self._weigh(judged)
        self._remember(judged)

    def _index(self, entries: Iterable[Entry]) -> Index:
        """An index of texts that were read already: reading is most of what one costs."""
        return Index(bind(entries, self._read))

    def _remember(self, judged: Sequence[Query]) -> None:
        self._past = list(judged)
        said = [
            Entry(subject, query.text, asked=False)
            for query in judged
            for subject in sorted(query.grades)
            if query.grades[subject] == max(query.grades.values()) > 0
        ]
        self.index = self._index([*self._entries, *said])
        self._aliases = self._index(Entry(f"{at:06}", query.text) for at, query in enumerate(judged))

    def rank(self, question: str, at_most: int) -> list[str]:
        """The best subjects, best first."""
        ranked = self.index.rank(question, max(at_most, _DEEP)).best
        alike = self._alike(question)
        found = {one.subject: one.score + ALIAS * alike.get(one.subject, 0.0) for one in ranked}
        found.update({subject: ALIAS * likeness for subject, likeness in alike.items() if subject not in found})
        order = sorted(found, key=lambda subject: (-found[subject], subject))
        if self._weights is not None and order:
            first = order[:_DEEP]
            scores = self._clues(question, first, ranked, alike) @ self._weights
            order = [first[at] for at in np.argsort(-scores, kind="stable")] + order[_DEEP:]
        return order[:at_most]

    def _alike(self, question: str) -> dict[str, float]:
        """How alike the question is to the nearest past one that each subject was right for, 0 to 1."""
        alike: dict[str, float] = {}
        for one in self._aliases.rank(question, 10).best:
            grades = self._past[int(one.subject)].grades
            top = max(grades.values(), default=0.0)
            for subject, grade in grades.items():
                if grade > 0:
                    alike[subject] = max(alike.get(subject, 0.0), one.nearest**POWER * grade / top)
        return alike

    def _clues(
        self, question: str, subjects: Sequence[str], ranked: Sequence[Ranked], alike: dict[str, float]
    ) -> _Rows:
        """A row for each subject: its clues, each against the best of all, by itself, and whether it is the best."""
        whole = {one.subject: one for one in ranked}
        asked = {one.subject: one for one in self._asked.rank(question, 100).best}
        told = {one.subject: one for one in self._told.rank(question, 100).best}
        nothing = Ranked("", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        rows = []
        for subject in subjects:
            one, by_question, by_answer = (held.get(subject, nothing) for held in (whole, asked, told))
            rows.append(
                Clues(
                    *(one.score, one.nearest, one.words, one.pairs, one.sounds),
                    *(by_question.cover, by_question.nearest, by_question.words, by_question.pairs),
                    *(by_answer.cover, by_answer.nearest, by_answer.words, by_answer.pairs),
                    alike=alike.get(subject, 0.0),
                    whole=one.score + ALIAS * alike.get(subject, 0.0),
                )
            )
        table = np.array(rows)
        best = np.maximum(table.max(axis=0), 1e-9)
        return np.hstack([table / best, table, table >= best * 0.999])  # so many times the clues: _FORMS

    def _weigh(self, judged: Sequence[Query]) -> _Rows:
        """Weights under which right answers stand before wrong ones; each question is asked without its own alias."""
        better: list[_Rows] = []
        for fold in range(_FOLDS):
            self._remember([query for at, query in enumerate(judged) if at % _FOLDS != fold])
            for query in judged[fold::_FOLDS]:
                better += self._differences(query)
        size = _FORMS * len(Clues._fields)
        rows = np.vstack(better) if better else np.zeros((0, size))
        begun = np.zeros(size)
        begun[Clues._fields.index("whole")] = _TRUSTED
        weights = begun
        for _ in range(_ROUNDS):
            doubt = 1 / (1 + np.exp(np.clip(rows @ weights, -30, 30)))
            slope = rows.T @ doubt - _EVEN * (weights - begun)
            bend = (rows * (doubt * (1 - doubt))[:, None]).T @ rows + _EVEN * np.eye(size)
            weights = weights + np.linalg.solve(bend, slope)
        return weights

    def _differences(self, query: Query) -> list[_Rows]:
        ranked = self.index.rank(query.text, _DEEP).best
        alike = self._alike(query.text)
        subjects = [one.subject for one in ranked]
        if not subjects:
            return []
        clues = self._clues(query.text, subjects, ranked, alike)
        grade = np.array([query.grades.get(subject, 0.0) for subject in subjects])
        right, wrong = np.flatnonzero(grade == grade.max()), np.flatnonzero(grade < grade.max())[:10]
        # A question with many right answers counts no more than one with a single one.
        count = max(1, len(right) * len(wrong)) ** 0.5
        return [(clues[one] - clues[wrong]) / count for one in right]
