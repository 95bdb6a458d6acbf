"""A question is told from an answer to a form, so that a form is interrupted only by a question."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from knowledge.asking import asks_like_question, tells
from tests.each import each

HEARD = tomllib.loads((Path(__file__).parent / "heard.toml").read_text(encoding="utf-8"))


@each("text", HEARD["questions"])
def test_is_a_question(text: str) -> None:
    assert asks_like_question(text)


@each("text", HEARD["form_answers"])
def test_is_an_answer(text: str) -> None:
    assert not asks_like_question(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("毎晩おかしな物音がして落ち着きません", True),
        ("物音がするのはなぜですか", False),
        ("静かなところで話したいです", False),
        ("ひまだな", False),
        ("nothing works here any more", False),
    ],
    ids=["statement", "question", "wish", "short", "english"],
)
def test_tells_something(text: str, told: bool) -> None:
    assert tells(text) is told
