"""Outside any form: greeting and consent, the menu, answers, languages, a person, what is kept."""

from __future__ import annotations

from datetime import date

from dialogs.around import Card, Finding
from dialogs.asking import ask, scene_of, way
from dialogs.dates import say_day
from dialogs.deeds import Alarm, Consented, ForgetMe, Judged, Missed, PersonWanted, Shown, TellMine
from dialogs.draft import Draft
from dialogs.flow import Flow, Row
from dialogs.running import promise, start
from dialogs.saying import Button, Message, Weight
from dialogs.session import Session
from dialogs.tap import Act, ArticleTap, CommandTap, FlowTap, LanguageTap, StartTap, VerdictTap
from dialogs.words import LANGUAGES

SHELVES = ("events", "grants", "rooms")  # what the menu lists straight from the shelf


def greet(draft: Draft) -> None:
    """Who this is and what for; then the purpose, the readers and the time of keeping, with the consent to it."""
    draft.keep(met=True)
    draft.say("greeting.hello", *_language_buttons(draft), centre=draft.house.centre[draft.session.language])
    ask_consent(draft)


def ask_consent(draft: Draft) -> None:
    """The consent text of today, with agree, refuse and other ways."""
    draft.say(
        "consent.ask",
        Button(draft.words.say("common.agree"), str(CommandTap("consent")), Weight.MAIN),
        Button(draft.words.say("common.refuse"), str(CommandTap("refuse"))),
        centre=draft.house.centre[draft.session.language],
    )


def consented(draft: Draft) -> bool:
    """Whether the person agreed to the text of today."""
    return draft.session.consented == draft.house.consent_version


def agree(draft: Draft) -> None:
    """Agreed: go on with what had to wait for it, else the menu."""
    wanted = draft.session.wants
    draft.keep(consented=draft.house.consent_version, wants=None)
    draft.do(Consented(draft.house.consent_version))
    draft.say("consent.thanks")
    if wanted == "person":
        want_person(draft, "asked")
    elif wanted and wanted in draft.house.flows:
        start(draft, draft.house.flows[wanted])
    else:
        menu(draft)


def refuse(draft: Draft) -> None:
    """Refused: nothing is kept, questions can still be asked, other ways are shown."""
    draft.keep(consented=None, wants=None)
    draft.do(Consented(None))
    draft.say("consent.refused", way(draft.words, "menu"))


def menu(draft: Draft) -> None:
    """Where everything can be reached from; a waiting form comes first."""
    words = draft.words
    buttons = []
    if draft.flow:
        buttons.append(Button(words.say("common.resume"), str(FlowTap(Act.RESUME, draft.session.run)), Weight.MAIN))
    buttons += [Button(words.say(f"{name}.title"), str(StartTap(name))) for name in draft.house.flows]
    buttons += [Button(words.say(f"command.{name}"), str(CommandTap(name))) for name in SHELVES]
    buttons += [Button(words.say(f"command.{name}"), str(CommandTap(name))) for name in ("language", "help", "person")]
    draft.say("menu.ask", *buttons)


def _language_buttons(draft: Draft) -> tuple[Button, ...]:
    others = [language for language in LANGUAGES if language != draft.session.language]
    return tuple(
        Button(draft.house.library[one].say("language.name"), str(LanguageTap(one)), Weight.WAY) for one in others
    )


def languages(draft: Draft) -> None:
    """Which language to speak."""
    draft.say("language.ask", *_language_buttons(draft), way(draft.words, "menu"))


def speak(draft: Draft, language: str) -> None:
    """Another language from now on; all answers are kept."""
    if language in draft.house.library:
        draft.keep(language=language)
    draft.say("language.set")
    if not draft.session.met:
        greet(draft)
    elif not consented(draft) and draft.flow is None:
        ask_consent(draft)
    else:
        go_on(draft)


def go_on(draft: Draft) -> None:
    """Back to where the person was: the waiting question, else the menu."""
    if draft.flow:
        draft.messages.append(ask(draft.house, draft.session, draft.around))
    else:
        menu(draft)


def shelf(draft: Draft, name: str) -> None:
    """What is on: events, grants, rooms, at most five, straight from the shelf."""
    items = draft.around.shelves.get(name, ())[:5]
    if not items:
        draft.say(f"shelf.no_{name}", way(draft.words, "menu"), way(draft.words, "person"))
        return
    lines = [draft.words.say(f"shelf.{name}")]
    lines += [draft.words.say("shelf.item", label=item.label, detail=item.detail) for item in items]
    draft.messages.append(Message("\n\n".join(lines), (way(draft.words, "menu"), way(draft.words, "person"))))


def want_start(draft: Draft, flow: type[Flow], *, fresh: bool = False) -> None:
    """Begin a form; without consent ask that first; a form under way is not thrown away."""
    if not consented(draft):
        draft.keep(met=True, wants=flow.name)
        ask_consent(draft)
    elif draft.flow and draft.session.answers and not fresh:
        draft.say("resume.waiting", title=draft.words.say(f"{draft.flow.name}.title"))
        draft.ask()
    else:
        start(draft, flow)


