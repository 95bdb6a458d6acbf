"""Inside a flow: answers, ways back and out, the check page, sending."""

from __future__ import annotations

from datetime import date
from typing import Any

from dialogs.asking import asked_elsewhere, change_page, scene_of, tap, way
from dialogs.dates import say_day, say_moment
from dialogs.deeds import Filed
from dialogs.draft import Draft
from dialogs.flow import Flow
from dialogs.problem import Problem
from dialogs.question import Question
from dialogs.saying import Button, Message, Page, Weight
from dialogs.session import SKIPPED, Finished
from dialogs.several import Many
from dialogs.tap import Act, FlowTap

# What belongs to one question only and goes when it is answered.
CLEAN: dict[str, Any] = {"reopened": None, "picked": (), "aside": None, "wants": None}
KEPT_FINISHED = 12  # old buttons of about that many runs can still say what they were about


def start(draft: Draft, flow: type[Flow]) -> None:
    """Begin a flow from its first question."""
    draft.keep(
        flow=flow.name,
        revision=flow.revision,
        run=draft.session.run + 1,
        answers={},
        unclear=0,
        **CLEAN,
    )
    if draft.words.has(f"{flow.name}.start"):
        draft.say(f"{flow.name}.start")
    draft.ask()


def tapped(draft: Draft, flow: type[Flow], tapped: FlowTap) -> None:
    """A button of the running flow. One that fits no more changes nothing and asks again."""
    question = flow.find(tapped.question)
    match tapped.act:
        case Act.CHOOSE if question:
            choose(draft, flow, question, tapped.option)
        case Act.DONE if question:
            done(draft, flow, question)
        case Act.BACK:
            back(draft, flow, tapped.question or None)
        case Act.SKIP if question:
            skip(draft, flow, question)
        case Act.CANCEL:
            ask_cancel(draft) if tapped.option != "sure" else cancel(draft, flow)
        case Act.CHANGE if question:
            reopen(draft, flow, question)
        case Act.ROWS:
            draft.messages.append(change_page(flow, draft.house, draft.session, draft.around))
        case Act.SEND:
            send(draft, flow)
        case Act.KEEP if question:
            keep_aside(draft, flow, question)
        case _:
            draft.keep(wants=None)
            draft.ask()


def choose(draft: Draft, flow: type[Flow], question: Question[Any], option: str) -> None:
    """An option was tapped: the answer, a tick, or the correction of an earlier answer."""
    scene = scene_of(draft.house, draft.session, draft.around)
    if question not in flow.path(draft.session.answers) or option not in question.options(scene):
        draft.say("old.gone")
        draft.ask()
        return
    if not isinstance(question, Many):
        answer(draft, flow, question, question.tapped(option, scene))
        return
    current = flow.current(draft.session.answers, draft.session.reopened)
    if question is not current:  # ticking in an old message: continue from what was chosen there
        draft.keep(reopened=question.key, picked=tuple(question.raw(draft.session.answers) or ()))
    draft.keep(picked=question.toggled(draft.session.picked, option))
    if option in question.alone and option in draft.session.picked:
        done(draft, flow, question)  # it excludes all others: nothing is left to choose
    else:
        draft.ask()


def done(draft: Draft, flow: type[Flow], question: Question[Any]) -> None:
    """Enough was ticked."""
    if isinstance(question, Many) and question is flow.current(draft.session.answers, draft.session.reopened):
        accepted = question.accept(draft.session.picked, scene_of(draft.house, draft.session, draft.around))
        if isinstance(accepted, Problem):
            problem(draft, accepted)
        else:
            answer(draft, flow, question, accepted)
        return
    draft.ask()


def answer(draft: Draft, flow: type[Flow], question: Question[Any], raw: Any) -> None:
    """Keep an answer and go on; a changed one is said aloud."""
    before = question.raw(draft.session.answers)
    kept = {key: value for key, value in draft.session.answers.items() if key not in question.was}
    draft.keep(answers={**kept, question.key: raw}, unclear=0, missed=0, **CLEAN)
    if before is not None and before != raw:
        draft.say("common.changed")
    stop = flow.stop(draft.session.answers)
    if stop:
        finish(draft, flow, sent=False)
        draft.say(f"{flow.name}.stop_{stop}", way(draft.words, "menu"), way(draft.words, "person"))
        return
    draft.ask()


def back(draft: Draft, flow: type[Flow], key: str | None) -> None:
    """Ask the question before; nothing that was answered is lost."""
    here = flow.current(draft.session.answers, draft.session.reopened)
    earlier = flow.previous(draft.session.answers, key or (here.key if here else None))
    if earlier is None:
        draft.say("common.first")
    else:
        draft.keep(reopened=earlier.key, picked=(), unclear=0)
    draft.ask()


