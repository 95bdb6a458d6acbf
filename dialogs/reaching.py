"""The way to a person: handed over with what is known, when it will be read, and danger told first."""

from __future__ import annotations

from dialogs.asking import resume, way
from dialogs.dates import say_moment
from dialogs.deeds import Alarm, PersonWanted
from dialogs.draft import Draft
from dialogs.saying import Button, Message, Page, Weight
from dialogs.talking import ask_consent, consented, remember
from dialogs.tap import CommandTap, StartTap


def want_person(draft: Draft, why: str, words: str = "") -> None:
    """Hand over to a human: the words, the answers so far and the reason go with the person."""
    if not consented(draft):
        remember(draft, words)
        draft.keep(wants="person")
        draft.say("consent.needed")
        ask_consent(draft)
        return
    case, place = draft.around.open_case, draft.place
    theirs = words or draft.session.asked or ""
    draft.do(
        PersonWanted(draft.around.ref, why, theirs, place.rows() if place else (), place.flow.name if place else "")
    )
    draft.keep(asked=None, missed=0, unclear=0)
    draft.say("person.waiting" if case else "person.coming", ref=case.ref if case else draft.around.ref)
    promise(draft, offer=place is None)
    if place:
        draft.say("resume.when_ready", resume(place))


def promise(draft: Draft, offer: bool = False) -> None:
    """When somebody will read it, by the centre's calendar, and by when they answer; then where the talk goes on.

    With `offer`, a time to talk may be fixed while nobody is there.
    """
    words, told = draft.words, draft.around.promise
    opens = told.opens and say_moment(told.opens, words)
    text = words.say("promise.opening", moment=opens) if opens else words.say("promise.open_now")
    if told.by:
        text += words.say("promise.by", moment=say_moment(told.by, words))
    page = None if draft.around.own else Page(words.say("private.talk"), "talk")
    name = "appointment" if offer and opens else ""
    fixing = (Button(words.say(f"{name}.title"), str(StartTap(name))),) if name in draft.house.flows else ()
    draft.messages.append(Message(text, (*fixing, way(words, "menu")), page=page))


def alarm(draft: Draft, words: str) -> None:
    """Danger: the centre's fixed numbers at once, and staff are told; nothing is searched or judged."""
    found = draft.around.finding
    draft.do(Alarm(draft.around.ref, words, found.reason if found else ""))
    if found and found.urgent:
        draft.messages.append(Message(found.urgent))
    place = draft.place
    draft.say("urgent.told", way(draft.words, "person"), *(() if place else (way(draft.words, "menu"),)))
    if place:
        draft.say("resume.when_ready", resume(place))


def offer_person(draft: Draft, words: str) -> None:
    """This belongs to a human: said so, with the words kept for the hand-over."""
    remember(draft, words)
    if draft.place is None:
        draft.keep(wants="?person")
    draft.say(
        "person.offer",
        Button(draft.words.say("person.yes"), str(CommandTap("person")), Weight.MAIN),
        way(draft.words, "menu"),
    )
