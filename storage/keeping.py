"""What is kept for how long, class by class: what is due to go, and how it goes, in small steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, Column, Connection, Select, bindparam, delete, exists, func, insert, select, text

from storage import fates, people, ties
from storage.broadcast_tables import broadcast
from storage.columns import Moment
from storage.desk_tables import news
from storage.emptying import empty_cases, empty_things
from storage.keeping_tables import export, hold, kept_for
from storage.leaving import LONG_GONE
from storage.tables import case_file, login_link, message, person, staff, staff_session, unanswered
from storage.thing_tables import thing

_BEFORE = bindparam("before", type_=Moment())
_MOST: BindParameter[int] = bindparam("at_most")
_c = case_file.c
_NO_HOLD = ~exists().where(hold.c.case_id == _c.id, hold.c.ended_at.is_(None))
_OVER = select(_c.id).where(
    text("case_file.state = 'closed' AND case_file.person_id IS NOT NULL"),
    _c.closed_at < _BEFORE,
    _NO_HOLD,
    _c.id.not_in(ties.SHOWN_ELSEWHERE),
)
_BY_THE_CLOCK = select(message.c.id, message.c.at).order_by(message.c.id).limit(1)
_AT_OR_AFTER = _BY_THE_CLOCK.where(message.c.id >= bindparam("from_id"))
_LAST_LINE = select(func.max(message.c.id))


class Kind(StrEnum):
    """What is kept."""

    PEOPLE = "people"  # everything of somebody who was not here any more
    PRIVATE = "private"  # closed cases whose content was told on our own page only
    OPEN = "open"  # other closed cases
    TALK = "talk"  # with the bot, outside of cases
    THINGS = "things"  # pictures and files of closed cases
    QUESTIONS = "questions"  # that nobody could answer
    SESSIONS = "sessions"  # of coordinators, and their links
    NEWS = "news"  # for coordinators, once they saw them
    BROADCASTS = "broadcasts"  # who was reached by them; what was said and how many stay
    EXPORTS = "exports"  # who took out what and why; the files themselves live a day


@dataclass(frozen=True)
class Rule:
    """How long, in days: unless the centre says otherwise, and at the longest. People were promised a year."""

    days: int
    most: int


RULES: Mapping[Kind, Rule] = {
    Kind.PEOPLE: Rule(365, 365),
    Kind.PRIVATE: Rule(365, 365),
    Kind.OPEN: Rule(365, 365),
    Kind.TALK: Rule(365, 365),
    Kind.THINGS: Rule(180, 365),
    Kind.QUESTIONS: Rule(365, 365),
    Kind.SESSIONS: Rule(30, 365),
    Kind.NEWS: Rule(90, 365),
    Kind.BROADCASTS: Rule(180, 365),
    Kind.EXPORTS: Rule(1095, 1825),
}
LEAST = 30  # days: nobody empties the house by a slip of the keyboard
BY_ORDER = (Kind.PRIVATE, Kind.OPEN, Kind.TALK, Kind.THINGS, Kind.QUESTIONS)  # what can be deleted by hand, too
_WHICH: Mapping[Kind, Select[Any]] = {
    Kind.PEOPLE: LONG_GONE,
    Kind.PRIVATE: _OVER.where(text("case_file.mode = 'private'")),
    Kind.OPEN: _OVER.where(text("case_file.mode <> 'private'")),
    Kind.TALK: select(message.c.id).where(message.c.at < _BEFORE, message.c.case_id.is_(None)),
    Kind.THINGS: select(thing.c.id)
    .select_from(thing.join(case_file, _c.id == thing.c.case_id))
    .where(
        text("case_file.state = 'closed' AND case_file.person_id IS NOT NULL AND thing.state = 'kept'"),
        _c.closed_at < _BEFORE,
        _NO_HOLD,
        _c.id.not_in(ties.SHOWN_ELSEWHERE),
    ),
    Kind.QUESTIONS: select(unanswered.c.id).where(unanswered.c.at < _BEFORE),
    Kind.SESSIONS: select(staff_session.c.token_hash).where(staff_session.c.expires_at < _BEFORE),
    Kind.NEWS: select(news.c.id).where(news.c.at < _BEFORE, text("news.seen")),
    Kind.BROADCASTS: select(broadcast.c.id).where(broadcast.c.ended_at < _BEFORE, broadcast.c.came_to.is_(None)),
    Kind.EXPORTS: select(export.c.id).where(export.c.at < _BEFORE, text("export.state IN ('gone', 'refused')")),
}
_KEY: Mapping[Kind, Column[Any]] = {
    Kind.PEOPLE: person.c.id,
    Kind.PRIVATE: _c.id,
    Kind.OPEN: _c.id,
    Kind.TALK: message.c.id,
    Kind.THINGS: thing.c.id,
    Kind.QUESTIONS: unanswered.c.id,
    Kind.SESSIONS: staff_session.c.token_hash,
    Kind.NEWS: news.c.id,
    Kind.BROADCASTS: broadcast.c.id,
    Kind.EXPORTS: export.c.id,
}
_FIRST: Mapping[Kind, Column[Any]] = {
    Kind.PEOPLE: person.c.seen_at,
    Kind.PRIVATE: _c.closed_at,
    Kind.OPEN: _c.closed_at,
}
# From the first line that stays on, none is looked at.
_UP_TO = {Kind.TALK: (message.c.id < bindparam("bound"),)}
_DUE = {
    kind: which.where(*_UP_TO.get(kind, ())).order_by(_FIRST.get(kind, _KEY[kind])).limit(_MOST)
    for kind, which in _WHICH.items()
}
_AMONG = {kind: which.where(_KEY[kind].in_(bindparam("ids", expanding=True))) for kind, which in _WHICH.items()}
_OLD_LINKS = login_link.delete().where(login_link.c.expires_at < _BEFORE)
_NEWEST = (
    select(kept_for.c.days, staff.c.name, kept_for.c.at)
    .join(staff, staff.c.id == kept_for.c.staff_id)
    .where(kept_for.c.kind == bindparam("of"))
    .order_by(kept_for.c.id.desc())
    .limit(1)
)
_SET = insert(kept_for)
# Of one transaction.
AT_ONCE: Mapping[Kind, int] = {Kind.PEOPLE: 10, Kind.PRIVATE: 20, Kind.OPEN: 20, Kind.THINGS: 20, Kind.BROADCASTS: 1}
ROWS_AT_ONCE = 500  # of the others
AT_MOST = 2_000  # keys looked for at once


@dataclass(frozen=True)
class Value:
    """How long a class is kept; `by` and `at` tell who set it, unless it is as the house came."""

    days: int
    by: str = ""
    at: datetime | None = None


def value(conn: Connection, kind: Kind) -> Value:
    """How long it is kept now."""
    found = conn.execute(_NEWEST, {"of": kind.value}).first()
    return Value(RULES[kind].days) if found is None else Value(*found)


def fits(kind: Kind, days: int) -> bool:
    """Whether it may be kept so long: never longer than people were promised."""
    return LEAST <= days <= RULES[kind].most


def set_value(conn: Connection, kind: Kind, days: int, staff_id: int, now: datetime) -> None:
    """Keep it so long from now on; what it was before stays on record."""
    conn.execute(_SET, {"kind": kind.value, "days": days, "staff_id": staff_id, "at": now})


def due(conn: Connection, kind: Kind, before: datetime, at_most: int) -> int:
    """How many would go, counted no further than `at_most`."""
    some = _DUE[kind].subquery()
    found: int = conn.execute(select(func.count()).select_from(some), _asked(conn, kind, before, at_most)).scalar_one()
    return found


def found(conn: Connection, kind: Kind, before: datetime, at_most: int = AT_MOST) -> list[Any]:
    """The keys of the next that are to go. It may take a second on a large house: ask where nobody waits to write."""
    return list(conn.execute(_DUE[kind], _asked(conn, kind, before, at_most)).scalars())


def steps(kind: Kind, keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The same in the handfuls that may go in one transaction."""
    many = AT_ONCE.get(kind, ROWS_AT_ONCE)
    return (keys[at : at + many] for at in range(0, len(keys), many))


