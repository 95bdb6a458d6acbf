"""What speaks for an answer is weighed as written down, within bounds, and a wrong file is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.index import Ranked
from knowledge.weighing import WEIGHTS, Clues, Weights, ratio, weights

NONE = (0.0,) * (1 + len(Clues.__dataclass_fields__))
CLUES = Clues(*(0.0 for _ in Clues.__dataclass_fields__))


def ranked(score: float) -> Ranked:
    return Ranked("a", score, 0.0, 0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (None, None, 0.0),
        (None, ranked(1.0), 0.0),
        (ranked(0.5), None, 2.0),
        (ranked(0.5), ranked(0.0), 2.0),
        (ranked(0.5), ranked(1.0), 0.5),
        (ranked(1.5), ranked(1.0), 1.5),
        (ranked(5.0), ranked(1.0), 2.0),
    ],
    ids=["nobody", "no_one", "no_other", "worthless_other", "half", "better", "far_better"],
)
def test_how_good_one_is_against_the_other(one: Ranked | None, other: Ranked | None, expected: float) -> None:
    assert ratio(one, other) == expected


def test_a_chance_is_the_weighed_sum_of_the_clues() -> None:
    model = Weights((-1.0, 2.0, *NONE[2:]), NONE, (50.0, *NONE[1:]), (-50.0, *NONE[1:]), {})
    chances = model.chances(replace(CLUES, score=1.0))
    assert chances.right == pytest.approx(0.7310585786)
    assert chances.among == 0.5
    assert chances.person == pytest.approx(1.0, abs=1e-12)
    assert chances.elsewhere == pytest.approx(9.357622968840e-14, rel=1e-6)  # no further than e^-30


def test_a_model_with_another_number_of_weights_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        Weights((0.0, 1.0), NONE, NONE, NONE, {}).chances(CLUES)


def test_a_file_without_a_weight_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "weighing.toml"
    file.write_text(WEIGHTS.read_text(encoding="utf-8").replace("\nrival =", "\nrivals =", 1), encoding="utf-8")
    with pytest.raises(KeyError, match="rival"):
        weights(file)
