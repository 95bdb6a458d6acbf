"""The folders of the queue, and how many cases lie in each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, bindparam, select, text

from storage import tally
from storage.clock_columns import LAID_BY
from storage.tables import OPEN, case_file

_c = case_file.c
MANY = 100  # up to here the folders that change with the clock are told exactly
_WAITING = select(_c.id).where(text(LAID_BY)).limit(MANY)
DUE = text("due_at IS NOT NULL AND case_file." + OPEN)
_OVERDUE = select(_c.id).where(DUE, _c.due_at <= bindparam("now")).limit(MANY)


class Which(StrEnum):
    """Which part of the queue."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    OVERDUE = "overdue"
    WAITING = "waiting"
    ALL = "all"
    CLOSED = "closed"


@dataclass(frozen=True)
class Counts:
    """How many open cases: of this coordinator, of nobody, in all, and of each topic.

    `waiting` and `overdue` are counted up to MANY, by walking that far along an index: a tally cannot know what time
    does to a case.
    """

    mine: int
    unassigned: int
    open: int
    topics: dict[str, int]
    waiting: int
    overdue: int


def counts(conn: Connection, staff_id: int, now: datetime) -> Counts:
    """How full the folders are; no row of a case is read."""
    mine = f"case:holder:{staff_id}"
    known = tally.get(conn, mine, "case:unassigned", "case:open")
    topics = {topic: n for topic, n in tally.under(conn, "case:topic:").items() if n}
    waiting, overdue = conn.execute(_WAITING).all(), conn.execute(_OVERDUE, {"now": now}).all()
    return Counts(known[mine], known["case:unassigned"], known["case:open"], topics, len(waiting), len(overdue))