def purge(conn: Connection, kind: Kind, keys: Sequence[Any], before: datetime, now: datetime) -> tuple[int, list[int]]:
    """Let those of `keys` go that are still due, in the caller's transaction: how many, and of which cases."""
    left = list(conn.execute(_AMONG[kind], {"before": before, "ids": keys}).scalars()) if keys else []
    return (len(left), _go(conn, kind, left, (before, now))) if left else (0, [])


def _asked(conn: Connection, kind: Kind, before: datetime, at_most: int) -> dict[str, Any]:
    asked = {"before": before, "at_most": at_most}
    return asked | {"bound": _first_kept(conn, before)} if kind is Kind.TALK else asked


def _first_kept(conn: Connection, before: datetime) -> int:
    """The number of the first line said at `before` or later, looked for by halves: lines come in by the clock."""
    low, high = 0, (conn.execute(_LAST_LINE).scalar() or 0) + 1
    while low < high:
        middle = (low + high) // 2
        line = conn.execute(_AT_OR_AFTER, {"from_id": middle}).first()
        if line is None or line.at >= before:
            high = middle
        else:
            low = line.id + 1
    return low


def _go(conn: Connection, kind: Kind, found: Sequence[Any], when: tuple[datetime, datetime]) -> list[int]:
    before, now = when
    match kind:
        case Kind.PEOPLE:
            for person_id in found:
                people.forget(conn, person_id, now)
            return []
        case Kind.PRIVATE | Kind.OPEN:
            return empty_cases(conn, found, now)
        case Kind.THINGS:
            return empty_things(conn, found, now)
        case Kind.BROADCASTS:
            for broadcast_id in found:
                fates.let_go(conn, broadcast_id)
            return []
        case Kind.TALK | Kind.QUESTIONS | Kind.SESSIONS | Kind.NEWS | Kind.EXPORTS:
            column = _KEY[kind]
            if kind is Kind.SESSIONS:
                conn.execute(_OLD_LINKS, {"before": before})
            conn.execute(delete(column.table).where(column.in_(bindparam("ids", expanding=True))), {"ids": found})
            return []
