"""The folders of the queue, and how many cases lie in each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, bindparam, select, text

from storage import tally
from storage.clock_columns import LAID_BY
from storage.sight import EVERYTHING, Sight
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


def counts(conn: Connection, staff_id: int, now: datetime, sight: Sight = EVERYTHING) -> Counts:
    """How full the folders are for whoever sees this much, from the tally: only what is hidden or their own is read."""
    waiting = len(conn.execute(sight.narrow(_WAITING)).all())
    overdue = len(conn.execute(sight.narrow(_OVERDUE), {"now": now}).all())
    if sight.own:
        seen = sight.open_seen(conn)
        free = sum(holder is None for _, holder in seen)
        mine = sum(holder == staff_id for _, holder in seen)
        return Counts(mine, free, len(seen), _by_topic(seen), waiting, overdue)
    own = f"case:holder:{staff_id}"
    known = tally.get(conn, own, "case:unassigned", "case:open")
    topics = {topic: n for topic, n in tally.under(conn, "case:topic:").items() if n}
    full = Counts(known[own], known["case:unassigned"], known["case:open"], topics, waiting, overdue)
    return full if sight.whole else _without(full, sight.open_hidden(conn), staff_id)


def _without(full: Counts, hidden: Sequence[tuple[str, int | None]], staff_id: int) -> Counts:
    fewer = _by_topic(hidden)
    topics = {topic: left for topic, n in full.topics.items() if (left := n - fewer.get(topic, 0)) > 0}
    mine = sum(holder == staff_id for _, holder in hidden)
    free = sum(holder is None for _, holder in hidden)
    return replace(
        full, mine=full.mine - mine, unassigned=full.unassigned - free, open=full.open - len(hidden), topics=topics
    )


def _by_topic(cases: Sequence[tuple[str, int | None]]) -> dict[str, int]:
    return dict(Counter(topic for topic, _ in cases))
