"""What a case page shows besides talk and answers: replies that wait, notes, what was said elsewhere, and news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.web.console.bubbles import Bubble
from bot.web.console.summary import Summary, summary
from bot.web.console.words import known, word
from storage import news, sight, timed
from storage.casefile import CaseHead
from storage.crypt import Vault
from storage.notes import Kind, Note
from storage.staff import Member


@dataclass(frozen=True)
class Waiting:
    """A reply for later as the talk shows it; `wrong` is why it will not leave, or did not."""

    id: int
    name: str
    due_at: datetime
    text: str
    wrong: str
    kind: str  # "later", or what is held back: "send" or "close"
    left: float  # seconds, of what is held back


def waiting(conn: Connection, vault: Vault, head: CaseHead, now: datetime) -> list[Waiting]:
    """What of a case waits for its moment, or came back."""
    return [_waiting(one, head.holder, now) for one in timed.of_case(conn, vault, head.id)]


def _waiting(one: timed.Timed, holder: int | None, now: datetime) -> Waiting:
    left = holder != one.staff_id and one.kind is not timed.Kind.CLOSE
    why = one.why if one.state is timed.State.RETURNED else "not_holder" if left else ""
    wrong = word("returned." + why) if why else ""
    return Waiting(
        one.id, one.staff_name, one.due_at, one.text, wrong, one.kind.value, (one.due_at - now).total_seconds()
    )


@dataclass(frozen=True)
class Noted:
    """A note as the page shows it; `passed` is what the record held when the case was given to a colleague."""

    note: Note
    passed: Summary | None


def noted(notes: Sequence[Note], talk: Sequence[Bubble]) -> list[Noted]:
    """The notes that colleagues wrote for one another."""
    return [
        Noted(one, summary(talk, one.at) if one.kind is Kind.PASSED else None)
        for one in notes
        if one.kind in {None, Kind.PASSED}
    ]


def with_calls(talk: Sequence[Bubble], notes: Sequence[Note]) -> list[Bubble]:
    """The talk with what was said by telephone or at the counter in its place."""
    calls = [_call(one) for one in notes if one.kind in {Kind.PHONE, Kind.COUNTER}]
    return sorted([*talk, *calls], key=lambda one: one.at) if calls else list(talk)


def _call(note: Note) -> Bubble:
    return Bubble(
        id=note.id,
        at=note.at,
        who="call",
        name=word("call." + (note.kind or Kind.PHONE)),
        channel="",
        text=note.text,
        ours=False,
        doing=word("call.typed", name=note.staff_name),
        buttons=(),
        delivery="",
        sign="",
        withdrawn=False,
        typed=False,
        answerable=False,
    )


@dataclass(frozen=True)
class Piece:
    """News in words, about a case."""

    id: int
    at: datetime
    case_id: int
    ref: str
    text: str


def pieces(conn: Connection, member: Member) -> list[Piece]:
    """What this coordinator has not looked at yet, of cases that they may see."""
    found = news.unseen(conn, member.id)
    clock = known("who", "system")
    seen = sight.of(conn, member).among(conn, [one.case_id for one in found])
    return [
        Piece(one.id, one.at, one.case_id, one.ref, word("news." + one.kind, name=one.from_name or clock))
        for one in found
        if one.case_id in seen
    ]
