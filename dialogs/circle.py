"""In a group of residents: answers that everybody may read, and for all else the way to a talk of one's own."""

from __future__ import annotations

from dialogs.answering import MORE, pointing, shown
from dialogs.around import Around, Card, Finding, Found, House
from dialogs.characters import anything_seen
from dialogs.deeds import Turn
from dialogs.draft import Draft
from dialogs.heard import Came, Heard, Tapped, Typed
from dialogs.saying import Button, Message, Page
from dialogs.secrets import secret_number
from dialogs.session import Session
from dialogs.tap import ArticleTap, DetailsTap, LanguageTap, read
from dialogs.typed import titled, understood

_ASKED_WHO = frozenset({"who", "help", "menu", "hello", "language"})
_THANKED = {"thanks": "pleasure", "done": "pleasure", "understood": "pleasure", "welcome": "likewise"}


def turn_in_circle(house: House, session: Session, heard: Heard, around: Around) -> Turn:
    """Hear one thing that was said to us in a group. No form begins here, and nothing of anybody's words is kept: the
    session holds the group's language, the article shown last, and whether we have said who we are.
    """
    draft = Draft(house, around, session)
    match heard:
        case Came():
            _introduce(draft)
        case Typed(text):
            _answer(draft, text)
        case Tapped(raw):
            _tapped(draft, raw)
        case _:
            pass  # pictures and the like are not looked at
    return draft.end()


def _introduce(draft: Draft) -> None:
    """Who this is and when it listens; what it is not for, and how to be rid of it."""
    lines = [draft.words.say("circle.hello", centre=draft.house.centre[draft.session.language])]
    if draft.around.prefix:
        lines.append(draft.words.say("circle.prefix", prefix=draft.around.prefix))
    draft.messages.append(Message("\n".join(lines)))
    _alone(draft, "\n" + draft.words.say("circle.leave"))


def _alone(draft: Draft, besides: str = "") -> None:
    """What is personal is spoken of one to one: said once, and again to whoever begins with it here."""
    draft.keep(met=True)
    _leading(draft, draft.words.say("circle.alone") + besides)


def _leading(draft: Draft, text: str) -> None:
    """Words with the button that opens a talk of one's own, once its address is known."""
    page = Page(draft.words.say("circle.open"), "link", draft.around.alone) if draft.around.alone else None
    draft.messages.append(Message(text, page=page))


def _answer(draft: Draft, text: str) -> None:
    found = draft.around.found
    if found and found.kind is Finding.URGENT:
        _urgent(draft, found)
        return
    said = understood(draft, text)
    if said.word in draft.house.library:
        draft.keep(language=said.word)
        draft.say("language.set")
    elif not anything_seen(text) or said.word in _ASKED_WHO:
        _introduce(draft)
    elif secret_number(text):
        draft.say("problem.secret_number")
    elif said.word in _THANKED:
        draft.say(f"greeting.{_THANKED[said.word]}")
    elif said.word or titled(draft, said):
        _alone(draft)
    else:
        _found(draft, draft.around.finding)
    if not draft.session.met:
        _alone(draft)


def _urgent(draft: Draft, found: Found) -> None:
    """The numbers to call, for everybody to see; nobody of the centre is told, for it is not known who it is about."""
    draft.messages.append(Message(found.urgent))
    _leading(draft, draft.words.say("circle.reach"))


def _found(draft: Draft, found: Found | None) -> None:
    match found.kind if found else Finding.NOTHING:
        case Finding.URGENT:
            _urgent(draft, found or Found(Finding.URGENT))
        case Finding.ANSWER if found:
            _show(draft, found.cards[0], found.cards[1:], whole=found.reason == MORE)
        case Finding.CHOOSE if found:
            draft.say("answer.which" if len(found.cards) > 1 else "answer.one", *pointing(found.cards[:3]))
        case Finding.CENTRE if found and found.said:
            draft.messages.append(Message(found.said))
        case Finding.PERSON:
            _alone(draft)
        case _:
            _leading(draft, draft.words.say("circle.nothing"))


def _show(draft: Draft, card: Card, others: tuple[Card, ...] = (), *, whole: bool = False) -> None:
    """An article with its source; nobody is asked whether it helped, for a group has no one opinion."""
    shown(draft, card)
    more = card.details and not whole
    tap = str(DetailsTap(card.id, card.version, card.language))
    buttons = (Button(draft.words.say("answer.more"), tap),) if more else ()
    text = "\n".join((card.text, draft.words.say("answer.others"))) if others else card.text
    draft.messages.append(Message(card.details or text if whole else text, (*pointing(others), *buttons)))


def _tapped(draft: Draft, raw: str) -> None:
    """A button of ours in the group, or one that somebody forged: only those of answers and languages do anything."""
    found = draft.around.finding
    match read(raw):
        case ArticleTap() | DetailsTap() as tap if found and found.cards:
            _show(draft, found.cards[0], whole=isinstance(tap, DetailsTap))
        case LanguageTap(language) if language in draft.house.library:
            draft.keep(language=language)
            draft.say("language.set")
        case _:
            _alone(draft)