def skip(draft: Draft, flow: type[Flow], question: Question[Any]) -> None:
    """Pass over an optional question."""
    if not question.optional:
        draft.say("problem.cannot_skip")
        draft.ask()
    elif question in flow.path(draft.session.answers):
        answer(draft, flow, question, dict(SKIPPED))
    else:
        draft.ask()


def ask_cancel(draft: Draft) -> None:
    """A half-filled form is not thrown away by one wrong tap."""
    draft.keep(wants="cancel")
    draft.say(
        "cancel.ask",
        Button(draft.words.say("cancel.yes"), tap(Act.CANCEL, draft.session, "all", "sure")),
        Button(draft.words.say("common.resume"), tap(Act.RESUME, draft.session), Weight.MAIN),
        way(draft.words, "person"),
    )


def cancel(draft: Draft, flow: type[Flow]) -> None:
    """Stop; what was written is forgotten."""
    finish(draft, flow, sent=False)
    draft.say("cancel.done", way(draft.words, "menu"), way(draft.words, "person"))


def finish(draft: Draft, flow: type[Flow], *, sent: bool) -> None:
    """The run is over; its old buttons will say so."""
    over = Finished(draft.session.run, flow.name, draft.around.now.date().isoformat(), sent)
    draft.keep(
        flow=None,
        revision=0,
        answers={},
        unclear=0,
        **CLEAN,
        finished=(*draft.session.finished, over)[-KEPT_FINISHED:],
    )


def reopen(draft: Draft, flow: type[Flow], question: Question[Any]) -> None:
    """Ask a question again in order to change it; one that is off the path now stays off."""
    if question in flow.path(draft.session.answers):
        draft.keep(reopened=question.key, picked=(), unclear=0)
    draft.ask()


def send(draft: Draft, flow: type[Flow]) -> None:
    """Send what was checked; with a question still open, ask that first."""
    session = draft.session
    if flow.current(session.answers, session.reopened) is not None:
        draft.ask()
        return
    scene = scene_of(draft.house, session, draft.around)
    mode = flow.mode(session.answers)
    draft.do(
        Filed(
            ref=draft.around.ref,
            flow=flow.name,
            revision=flow.revision,
            topics=flow.topics(session.answers),
            urgency=flow.urgency_of(session.answers),
            mode=mode,
            rows=flow.rows(session.answers, scene),
            record=flow.record(session.answers),
        )
    )
    finish(draft, flow, sent=True)
    draft.say(f"{flow.name}.sent", ref=draft.around.ref)
    promise(draft)


def promise(draft: Draft) -> None:
    """When somebody will read it: the next opening, from the centre's calendar; then where the talk goes on."""
    words = draft.words
    when = draft.around.promise
    text = words.say("promise.opening", moment=say_moment(when, words)) if when else words.say("promise.open_now")
    page = None if draft.around.own else Page(words.say("private.talk"), "talk")
    draft.messages.append(Message(text, (way(words, "menu"),), page=page))


def problem(draft: Draft, found: Problem | None) -> None:
    """Say what is wrong, kindly, and ask again; the third time in a row a person is offered first."""
    draft.keep(unclear=draft.session.unclear + 1)
    if draft.session.unclear >= 3:
        draft.say("problem.third", way(draft.words, "person"))
    elif found:
        draft.say(f"problem.{found.code}", **{name: _said(value, draft) for name, value in found.values.items()})
    else:
        draft.say("problem.unclear")
    draft.ask()


def _said(value: str | int, draft: Draft) -> str | int:
    """A date in a problem as people say dates."""
    try:
        return say_day(date.fromisoformat(str(value)), draft.words) if isinstance(value, str) else value
    except ValueError:
        return value


def keep_aside(draft: Draft, flow: type[Flow], question: Question[Any]) -> None:
    """The words just answered as a question were meant as the answer after all."""
    words_kept = draft.session.aside
    here = flow.current(draft.session.answers, draft.session.reopened)
    if words_kept is None or question is not here or asked_elsewhere(flow, question, draft.session, draft.around.own):
        draft.ask()
        return
    read(draft, flow, question, words_kept)


def read(draft: Draft, flow: type[Flow], question: Question[Any], text: str) -> None:
    """Take typed words as the answer, or say what is wrong with them."""
    raw = question.read(text, scene_of(draft.house, draft.session, draft.around))
    if raw is None or isinstance(raw, Problem):
        problem(draft, raw)
    else:
        answer(draft, flow, question, raw)
