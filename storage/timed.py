"""Replies that leave, and cases that end, at a moment of their own: they wait, are taken back, or come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, bindparam, insert, select, text, update

from storage import feed
from storage.columns import AnyRow
from storage.crypt import Vault
from storage.desk_tables import timed_reply
from storage.tables import staff

_BODY = "timed_reply.body"
AT_MOST = 20  # of one case
_c = timed_reply.c
_ADD = insert(timed_reply).returning(_c.id)
_READ = select(
    _c.id, _c.case_id, _c.staff_id, staff.c.name, _c.due_at, _c.seen, _c.body, _c.state, _c.why, _c.kind, _c.answers
).select_from(timed_reply.join(staff, staff.c.id == _c.staff_id))
_SHOWN = _READ.where(_c.case_id == bindparam("of"), text("state IN ('waiting', 'returned')")).order_by(_c.due_at, _c.id)
_ONE = _READ.where(_c.id == bindparam("of"), _c.case_id == bindparam("case"))
_DUE = (
    select(_c.id, _c.case_id)
    .where(text("state = 'waiting'"), _c.due_at <= bindparam("now"))
    .order_by(_c.due_at, _c.id)
    .limit(bindparam("at_most"))
)
_WAITING = select(_c.id).where(_c.case_id == bindparam("of"), text("state = 'waiting'")).limit(AT_MOST)
_MOVE = (
    update(timed_reply)
    .where(_c.id == bindparam("of"), _c.state.in_(bindparam("from", expanding=True)))
    .values(state=bindparam("to"), why=bindparam("because"))
)
_HELD = (
    select(_c.id)
    .where(_c.case_id == bindparam("of"), _c.staff_id == bindparam("by"), text("state = 'waiting' AND kind = 'send'"))
    .order_by(_c.due_at, _c.id)
)
_GONE = timed_reply.delete().where(_c.id == bindparam("of"))
_OLD = timed_reply.delete().where(text("state = 'taken'"), _c.at < bindparam("before"))


class State(StrEnum):
    """Where such a reply stands."""

    WAITING = "waiting"
    RETURNED = "returned"
    TAKEN = "taken"  # back by its writer: kept for a second press of the same button, then dropped


class Kind(StrEnum):
    """What happens at the moment."""

    LATER = "later"  # a reply that was left to the clock
    SEND = "send"  # a reply that was sent, held back for second thoughts
    CLOSE = "close"  # the end of the case, held back for second thoughts


@dataclass(frozen=True)
class New:
    """A deed to be kept until its moment. `seen` is the newest line of others that the writer had before them.

    `answers` is the line that a reply is meant for.
    """

    case_id: int
    staff_id: int
    due_at: datetime
    seen: int
    text: str
    kind: Kind = Kind.LATER
    answers: int | None = None


@dataclass(frozen=True)
class Timed:
    """A reply that waits or came back; `why` is a key."""

    id: int
    case_id: int
    staff_id: int
    staff_name: str
    due_at: datetime
    seen: int
    text: str
    state: State
    why: str
    kind: Kind
    answers: int | None


def add(conn: Connection, vault: Vault, new: New, now: datetime) -> int:
    """Keep a reply; its number."""
    row = {
        "case_id": new.case_id,
        "staff_id": new.staff_id,
        "at": now,
        "due_at": new.due_at,
        "seen": new.seen,
        "body": vault.seal(vault.house, _BODY, new.text),
        "state": State.WAITING.value,
        "kind": None if new.kind is Kind.LATER else new.kind.value,
        "answers": new.answers,
    }
    number: int = conn.execute(_ADD, row).scalar_one()
    feed.add(conn, [feed.Change(now, "timed", new.case_id)])
    return number


def waiting(conn: Connection, case_id: int) -> int:
    """How many wait in a case, of the most that may."""
    return len(conn.execute(_WAITING, {"of": case_id}).all())


def of_case(conn: Connection, vault: Vault, case_id: int) -> list[Timed]:
    """What waits or came back, by its moment."""
    return [_timed(vault, row) for row in conn.execute(_SHOWN, {"of": case_id})]


def find(conn: Connection, vault: Vault, case_id: int, number: int) -> Timed | None:
    """One of a case, in whatever state."""
    row = conn.execute(_ONE, {"of": number, "case": case_id}).first()
    return None if row is None else _timed(vault, row)


def due(conn: Connection, now: datetime, at_most: int = 50) -> list[tuple[int, int]]:
    """(number, case) of those whose moment has come."""
    return [(row.id, row.case_id) for row in conn.execute(_DUE, {"now": now, "at_most": at_most})]


def held_back(conn: Connection, case_id: int, staff_id: int) -> list[int]:
    """The numbers of a member's replies in a case that wait for second thoughts only."""
    return list(conn.execute(_HELD, {"of": case_id, "by": staff_id}).scalars())


def moved(conn: Connection, one: Timed, to: State, now: datetime, why: str = "") -> bool:
    """It comes back or is taken back; False when somebody was quicker."""
    start = [State.WAITING.value] if to is State.RETURNED else [State.WAITING.value, State.RETURNED.value]
    values = {"of": one.id, "from": start, "to": to.value, "because": why or None}
    if conn.execute(_MOVE, values).rowcount == 0:
        return False
    feed.add(conn, [feed.Change(now, "timed", one.case_id)])
    return True


def left(conn: Connection, one: Timed) -> None:
    """It was said: what it said stands in the talk now."""
    conn.execute(_GONE, {"of": one.id})


def forget_old(conn: Connection, before: datetime) -> None:
    """Drop what was taken back."""
    conn.execute(_OLD, {"before": before})


def _timed(vault: Vault, row: AnyRow) -> Timed:
    return Timed(
        id=row.id,
        case_id=row.case_id,
        staff_id=row.staff_id,
        staff_name=row.name,
        due_at=row.due_at,
        seen=row.seen,
        text=vault.unseal_text(vault.house, _BODY, row.body),
        state=State(row.state),
        why=row.why or "",
        kind=Kind(row.kind or Kind.LATER),
        answers=row.answers,
    )
