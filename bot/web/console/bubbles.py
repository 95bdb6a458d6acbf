"""What was said, as bubbles: who, when, by which way, the words, and honestly how far they got."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from bot.channels.letters import cut, shown, units
from bot.web.console.things import Enclosed, enclosed
from bot.web.console.words import known, word
from dialogs import heard as hearing
from dialogs.heard import Came, Corrected, Filled, Left, Moved, Picked, Showed, Tapped, Typed, Withdrew
from dialogs.saying import Message
from storage.cases import CaseHead, Mode
from storage.talk import Author, Said, Way
from storage.things import Thing

_TROUBLE = frozenset({"gave_up", "unknown"})
TYPED = frozenset({"typed", "corrected"})
_ANSWERABLE = TYPED | {"showed", "filled"}
_SHORT = 60  # signs of what is quoted
_UNDER_WAY = frozenset({"queued", "sending", "waiting_person"})


@dataclass(frozen=True)
class Bubble:
    """One thing said. `text` is exactly what was written (show it as text only); `doing` is our own description."""

    id: int
    at: datetime
    who: str  # "person", "bot" or "staff"
    name: str
    channel: str
    text: str
    ours: bool  # written by us: readings may stand above it
    doing: str
    buttons: tuple[str, ...]
    delivery: str
    sign: str  # "", "wait", "ok" or "bad"
    withdrawn: bool
    typed: bool  # by the person, into the chat
    answerable: bool  # by the person, and of a kind that a reply can be meant for
    thing: Enclosed | None = None
    quoted: Quoted | None = None
    of: Elsewhere | None = None  # the case it was said in, where that is not this one
    split: Elsewhere | None = None  # the case that was made of it


@dataclass(frozen=True)
class Elsewhere:
    """Another case, by its number and reference."""

    case_id: int
    ref: str


@dataclass(frozen=True)
class Quoted:
    """What a line answers, in short: its number, who said it, and a few words of it."""

    line: int
    name: str
    text: str


@dataclass(frozen=True)
class Beside:
    """What belongs to the lines of a case's talk: the channel of each, what came with it or is quoted; and the case."""

    ways: Mapping[int, str]
    things: Mapping[int, Thing]
    quotes: Mapping[int, Said]
    head: CaseHead


def bubbles(talk: Sequence[Said], beside: Beside) -> list[Bubble]:
    """The talk of a case."""
    labels: dict[str, str] = {}
    return [_bubble(said, beside, labels) for said in talk]


def _bubble(said: Said, beside: Beside, labels: dict[str, str]) -> Bubble:
    text, doing, buttons = _content(said, labels)
    channel, thing = beside.ways.get(said.id, ""), beside.things.get(said.id)
    delivery, sign = _delivery(said, channel, beside.head.mode)
    gone, kind = said.withdrawn or said.body is None, (said.body or {}).get("kind")
    return Bubble(
        id=said.id,
        at=said.at,
        who=said.author.value,
        name=said.staff_name or word("author." + said.author.value),
        channel=known("channel", channel, "none") if channel else "",
        text=text,
        ours=said.author is Author.BOT,
        doing=doing,
        buttons=buttons,
        delivery=delivery,
        sign=sign,
        withdrawn=gone,
        typed=said.way is Way.IN and kind in TYPED,
        answerable=said.way is Way.IN and not gone and kind in _ANSWERABLE,
        thing=enclosed(thing, beside.head.id) if thing else None,
        quoted=None if gone or said.id not in beside.quotes else quoted(beside.quotes[said.id]),
    )


def quoted(said: Said) -> Quoted:
    """A line in short, as it stands under an answer to it."""
    text, doing, _ = _content(said, {})
    return Quoted(said.id, said.staff_name or word("author." + said.author.value), in_short(text or doing))


def in_short(text: str) -> str:
    """The beginning of words, in one line."""
    return cut(shown(" ".join(text.split())), _SHORT, units)


def _content(said: Said, labels: dict[str, str]) -> tuple[str, str, tuple[str, ...]]:
    """(words, what was done, buttons offered); remembers what each button said, for when it is tapped."""
    if said.withdrawn or said.body is None:
        return "", word("said.withdrawn"), ()
    if said.way is Way.IN:
        return *_heard(hearing.from_json(said.body), labels), ()
    message = Message.from_json(said.body)
    labels |= {button.tap: button.label for button in message.buttons}
    return message.text, "", tuple(button.label for button in message.buttons)


def _heard(heard: hearing.Heard, labels: Mapping[str, str]) -> tuple[str, str]:
    match heard:
        case Typed(text):
            return (text, "") if text.strip() else ("", word("said.empty"))
        case Corrected(text):
            return text, word("said.corrected")
        case Tapped(tap):
            return labels.get(tap, ""), word("said.tapped")
        case Picked(_, value):
            return value, word("said.tapped")
        case Showed(thing, name=name, words=words):
            return "\n".join(one for one in (name, words) if one), known("said", thing.value, "unknown")
        case Filled(value=value):
            return value, word("said.filled")
        case Moved():
            return "", ""
        case Came() | Left() | Withdrew():
            return "", word(f"said.{type(heard).__name__.lower()}")
        case _:
            assert_never(heard)


def _delivery(said: Said, channel: str, mode: Mode) -> tuple[str, str]:
    """How far our words got, never more than is known; and the sign for it."""
    if said.way is Way.IN:
        return "", ""
    if said.delivery is None:
        return word("delivery.page"), "ok"
    words = known("delivery", said.delivery, "unknown").replace("{channel}", known("channel", channel, "none"))
    if said.author is Author.STAFF and mode is Mode.PRIVATE:
        # Only a notice leaves the house; the words themselves wait on our own page.
        words = word("delivery.notice") + words
    sign = "bad" if said.delivery in _TROUBLE else "wait" if said.delivery in _UNDER_WAY else "ok"
    return words, sign
