"""A question is told from an answer to a form, so that a form is interrupted only by a question."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from knowledge.asking import asks_like_question, asks_somewhere, hangs, parts, tells, wants_more
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


@pytest.mark.parametrize(
    ("text", "hanging", "more"),
    [
        ("費用は?", True, False),
        ("how much is it?", True, False),
        ("How long does it take", True, False),
        ("多少钱?", True, False),
        ("얼마예요?", True, False),
        ("it is", False, False),
        ("is", False, False),
        ("howmuch", False, False),
        ("how much is the room?", False, False),
        ("会議室の費用は?", False, False),
        ("tell me more", False, True),
        ("もっと詳しく教えて", False, True),
        ("so, how much does it cost, and who pays?", False, False),
        ("so how much does it cost, is it free", True, False),
        ("and so how much does it cost, is it free ?", False, False),
        ("?", False, False),
        ("", False, False),
    ],
)
def test_what_names_no_matter_hangs_on_the_last_one(text: str, hanging: bool, more: bool) -> None:
    """It is made of nothing but words that ask and those beside them, and no longer than a line."""
    assert (hangs(text), wants_more(text)) == (hanging, more)


def test_a_story_that_ends_in_a_question_is_none_and_neither_is_a_mark_alone() -> None:
    line = "どうすれば".rjust(70, "山")
    assert asks_like_question(line)
    assert not asks_like_question("山" + line)
    assert asks_like_question("会議室?")
    assert not asks_like_question("?")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("会議室を借りたい。", ()),
        ("会議室を借りたい。はい。", ()),
        ("会議室を借りたい。印刷もしたい。", ("会議室を借りたい", "印刷もしたい")),
        ("会議室はどこ?ところで、印刷はいくら", ("会議室はどこ", "印刷はいくら")),
        ("I need a room.\nAnd, how do I print?", ("I need a room", "how do I print")),
        ("一の質問。二の質問。三の質問。四の質問。五の質問", ("一の質問", "二の質問", "三の質問", "四の質問")),
    ],
)
def test_a_message_of_several_sentences_is_taken_apart(text: str, found: tuple[str, ...]) -> None:
    assert parts(text) == found


@pytest.mark.parametrize(
    "said",
    ["We are a small group which plants flowers in the park", "Two of us, and the others can they come on Sundays"],
)
def test_what_is_told_in_a_form_stays_an_answer_though_a_search_hears_a_question_in_it(said: str) -> None:
    assert not asks_like_question(said)
    assert asks_somewhere(said)
