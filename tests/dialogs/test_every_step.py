"""What must work at each step of each form: the ways out, danger, things instead of words, another language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest

from dialogs.around import Around, Finding, Found
from dialogs.deeds import Alarm, PersonWanted, Turn
from dialogs.flows import ALL
from dialogs.heard import Filled, Heard, Showed, Tapped, Thing, Typed
from dialogs.place import Place, find_place
from dialogs.questions import File
from dialogs.session import Session
from dialogs.tap import Act as Step
from dialogs.turn import turn
from dialogs.words import LANGUAGES
from tests.dialogs.everything import Everything, house_with
from tests.dialogs.walk import Act, Walker
from tests.each import each
from tests.stopwatch import quickest

HOUSE = house_with(Everything)
URGENT = Found(Finding.URGENT, reason="abuse", urgent="110")


def walked(flow: str, *, own: bool) -> Iterator[tuple[str, Session]]:
    """The sessions at each question of a form that is simply filled in, and at its check page.

    In a chat only those that must not be answered there; all others are the same as on the centre's own page.
    """
    walker = Walker(HOUSE, own=own)
    for heard in (Tapped("l:ja"), Tapped("m:consent"), Tapped(f"f:{flow}")):
        walker.hear(heard)
    seen: set[str] = set()
    steps = iter(range(60))
    while place := find_place(HOUSE, walker.session, walker.around(None)):
        assert next(steps, None) is not None, f"{flow} does not end"
        question = place.question
        key = question.key if question else "check"
        if key not in seen and (own or (question and place.elsewhere(question))):
            yield key, walker.session
        seen.add(key)
        before = walker.session
        walker.step(Act("answer", more=2))  # the third option, or yes
        assert walker.session != before, f"{flow} does not get past {key}"


STEPS = {
    f"{flow}-{key}{'' if own else ' in a chat'}": (flow, session, own)
    for flow in (*ALL, "everything")
    for own in (True, False)
    for key, session in walked(flow, own=own)
}
each_step = each(("flow", "session", "own"), STEPS.values(), ids=STEPS)


def around(own: bool, found: Found | None = None) -> Around:
    """That Tuesday, with free times on the shelves."""
    return replace(Walker(HOUSE, own=own).around(None), found=found)


def after(session: Session, heard: Heard, own: bool, found: Found | None = None) -> Turn:
    """One turn from there."""
    return turn(HOUSE, session, heard, around(own, found))


def question(session: Session, own: bool) -> str:
    """What is asked there."""
    return after(session, Tapped(here(session, own).tap(Step.RESUME)), own).messages[-1].text


def here(session: Session, own: bool) -> Place:
    """Where the session stands."""
    place = find_place(HOUSE, session, around(own))
    assert place is not None
    return place


def test_every_form_is_walked_to_its_end() -> None:
    ends = [step for step in STEPS if "-check" in step]
    assert len(ends) == len(ALL) + 1
    assert len(STEPS) > 35


@each_step
def test_D11_stop_is_asked_first_and_then_done(flow: str, session: Session, own: bool) -> None:
    asked = after(session, Typed("やめる"), own)
    assert asked.session.answers == session.answers
    kept = after(asked.session, Typed("いいえ"), own)
    assert kept.messages[-1].text == question(session, own)
    stopped = after(asked.session, Typed("はい"), own)
    assert stopped.session.flow is None
    assert stopped.session.answers == {}
    assert not stopped.deeds


@each_step
def test_D11_from_the_beginning_leads_to_the_menu_and_back(flow: str, session: Session, own: bool) -> None:
    menu = after(session, Typed("最初から"), own)
    assert menu.session.answers == session.answers
    resume = menu.messages[-1].buttons[0]
    assert after(menu.session, Tapped(resume.tap), own).messages[-1].text == question(session, own)


@each_step
def test_D11_a_person_comes_with_what_was_answered(flow: str, session: Session, own: bool) -> None:
    made = after(session, Typed("人と話したい"), own)
    (wanted,) = made.deeds
    assert isinstance(wanted, PersonWanted)
    assert wanted.flow == flow
    assert [row.key for row in wanted.rows] == [row.key for row in here(session, own).rows()]
    assert made.session.answers == session.answers


@each_step
def test_N04_after_the_person_has_left_the_same_question_comes(flow: str, session: Session, own: bool) -> None:
    assert after(session, Tapped("m:bot"), own).messages[-1].text == question(session, own)


@each_step
def test_D12_danger_shows_the_numbers_and_tells_staff(flow: str, session: Session, own: bool) -> None:
    made = after(session, Typed("夫に殴られています"), own, URGENT)
    assert made.messages[0].text == "110"
    assert [type(deed) for deed in made.deeds] == [Alarm]
    assert made.session.answers == session.answers
    resume = made.messages[-1].buttons[0].tap
    assert after(made.session, Tapped(resume), own).messages[-1].text == question(session, own)


@each_step
def test_D16_a_thing_instead_of_words_is_answered_kindly(flow: str, session: Session, own: bool) -> None:
    place = here(session, own)
    wanted = isinstance(place.question, File) and not place.elsewhere(place.question)
    for thing in Thing:
        made = after(session, Showed(thing, "7"), own)
        if wanted and thing in (Thing.PICTURE, Thing.FILE):
            assert made.session.answers["file"] == {"ref": "7", "name": "", "kind": thing.value}
        else:
            assert made.messages[0].text == HOUSE.library["ja"].say(f"thing.{thing.value}")
            assert made.messages[-1].text == question(session, own)
            assert made.session.answers == session.answers


@each_step
def test_D01_nothing_changes_nothing(flow: str, session: Session, own: bool) -> None:
    for text in ("", " ", "\u3000", "\u200b\u2060", "\n\t"):
        made = after(session, Typed(text), own)
        assert made.messages[0].text == HOUSE.library["ja"].say("problem.empty")
        assert replace(made.session, seen_at=session.seen_at) == session


LONG = {
    "one sign": "あ" * 100_000, "digits": "1" * 100_000, "unseen": "\u200b" * 100_000,
    "spaces": "a" + " " * 99_998 + "b",
    "unfolding": "ﷺ" * 100_000, "list": "1、" * 50_000, "pattern": "(a+)+$" * 16_000, "dates": "年月日" * 33_000,
}  # fmt: skip


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_D02_D08_words_without_end_are_answered_in_time(text: str) -> None:
    for _, session, own in (where for step, where in STEPS.items() if step.startswith("everything")):
        made = after(session, Typed(text), own)
        assert quickest(partial(after, session, Typed(text), own)) < 0.1
        assert made.session.answers == session.answers
        assert len(str(made.session)) < 5_000


@each_step
def test_D15_a_number_that_nobody_may_write_is_warned_of(flow: str, session: Session, own: bool) -> None:
    made = after(session, Typed("番号は 1234 5678 9018 です"), own)
    assert made.messages[0].text == HOUSE.library["ja"].say("problem.secret_number")
    assert "9018" not in str(made.session)
    assert not made.deeds


@each_step
def test_D19_another_language_keeps_every_answer(flow: str, session: Session, own: bool) -> None:
    for language in LANGUAGES:
        made = after(session, Tapped(f"l:{language}"), own)
        assert made.session.answers == session.answers
        assert made.session.language == language
        assert made.messages[0].text == HOUSE.library[language].say("language.set")
        back = after(made.session, Typed("日本語"), own)
        assert back.messages[-1].text == question(session, own)


@each_step
def test_N03_a_button_of_another_form_changes_nothing(flow: str, session: Session, own: bool) -> None:
    for tap in ("a:9:way:desk", "x:9:all:sure", "s:9", "k:9:way", "n:9", "f:nothing", "zzz"):
        made = after(session, Tapped(tap), own)
        assert replace(made.session, seen_at=session.seen_at) == session
        assert not made.deeds
        assert made.messages[-1].text == question(session, own)


@each_step
def test_D10_an_answer_filled_in_for_another_run_is_refused(flow: str, session: Session, own: bool) -> None:
    for filled in (Filled(flow, session.run + 1, "story", "x"), Filled("other", session.run, "story", "x")):
        made = after(session, filled, own)
        assert made.session.answers == session.answers


@each_step
def test_sending_early_asks_what_is_missing(flow: str, session: Session, own: bool) -> None:
    place = here(session, own)
    made = after(session, Tapped(place.tap(Step.SEND)), own)
    assert bool(made.deeds) == (place.question is None)
    if place.question:
        assert made.messages[-1].text == question(session, own)
