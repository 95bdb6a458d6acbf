"""Words that were typed: a danger, a button's words, a wish, an answer, a question, or something unclear."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from dialogs import commands, events, greeting, joining, running, steps, talking, wishing
from dialogs.answering import answer_question
from dialogs.around import Finding
from dialogs.asking import as_answer, besides
from dialogs.characters import anything_seen
from dialogs.courtesy import courtesy
from dialogs.draft import Draft
from dialogs.place import Place
from dialogs.pressed import press
from dialogs.problem import Problem
from dialogs.question import Question
from dialogs.reaching import alarm
from dialogs.secrets import secret_number
from dialogs.stopping import stops
from dialogs.tap import VerdictTap
from dialogs.words import plain, plain_label

SHORT = 60  # characters: longer words in an open question are a story, never a question to us
# Why a person may be meant where no word says so: worth asking outside a form, but inside it such words are an answer.
GUESSED = frozenset({"sensitive", "unease"})
LABEL = 24  # no button says more: LINE cuts at twenty
_PLAIN = frozenset({"yes", "no", "none"})  # these mean something only as an answer
_NUMBER = re.compile("第?([0-9]{1,3})[番号项個个번]?")


@dataclass(frozen=True)
class Said:
    """Words as they were typed. `plain` compares them when they are short, `word` is the global word they are."""

    text: str
    plain: str = ""
    word: str | None = None


def hear(draft: Draft, text: str, waiting: str | None) -> None:
    """Typed words, in order of what matters most. `waiting` names what was put to the person as a yes-or-no."""
    found = draft.around.found
    if found and found.kind is Finding.URGENT:
        _alarm(draft, text)
        return
    said = understood(draft, text)
    decided = _decided(draft, said, waiting)
    if waiting == "?forget" and decided is not None:
        commands.decide(draft, waiting, yes=decided)
    elif joining.heard_code(draft):
        return
    elif said.word == "stop" or stops(text):
        _stop(draft, said)
    elif not draft.session.met:
        _first(draft, said)
    else:
        _met(draft, said, waiting, decided)


def _met(draft: Draft, said: Said, waiting: str | None, decided: bool | None) -> None:
    text = said.text
    if not anything_seen(text) or secret_number(text):
        draft.say("problem.secret_number" if anything_seen(text) else "problem.empty")
        talking.go_on(draft)
    elif waiting and decided is not None:
        commands.decide(draft, waiting, yes=decided)
    elif (tap := _button(draft, said, waiting)) is not None:
        press(draft, tap)
    elif said.word and said.word not in _PLAIN | _taken(draft.place):
        commands.obey(draft, said.word)
    elif draft.place:
        _in_flow(draft, draft.place, said)
    else:
        _outside(draft, said)


def _alarm(draft: Draft, text: str) -> None:
    """Danger comes before all; a wish for no more announcements in the same words is done, and not talked about."""
    if stops(text):
        draft.do(replace(draft.around.receiving.wishes, stopped=True))
    alarm(draft, text)


def _stop(draft: Draft, said: Said) -> None:
    """No more announcements. Words that may have been the answer to an open question can be made it by one tap."""
    wishing.stop(draft)
    place = draft.place
    if place is None:
        return
    if said.word is None and place.question and place.question.free and not place.elsewhere(place.question):
        _set_aside(draft, place.question, said.text, "resume.onward_or_keep")
    draft.ask()


def understood(draft: Draft, text: str) -> Said:
    """The words with the global word they are, in any language; whole words only, never a part of a sentence."""
    if len(text) > SHORT:
        return Said(text)
    form = plain(text)
    books = (draft.words, *draft.house.library.values())
    word = next((book.spoken[form] for book in books if form in book.spoken), None)
    return Said(text, form, word or courtesy(form, books))


def _decided(draft: Draft, said: Said, waiting: str | None) -> bool | None:
    """What a typed word says to the yes-or-no that waits; the words of the button that forgets are a yes as well."""
    if waiting == "?forget" and said.plain == plain_label(draft.words.say("forget.yes")):
        return True
    return {"yes": True, "no": False}.get(said.word or "") if waiting else None


def _taken(place: Place | None) -> frozenset[str]:
    """The global words that answer the question which is open now."""
    return place.question.takes if place and place.question else frozenset()


def _first(draft: Draft, said: Said) -> None:
    if said.word in draft.house.library:
        greeting.speak(draft, said.word or "")
    elif said.word in commands.RIGHTS:
        commands.obey(draft, said.word or "")
    else:
        greeting.first_words(draft, said.text, said.word or titled(draft, said))


def titled(draft: Draft, said: Said) -> str | None:
    """The form whose name was typed."""
    titles = {plain_label(draft.words.say(f"{name}.title")): name for name in draft.house.flows}
    return titles.get(said.plain)


def _button(draft: Draft, said: Said, waiting: str | None) -> str | None:
    """The payload of the button that says just that, options apart: typing it is as good as tapping it."""
    if not 0 < len(said.plain) <= LABEL:
        return None
    if draft.place is None:
        pages = wishing.typed(draft, said.plain, waiting) or steps.typed(draft, said.plain, waiting)
        return _verdict(draft, said) or pages
    buttons = besides(draft.place, stopping=waiting == "?cancel")
    return next((one.tap for one in buttons if plain_label(one.label) == said.plain), None)


def _verdict(draft: Draft, said: Said) -> str | None:
    """Whether the answer that was shown last helped, where the words are those of its buttons, in any language."""
    article, books = draft.session.answered, draft.house.library.values()
    if article is None:
        return None
    for key, helped in (("answer.helped", True), ("answer.not", False)):
        if any(plain_label(book.say(key)) == said.plain for book in books):
            return str(VerdictTap(article, 0, helped))
    return None


def _outside(draft: Draft, said: Said) -> None:
    title = titled(draft, said)
    if title:
        greeting.want_start(draft, draft.house.flows[title])
    elif said.word == "yes" and not talking.consented(draft):
        greeting.agree(draft)
    elif said.word == "no" and not talking.consented(draft):
        greeting.refuse(draft)
    elif said.word:
        talking.menu(draft)
    elif not events.heard(draft, said.text):
        answer_question(draft, said.text)


def _in_flow(draft: Draft, place: Place, said: Said) -> None:
    question = place.question
    if question is None:
        _at_check(draft, place, said)
    elif not place.elsewhere(question):
        _as_answer(draft, question, said)
    elif not _interrupted(draft, place, question, said.text):
        draft.say("private.typed")
        draft.ask()


def _as_answer(draft: Draft, question: Question[Any], said: Said) -> None:
    """An answer, a question of the person's own, or something unclear: in that order of trust."""
    text = said.text
    raw = running.understand(draft, question, text)
    understood = raw is not None and not isinstance(raw, Problem)
    if understood and not question.free:
        running.answer(draft, question, raw)
    elif said.word == "none" and question.optional and not understood:
        running.skip(draft, question)
    elif not _nearly(draft, raw) and _interrupted(draft, draft.here, question, text):
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


