"""Words that were typed: a danger, a button's words, a wish, an answer, a question, or something unclear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from dialogs import commands, greeting, running, talking
from dialogs.answering import answer_question
from dialogs.around import Finding
from dialogs.asking import as_answer, besides, resume, sure
from dialogs.characters import anything_seen
from dialogs.draft import Draft
from dialogs.place import Place
from dialogs.pressed import press
from dialogs.problem import Problem
from dialogs.question import Question
from dialogs.reaching import alarm
from dialogs.saying import Button
from dialogs.secrets import secret_number
from dialogs.words import plain, plain_label

SHORT = 60  # characters: longer words in an open question are a story, never a question to us
_PLAIN = frozenset({"yes", "no", "none"})  # these mean something only as an answer
_NUMBER = re.compile("([0-9]{1,3})番?")


def hear(draft: Draft, text: str, waiting: str | None) -> None:
    """Typed words, in order of what matters most. `waiting` names what was put to the person as a yes-or-no."""
    found = draft.around.found
    if found and found.kind is Finding.URGENT:
        alarm(draft, text)
        return
    said = _spoken(draft, text)
    if not draft.session.met:
        _first(draft, text, said)
    elif not anything_seen(text):
        draft.say("problem.empty")
        talking.go_on(draft)
    elif secret_number(text):
        draft.say("problem.secret_number")
        talking.go_on(draft)
    elif waiting and said in ("yes", "no"):
        commands.decide(draft, waiting, yes=said == "yes")
    elif (tap := _button(draft, text, waiting)) is not None:
        press(draft, tap)
    elif said and said not in _PLAIN | _taken(draft.place):
        commands.obey(draft, said)
    elif draft.place:
        _in_flow(draft, draft.place, text, said)
    else:
        _outside(draft, text, said)


def _taken(place: Place | None) -> frozenset[str]:
    """The global words that answer the question which is open now."""
    return place.question.takes if place and place.question else frozenset()


def _spoken(draft: Draft, text: str) -> str | None:
    """The global word that was typed, in any language; whole words only, never a part of a sentence."""
    if len(text) > SHORT:
        return None
    said = plain(text)
    own = draft.words.spoken.get(said)
    return own or next((book.spoken[said] for book in draft.house.library.values() if said in book.spoken), None)


def _first(draft: Draft, text: str, said: str | None) -> None:
    if said in draft.house.library:
        greeting.speak(draft, said or "")
    else:
        greeting.first_words(draft, text, said or _title(draft, text))


def _title(draft: Draft, text: str) -> str | None:
    """The form whose name was typed."""
    said = plain(text) if len(text) <= SHORT else ""
    return next((name for name in draft.house.flows if plain_label(draft.words.say(f"{name}.title")) == said), None)


def _button(draft: Draft, text: str, waiting: str | None) -> str | None:
    """The payload of the button that says just that, options apart: typing it is as good as tapping it."""
    if len(text) > SHORT or draft.place is None:
        return None
    said = plain(text)
    return next((one.tap for one in _buttons(draft, draft.place, waiting) if plain_label(one.label) == said), None)


def _buttons(draft: Draft, place: Place, waiting: str | None) -> Iterator[Button]:
    yield from besides(place)
    yield resume(place)
    if draft.session.aside is not None and place.question:
        yield as_answer(place, place.question)
    if waiting == "?cancel":
        yield sure(place)


def _outside(draft: Draft, text: str, said: str | None) -> None:
    title = _title(draft, text)
    if title:
        greeting.want_start(draft, draft.house.flows[title])
    elif said == "yes" and not talking.consented(draft):
        greeting.agree(draft)
    elif said == "no" and not talking.consented(draft):
        greeting.refuse(draft)
    elif said:
        talking.menu(draft)
    else:
        answer_question(draft, text)


def _in_flow(draft: Draft, place: Place, text: str, said: str | None) -> None:
    question = place.question
    if question is None:
        _at_check(draft, place, text)
    elif place.elsewhere(question):
        if not _interrupted(draft, place, question, text):
            draft.say("private.typed")
            draft.ask()
    else:
        _as_answer(draft, question, text, said)


def _as_answer(draft: Draft, question: Question[Any], text: str, said: str | None) -> None:
    """An answer, a question of the person's own, or something unclear: in that order of trust."""
    raw = running.understand(draft, question, text)
    understood = raw is not None and not isinstance(raw, Problem)
    if understood and not question.free:
        running.answer(draft, question, raw)
    elif said == "none" and question.optional and not understood:
        running.skip(draft, question)
    elif _interrupted(draft, draft.here, question, text):
        return
    elif draft.away:  # after a night, free words are a greeting before they are an answer
        talking.welcome_back(draft)
        if understood:
            _set_aside(draft, question, text, "resume.or_keep")
        draft.ask()
    elif understood:
        running.answer(draft, question, raw)
    else:
        running.problem(draft, raw if isinstance(raw, Problem) else None)


def _set_aside(draft: Draft, question: Question[Any], text: str, key: str) -> None:
    """Words that may have been the answer can be made it by one tap."""
    draft.keep(aside=text)
    draft.say(key, as_answer(draft.here, question))


def _answerable(draft: Draft, *, sure: bool) -> bool:
    """Whether what was found is worth leaving the form for. `sure`: only where no other meaning is likely."""
    found = draft.around.found
    if found is None:
        return False
    if sure:
        return found.question and found.kind is Finding.ANSWER
    return found.kind in (Finding.ANSWER, Finding.PERSON) or (found.question and found.kind is Finding.CHOOSE)


def _interrupted(draft: Draft, place: Place, question: Question[Any], text: str) -> bool:
    """Whether the words were a question of the person's own, now answered; then the form goes on."""
    free = question.free and not place.elsewhere(question)
    if not _answerable(draft, sure=question.free) or (question.free and len(text) > SHORT):
        return False
    answer_question(draft, text)
    draft.keep(unclear=0)
    if free:
        _set_aside(draft, question, text, "resume.onward_or_keep")
    else:
        draft.say("resume.onward")
    draft.ask()
    return True


def _at_check(draft: Draft, place: Place, text: str) -> None:
    """On the check page: the number or the name of a row, or a question; what a button says was heard before."""
    rows = place.rows()
    said = plain(text) if len(text) <= SHORT else ""
    number = _NUMBER.fullmatch(said)
    named = {str(at): row for at, row in enumerate(rows, 1)} | {plain_label(row.label): row for row in rows}
    row = named.get(str(int(number[1])) if number else said)
    question = place.flow.find(row.key) if row else None
    if question:
        running.reopen(draft, question)
    elif _answerable(draft, sure=False):
        answer_question(draft, text)
        draft.say("resume.onward")
        draft.ask()
    elif draft.away:
        talking.welcome_back(draft)
        draft.ask()
    else:
        running.problem(draft, None)
