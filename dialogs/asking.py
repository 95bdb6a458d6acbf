"""How a question, a check page and a way out look as messages."""

from __future__ import annotations

from typing import Any

from dialogs.around import Around, House
from dialogs.flow import Flow, Mode
from dialogs.question import Question, Scene
from dialogs.saying import Button, Message, Page, Picker, Weight
from dialogs.session import Session
from dialogs.tap import Act, CommandTap, FlowTap
from dialogs.words import Words


def scene_of(house: House, session: Session, around: Around, flow: str = "") -> Scene:
    """What questions of the running flow may know."""
    return Scene(house.library[session.language], around.now, flow or session.flow or "", around.shelves)


def tap(act: Act, session: Session, question: str = "", option: str = "") -> str:
    """The payload of a button of the running flow."""
    return str(FlowTap(act, session.run, question, option))


def way(words: Words, command: str) -> Button:
    """A global way out, such as the menu or a person."""
    return Button(words.say(f"command.{command}"), str(CommandTap(command)), Weight.WAY)


def asked_elsewhere(flow: type[Flow], question: Question[Any], session: Session, own: bool) -> bool:
    """Whether this question must not be answered in this chat but on the centre's own page."""
    if own or not question.private:
        return False
    return question.personal or flow.mode(session.answers) is Mode.PRIVATE


def ask(house: House, session: Session, around: Around) -> Message:
    """The message for where the running flow stands: its current question, or the check page."""
    flow = house.flows[session.flow or ""]
    question = flow.current(session.answers, session.reopened)
    if question is None:
        return check_page(flow, house, session, around)
    if asked_elsewhere(flow, question, session, around.own):
        return elsewhere(question, house, session)
    scene = scene_of(house, session, around)
    words, name = scene.words, f"{flow.name}.{question.key}"
    text = words.say(f"{name}.ask")
    if words.has(f"{name}.hint"):
        text += "\n" + words.say(f"{name}.hint")
    if question.many and session.picked:
        text = words.say("common.picked", items=question.show(list(session.picked), scene))
    buttons = _options(question, session, scene) + ways(flow, question, session, words)
    return Message(text, buttons, _picker(question, session, words))


def _options(question: Question[Any], session: Session, scene: Scene) -> tuple[Button, ...]:
    """The answers to tap; what is ticked already is left out, and the step forward comes first."""
    buttons = [
        Button(question.label(option, scene), tap(Act.CHOOSE, session, question.key, option))
        for option in question.options(scene)
        if not (question.many and option in session.picked)
    ]
    if question.many and session.picked:
        buttons.insert(0, Button(scene.words.say("common.done"), tap(Act.DONE, session, question.key), Weight.MAIN))
    return tuple(buttons)


def _picker(question: Question[Any], session: Session, words: Words) -> Picker | None:
    if question.picker is None or question.many:
        return None
    return Picker(
        question.picker, words.say(f"common.pick_{question.picker.value}"), tap(Act.PICK, session, question.key)
    )


def ways(flow: type[Flow], question: Question[Any] | None, session: Session, words: Words) -> tuple[Button, ...]:
    """Back, skip, cancel and a person: under every question."""
    key = question.key if question else ""
    buttons = []
    if flow.previous(session.answers, key or None):
        buttons.append(Button(words.say("command.back"), tap(Act.BACK, session, key), Weight.WAY))
    if question and question.optional:
        buttons.append(Button(words.say("command.skip"), tap(Act.SKIP, session, key), Weight.WAY))
    buttons.append(Button(words.say("command.cancel"), tap(Act.CANCEL, session), Weight.WAY))
    return (*buttons, way(words, "person"))


def elsewhere(question: Question[Any], house: House, session: Session) -> Message:
    """A private question: not asked here, but on our own page behind a one-time link."""
    flow, words = house.flows[session.flow or ""], house.library[session.language]
    return Message(
        words.say("private.ask"),
        ways(flow, question, session, words),
        page=Page(words.say("private.open"), "answer"),
    )


def check_page(flow: type[Flow], house: House, session: Session, around: Around) -> Message:
    """Everything answered so far, numbered, to send or to change. Private answers are not repeated in a chat."""
    scene = scene_of(house, session, around)
    words = scene.words
    lines = [words.say("check.ask")]
    for number, row in enumerate(flow.rows(session.answers, scene), 1):
        value = words.say("check.hidden") if row.private and not around.own else row.value
        lines.append(words.say("check.row", number=number, label=row.label, value=value))
    buttons = (
        Button(words.say("common.send"), tap(Act.SEND, session), Weight.MAIN),
        Button(words.say("common.change"), tap(Act.ROWS, session)),
        *ways(flow, None, session, words),
    )
    return Message("\n".join(lines), buttons)


def change_page(flow: type[Flow], house: House, session: Session, around: Around) -> Message:
    """Which answer to change, one button each."""
    scene = scene_of(house, session, around)
    rows = flow.rows(session.answers, scene)
    buttons = [Button(row.label, tap(Act.CHANGE, session, row.key)) for row in rows]
    back = Button(scene.words.say("common.resume"), tap(Act.RESUME, session), Weight.WAY)
    return Message(scene.words.say("check.which"), (*buttons, back, way(scene.words, "person")))
