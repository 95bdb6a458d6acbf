"""Finds the weights of weighing.toml: `python -m knowledge.calibrate QUESTIONS.jsonl …`; the same in, the same out.

It asks the library for wordings that were taken out of it before, and for the questions of the files ({"q", "topic"}).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.article import Article
from knowledge.library import Library, entries_of, entries_without_article
from knowledge.shelf import load
from knowledge.topics import FOR_A_PERSON, NOT_OURS
from knowledge.weighing import WEIGHTS, Clues

_FOLDS, _TURNS = 8, 4  # every eighth wording is taken out, and that four times
_ROUNDS = 25
_EVEN = 2.0  # keeps the weights small
_OF_THE_FILE = 3.0  # a question of the file counts as three wordings
_COUNTS = {FOR_A_PERSON: 1.5, NOT_OURS: 1.2}  # to miss these is worse than to miss one of our topics
_Rows = NDArray[np.float64]


def train(articles: Sequence[Article], questions: Sequence[tuple[str, str]]) -> dict[str, dict[str, float]]:
    """The weights of each model by the names of the clues, from questions with the topic that is right for each."""
    rows = [*_of_wordings(articles), *_of_questions(Library(articles), questions, _OF_THE_FILE)]
    clues = np.array([(1.0, *one.values()) for one, _, _, _ in rows])
    count = np.array([weight for *_, weight in rows])
    found, right = [found for _, found, _, _ in rows], [topic for _, _, topic, _ in rows]
    count *= np.array([_COUNTS.get(topic, 1.0) for topic in right])
    wanted = {
        "right": np.array([one[:1] == (topic,) for one, topic in zip(found, right, strict=True)]),
        "among": np.array([topic in one for one, topic in zip(found, right, strict=True)]),
        "person": np.array([topic == FOR_A_PERSON for topic in right]),
        "elsewhere": np.array([topic == NOT_OURS for topic in right]),
    }
    # The first model is asked only when the others said no, but must not take a stranger's word either: all rows count.
    names = ("constant", *Clues.__dataclass_fields__)
    models = {}
    for model, target in wanted.items():
        fitted = _fit(clues, target.astype(float), count)
        models[model] = {name: round(float(weight), 4) for name, weight in zip(names, fitted, strict=True)}
    return models


_Row = tuple[Clues, tuple[str, ...], str, float]  # clues, the best three topics, the right one, what the row counts


def _of_wordings(articles: Sequence[Article]) -> Iterator[_Row]:
    entries = (*entries_of(articles), *entries_without_article(frozenset(one.topic for one in articles)))
    asked = [entry for entry in entries if entry.asked]
    body = [entry for entry in entries if not entry.asked]
    whole = Library(articles)
    for turn in range(_TURNS):
        held = [entry for at, entry in enumerate(asked) if at % _FOLDS == turn]
        rest = [entry for at, entry in enumerate(asked) if at % _FOLDS != turn]
        library = whole.of([*rest, *body])
        yield from _of_questions(library, [(one.text, whole.topic(one.subject)) for one in held], 1.0)


def _of_questions(library: Library, questions: Sequence[tuple[str, str]], count: float) -> Iterator[_Row]:
    for question, topic in questions:
        seen = library.look(question)
        if seen.clues is not None:
            topics = tuple(dict.fromkeys(library.topic(one.subject) for one in seen.ours))[:3]
            yield seen.clues, topics, topic, count


def _fit(rows: _Rows, target: _Rows, count: _Rows) -> _Rows:
    """Logistic regression by Newton's steps."""
    weights = np.zeros(rows.shape[1])
    even = np.full(rows.shape[1], _EVEN)
    even[0] = 1e-3
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (count * (target - chance)) - even * weights
        bend = (rows * (count * chance * (1 - chance))[:, None]).T @ rows + np.diag(even)
        weights = weights + np.linalg.solve(bend, slope)
    return weights


def written(models: dict[str, dict[str, float]], bars: dict[str, float]) -> str:
    """The text of weighing.toml."""
    lines = ["# Written by `python -m knowledge.calibrate`. The bars say from which chance on something is done."]
    for name, values in (*models.items(), ("bars", bars)):
        lines += ["", f"[{name}]", *(f"{key} = {value}" for key, value in values.items())]
    return "\n".join(lines) + "\n"


BARS = {
    "answer": 0.87,
    "choice": 0.28,
    "person": 0.6,
    "leaning": 0.25,
    "perhaps_person": 0.2,
    "elsewhere": 0.45,
    "near": 0.5,
    "danger": 1.0,
    "passing": 0.6,
    "passing_decline": 0.8,
    "passing_person": 0.12,
}


def main(paths: Sequence[str]) -> None:
    """Write weighing.toml."""
    lines = [json.loads(line) for path in paths for line in Path(path).read_text(encoding="utf-8").splitlines()]
    models = train(load(), [(str(line["q"]), str(line["topic"])) for line in lines])
    WEIGHTS.write_text(written(models, BARS), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
