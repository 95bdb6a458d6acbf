"""The weights found from questions tell a person's matter and what is not ours from the rest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest
import tomli

from knowledge import calibrate
from knowledge.library import Library
from knowledge.topics import FOR_A_PERSON, NOT_OURS, topics
from knowledge.weighing import MODELS, WEIGHTS, Chances, Clues, weights
from tests.knowledge.thin import few_strangers
from tests.ours import ARTICLES

FEW = ARTICLES[:3]
NAMES = ["constant", *Clues.__dataclass_fields__]


@pytest.fixture(scope="module")
def library() -> Library:
    """Few articles, and every topic."""
    with few_strangers():
        return Library(FEW)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """weighing.toml as the command writes it; of few articles, with one wording in sixteen taken out once."""
    folder = tmp_path_factory.mktemp("weights")
    questions = [{"q": "隣の人に怒鳴られて困っている", "topic": FOR_A_PERSON}, {"q": "今日の天気は", "topic": NOT_OURS}]
    lines = [json.dumps(one, ensure_ascii=False) for one in questions]
    (folder / "questions.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "none.jsonl").write_text("", encoding="utf-8")
    with few_strangers(), pytest.MonkeyPatch.context() as set_:
        set_.setattr(calibrate, "_FOLDS", 16)
        set_.setattr(calibrate, "_TURNS", 1)
        set_.setattr(calibrate, "WEIGHTS", folder / "weighing.toml")
        set_.setattr(calibrate, "load", lambda: FEW)
        calibrate.main([str(folder / "questions.jsonl"), str(folder / "none.jsonl")])
    return folder / "weighing.toml"


def test_the_file_has_every_weight_and_the_bars_that_are_shipped(file: Path) -> None:
    table = tomli.loads(file.read_text(encoding="utf-8"))
    assert [*table] == [*MODELS, "bars"]
    assert all([*table[model]] == NAMES for model in MODELS)
    assert all(round(weight, 4) == weight for model in MODELS for weight in table[model].values())
    assert table["bars"] == tomli.loads(WEIGHTS.read_text(encoding="utf-8"))["bars"] == calibrate.BARS
    assert file.read_text(encoding="utf-8").splitlines()[0] == WEIGHTS.read_text(encoding="utf-8").splitlines()[0]
    assert file.read_text(encoding="utf-8").count("\n\n[") == len(MODELS) + 1


def test_each_model_believes_its_own_questions_more_than_the_others(file: Path, library: Library) -> None:
    found = weights(file)

    def believed(questions: Sequence[str]) -> Chances:
        """What the models think of such questions on average, looked up among all the wordings that are known."""
        told = [found.chances(clues) for one in questions if (clues := library.look(one).clues) is not None]
        return Chances(*(fmean(getattr(one, chance) for one in told) for chance in MODELS))

    asked = believed([ask for article in FEW for words in article.words.values() for ask in words.asks][:12])
    person, strange = (believed(topics()[code].asks[1::15]) for code in (FOR_A_PERSON, NOT_OURS))
    assert min(asked.right, asked.among) > 0.5 > max(person.right, person.among, strange.right, strange.among)
    assert person.person > 0.4 > max(asked.person, strange.person)
    assert strange.elsewhere > 0.5 > max(asked.elsewhere, person.elsewhere)


def test_questions_are_looked_up_with_the_best_three_topics_and_what_they_count(library: Library) -> None:
    asked = FEW[0].words["ja"].question
    [(clues, found, topic, count)] = calibrate._of_questions(library, [("", "T01"), (asked, "T01")], 3.0)
    seen = library.look(asked)
    assert (clues, topic, count) == (seen.clues, "T01", 3.0)
    assert found[0] == FEW[0].topic
    assert len(found) == 3
    assert found == tuple(dict.fromkeys(library.topic(one.subject) for one in seen.ours))[:3]


def test_a_model_without_a_clue_says_how_often_it_was_right() -> None:
    fitted = calibrate._fit(np.ones((4, 1)), np.array([1.0, 0, 0, 0]), np.ones(4))
    assert 1 / (1 + np.exp(-fitted[0])) == pytest.approx(0.25, abs=1e-3)


def test_a_row_that_counts_twice_is_the_same_as_two_and_small_weights_are_best() -> None:
    rows = np.array([[1.0, 0.0, 2.0], [1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [1.0, 0.5, 3.0]])
    target, count = np.array([0.0, 1.0, 1.0, 0.0]), np.array([2.0, 1.0, 1.0, 3.0])
    fitted = calibrate._fit(rows, target, count)
    often = np.repeat(np.arange(4), count.astype(int))
    assert calibrate._fit(rows[often], target[often], np.ones(7)) == pytest.approx(fitted)
    chance = 1 / (1 + np.exp(-(rows @ fitted)))
    pull = rows.T @ (count * (target - chance))  # at the best point, what pulls a weight is what holds it small
    assert pull == pytest.approx(np.array([1e-3, 2.0, 2.0]) * fitted, abs=1e-9)
    assert fitted[1] > 0 > fitted[2]
