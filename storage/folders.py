"""The queue as coordinators see it: folders of case covers, and how many lie in each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from sqlalchemy import Connection, Select, bindparam, text

from storage import tally
from storage.casefile import HEAD, CaseHead, head
from storage.plain import clean
from storage.sight import EVERYTHING, Sight
from storage.tables import OPEN, case_file

_c = case_file.c
_PAGE = HEAD.where(_c.id < bindparam("before")).order_by(_c.id.desc()).limit(bindparam("at_most"))
_ALL = _PAGE.where(text("case_file." + OPEN))
_MINE = _ALL.where(_c.holder == bindparam("staff_id"))
_UNASSIGNED = _ALL.where(_c.holder.is_(None))
_CLOSED = _PAGE.where(text("case_file.state = 'closed'"))
_NEWER_THAN_ALL = 2**62


class Which(StrEnum):
    """Whose cases."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    ALL = "all"
    CLOSED = "closed"


@dataclass(frozen=True)
class Folder:
    """A page of a folder, newest first. `before` is the id of the last case of the page above; "" is every topic."""

    which: Which = Which.ALL
    staff_id: int = 0
    topic: str = ""
    before: int = _NEWER_THAN_ALL
    at_most: int = 50


@dataclass(frozen=True)
class Counts:
    """How many open cases: of this coordinator, of nobody, in all, and of each topic."""

    mine: int
    unassigned: int
    open: int
    topics: dict[str, int]


def folder(conn: Connection, wanted: Folder) -> list[CaseHead]:
    """The covers of one page."""
    asked: dict[str, object] = {"before": wanted.before, "at_most": wanted.at_most}
    statement = _of(wanted.which)
    if wanted.which is Which.MINE:
        asked["staff_id"] = wanted.staff_id
    if wanted.topic:
        statement = statement.where(_c.topic == bindparam("topic"))
        asked["topic"] = clean(wanted.topic)
    return [head(row) for row in conn.execute(statement, asked)]


def _of(which: Which) -> Select[tuple[object, ...]]:
    match which:
        case Which.MINE:
            return _MINE
        case Which.UNASSIGNED:
            return _UNASSIGNED
        case Which.ALL:
            return _ALL
        case Which.CLOSED:
            return _CLOSED
        case _:
            assert_never(which)


def counts(conn: Connection, staff_id: int, sight: Sight = EVERYTHING) -> Counts:
    """How full the folders are for whoever sees this much, from the tally: only what is hidden or their own is read."""
    if sight.own:
        seen = sight.open_seen(conn)
        free = sum(holder is None for _, holder in seen)
        return Counts(sum(holder == staff_id for _, holder in seen), free, len(seen), _by_topic(seen))
    mine = f"case:holder:{staff_id}"
    known = tally.get(conn, mine, "case:unassigned", "case:open")
    topics = {topic: n for topic, n in tally.under(conn, "case:topic:").items() if n}
    full = Counts(known[mine], known["case:unassigned"], known["case:open"], topics)
    return full if sight.whole else _without(full, sight.open_hidden(conn), staff_id)


def _without(full: Counts, hidden: Sequence[tuple[str, int | None]], staff_id: int) -> Counts:
    fewer = _by_topic(hidden)
    topics = {topic: left for topic, n in full.topics.items() if (left := n - fewer.get(topic, 0)) > 0}
    mine = sum(holder == staff_id for _, holder in hidden)
    free = sum(holder is None for _, holder in hidden)
    return Counts(full.mine - mine, full.unassigned - free, full.open - len(hidden), topics)


def _by_topic(cases: Sequence[tuple[str, int | None]]) -> dict[str, int]:
    return dict(Counter(topic for topic, _ in cases))