def want_person(draft: Draft, why: str, words: str = "") -> None:
    """Hand over to a human: the words, the answers so far and the reason go with the person."""
    if not consented(draft):
        draft.keep(met=True, wants="person", asked=words or draft.session.asked)
        ask_consent(draft)
        return
    case = draft.around.open_case
    theirs = words or draft.session.asked or ""
    draft.do(PersonWanted(draft.around.ref, why, theirs, _rows(draft), draft.session.flow or ""))
    draft.keep(asked=None, missed=0, unclear=0)
    draft.say("person.waiting" if case else "person.coming", ref=case.ref if case else draft.around.ref)
    promise(draft)


def _rows(draft: Draft) -> tuple[Row, ...]:
    if draft.flow is None:
        return ()
    return draft.flow.rows(draft.session.answers, scene_of(draft.house, draft.session, draft.around))


def alarm(draft: Draft, words: str) -> None:
    """Danger: the centre's fixed numbers at once, and staff are told; nothing is searched or judged."""
    draft.do(Alarm(draft.around.ref, words))
    if draft.around.found and draft.around.found.urgent:
        draft.messages.append(Message(draft.around.found.urgent))
    draft.say("urgent.told", way(draft.words, "person"))


def show(draft: Draft, card: Card) -> None:
    """An article as the answer, with its source, one tap to say whether it helped, and what to do next."""
    words = draft.words
    draft.do(Shown(card.id, card.version, draft.session.language))
    draft.keep(missed=0, asked=None)
    buttons = [
        Button(words.say("answer.helped"), str(VerdictTap(card.id, card.version, True))),
        Button(words.say("answer.not"), str(VerdictTap(card.id, card.version, False))),
    ]
    if card.next_step in draft.house.flows and draft.flow is None:
        buttons.append(Button(words.say(f"{card.next_step}.title"), str(StartTap(card.next_step)), Weight.MAIN))
    buttons += [way(words, "person"), *(() if draft.flow else (way(words, "menu"),))]
    draft.messages.append(Message(card.text, tuple(buttons)))


def offer(draft: Draft, cards: tuple[Card, ...]) -> None:
    """Two or three answers are close: which one is meant?"""
    buttons = [Button(card.title, str(ArticleTap(card.id))) for card in cards[:3]]
    draft.say("answer.which", *buttons, way(draft.words, "person"))


def answer_question(draft: Draft, words: str) -> None:
    """Words outside a form: what was found for them decides."""
    found = draft.around.found
    if found is None:
        menu(draft)
        return
    match found.kind:
        case Finding.ANSWER:
            show(draft, found.cards[0])
        case Finding.CHOOSE:
            offer(draft, found.cards)
        case Finding.PERSON:
            offer_person(draft, words)
        case Finding.DECLINE:
            draft.say(
                f"decline.{found.reason}" if draft.words.has(f"decline.{found.reason}") else "decline.other",
                way(draft.words, "menu"),
                way(draft.words, "person"),
            )
        case _:
            nothing(draft, words)


def offer_person(draft: Draft, words: str) -> None:
    """This belongs to a human: said so, with the words kept for the hand-over."""
    draft.keep(asked=words[:1000])
    draft.say(
        "person.offer",
        Button(draft.words.say("person.yes"), str(CommandTap("person")), Weight.MAIN),
        way(draft.words, "menu"),
    )


def nothing(draft: Draft, words: str) -> None:
    """No answer is better than a wrong one; the second time in a row a person is put first."""
    if draft.around.open_case:
        draft.say("person.passed_on", way(draft.words, "menu"), ref=draft.around.open_case.ref)
        return
    draft.do(Missed(words))
    draft.keep(missed=draft.session.missed + 1, asked=words[:1000])
    person = Button(draft.words.say("command.person"), str(CommandTap("person")), Weight.MAIN)
    draft.say("nothing.again" if draft.session.missed >= 2 else "nothing.found", person, way(draft.words, "menu"))


def judge(draft: Draft, tap: VerdictTap) -> None:
    """One tap says whether it helped; a no leads to a person."""
    draft.do(Judged(tap.article, tap.version, tap.helped))
    if tap.helped:
        draft.say("answer.glad", way(draft.words, "menu"))
    else:
        draft.say(
            "answer.sorry",
            Button(draft.words.say("command.person"), str(CommandTap("person")), Weight.MAIN),
            way(draft.words, "menu"),
        )
    if draft.flow:
        draft.ask()


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


def forget(draft: Draft, *, sure: bool) -> None:
    """「消して」: ask once, then forget everything."""
    if sure:
        draft.do(ForgetMe())
        draft.session = Session(language=draft.session.language, met=True)
        draft.say("forget.done")
    else:
        yes = Button(draft.words.say("forget.yes"), str(CommandTap("forget_sure")))
        draft.say("forget.ask", yes, way(draft.words, "menu"))


def tell(draft: Draft) -> None:
    """「何を持っていますか」: filled in by whoever can see the store."""
    draft.do(TellMine())
