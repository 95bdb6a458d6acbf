"""Options that are tapped: one is the answer, several are ticked until it is enough."""

from __future__ import annotations

from typing import Any

from dialogs import running
from dialogs.draft import Draft
from dialogs.problem import Problem
from dialogs.question import Question
from dialogs.several import Many


def choose(draft: Draft, question: Question[Any], option: str) -> None:
    """An option was tapped: the answer, a tick, or the correction of an earlier answer."""
    place = draft.here
    if question not in place.walk.questions or option not in question.options(place.scene):
        draft.say("old.gone")
        draft.ask()
    elif isinstance(question, Many):
        _tick(draft, question, option)
    else:
        running.answer(draft, question, question.tapped(option, place.scene))


def _tick(draft: Draft, question: Many[Any], option: str) -> None:
    place = draft.here
    if question is not place.question:  # ticking in an old message: continue from what was chosen there
        draft.keep(reopened=question.key, picked=running.ticked(draft, question))
    picked = question.toggled(draft.session.picked, option)
    if len(picked) > question.at_most:
        draft.say("problem.too_many", at_most=question.at_most)
        draft.ask()
        return
    draft.keep(picked=picked)
    if option in question.alone and option in picked:
        done(draft, question)  # it excludes all others: nothing is left to choose
    else:
        draft.ask()


def done(draft: Draft, question: Question[Any]) -> None:
    """Enough was ticked."""
    place = draft.here
    if not isinstance(question, Many) or question is not place.question:
        draft.ask()
        return
    accepted = question.accept(draft.session.picked, place.scene)
    if isinstance(accepted, Problem):
        running.problem(draft, accepted)
    else:
        running.answer(draft, question, accepted)


def again(draft: Draft, question: Question[Any]) -> None:
    """All ticks are taken back."""
    if question is draft.here.question:
        draft.keep(picked=())
    draft.ask()