def _nearly(draft: Draft, raw: object) -> bool:
    """Whether words that ask nothing are an answer that only cannot be taken, such as a time that is not free."""
    if not isinstance(raw, Problem) or raw.code.startswith("not_a"):
        return False
    found = draft.around.finding
    return found is not None and not found.question and found.kind in (Finding.ANSWER, Finding.CHOOSE)


def _set_aside(draft: Draft, question: Question[Any], text: str, key: str) -> None:
    """Words that may have been the answer can be made it by one tap."""
    draft.keep(aside=text)
    draft.say(key, as_answer(draft.here, question))


def _answerable(draft: Draft, *, sure: bool) -> bool:
    """Whether what was found is worth leaving the form for. `sure`: only where no other meaning is likely."""
    if sure and not draft.around.asking:
        return False
    found = draft.around.finding
    if found is None:
        return False
    if sure:
        return found.question and found.kind in (Finding.ANSWER, Finding.CENTRE)
    if found.kind is Finding.PERSON:
        return found.question or found.reason not in GUESSED
    return found.kind in (Finding.ANSWER, Finding.CENTRE) or (found.question and found.kind is Finding.CHOOSE)


def _interrupted(draft: Draft, place: Place, question: Question[Any], text: str) -> bool:
    """Whether the words were a question of the person's own, now answered; then the form goes on."""
    free = question.free and not place.elsewhere(question)
    if (question.free and len(text) > SHORT) or not _answerable(draft, sure=question.free):
        return False
    answer_question(draft, text)
    draft.keep(unclear=0)
    if free:
        _set_aside(draft, question, text, "resume.onward_or_keep")
    else:
        draft.say("resume.onward")
    draft.ask()
    return True


def _at_check(draft: Draft, place: Place, said: Said) -> None:
    """On the check page: the number or the name of a row, or a question; what a button says was heard before."""
    rows = place.rows()
    number = _NUMBER.fullmatch(said.plain)
    named = {str(at): row for at, row in enumerate(rows, 1)} | {plain_label(row.label): row for row in rows}
    row = named.get(str(int(number[1])) if number else said.plain)
    question = place.flow.find(row.key) if row else None
    if question:
        running.reopen(draft, question)
    elif _answerable(draft, sure=False):
        answer_question(draft, said.text)
        draft.say("resume.onward")
        draft.ask()
    elif draft.away:
        talking.welcome_back(draft)
        draft.ask()
    else:
        running.problem(draft, None)
