"""How a question, a check page and a way out look as messages."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from dialogs.place import Place
from dialogs.question import Question
from dialogs.saying import Button, Message, Page, Picker, Weight
from dialogs.several import Many
from dialogs.tap import Act, CommandTap
from dialogs.words import Words


def way(words: Words, command: str, weight: Weight = Weight.WAY) -> Button:
    """A global way out, such as the menu or a person."""
    return Button(words.say(f"command.{command}"), str(CommandTap(command)), weight)


def resume(place: Place, weight: Weight = Weight.MAIN) -> Button:
    """Back to the question that waits."""
    return Button(place.words.say("common.resume"), place.tap(Act.RESUME), weight)


def sure(place: Place) -> Button:
    """Stop and forget the answers."""
    return Button(place.words.say("cancel.yes"), place.tap(Act.CANCEL, "all", "sure"))


def as_answer(place: Place, question: Question[Any]) -> Button:
    """Take the last words as the answer after all."""
    return Button(place.words.say("resume.keep"), place.tap(Act.KEEP, question.key))


def ask(place: Place) -> Message:
    """The message for where the running flow stands: its current question, or the check page."""
    question = place.question
    if question is None:
        return check_page(place)
    if place.elsewhere(question):
        page = Page(place.words.say("private.open"), "answer")
        return Message(place.words.say("private.ask"), ways(place, question), page=page)
    steps = (_ahead(place, question), _options(place, question), _again(place, question), ways(place, question))
    buttons = tuple(chain.from_iterable(steps))
    return Message(_text(place, question), buttons, _picker(place, question))


def _text(place: Place, question: Question[Any]) -> str:
    words, name = place.words, f"{place.flow.name}.{question.key}"
    if isinstance(question, Many) and place.session.picked:
        key = "common.picked_all" if _full(place, question) else "common.picked"
        items = question.show(list(place.session.picked), place.scene)
        return words.say(key, label=words.say(f"{name}.label"), items=items)
    lines = [words.say(f"{name}.ask")]
    if words.has(f"{name}.hint"):
        lines.append(words.say(f"{name}.hint"))
    if hint := question.hint(place.scene):
        lines.append(hint)
    if place.reviewed and (place.own or not question.private):
        raw = place.walk.answers[question.key]
        value = words.say("common.passed") if question.passed(raw) else question.show(raw, place.scene)
        lines.append(words.say("common.now", value=value))
    return "\n".join(lines)


def _full(place: Place, question: Many[Any]) -> bool:
    """Whether nothing more may be ticked."""
    free = set(question.options(place.scene)).difference(place.session.picked)
    return not free or len(place.session.picked) >= question.at_most


def _ahead(place: Place, question: Question[Any]) -> list[Button]:
    """The step forward, where one can be taken without a new answer."""
    words, key = place.words, question.key
    if question.many and place.session.picked:
        return [Button(words.say("common.done"), place.tap(Act.DONE, key), Weight.MAIN)]
    if place.reviewed:
        return [Button(words.say("common.as_is"), place.tap(Act.AS_IS, key), Weight.MAIN)]
    return []


def _again(place: Place, question: Question[Any]) -> list[Button]:
    """Taking back what is ticked."""
    ticked = question.many and place.session.picked
    return [Button(place.words.say("common.again"), place.tap(Act.AGAIN, question.key))] if ticked else []


def _options(place: Place, question: Question[Any]) -> list[Button]:
    """The answers to tap; what is ticked already is left out."""
    scene, picked = place.scene, place.session.picked if question.many else ()
    if picked and isinstance(question, Many) and _full(place, question):
        return []
    return [
        Button(question.label(option, scene), place.tap(Act.CHOOSE, question.key, option))
        for option in question.options(scene)
        if option not in picked
    ]


def besides(place: Place, *, stopping: bool) -> Iterator[Button]:
    """Every button on the screen that is not itself an answer. `stopping`: also the one that stops for good."""
    question = place.question
    if question is None:
        yield from _to_send(place)
    elif not place.elsewhere(question):
        yield from (*_ahead(place, question), *_again(place, question))
    yield from ways(place, question)
    yield resume(place)
    if question and place.session.aside is not None:
        yield as_answer(place, question)
    if stopping:
        yield sure(place)


def _to_send(place: Place) -> tuple[Button, Button]:
    words = place.words
    send = Button(words.say("common.send"), place.tap(Act.SEND), Weight.MAIN)
    return send, Button(words.say("common.change"), place.tap(Act.ROWS))


def _picker(place: Place, question: Question[Any]) -> Picker | None:
    kind = question.picker
    if kind is None or question.many:
        return None
    return Picker(kind, place.words.say(f"common.pick_{kind.value}"), place.tap(Act.PICK, question.key))


def ways(place: Place, question: Question[Any] | None) -> tuple[Button, ...]:
    """Back, skip, cancel and a person: under every question."""
    words, key = place.words, question.key if question else ""
    buttons = []
    if place.walk.previous(key or None):
        buttons.append(Button(words.say("command.back"), place.tap(Act.BACK, key), Weight.WAY))
    if question and question.optional:
        buttons.append(Button(words.say("command.skip"), place.tap(Act.SKIP, key), Weight.WAY))
    buttons.append(Button(words.say("command.cancel"), place.tap(Act.CANCEL), Weight.WAY))
    return (*buttons, way(words, "person"))


def check_page(place: Place) -> Message:
    """Everything answered so far, numbered, to send or to change. Private answers are not repeated in a chat."""
    words = place.words
    lines = [words.say("check.ask")]
    for number, row in enumerate(place.rows(), 1):
        value = words.say("check.hidden") if row.private and not place.own else row.value
        lines.append(words.say("check.row", number=number, label=row.label, value=value))
    return Message("\n".join(lines), (*_to_send(place), *ways(place, None)))


def change_page(place: Place) -> Message:
    """Which answer to change, one button each."""
    buttons = [Button(row.label, place.tap(Act.CHANGE, row.key)) for row in place.rows()]
    return Message(place.words.say("check.which"), (*buttons, resume(place, Weight.WAY), way(place.words, "person")))
