"""Every test is dealt out once, the slow ones first and evenly."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.shares import SLOW, deal

TESTS = [f"{file}::{number}" for file in [*SLOW, "tests/quick.py", "tests/other.py"] for number in range(30)]


def _file(test: str) -> str:
    return test.partition("::")[0]


@pytest.mark.parametrize("workers", [1, 2, 4, 7])
def test_every_test_is_dealt_once_and_each_run_begins_with_slow_ones(workers: int) -> None:
    dealt = deal(TESTS, _file, workers)
    assert sorted(dealt) == sorted(TESTS)
    heads = [_file(dealt[len(TESTS) * number // workers]) for number in range(workers)]
    assert set(heads[: len(SLOW)]) <= set(SLOW)


def test_a_few_tests_of_one_file_are_not_lost() -> None:
    few = [f"{next(iter(SLOW))}::{number}" for number in range(3)]
    assert deal(few, _file, 4) == few


def test_every_slow_file_exists() -> None:
    assert [file for file in SLOW if not (Path(__file__).parents[2] / file).is_file()] == []
