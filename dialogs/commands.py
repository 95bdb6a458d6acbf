"""The global ways, tapped or typed: each word leads to one place, from everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from dialogs import running, talking
from dialogs.draft import Draft


def _help(draft: Draft) -> None:
    draft.say("help.text", centre=draft.house.centre[draft.session.language])
    talking.go_on(draft)


def _person(draft: Draft) -> None:
    talking.want_person(draft, "asked")


def _cancel(draft: Draft) -> None:
    if draft.flow:
        running.ask_cancel(draft)
    else:
        talking.menu(draft)


def _back(draft: Draft) -> None:
    if draft.flow:
        running.back(draft, draft.flow, None)
    else:
        talking.menu(draft)


def _skip(draft: Draft) -> None:
    question = draft.flow.current(draft.session.answers, draft.session.reopened) if draft.flow else None
    if draft.flow and question:
        running.skip(draft, draft.flow, question)
    else:
        talking.go_on(draft)


COMMANDS: Mapping[str, Callable[[Draft], None]] = {
    "menu": talking.menu,
    "person": _person,
    "language": talking.languages,
    "consent": talking.agree,
    "refuse": talking.refuse,
    "help": _help,
    "forget": partial(talking.forget, sure=False),
    "forget_sure": partial(talking.forget, sure=True),
    "mine": talking.tell,
    "cancel": _cancel,
    "back": _back,
    "skip": _skip,
    "bot": talking.go_on,
    "ja": partial(talking.speak, language="ja"),
    "ja-easy": partial(talking.speak, language="ja-easy"),
    "en": partial(talking.speak, language="en"),
    **{name: partial(talking.shelf, name=name) for name in talking.SHELVES},
}


def obey(draft: Draft, name: str) -> None:
    """Do what a global word says; one that this release does not know leads back to where the person was."""
    COMMANDS.get(name, talking.go_on)(draft)
