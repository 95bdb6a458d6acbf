"""What is said to a question of the person's own: an article, a choice, a person, or that nothing was found."""

from __future__ import annotations

from dialogs.around import Card, Finding, Found, OpenCase
from dialogs.asking import way
from dialogs.deeds import Judged, Missed, Shown
from dialogs.draft import Draft
from dialogs.reaching import alarm, offer_person
from dialogs.saying import Button, Message, Weight
from dialogs.talking import consented, go_on, menu, remember
from dialogs.tap import ArticleTap, DetailsTap, StartTap, VerdictTap
from dialogs.wishing import offer_after

LONGEST_POSED = 200  # characters; longer words are a story
MORE = "more"  # why an answer is shown in full: it was asked to go on


def answer_question(draft: Draft, words: str) -> None:
    """Words outside a form: what was found for them decides."""
    found = draft.around.finding
    if found is None:
        menu(draft)
        return
    _posed(draft, words, found)
    match found.kind:
        case Finding.ANSWER if found.reason == MORE and found.cards[0].details:
            _in_full(draft, found.cards[0])
        case Finding.ANSWER:
            show(draft, found.cards[0], found.cards[1:])
        case Finding.CHOOSE:
            _offer(draft, found.cards)
        case Finding.CENTRE:
            _centre(draft, found.said)
        case Finding.URGENT:  # no word names the danger, or it would have been heard before all else
            alarm(draft, words)
        case Finding.PERSON if draft.around.open_case:
            _passed_on(draft, draft.around.open_case)
        case Finding.PERSON:
            offer_person(draft, words)
        case Finding.DECLINE:
            own = f"decline.{found.reason}"
            key = own if draft.words.has(own) else "decline.other"
            draft.say(key, way(draft.words, "menu"), way(draft.words, "person"))
        case _:
            _nothing(draft, words)


def _posed(draft: Draft, words: str, found: Found) -> None:
    """Remember what was asked, so that a verdict on the answer is one on it as the answer to these words."""
    if found.reason == MORE:
        return
    led = found.kind in (Finding.ANSWER, Finding.CHOOSE) and consented(draft) and len(words) <= LONGEST_POSED
    draft.keep(posed=words if led else None, offered=tuple(card.id for card in found.cards) if led else ())


def show(draft: Draft, card: Card, others: tuple[Card, ...] = ()) -> None:
    """An article as the answer, with its source, one tap to say whether it helped, and what to do next.

    `others` are about what was asked in the same breath: one tap leads to each.
    """
    shown(draft, card)
    tap = str(DetailsTap(card.id, card.version, card.language))
    more = (Button(draft.words.say("answer.more"), tap),) if card.details else () if others else _related(card)
    asked = pointing(others)
    text = "\n".join((card.text, draft.words.say("answer.others"))) if others else card.text
    draft.messages.append(Message(text, (*_verdicts(draft, card), *asked, *more, *_onward(draft, card))))


def chosen(draft: Draft, tap: ArticleTap | DetailsTap) -> None:
    """The article that was tapped, handed in as what was found; one that is gone is said to be gone."""
    found = draft.around.finding
    if found is None or not found.cards:
        draft.say("old.gone")
        go_on(draft)
        return
    if isinstance(tap, DetailsTap):
        _details(draft, tap, found.cards[0])
    else:
        show(draft, found.cards[0])
    if draft.place:
        draft.say("resume.onward")
        draft.ask()


def _details(draft: Draft, tap: DetailsTap, card: Card) -> None:
    """All that an article says, and the questions that are read with it; one that changed is answered anew."""
    if card.version != tap.version:
        draft.say("answer.renewed")
        show(draft, card)
        return
    _in_full(draft, card)


def _in_full(draft: Draft, card: Card) -> None:
    buttons = (*_verdicts(draft, card), *_related(card), *_onward(draft, card))
    draft.messages.append(Message(card.details or card.text, buttons))


def shown(draft: Draft, card: Card) -> None:
    """An article was shown: counted, and what is asked next may go on from it."""
    draft.do(Shown(card.id, card.version, card.language or draft.session.language))
    draft.keep(missed=0, asked=None, answered=card.id)


def _verdicts(draft: Draft, card: Card) -> tuple[Button, ...]:
    return (
        Button(draft.words.say("answer.helped"), str(VerdictTap(card.id, card.version, True))),
        Button(draft.words.say("answer.not"), str(VerdictTap(card.id, card.version, False))),
    )


def pointing(cards: tuple[Card, ...]) -> tuple[Button, ...]:
    """A button to each article."""
    return tuple(Button(card.title, str(ArticleTap(card.id, card.language))) for card in cards)


def _related(card: Card) -> tuple[Button, ...]:
    return tuple(Button(question, str(ArticleTap(other, card.language))) for other, question in card.related[:3])


def _onward(draft: Draft, card: Card) -> tuple[Button, ...]:
    words = draft.words
    ways = (way(words, "person"), *(() if draft.place else (way(words, "menu"),)))
    if card.next_step in draft.house.flows and draft.place is None:
        return (Button(words.say(f"{card.next_step}.title"), str(StartTap(card.next_step)), Weight.MAIN), *ways)
    return ways


def _centre(draft: Draft, said: str) -> None:
    """The telephone, the address, the hours as the centre set them; what it did not set, a person can tell."""
    ways = (way(draft.words, "person"), *(() if draft.place else (way(draft.words, "menu"),)))
    draft.keep(missed=0)
    if said:
        draft.messages.append(Message(said, ways))
    else:
        draft.say("centre.ask_desk", *ways)


def _offer(draft: Draft, cards: tuple[Card, ...]) -> None:
    """One answer may fit, or two or three are close: the person knows which is meant."""
    buttons = pointing(cards[:3])
    ways = (way(draft.words, "person"), *(() if draft.place else (way(draft.words, "menu"),)))
    draft.say("answer.which" if len(cards) > 1 else "answer.one", *buttons, *ways)


def _passed_on(draft: Draft, case: OpenCase) -> None:
    """Somebody waits for a person already: the words went into their case."""
    draft.say("person.passed_on", way(draft.words, "menu"), way(draft.words, "person"), ref=case.ref)


def _nothing(draft: Draft, words: str) -> None:
    """No answer is better than a wrong one; the second time in a row a person is put first."""
    if draft.around.open_case:
        _passed_on(draft, draft.around.open_case)
        return
    if consented(draft):
        draft.do(Missed(words))
    remember(draft, words)
    draft.keep(missed=draft.session.missed + 1)
    _person_first(draft, "nothing.again" if draft.session.missed >= 2 else "nothing.found")


def _person_first(draft: Draft, key: str) -> None:
    if draft.place is None:
        draft.keep(wants="?person")
    draft.say(key, way(draft.words, "person", Weight.MAIN), way(draft.words, "menu"))


def judge(draft: Draft, tap: VerdictTap) -> None:
    """One tap says whether it helped; a no leads to a person."""
    posed = draft.session.posed if tap.article in draft.session.offered else None
    draft.do(Judged(tap.article, tap.version, tap.helped, posed or ""))
    if tap.helped:
        draft.say("answer.glad", *(() if draft.place else (way(draft.words, "menu"),)))
        offer_after(draft, tap.article)
    else:
        _person_first(draft, "answer.sorry")
    if draft.place:
        draft.ask()
