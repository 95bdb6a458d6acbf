"""Outside any form: who speaks, the consent, the menu, what is on, and where the person was."""

from __future__ import annotations

from datetime import date

from dialogs.asking import ask, resume, way
from dialogs.dates import say_day
from dialogs.draft import Draft
from dialogs.saying import Button, Message, Weight
from dialogs.tap import CommandTap, LanguageTap, StartTap
from dialogs.words import LANGUAGES

SHELVES = ("events", "grants", "rooms")  # what the menu lists straight from the shelf
BESIDES = ("steps", "receive", "language", "help", "person")
LONGEST_KEPT = 1000  # signs of words that are kept for a hand-over


def hello(draft: Draft) -> None:
    """Who this is and what for."""
    draft.keep(met=True)
    draft.say("greeting.hello", *_language_buttons(draft), centre=draft.house.centre[draft.session.language])


def ask_consent(draft: Draft) -> None:
    """The purpose, the readers and the time of keeping, with agree and refuse, and the way to a person."""
    if draft.session.wants and draft.session.wants.startswith("?"):
        draft.keep(wants=None)  # a yes now means this
    draft.say(
        "consent.ask",
        Button(draft.words.say("common.agree"), str(CommandTap("consent")), Weight.MAIN),
        Button(draft.words.say("common.refuse"), str(CommandTap("refuse"))),
        *(() if draft.session.wants == "person" else (way(draft.words, "person"),)),
        centre=draft.house.centre[draft.session.language],
    )


def greet(draft: Draft) -> None:
    """The first words: who this is, and the consent to it."""
    hello(draft)
    ask_consent(draft)


def consented(draft: Draft) -> bool:
    """Whether the person agreed to the text of today."""
    return draft.session.consented == draft.house.consent_version


def remember(draft: Draft, words: str) -> None:
    """Keep the last words for a hand-over, unless the person wished that nothing be kept."""
    if any(sign.isalnum() for sign in words) and not draft.session.refused:
        draft.keep(asked=words[:LONGEST_KEPT])


def menu(draft: Draft) -> None:
    """Where everything can be reached from; a waiting form comes first."""
    words, place = draft.words, draft.place
    buttons = [resume(place)] if place else []
    shown = [name for name, flow in draft.house.flows.items() if flow.in_menu]
    buttons += [Button(words.say(f"{name}.title"), str(StartTap(name))) for name in shown]
    buttons += [way(words, name, Weight.OPTION) for name in (*SHELVES, *BESIDES)]
    draft.say("menu.ask", *buttons)


def go_on(draft: Draft) -> None:
    """Back to where the person was: the waiting question, else the menu."""
    place = draft.place
    if place:
        draft.messages.append(ask(place))
    else:
        menu(draft)


def welcome_back(draft: Draft) -> None:
    """Somebody comes back to a form after a night or longer: said before anything else of this turn."""
    count = len(draft.here.walk.record())
    text = draft.words.say("resume.welcome", count=count) if count else draft.words.say("resume.back")
    draft.messages.insert(0, Message(text))


def say_hello(draft: Draft) -> None:
    """A greeting is returned, and the talk goes on where it was."""
    if draft.place and draft.away:
        welcome_back(draft)
    elif draft.place is None:
        draft.say("greeting.returned")
    go_on(draft)


def say_pleasure(draft: Draft) -> None:
    """Thanks are answered, and the talk goes on where it was."""
    draft.say("greeting.pleasure", *(() if draft.place else (way(draft.words, "menu"),)))
    if draft.place:
        draft.ask()


def say_likewise(draft: Draft) -> None:
    """「どういたしまして」: thanks go back, and the talk goes on where it was."""
    draft.say("greeting.likewise", *(() if draft.place else (way(draft.words, "menu"),)))
    if draft.place:
        draft.ask()


def say_goodbye(draft: Draft) -> None:
    """Somebody has understood or needs nothing more. What waits for an answer goes on waiting."""
    if draft.place:
        draft.ask()
    elif not consented(draft) and not draft.session.refused:
        ask_consent(draft)  # 「わかりました」 to it is not yet an agreement
    else:
        draft.say("greeting.goodbye", way(draft.words, "menu"), way(draft.words, "person"))


def say_who(draft: Draft) -> None:
    """Whether a person writes here: never anything but the truth, and a person is one tap away."""
    draft.say(
        "greeting.who", way(draft.words, "person", Weight.MAIN), *(() if draft.place else (way(draft.words, "menu"),))
    )
    if draft.place:
        draft.ask()


def _language_buttons(draft: Draft) -> tuple[Button, ...]:
    others = [language for language in LANGUAGES if language != draft.session.language]
    return tuple(
        Button(draft.house.library[one].say("language.name"), str(LanguageTap(one)), Weight.WAY) for one in others
    )


def languages(draft: Draft) -> None:
    """Which language to speak."""
    back = (resume(draft.place, Weight.WAY),) if draft.place else ()
    draft.say("language.ask", *_language_buttons(draft), *back, way(draft.words, "menu"))


def shelf(draft: Draft, name: str) -> None:
    """What is on: grants, rooms, at most five, straight from the shelf."""
    back = (resume(draft.place, Weight.WAY),) if draft.place else ()
    ways = (*back, way(draft.words, "menu"), way(draft.words, "person"))
    items = draft.around.shelves.get(name, ())[:5]
    if not items:
        draft.say(f"shelf.no_{name}", *ways)
        return
    lines = [draft.words.say(f"shelf.{name}")]
    lines += [draft.words.say("shelf.item", label=item.label, detail=item.detail) for item in items]
    draft.messages.append(Message("\n\n".join(lines), ways))


def old_button(draft: Draft, run: int) -> None:
    """A button of a form that is over: what it was about; nothing is changed."""
    over = next((one for one in draft.session.finished if one.run == run), None)
    if over and draft.words.has(f"{over.flow}.title"):
        title = draft.words.say(f"{over.flow}.title")
        day = say_day(date.fromisoformat(over.on), draft.words)
        draft.say("old.sent" if over.sent else "old.stopped", title=title, day=day)
    else:
        draft.say("old.unknown")
    go_on(draft)
