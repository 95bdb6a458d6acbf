"""The global ways, tapped or typed: each word leads to one place, from everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from dialogs import events, grants, greeting, joining, leaving, running, steps, talking, wishing
from dialogs.draft import Draft
from dialogs.reaching import want_person


def _help(draft: Draft) -> None:
    draft.say("help.text", *joining.buttons(draft), centre=draft.house.centre[draft.session.language])
    talking.go_on(draft)


def _person(draft: Draft) -> None:
    want_person(draft, "asked")


def _cancel(draft: Draft) -> None:
    if draft.place:
        leaving.ask_cancel(draft)
    else:
        wishing.halt(draft)


def _done(draft: Draft) -> None:
    if draft.place:
        leaving.ask_cancel(draft)
    else:
        talking.say_goodbye(draft)


def _back(draft: Draft) -> None:
    if draft.place:
        running.back(draft, None)
    else:
        talking.menu(draft)


def _skip(draft: Draft) -> None:
    if draft.place and draft.place.question:
        running.skip(draft, draft.place.question)
    else:
        talking.go_on(draft)


def _consultation(draft: Draft) -> None:
    flow = draft.house.flows.get("consultation")
    if flow:
        greeting.want_start(draft, flow)
    else:
        talking.go_on(draft)


COMMANDS: Mapping[str, Callable[[Draft], None]] = {
    "menu": talking.menu,
    "consultation": _consultation,
    "person": _person,
    "language": talking.languages,
    "consent": greeting.agree,
    "refuse": greeting.refuse,
    "help": _help,
    "hello": talking.say_hello,
    "thanks": talking.say_pleasure,
    "welcome": talking.say_likewise,
    "understood": talking.say_goodbye,
    "done": _done,
    "who": talking.say_who,
    "forget": partial(greeting.forget, sure=False),
    "forget_sure": partial(greeting.forget, sure=True),
    "mine": greeting.tell,
    "join": joining.want_code,
    "join_sure": joining.join,
    "join_not": joining.join_not,
    "linked": joining.linked,
    "part": joining.ask_part,
    "part_sure": joining.part,
    "receive": wishing.settings,
    "stop": wishing.stop_and_go_on,
    "why": wishing.why,
    "steps": steps.begin,
    "cancel": _cancel,
    "back": _back,
    "skip": _skip,
    "bot": talking.go_on,
    "ja": partial(greeting.speak, language="ja"),
    "ja-easy": partial(greeting.speak, language="ja-easy"),
    "en": partial(greeting.speak, language="en"),
    "zh": partial(greeting.speak, language="zh"),
    "ko": partial(greeting.speak, language="ko"),
    "rooms": partial(talking.shelf, name="rooms"),
    "grants": grants.everything,
    "events": events.everything,
    "signed_up": events.mine,
}


RIGHTS = frozenset({"forget", "forget_sure", "refuse", "stop"})  # a person has them before any greeting and any consent


def obey(draft: Draft, name: str) -> None:
    """Do what a global word says; one that this release does not know leads back to where the person was."""
    COMMANDS.get(name, talking.go_on)(draft)


def decide(draft: Draft, waiting: str, *, yes: bool) -> None:
    """Do what a typed yes or no means for the question that was put last."""
    match waiting:
        case "?cancel" if yes and draft.place:
            leaving.cancel(draft)
        case "?forget" if yes:
            greeting.forget(draft, sure=True)
        case "?join" if yes:
            joining.join(draft)
        case "?join":
            joining.join_not(draft)
        case "?part" if yes:
            joining.part(draft)
        case "?stop" if yes:
            wishing.stop(draft)
        case _ if waiting.startswith(wishing.OFFERED):
            wishing.decided(draft, waiting, yes=yes)
        case "?person" if yes:
            want_person(draft, "asked")
        case _:
            talking.go_on(draft)
