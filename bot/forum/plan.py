"""What to do next about a topic, and what it shows afterwards: pure, from what is true and what was shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.channels.forum_calls import (
    Call,
    Change,
    CloseTopic,
    DeleteTopic,
    Fate,
    Lost,
    Never,
    NoMessage,
    NoTopic,
    OpenTopic,
    Pin,
    Rename,
    ReopenTopic,
    Say,
    Shut,
    Went,
)
from bot.forum import draw
from bot.forum.draw import Piece, Style
from bot.forum.truth import Truth
from storage.casefile import State
from storage.topics import Post, Shown

Mark = Callable[[str], bytes]
SUMMARY = 5  # lines that a topic begins with which somebody deleted
AGAIN = timedelta(minutes=1)  # until what may have happened is done once more, where that does no harm
NEVER_AGAIN = timedelta(minutes=10)  # until what Telegram refuses is tried again


class Kind(StrEnum):
    """What can be done; from `CLOSE` on, what can wait while there is little room."""

    DELETE = "delete"
    OPEN = "open"
    REOPEN = "reopen"
    CARD = "card"
    WORDS = "words"
    REWORD = "reword"
    RECARD = "recard"
    CLOSE = "close"
    RENAME = "rename"
    PIN = "pin"


RANK = {kind: rank for rank, kind in enumerate(Kind)}
PATIENT = RANK[Kind.CLOSE]  # from here on: only while there is plenty of room


@dataclass(frozen=True)
class Step:
    """One call. `mark` is of the words it shows, `taken` the pieces of lines, `post` the message it changes."""

    kind: Kind
    call: Call
    name: str = ""
    mark: bytes = b""
    taken: tuple[Piece, ...] = ()
    post: Post | None = None

    @property
    def doing(self) -> str:
        """What is written down before the call, for whoever finds it unfinished."""
        return f"words:{self.taken[-1].line}:{self.taken[-1].part}" if self.taken and not self.post else self.kind.value


def next_step(truth: Truth, shown: Shown, style: Style, mark: Mark, now: datetime) -> Step | None:
    """The next thing to do, or None when the topic shows what is true."""
    thread, closed = shown.thread, truth.head.state is State.CLOSED
    if truth.forgotten:
        return None if thread is None else Step(Kind.DELETE, DeleteTopic(thread))
    if truth.apart and truth.posts and thread is not None:  # what stands there already goes; a bare topic follows
        return Step(Kind.DELETE, DeleteTopic(thread))
    name = draw.name(truth.head, style)
    if thread is None:
        return None if closed else Step(Kind.OPEN, OpenTopic(name), name)
    left = [piece for piece in draw.cut_up(truth, style) if (piece.line, piece.part) > (shown.told, shown.told_part)]
    if shown.closed and (not closed or left or shown.card is None):
        return Step(Kind.REOPEN, ReopenTopic(thread))
    part = draw.card(truth, style, now, doubt=shown.doubt, again=shown.anew)
    seal = mark(part.text + repr(part.rows))
    if shown.card is None:
        return Step(Kind.CARD, Say(part, thread), mark=seal)
    if left:
        taken = draw.packed(left)
        said = draw.page(taken)
        return Step(Kind.WORDS, Say(said, thread, taken[0].under), mark=mark(said.text), taken=tuple(taken))
    card = Step(Kind.RECARD, Change(shown.card, part), mark=seal) if shown.mark != seal else None
    return _reworded(truth, style, mark) or card or _outside(shown, thread, name, closed=closed)


def _outside(shown: Shown, thread: int, name: str, *, closed: bool) -> Step | None:
    """What is not in the topic but on it."""
    if shown.name != name:
        return Step(Kind.RENAME, Rename(thread, name), name)
    if closed and not shown.closed:
        return Step(Kind.CLOSE, CloseTopic(thread))
    return None if shown.pinned or shown.card is None else Step(Kind.PIN, Pin(shown.card))


def _reworded(truth: Truth, style: Style, mark: Mark) -> Step | None:
    """The first message whose lines were taken back, changed, or turned out not to have arrived."""
    there = {(piece.line, piece.part): piece for piece in draw.cut_up(truth, style)} if truth.posts else {}
    for post in truth.posts:
        taken = tuple(there[one] for one in post.pieces if one in there)
        if post.mark is None or not taken:
            continue
        said = draw.page(taken)
        if (seal := mark(said.text)) != post.mark:
            return Step(Kind.REWORD, Change(post.message_id, said), mark=seal, taken=taken, post=post)
    return None


def after(shown: Shown, step: Step, fate: Fate, truth: Truth, now: datetime) -> Shown:
    """What the topic shows after a call that ended this way; waiting and moving are not the topic's business."""
    shown = replace(shown, doing=None)
    match fate:
        case Went(number):
            return _went(shown, step, number)
        case NoTopic():
            return _gone(shown, truth)
        case Shut():
            return replace(shown, closed=True) if step.kind is not Kind.REWORD else shown
        case NoMessage():
            return (
                replace(shown, card=None, pinned=False, mark=None)
                if step.kind is Kind.RECARD
                else _went(shown, step, 0)
            )
        case Lost():
            return lost(shown, step.doing, now)
        case Never():
            return _never(shown, step, now)
        case _:
            return shown


def _went(shown: Shown, step: Step, number: int) -> Shown:
    match step.kind:
        case Kind.DELETE:
            shown = replace(shown, thread=None, card=None, closed=True)
        case Kind.OPEN:
            shown = replace(shown, thread=number or None, name=step.name, card=None, pinned=False, closed=False)
        case Kind.CARD:
            shown = replace(shown, card=number or None, mark=step.mark)
        case Kind.WORDS:
            shown = replace(shown, told=step.taken[-1].line, told_part=step.taken[-1].part)
        case Kind.RECARD:
            shown = replace(shown, mark=step.mark)
        case Kind.RENAME:
            shown = replace(shown, name=step.name)
        case Kind.REOPEN | Kind.CLOSE:
            shown = replace(shown, closed=step.kind is Kind.CLOSE)
        case Kind.PIN:
            shown = replace(shown, pinned=True)
        case Kind.REWORD:
            pass
    return shown


def _gone(shown: Shown, truth: Truth) -> Shown:
    """Somebody deleted the topic: a new one begins with the last lines, whoever wrote them and wherever."""
    told = _before(sorted(one.id for one in truth.said))
    return replace(
        shown,
        thread=None,
        card=None,
        pinned=False,
        closed=False,
        name=None,
        mark=None,
        told=told,
        told_part=0,
        anew=True,
    )


def _before(lines: Sequence[int]) -> int:
    return lines[-SUMMARY] - 1 if len(lines) >= SUMMARY else 0


def lost(shown: Shown, doing: str, now: datetime) -> Shown:
    """It may have happened. Words are not sent a second time; everything else can be done again without harm."""
    shown = replace(shown, doing=None)
    kind, _, place = doing.partition(":")
    if kind == Kind.WORDS:
        line, _, part = place.partition(":")
        return replace(shown, told=int(line), told_part=int(part), doubt=True)
    if kind in {Kind.OPEN, Kind.CARD}:
        return replace(shown, look_at=now + AGAIN)
    return shown


def _never(shown: Shown, step: Step, now: datetime) -> Shown:
    if step.kind in {Kind.OPEN, Kind.CARD, Kind.REOPEN}:
        return replace(shown, look_at=now + NEVER_AGAIN)
    return replace(_went(shown, step, 0), doubt=shown.doubt or step.kind is Kind.WORDS)
