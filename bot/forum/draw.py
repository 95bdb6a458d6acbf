"""Draws a topic of the coordinators' group: its name, its card, and the lines of the talk packed into few messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

from bot.channels.letters import cut, pieces, shown, units, worded
from bot.channels.telegram_draw import MOST_TEXT, Key, Part
from bot.forum.truth import Truth
from bot.forum.words import word
from bot.web.console.bubbles import Bubble
from bot.web.console.due import span
from bot.web.console.rows import since, title, urgency
from bot.web.console.words import known
from bot.web.console.words import word as console
from dialogs.words import Words
from storage.casefile import CaseHead, Mode, State

LONGEST_NAME, _LONGEST_STAFF = 128, 60
_CALM = 5  # pieces that wait: up to so many there is room for a message to each answer
# How long somebody has waited is said in steps, so that a card need not be edited every minute.
STEPS = tuple(timedelta(minutes=one) for one in (0, 10, 30, 60, 120, 240, 480, 1440, 2880, 4320, 7200, 10080))


@dataclass(frozen=True)
class Style:
    """What is the same for every topic: the book of topics' names, the centre's zone and the console's address."""

    book: Words
    zone: ZoneInfo
    console: str


@dataclass(frozen=True)
class Piece:
    """A part of a line, short enough for one message: its line and place, as HTML and plain.

    `under` is the number of our message, or a coordinator's, that stands for the line which this one answers.
    """

    line: int
    part: int
    html: str
    plain: str
    under: int | None = None


def name(head: CaseHead, style: Style) -> str:
    """Who has it, its reference, and what it is about unless that is nobody's business on Telegram."""
    holder = head.holder_name or word("name.nobody")
    who = word("name.closed") if head.state is State.CLOSED else cut(shown(holder), _LONGEST_STAFF, units)
    about = title(head, style.book) if head.mode is Mode.OPEN else word("name.private")
    return cut(f"{who} {head.ref} {about}", LONGEST_NAME, units)


def step(head: CaseHead, now: datetime) -> tuple[timedelta, datetime | None]:
    """For how long somebody has waited, rounded down to a step; and when the next, or the promise's end, is reached."""
    waited = max(now - since(head), timedelta())
    if head.state is State.CLOSED:
        return timedelta(), None
    reached = max(one for one in STEPS if one <= waited)
    following = next((since(head) + one for one in STEPS if one > waited), None)
    due = head.due_at if head.due_at is not None and head.due_at > now else None
    return reached, min((one for one in (following, due) if one is not None), default=None)


def card(truth: Truth, style: Style, now: datetime, *, doubt: bool, again: bool) -> Part:
    """The first message of a topic, with its buttons."""
    head = truth.head
    lines = _facts(truth, style, now)
    if truth.unsent:
        lines.append(word("card.unsent", n=truth.unsent))
    if doubt:
        lines.append(word("card.doubt"))
    if again:
        lines.append(word("card.again"))
    lines.append(word("card.private" if head.mode is Mode.PRIVATE else "card.how"))
    about = title(head, style.book) if head.mode is Mode.OPEN else word("name.private")
    first, rest = f"{head.ref} {about}", "\n".join(lines)
    address = f"{style.console}/console/cases/{head.id}"
    text = f"<b>{escape(first, quote=False)}</b>\n{escape(rest, quote=False)}"
    return Part(text, f"{first}\n{rest}\n{address}", _buttons(head, address))


def _facts(truth: Truth, style: Style, now: datetime) -> list[str]:
    head = truth.head
    holder = head.holder_name or word("card.nobody")
    lines = [
        word("card.state", what=console("state." + head.state.value)),
        word("card.holder", name=holder),
        word("card.urgency", what=urgency(head)),
        word("card.opened", when=_moment(head.opened_at, style)),
    ]
    if head.state is not State.CLOSED:
        time = span(step(head, now)[0])
        lines.append(word("card.waiting", when=_moment(since(head), style), time=time))
        if head.due_at is not None:
            how = "over" if head.due_at <= now else "soon" if head.warned else "due"
            what = known("clock", head.due_clock or "", "next")
            lines.append(word("card." + how, what=what, when=_moment(head.due_at, style)))
    channel, language = known("channel", truth.channel or "none", "none"), known("language", head.language, "ja")
    return [*lines, word("card.way", channel=channel, language=language)]


def _moment(at: datetime, style: Style) -> str:
    local = at.astimezone(style.zone)
    return f"{local.month}/{local.day} {local:%H:%M}"


def _buttons(head: CaseHead, address: str) -> tuple[tuple[Key, ...], ...]:
    link = (Key(word("card.console"), url=address),)
    if head.person_id is None:
        return ()
    if head.state is State.CLOSED:
        return (_deeds(head, "reopen"), link)
    return (_deeds(head, *(("claim", "close") if head.holder is None else ("release", "close"))), link)


def _deeds(head: CaseHead, *deeds: str) -> tuple[Key, ...]:
    return tuple(Key(word("card." + deed), data=f"case:{deed}:{head.id}") for deed in deeds)


def cut_up(truth: Truth, style: Style) -> list[Piece]:
    """Every line that belongs into the topic, in the order it was written down."""
    here, there = truth.typed_here, truth.standing
    ordered = sorted(truth.said, key=lambda one: one.id)
    return [piece for one in ordered if one.id not in here for piece in _pieces(one, style, there)]


def _pieces(one: Bubble, style: Style, there: Mapping[int, int]) -> list[Piece]:
    who = word("line.staff", name=cut(one.name, _LONGEST_STAFF, units)) if one.who == "staff" else word("line.person")
    head = f"{who} {_moment(one.at, style)}"
    quoted = word("line.quotes", name=one.quoted.name, text=one.quoted.text) if one.quoted else ""
    under = there.get(one.quoted.line) if one.quoted else None
    said = "\n".join(
        words for words in (quoted, one.text, word("line.doing", what=one.doing) if one.doing else "") if words
    )
    if one.sign == "bad":
        said += "\n" + word("line.bad", what=one.delivery)
    texts = pieces(worded(said).strip(), MOST_TEXT - units(head) - 1)
    return [
        Piece(
            one.id,
            number,
            f"<b>{escape(head)}</b>\n{escape(text, quote=False)}",
            f"{head}\n{text}",
            None if number else under,
        )
        for number, text in enumerate(texts)
    ]


def packed(waiting: Sequence[Piece]) -> list[Piece]:
    """As many pieces from the front as one message holds: what came faster than we may write goes together.

    What answers an earlier message begins one of its own, unless there is too much to say for that.
    """
    size, taken, calm = -2, list[Piece](), len(waiting) <= _CALM
    for piece in waiting:
        size += units(piece.plain) + 2
        if taken and (size > MOST_TEXT or (calm and piece.under)):
            break
        taken.append(piece)
    return taken


def page(taken: Sequence[Piece]) -> Part:
    """One message of these pieces."""
    return Part("\n\n".join(piece.html for piece in taken), "\n\n".join(piece.plain for piece in taken))
