"""How a talk begins and ends: first words, consent given and taken back, a language, everything forgotten."""

from __future__ import annotations

from dialogs import running
from dialogs.answering import answer_question
from dialogs.around import Finding
from dialogs.asking import way
from dialogs.courtesy import COURTESIES
from dialogs.deeds import Consented, ForgetMe, TellMine
from dialogs.draft import Draft
from dialogs.flow import Flow
from dialogs.joining import JOIN, ask_sure
from dialogs.reaching import alarm, want_person
from dialogs.saying import Button
from dialogs.session import Session
from dialogs.talking import ask_consent, consented, go_on, greet, hello, remember
from dialogs.tap import Act, CommandTap
from dialogs.wishing import RECEIVE, settings

WORTH_SAYING = (Finding.ANSWER, Finding.CHOOSE, Finding.CENTRE, Finding.PERSON)


def come(draft: Draft, word: str) -> None:
    """Somebody adds the bot or comes back; a link may name the form it leads to."""
    if not draft.session.met or not consented(draft):
        draft.keep(wants=word if word in draft.house.flows else draft.session.wants)
        greet(draft)
    elif word in draft.house.flows:
        want_start(draft, draft.house.flows[word])
    else:
        draft.say("greeting.again")
        go_on(draft)


def first_words(draft: Draft, text: str, wish: str | None) -> None:
    """Somebody writes before being greeted: greeted, and neither the question nor the wish falls.

    `wish` is the global word or the form that the words are; such a word is no concern to hand over later. What sounds
    like danger is answered first, as it is when a word names it.
    """
    found = draft.around.finding
    if found and found.kind is Finding.URGENT:
        alarm(draft, text)
        return
    hello(draft)
    if wish == "who":
        draft.say("greeting.who")
    elif wish in ("person", RECEIVE) or wish in draft.house.flows:
        draft.keep(wants=wish)
    elif found and found.kind in WORTH_SAYING and wish not in COURTESIES:
        answer_question(draft, text)
    elif wish is None:
        remember(draft, text)
    ask_consent(draft)


def agree(draft: Draft) -> None:
    """Agreed: go on with what had to wait for it, else where the person was."""
    wanted = draft.session.wants
    draft.keep(consented=draft.house.consent_version, refused=False, wants=None)
    draft.do(Consented(draft.house.consent_version))
    draft.say("consent.thanks")
    if wanted == "person":
        want_person(draft, "asked")
    elif wanted == JOIN:
        ask_sure(draft)
    elif wanted == RECEIVE:
        settings(draft)
    elif wanted in draft.house.flows:
        want_start(draft, draft.house.flows[wanted or ""])
    else:
        go_on(draft)


def refuse(draft: Draft) -> None:
    """Refused or taken back: nothing is kept, a form under way ends, questions can still be asked."""
    if draft.place:
        running.finish(draft, sent=False)
    draft.keep(met=True, consented=None, refused=True, wants=None, asked=None)
    draft.do(Consented(None))
    draft.say("consent.refused", way(draft.words, "menu"))


def may_start(draft: Draft) -> bool:
    """Whether a form can begin at once: agreed, and none under way that would be thrown away."""
    return consented(draft) and not (draft.place and draft.session.answers)


def want_start(draft: Draft, flow: type[Flow]) -> None:
    """Begin a form; without consent ask that first; a form under way is not thrown away unasked."""
    place = draft.place
    if not consented(draft):
        draft.keep(wants=flow.name)
        draft.say("consent.needed")
        ask_consent(draft)
    elif place and draft.session.answers:
        fresh = Button(draft.words.say("resume.fresh"), place.tap(Act.FRESH))
        draft.say("resume.waiting", fresh, title=draft.words.say(f"{place.flow.name}.title"))
        draft.ask()
    else:
        running.start(draft, flow)


def speak(draft: Draft, language: str) -> None:
    """Another language from now on; all answers are kept."""
    if language not in draft.house.library:
        draft.say("old.unknown")
        go_on(draft)
        return
    draft.keep(language=language)
    draft.say("language.set")
    if consented(draft) or draft.place:
        go_on(draft)
    else:
        greet(draft)


def forget(draft: Draft, *, sure: bool) -> None:
    """「消して」: ask once, then forget everything; the number of forms begun stays, so that old buttons stay old."""
    if sure:
        draft.do(ForgetMe())
        draft.session = Session(language=draft.session.language, run=draft.session.run)
        draft.say("forget.done", way(draft.words, "menu"))
    else:
        draft.keep(wants="?forget")
        yes = Button(draft.words.say("forget.yes"), str(CommandTap("forget_sure")))
        draft.say("forget.ask_joined" if draft.around.joined else "forget.ask", yes, way(draft.words, "menu"))


def tell(draft: Draft) -> None:
    """「何を持っていますか」: filled in by whoever can see the store."""
    draft.do(TellMine())
