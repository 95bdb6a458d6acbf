"""The path follows from the answers alone; and what a new release changes never strands an open talk."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.around import Around
from dialogs.deeds import Filed, Turn
from dialogs.flow import Flow
from dialogs.heard import Heard, Tapped, Typed
from dialogs.questions import Day, LongText, ManyOf, Number, OneOf, Question, Scene, Text, YesNo
from dialogs.session import SKIPPED, Session
from dialogs.turn import turn
from tests.dialogs.everything import Everything, Tool, Way, house_with, library_with
from tests.each import each

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))


class Visit(Flow):
    """A visit, as an older release asked for it."""

    name = "visit"

    way = OneOf(Way)
    tools = ManyOf(Tool, when=way.is_(Way.DESK))
    broom = Text(at_most=20, when=tools.has(Tool.BROOM), optional=True)
    story = Text(at_most=60)


def keys(flow: type[Flow], answers: dict[str, Any]) -> list[str]:
    """The path as the names of its questions."""
    return [question.key for question in flow.walk(answers).questions]


# ---------------------------------------------------------------------------------------------------------------------
# The path


@each(
    ("answers", "path", "current"),
    [
        ({}, ["way", "story"], "way"),
        ({"way": "phone"}, ["way", "story"], "story"),
        ({"way": "desk"}, ["way", "tools", "story"], "tools"),
        ({"way": "desk", "tools": ["bag"]}, ["way", "tools", "story"], "story"),
        ({"way": "desk", "tools": ["bag", "broom"]}, ["way", "tools", "broom", "story"], "broom"),
        ({"way": "desk", "tools": ["broom"], "broom": dict(SKIPPED)}, ["way", "tools", "broom", "story"], "story"),
        ({"way": "phone", "tools": ["broom"]}, ["way", "story"], "story"),
        ({"way": "phone", "story": "a"}, ["way", "story"], None),
        ({"way": "moon", "story": "a"}, ["way", "story"], "way"),
        ({"story": "a", "nothing": 1}, ["way", "story"], "way"),
    ],
    ids=str,
)
def test_the_path_follows_from_the_answers(answers: dict[str, Any], path: list[str], current: str | None) -> None:
    question = Visit.current(answers)
    assert keys(Visit, answers) == path
    assert (question.key if question else None) == current


def test_an_answer_off_the_path_influences_nothing() -> None:
    walk = Visit.walk({"way": "phone", "tools": ["broom"], "broom": "big", "story": "a"})
    assert walk.answers == {"way": "phone", "story": "a"}
    assert walk.record() == {"way": "phone", "story": "a"}


@pytest.mark.parametrize(("reopened", "asked"), [("way", "way"), ("tools", None), ("gone", None), (None, None)])
def test_a_question_may_be_seen_again_while_it_is_on_the_path(reopened: str | None, asked: str | None) -> None:
    question = Visit.current({"way": "phone", "story": "a"}, reopened)
    assert (question.key if question else None) == asked


@pytest.mark.parametrize(("key", "before"), [("way", None), ("story", "way"), (None, "story"), ("tools", "story")])
def test_back_leads_to_the_question_before_on_the_path(key: str | None, before: str | None) -> None:
    question = Visit.walk({"way": "phone"}).previous(key)
    assert (question.key if question else None) == before


def test_what_was_passed_over_is_shown_and_not_filed() -> None:
    answers = {"way": "desk", "tools": ["broom", "bag"], "broom": dict(SKIPPED), "story": "a"}
    scene = Scene(library_with(Visit)["en"], NOW, "visit")
    rows = Visit.walk(answers).rows(scene)
    assert [(row.key, row.label, row.value) for row in rows] == [
        ("way", "way label", "way desk"),
        ("tools", "tools label", "tools broom, tools bag"),
        ("broom", "broom label", "(no answer)"),
        ("story", "story label", "a"),
    ]
    assert Visit.walk(answers).record() == {"way": "desk", "tools": ["broom", "bag"], "story": "a"}


STORED: list[Any] = [
    "desk", "phone", "letter", "moon", True, False, 3, -1, "2026-12-01", "14:30", "2026-12-01T14:30", ["broom"], [],
    ["nothing"], ["gone"], {}, dict(SKIPPED), {"ref": "x", "name": "", "kind": "file"}, "", "v1", "no:v1", None, [1],
    [{}], "a@b.jp",
]  # fmt: skip
RAW = st.sampled_from(STORED)
ANSWERS = st.dictionaries(st.sampled_from([*(q.key for q in Everything.questions), "heading", "gone"]), RAW)


@given(ANSWERS)
def test_every_path_is_a_part_of_the_flow_in_its_order_and_stays_the_same(answers: dict[str, Any]) -> None:
    walk = Everything.walk(answers)
    order = [Everything.questions.index(question) for question in walk.questions]
    assert order == sorted(set(order))
    assert Everything.walk(walk.answers) == walk
    for question in Everything.questions:
        on_path = question.when is None or question.when.holds(walk.answers)
        assert (question in walk.questions) == on_path
    current = walk.current()
    if current is None:
        assert walk.answers.keys() == {question.key for question in walk.questions}
    else:
        assert current.key not in walk.answers
        assert all(q.key in walk.answers for q in walk.questions[: walk.questions.index(current)])


@given(ANSWERS)
def test_answering_what_is_asked_always_ends(answers: dict[str, Any]) -> None:
    good: dict[str, Any] = {
        "consent": "v1", "way": "desk", "day": "2026-12-01", "slot": ["2026-12-01T14:00"], "tools": ["broom"],
        "hidden": False, "count": 2, "file": {"ref": "x", "name": "", "kind": "file"}, "title": "a", "story": "b",
        "postcode": "110-0015", "clock": "14:30", "moment": "2026-12-01T14:00", "mail": "a@b.jp",
        "phone": "03-1234-5678",
    }  # fmt: skip
    for _ in range(len(Everything.questions) + 1):
        question = Everything.current(answers)
        if question is None:
            return
        answers = {**answers, question.key: good[question.key]}
    pytest.fail("the form never ends")


# ---------------------------------------------------------------------------------------------------------------------
# What a new release may change


def saved(**answers: Any) -> Session:
    """A session of the older release, through JSON."""
    session = Session(
        language="en",
        met=True,
        consented="2026-11",
        flow="visit",
        revision=1,
        run=1,
        answers=answers,
        seen_at=NOW.isoformat(timespec="seconds"),
    )
    return Session.from_json(json.loads(json.dumps(session.to_json())))


def after_deploy(questions: dict[str, Question[Any]], session: Session, heard: Heard) -> Turn:
    """One turn of the next release, in which the visit has these questions."""
    flow: type[Flow] = type("Visit", (Flow,), {"name": "visit", "revision": 2, **questions})
    return turn(house_with(flow), session, heard, Around(NOW, "K7M-4QH2"))


def asked(made: Turn) -> str:
    """The first word of the last message: the question it asks."""
    return made.messages[-1].text.split()[0]


def test_a_renamed_question_keeps_its_answer_and_files_it_under_the_new_name() -> None:
    questions: dict[str, Question[Any]] = {"way": OneOf(Way), "tale": Text(at_most=60, was=("story",))}
    made = after_deploy(questions, saved(way="phone", story="a"), Tapped("s:1"))
    (filed,) = [deed for deed in made.deeds if isinstance(deed, Filed)]
    assert isinstance(filed, Filed)
    assert filed.record == {"way": "phone", "tale": "a"}
    assert filed.revision == 2


def test_an_answer_under_the_old_name_goes_when_the_new_one_is_given() -> None:
    questions: dict[str, Question[Any]] = {"way": OneOf(Way), "tale": Text(at_most=60, was=("story",))}
    made = after_deploy(questions, saved(way="phone", story="a"), Tapped("c:1:story"))
    made = after_deploy(questions, made.session, Typed("b"))
    assert made.session.answers == {"way": "phone", "tale": "b"}


def test_a_new_question_is_asked_before_the_check_page() -> None:
    questions: dict[str, Question[Any]] = {"way": OneOf(Way), "place": Text(at_most=9), "story": Text(at_most=60)}
    made = after_deploy(questions, saved(way="phone", story="a"), Tapped("s:1"))
    assert made.deeds == ()
    assert asked(made) == "place"


def test_a_removed_question_is_neither_asked_nor_filed() -> None:
    made = after_deploy({"story": Text(at_most=60)}, saved(way="phone", story="a"), Tapped("s:1"))
    (filed,) = [deed for deed in made.deeds if isinstance(deed, Filed)]
    assert isinstance(filed, Filed)
    assert filed.record == {"story": "a"}


def test_a_button_of_a_removed_question_changes_nothing() -> None:
    made = after_deploy({"story": Text(at_most=60)}, saved(way="phone"), Tapped("a:1:way:desk"))
    assert made.session.answers == {"way": "phone"}
    assert asked(made) == "story"


class Fewer(StrEnum):
    """The ways of the next release."""

    DESK = "desk"


@each(
    ("question", "raw", "again"),
    [
        (OneOf(Fewer), "phone", True),
        (OneOf(Fewer), "desk", False),
        (Number(), "phone", True),
        (Day(), "phone", True),
        (YesNo(), "phone", True),
        (ManyOf(Fewer), "desk", True),
        (ManyOf(Fewer), ["phone"], True),
        (ManyOf(Fewer), ["phone", "desk"], False),
        (LongText(), "phone", False),
        (Number(at_most=5), 6, True),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Question) else json.dumps(value),
)
def test_an_answer_that_no_longer_fits_is_asked_again(question: Question[Any], raw: Any, again: bool) -> None:
    made = after_deploy({"way": question, "story": Text(at_most=60)}, saved(way=raw, story="a"), Tapped("o:1"))
    assert (asked(made) == "way") == again


def test_a_removed_option_is_dropped_from_what_is_filed() -> None:
    questions: dict[str, Question[Any]] = {"way": ManyOf(Fewer), "story": Text(at_most=60)}
    made = after_deploy(questions, saved(way=["phone", "desk"], story="a"), Tapped("s:1"))
    (filed,) = [deed for deed in made.deeds if isinstance(deed, Filed)]
    assert isinstance(filed, Filed)
    assert filed.record["way"] == ["desk"]
    assert filed.rows[0].value == "way desk"


def test_reordered_questions_lose_nothing() -> None:
    made = after_deploy({"story": Text(at_most=60), "way": OneOf(Way)}, saved(way="phone", story="a"), Tapped("o:1"))
    assert "1 story label: a" in made.messages[-1].text
    assert "2 way label: way phone" in made.messages[-1].text


def test_ticks_of_options_that_are_gone_do_no_harm() -> None:
    session = saved()
    session = Session.from_json({**session.to_json(), "picked": ["phone"], "reopened": "gone", "aside": "words"})
    made = after_deploy({"way": ManyOf(Fewer)}, session, Tapped("d:1:way"))
    assert made.session.flow == "visit"
    assert made.messages


@pytest.mark.parametrize("heard", [Typed("hello there"), Tapped("a:1:way:desk"), Tapped("o:1")], ids=str)
def test_a_flow_that_is_gone_has_ended_and_the_menu_is_there(heard: Heard) -> None:
    made = turn(house_with(), saved(way="phone"), heard, Around(NOW, "K7M-4QH2"))
    assert made.session.flow is None
    assert made.session.answers == {}
    assert made.messages[0].text == library_with()["en"].say("resume.ended")


def test_keys_of_another_release_are_ignored_in_a_session() -> None:
    data = {**saved(way="phone").to_json(), "mood": "good"}
    assert Session.from_json(data) == saved(way="phone")
    assert Session.from_json(None) == Session()
