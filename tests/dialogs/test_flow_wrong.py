"""A flow that cannot work stops the start with a message that names the file, the question and the mend."""

from __future__ import annotations

import shutil
from enum import StrEnum
from pathlib import Path

import pytest

from dialogs.flow import Flow, FlowWrong, check_words
from dialogs.flows.consultation import Consultation
from dialogs.questions import OneOf, Text, YesNo
from dialogs.words import FOLDER, Words, WordsWrong, library, load

FILE = "tests/dialogs/test_flow_wrong.py"


class Way(StrEnum):
    """How to talk."""

    DESK = "desk"
    PHONE = "phone"


def refusal(questions: dict[str, object], name: str = "visit") -> str:
    """What the start says about a flow of these questions."""
    with pytest.raises(FlowWrong) as wrong:
        type("Visit", (Flow,), {"name": name, "__module__": __name__, **questions})
    return str(wrong.value)


class Visit(Flow):
    """A flow that is in order."""

    name = "visit"

    way = OneOf(Way)
    story = Text(at_most=9, when=way.is_(Way.DESK), was=("tale",))


def test_a_good_flow_is_taken() -> None:
    assert [question.key for question in Visit.questions] == ["way", "story"]
    assert Visit.find("tale") is Visit.story


def test_a_condition_on_a_later_question_is_refused() -> None:
    way = OneOf(Way)
    told = refusal({"day": Text(at_most=9, when=way.is_(Way.DESK)), "way": way})
    assert FILE in told
    assert "day looks at way, which is asked later" in told
    assert "move it down" in told


def test_a_condition_on_a_question_of_another_flow_is_refused() -> None:
    told = refusal({"day": Text(at_most=9, when=Consultation.way.is_(*Consultation.way.kinds.values()))})
    assert "day looks at way" in told


def test_a_condition_joined_of_an_earlier_and_a_later_question_is_refused() -> None:
    more, way = YesNo(), OneOf(Way)
    told = refusal({"more": more, "day": Text(at_most=9, when=more.is_(True) & way.is_(Way.DESK)), "way": way})
    assert "day looks at way, which is asked later" in told


@pytest.mark.parametrize(
    "questions",
    [
        {"day": Text(at_most=9), "date": Text(at_most=9, was=("day",))},
        {"day": Text(at_most=9, was=("date",)), "date": Text(at_most=9)},
        {"day": Text(at_most=9, was=("when",)), "date": Text(at_most=9, was=("when",))},
    ],
    ids=["earlier name is a question", "question is an earlier name", "two with one earlier name"],
)
def test_a_name_used_twice_is_refused(questions: dict[str, object]) -> None:
    told = refusal(questions)
    assert FILE in told
    assert "is used twice" in told
    assert "must differ" in told


@pytest.mark.parametrize("name", ["", "Visit", "be such", "x" * 25, "besuch-1"])
def test_a_flow_needs_a_name_of_small_letters(name: str) -> None:
    told = refusal({"day": Text(at_most=9)}, name)
    assert FILE in told
    assert "Visit needs name" in told


class Long(StrEnum):
    """An option that Telegram would refuse on a button."""

    LONG = "l" * 41


class Odd(StrEnum):
    """An option that a payload cannot carry."""

    ODD = "a b"


@pytest.mark.parametrize("kinds", [Long, Odd], ids=["too long", "a space"])
def test_an_option_that_does_not_fit_on_a_button_is_refused(kinds: type[StrEnum]) -> None:
    told = refusal({"way": OneOf(kinds)})
    assert FILE in told
    assert "way: option" in told
    assert "does not fit on a button" in told


def test_a_flow_without_questions_is_refused() -> None:
    told = refusal({})
    assert FILE in told
    assert "has no questions; declare at least one" in told


def test_a_question_with_a_long_name_is_refused_with_the_mend() -> None:
    told = refusal({"d" * 25: Text(at_most=9)})
    assert "rename it and use was=" in told


@pytest.mark.parametrize("key", ["consultation.way.ask", "consultation.story.label", "consultation.way.desk"])
@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
def test_a_flow_with_a_missing_word_is_refused(key: str, language: str) -> None:
    books = dict(library())
    full = books[language]
    books[language] = Words(language, {name: said for name, said in full.phrases.items() if name != key}, full.spoken)
    with pytest.raises(FlowWrong) as wrong:
        check_words(Consultation, books)
    told = str(wrong.value)
    assert f"dialogs/words/{language}.toml" in told
    assert f"consultation, question {key.split('.')[1]}: add {key}" in told


def test_a_word_taken_out_of_every_file_is_still_missed_by_its_flow(tmp_path: Path) -> None:
    folder = tmp_path / "words"
    shutil.copytree(FOLDER, folder)
    for language in library():
        file = folder / f"{language}.toml"
        lines = file.read_text("utf-8").splitlines(keepends=True)
        start = lines.index("[consultation.urgency]\n")
        gone = next(i for i in range(start, len(lines)) if lines[i].startswith("week ="))
        file.write_text("".join(lines[:gone] + lines[gone + 1 :]), "utf-8")
    with pytest.raises(FlowWrong, match=r"question urgency: add consultation\.urgency\.week"):
        check_words(Consultation, library(folder))


def test_a_words_file_is_named_when_it_is_gone(tmp_path: Path) -> None:
    with pytest.raises(WordsWrong, match=r"vi\.toml is missing; every language needs its file"):
        load("vi", tmp_path)
