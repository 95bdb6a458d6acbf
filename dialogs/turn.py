"""The engine: one message heard, one turn; a pure function of the session, the message and what is around."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import assert_never

from dialogs import commands, running, talking
from dialogs.around import Around, Finding, House
from dialogs.asking import asked_elsewhere, scene_of, tap, way
from dialogs.deeds import Turn
from dialogs.draft import Draft
from dialogs.flow import Flow
from dialogs.heard import Came, Filled, Heard, Left, Picked, Showed, Tapped, Typed, Withdrew
from dialogs.problem import Problem
from dialogs.question import Question
from dialogs.saying import Button
from dialogs.session import Session
from dialogs.tap import Act, ArticleTap, CommandTap, FlowTap, LanguageTap, StartTap, VerdictTap, read
from dialogs.words import plain

AWAY = timedelta(hours=8)  # after this long, free words are a greeting before they are an answer
SHORT = 60  # characters: longer words in an open question are a story, never a question to us


def turn(house: House, session: Session, heard: Heard, around: Around) -> Turn:
    """Hear one message. Nothing is called, nothing is raised for what people do; the session survives JSON."""
    draft = Draft(house, around, session)
    away = _away(session, around.now)
    draft.keep(seen_at=around.now.isoformat(timespec="seconds"))
    if session.flow and session.flow not in house.flows:
        draft.keep(flow=None, answers={}, reopened=None, picked=())
        draft.say("resume.ended")
    match heard:
        case Typed(text):
            _typed(draft, text, away)
        case Tapped(raw):
            _tapped(draft, raw)
        case Picked(raw, value):
            _picked(draft, raw, value)
        case Showed():
            _showed(draft, heard)
        case Came(word):
            _came(draft, word)
        case Filled():
            _filled(draft, heard)
        case Left() | Withdrew():
            pass  # nothing to say: the store is told by whoever heard it
        case _:
            assert_never(heard)
    return draft.end()


def _away(session: Session, now: datetime) -> bool:
    return session.seen_at is not None and now - datetime.fromisoformat(session.seen_at) > AWAY


def _came(draft: Draft, word: str) -> None:
    if not draft.session.met or not talking.consented(draft):
        talking.greet(draft)
    elif word in draft.house.flows:
        talking.want_start(draft, draft.house.flows[word])
    else:
        draft.say("greeting.again")
        talking.go_on(draft)


def _tapped(draft: Draft, raw: str) -> None:
    tapped = read(raw)
    match tapped:
        case FlowTap():
            if draft.flow and tapped.run == draft.session.run:
                running.tapped(draft, draft.flow, tapped)
            else:
                talking.old_button(draft, tapped.run)
        case StartTap(flow) if flow in draft.house.flows:
            talking.want_start(draft, draft.house.flows[flow])
        case CommandTap(name):
            commands.obey(draft, name)
        case LanguageTap(language):
            talking.speak(draft, language)
        case ArticleTap():
            _article(draft)
        case VerdictTap():
            talking.judge(draft, tapped)
        case StartTap() | None:
            draft.say("old.unknown")
            talking.go_on(draft)
        case _:
            assert_never(tapped)


def _article(draft: Draft) -> None:
    """The article that was chosen, handed in as what was found; one that is gone is said to be gone."""
    found = draft.around.found
    if found is None or not found.cards:
        draft.say("old.gone")
        talking.go_on(draft)
        return
    talking.show(draft, found.cards[0])
    if draft.flow:
        draft.say("resume.onward")
        draft.ask()


def _typed(draft: Draft, text: str, away: bool) -> None:
    found = draft.around.found
    if found and found.kind is Finding.URGENT:
        talking.alarm(draft, text)
        if draft.flow:
            draft.say("resume.when_ready", Button(draft.words.say("common.resume"), tap(Act.RESUME, draft.session)))
        return
    if not draft.session.met:
        _first_words(draft, text)
        return
    spoken = _spoken(draft, text)
    if draft.session.wants == "cancel" and draft.flow and spoken in ("yes", "no"):
        draft.keep(wants=None)
        running.cancel(draft, draft.flow) if spoken == "yes" else draft.ask()
    elif spoken and spoken not in ("yes", "no"):
        commands.obey(draft, spoken)
    elif draft.flow:
        _typed_in_flow(draft, draft.flow, text, away)
    elif spoken and not talking.consented(draft):
        talking.agree(draft) if spoken == "yes" else talking.refuse(draft)
    else:
        _typed_outside(draft, text)


def _spoken(draft: Draft, text: str) -> str | None:
    """The global word that was typed, in any language; whole words only, never a part of a sentence."""
    if len(text) > SHORT:
        return None
    said = plain(text)
    own = draft.words.spoken.get(said)
    return own or next((book.spoken[said] for book in draft.house.library.values() if said in book.spoken), None)


def _first_words(draft: Draft, text: str) -> None:
    """Somebody writes before being greeted: greet, and do not let the question fall."""
    found = draft.around.found
    talking.greet(draft)
    if found and found.kind in (Finding.ANSWER, Finding.CHOOSE, Finding.PERSON):
        talking.answer_question(draft, text)


def _typed_outside(draft: Draft, text: str) -> None:
    if not plain(text):
        draft.say("problem.empty")
        talking.menu(draft)
        return
    title = next((name for name in draft.house.flows if plain(draft.words.say(f"{name}.title")) == plain(text)), None)
    if title:
        talking.want_start(draft, draft.house.flows[title])
    else:
        talking.answer_question(draft, text)


def _typed_in_flow(draft: Draft, flow: type[Flow], text: str, away: bool) -> None:
    """An answer, a correction, a question of the person's own, or something unclear: in that order of trust."""
    session, around = draft.session, draft.around
    question = flow.current(session.answers, session.reopened)
    if question is None:
        _typed_at_check(draft, flow, text)
        return
    if asked_elsewhere(flow, question, session, around.own):
        if not _interrupted(draft, question, text):
            draft.say("private.typed")
            draft.ask()
        return
    closed = bool(question.options(scene_of(draft.house, session, around)))
    if not closed and away:
        draft.say("resume.welcome", count=len(flow.record(session.answers)))
        draft.ask()
        return
    raw = question.read(text, scene_of(draft.house, session, around))
    understood = raw is not None and not isinstance(raw, Problem)
    if (not understood or not closed) and _interrupted(draft, question, text):
        return
    if understood:
        running.answer(draft, flow, question, raw)
    elif away:
        draft.say("resume.welcome", count=len(flow.record(session.answers)))
        draft.ask()
    else:
        running.problem(draft, raw if isinstance(raw, Problem) else None)


