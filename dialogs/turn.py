"""The engine: one message heard, one turn; a pure function of the session, the message and what is around."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import assert_never

from dialogs import events, greeting, running, talking, typed, wishing
from dialogs.around import Around, House
from dialogs.asking import way
from dialogs.deeds import Turn
from dialogs.draft import Draft
from dialogs.heard import Came, Corrected, Filled, Heard, Left, Moved, Picked, Showed, Tapped, Thing, Typed, Withdrew
from dialogs.pressed import before_greeting, press
from dialogs.session import Session
from dialogs.stopping import stops
from dialogs.tap import FlowTap, read

_TELLING = frozenset({Thing.PICTURE, Thing.VIDEO, Thing.VOICE, Thing.FILE, Thing.PLACE})  # a person can use them
AWAY = timedelta(hours=8)  # after this long, free words are a greeting before they are an answer


def turn(house: House, session: Session, heard: Heard, around: Around) -> Turn:
    """Hear one message. Nothing is called, nothing is raised for what people do; the session survives JSON."""
    if isinstance(heard, Left | Withdrew | Corrected | Moved):
        return Turn(session)  # nothing to say: the store is told by whoever heard it
    draft, waiting = _begin(house, session, around)
    match heard:
        case Typed(text):
            typed.hear(draft, text, waiting)
        case Tapped(raw):
            press(draft, raw) if draft.session.met else before_greeting(draft, raw)
        case Picked(raw, value):
            _picked(draft, raw, value)
        case Showed():
            _showed(draft, heard)
        case Came(word):
            if not events.pointed(draft, word):
                greeting.come(draft, word)
        case Filled():
            _filled(draft, heard)
        case _:
            assert_never(heard)
    return draft.end()


def _begin(house: House, session: Session, around: Around) -> tuple[Draft, str | None]:
    """The draft, and what was last put to the person as a yes-or-no: any other act lets it fall."""
    away = session.seen_at is not None and around.now - datetime.fromisoformat(session.seen_at) > AWAY
    draft = Draft(house, around, session, away)
    waiting = session.wants if session.wants and session.wants.startswith("?") else None
    changes = {"wants": None} if waiting else {}
    draft.keep(seen_at=around.now.isoformat(timespec="seconds"), **changes)
    if session.flow and session.flow not in house.flows:
        draft.keep(flow=None, answers={}, **running.CLEAN)
        draft.say("resume.ended")
    if away:
        running.let_go(draft)
    return draft, waiting


def _picked(draft: Draft, raw: str, value: str) -> None:
    """A native picker's value is read like words, for the question it belongs to."""
    tapped, place = read(raw), draft.place
    if not isinstance(tapped, FlowTap) or tapped.run != draft.session.run or place is None:
        press(draft, raw) if draft.session.met else before_greeting(draft, raw)
        return
    question = place.walk.find(tapped.question)
    if question is None or place.elsewhere(question):
        draft.say("old.gone")
        draft.ask()
    else:
        running.read(draft, question, value.replace("T", " "))


def _showed(draft: Draft, showed: Showed) -> None:
    """A picture or file where one is wanted. With a case it is received for its coordinator; without one it is not
    kept, and how to show it to a person is said. A form asks its question again. An album is answered once.
    """
    again = bool(showed.album) and showed.album == draft.session.album
    draft.keep(album=showed.album or None)
    if not draft.session.met:
        talking.greet(draft)
        return
    place = draft.place
    if place and place.question and not place.elsewhere(place.question):
        raw = place.question.showed(showed)
        if raw is not None:
            running.answer(draft, place.question, raw)
            return
    if again:
        return
    tells = showed.thing in _TELLING
    if tells and draft.around.open_case:
        draft.say("thing_kept.yes", *(() if place else (way(draft.words, "menu"),)))
        if place:
            draft.ask()
        return
    if tells and not place:
        draft.say("thing_kept.no", way(draft.words, "person"))
    else:
        draft.say(f"thing.{showed.thing.value}", *(() if place else (way(draft.words, "person"),)))
    talking.go_on(draft)


def _filled(draft: Draft, filled: Filled) -> None:
    """An answer from our own page; one that no longer fits the talk changes nothing."""
    place = draft.place
    if stops(filled.value):
        wishing.stop(draft)
    if not draft.session.met:
        talking.greet(draft)
    elif place is None or filled.flow != place.flow.name or filled.run != draft.session.run:
        talking.old_button(draft, filled.run)
    elif (question := place.walk.find(filled.question)) is None:
        draft.ask()
    elif not filled.value.strip() and question.optional:
        running.skip(draft, question)
    else:
        running.read(draft, question, filled.value)
