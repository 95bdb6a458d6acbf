"""A question is told from an answer to a form, so that a form is interrupted only by a question."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from knowledge.asking import asks_like_question

HEARD = tomllib.loads((Path(__file__).parent / "heard.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", HEARD["questions"])
def test_is_a_question(text: str) -> None:
    assert asks_like_question(text)


@pytest.mark.parametrize("text", HEARD["form_answers"])
def test_is_an_answer(text: str) -> None:
    assert not asks_like_question(text)
