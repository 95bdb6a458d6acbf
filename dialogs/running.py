"""Inside a flow: how an answer is kept, changed, passed over or found wanting."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from dialogs.asking import way
from dialogs.dates import say_day, say_time
from dialogs.draft import Draft
from dialogs.flow import Flow
from dialogs.problem import Problem
from dialogs.question import Question
from dialogs.session import SKIPPED, Answers, Finished
from dialogs.several import Many

# What belongs to one question only and goes when it is answered.
CLEAN: dict[str, Any] = {"reopened": None, "picked": (), "aside": None, "half": None}
_TIME = re.compile("[0-9]{2}:[0-9]{2}")
KEPT_FINISHED = 12  # old buttons of about that many runs can still say what they were about


def start(draft: Draft, flow: type[Flow], answers: Answers | None = None) -> None:
    """Begin a flow from its first question that is not answered already."""
    kept, run = dict(answers or {}), draft.session.run + 1
    draft.keep(flow=flow.name, revision=flow.revision, run=run, answers=kept, unclear=0, wants=None, **CLEAN)
    if draft.words.has(f"{flow.name}.start"):
        draft.say(f"{flow.name}.start")
    draft.ask()


def finish(draft: Draft, *, sent: bool) -> None:
    """The run is over; its old buttons will say so."""
    session = draft.session
    over = Finished(session.run, session.flow or "", draft.around.now.date().isoformat(), sent)
    draft.keep(
        flow=None,
        revision=0,
        answers={},
        unclear=0,
        **CLEAN,
        finished=(*session.finished, over)[-KEPT_FINISHED:],
    )


def answer(draft: Draft, question: Question[Any], raw: Any) -> None:
    """Keep an answer to a question of the path and go on; a changed one is said aloud."""
    place = draft.here
    before = place.walk.answers.get(question.key)
    kept = {key: value for key, value in draft.session.answers.items() if key not in question.was}
    draft.keep(answers={**kept, question.key: raw}, unclear=0, missed=0, **CLEAN)
    if before is not None and before != raw:
        draft.say("common.changed")
    stop = place.flow.stop(draft.here.walk.answers)
    if stop:
        finish(draft, sent=False)
        draft.say(f"{place.flow.name}.stop_{stop}", way(draft.words, "menu"), way(draft.words, "person"))
        return
    draft.ask()


def read(draft: Draft, question: Question[Any], text: str) -> None:
    """Take words as the answer, or say what is wrong with them."""
    raw = understand(draft, question, text)
    if raw is None or isinstance(raw, Problem):
        problem(draft, raw)
    else:
        answer(draft, question, raw)


def understand(draft: Draft, question: Question[Any], text: str) -> Any | Problem | None:
    """What the words mean as an answer; options named in words come on top of those already ticked."""
    scene, picked = draft.here.scene, draft.session.picked
    raw = question.read(text, scene)
    if isinstance(question, Many) and picked and isinstance(raw, list) and question is draft.here.question:
        for option in raw:
            picked = picked if option in picked else question.toggled(picked, option)
        return question.accept(picked, scene)
    return raw


def problem(draft: Draft, found: Problem | None) -> None:
    """Say what is wrong, kindly, and ask again; every third time in a row a person is offered."""
    draft.keep(unclear=draft.session.unclear + 1)
    third = draft.session.unclear % 3 == 0
    if found:
        draft.keep(half=found.half or None)
        draft.say(f"problem.{found.code}", **{name: _said(value, draft) for name, value in found.values.items()})
    elif not third:
        draft.say("problem.unclear")
    if third:
        draft.say("problem.third", way(draft.words, "person"))
    draft.ask()


def _said(value: str | int, draft: Draft) -> str | int:
    """A day or a time in a problem as people say them."""
    if not isinstance(value, str):
        return value
    if _TIME.fullmatch(value):
        return say_time(datetime.combine(draft.around.now.date(), time.fromisoformat(value)), draft.words)
    try:
        return say_day(date.fromisoformat(value), draft.words)
    except ValueError:
        return value


def back(draft: Draft, key: str | None) -> None:
    """Ask the question before; nothing that was answered is lost."""
    place = draft.here
    earlier = place.walk.previous(key or (place.question.key if place.question else None))
    if earlier is None:
        draft.say("common.first")
        draft.ask()
    else:
        reopen(draft, earlier)


def reopen(draft: Draft, question: Question[Any]) -> None:
    """Ask a question again in order to change it; one that is off the path now stays off."""
    if question in draft.here.walk.questions:
        draft.keep(reopened=question.key, picked=ticked(draft, question), unclear=0, half=None)
    else:
        draft.say("old.gone")
    draft.ask()


def ticked(draft: Draft, question: Question[Any]) -> tuple[str, ...]:
    """The options that an earlier answer holds and that can still be chosen."""
    raw = draft.here.walk.answers.get(question.key)
    return tuple(one for one in question.options(draft.here.scene) if isinstance(raw, list) and one in raw)


def leave_as_is(draft: Draft, question: Question[Any]) -> None:
    """The person has seen the answer again and lets it stand."""
    if draft.session.reopened == question.key:
        draft.keep(unclear=0, **CLEAN)
    draft.ask()


def skip(draft: Draft, question: Question[Any]) -> None:
    """Pass over an optional question."""
    if not question.optional:
        draft.say("problem.cannot_skip")
        draft.ask()
    elif question in draft.here.walk.questions:
        answer(draft, question, dict(SKIPPED))
    else:
        draft.ask()


def keep_aside(draft: Draft, question: Question[Any]) -> None:
    """The words that were taken for something else were meant as the answer after all."""
    words_kept, place = draft.session.aside, draft.here
    if words_kept is None or question is not place.question or place.elsewhere(question):
        draft.ask()
    else:
        read(draft, question, words_kept)


def let_go(draft: Draft) -> bool:
    """Answers about a time that has passed are dropped, said so, and asked again. Whether there were any."""
    place = draft.place
    if place is None:
        return False
    answers = place.walk.answers
    gone = [
        question
        for question in place.walk.questions
        if question.key in answers and question.over(answers[question.key], draft.around.now)
    ]
    for question in gone:
        draft.say("resume.past", label=draft.words.say(f"{place.flow.name}.{question.key}.label"))
    if gone:
        names = {name for question in gone for name in question.names}
        draft.keep(answers={key: raw for key, raw in draft.session.answers.items() if key not in names}, **CLEAN)
    return bool(gone)