def _interrupted(draft: Draft, question: Question[object], text: str) -> bool:
    """Whether the words were a question of the person's own, now answered; then the form goes on."""
    found = draft.around.found
    if found is None:
        return False
    if question.options(scene_of(draft.house, draft.session, draft.around)):
        sure = found.kind in (Finding.ANSWER, Finding.CHOOSE, Finding.PERSON)
    else:
        sure = found.question and found.kind is Finding.ANSWER and len(text) <= SHORT
    if not sure:
        return False
    talking.answer_question(draft, text)
    draft.keep(aside=text[:1000], unclear=0)
    if not question.options(scene_of(draft.house, draft.session, draft.around)) and not question.private:
        keep = Button(draft.words.say("resume.keep"), tap(Act.KEEP, draft.session, question.key))
        draft.say("resume.onward_or_keep", keep)
    else:
        draft.say("resume.onward")
    draft.ask()
    return True


def _typed_at_check(draft: Draft, flow: type[Flow], text: str) -> None:
    """On the check page: send, change, the number of a row, or a question."""
    said = plain(text)
    rows = flow.rows(draft.session.answers, scene_of(draft.house, draft.session, draft.around))
    if said.isdecimal() and 1 <= int(said[:4]) <= len(rows):
        question = flow.find(rows[int(said) - 1].key)
        if question:
            running.reopen(draft, flow, question)
        return
    if said == plain(draft.words.say("common.send")):
        running.send(draft, flow)
    elif said == plain(draft.words.say("common.change")):
        running.tapped(draft, flow, FlowTap(Act.ROWS, draft.session.run))
    elif draft.around.found and draft.around.found.kind in (Finding.ANSWER, Finding.CHOOSE, Finding.PERSON):
        talking.answer_question(draft, text)
        draft.say("resume.onward")
        draft.ask()
    else:
        running.problem(draft, None)


def _picked(draft: Draft, raw: str, value: str) -> None:
    """A native picker's value is read like words, for the question it belongs to."""
    tapped = read(raw)
    if not isinstance(tapped, FlowTap) or tapped.run != draft.session.run or draft.flow is None:
        _tapped(draft, raw)
        return
    question = draft.flow.find(tapped.question)
    if question is None or question not in draft.flow.path(draft.session.answers):
        draft.say("old.gone")
        draft.ask()
    else:
        running.read(draft, draft.flow, question, value.replace("T", " "))


def _showed(draft: Draft, showed: Showed) -> None:
    """A picture or file where one is wanted; anything else gets a kind word and the question again."""
    if draft.flow and (question := draft.flow.current(draft.session.answers, draft.session.reopened)):
        raw = question.showed(showed)
        if raw is not None:
            running.answer(draft, draft.flow, question, raw)
            return
    if not draft.session.met:
        talking.greet(draft)
        return
    draft.say(f"thing.{showed.thing.value}", *((way(draft.words, "person"),) if draft.flow is None else ()))
    talking.go_on(draft)


def _filled(draft: Draft, filled: Filled) -> None:
    """Answers from our own page; one that no longer fits the talk changes nothing."""
    flow = draft.flow
    question = flow.find(filled.question) if flow else None
    if flow is None or question is None or filled.flow != flow.name or filled.run != draft.session.run:
        talking.old_button(draft, filled.run)
        return
    if question not in flow.path(draft.session.answers):
        draft.ask()
    elif not filled.value.strip() and question.optional:
        running.skip(draft, flow, question)
    else:
        running.read(draft, flow, question, filled.value)
