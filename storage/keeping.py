"""What is kept for how long, class by class: what is due to go, and how it goes, in small steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, delete, exists, func, insert, select, text

from storage import people, ties
from storage.columns import Moment
from storage.desk_tables import news
from storage.emptying import empty_cases, empty_things
from storage.keeping_tables import export, hold, kept_for
from storage.leaving import LONG_GONE
from storage.tables import case_file, login_link, message, staff, staff_session, unanswered
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
_FIRST_KEPT = select(func.min(message.c.id)).where(message.c.at >= _BEFORE)


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
    Kind.EXPORTS: Rule(1095, 1825),
}
LEAST = 30  # days: nobody empties the house by a slip of the keyboard
BY_ORDER = (Kind.PRIVATE, Kind.OPEN, Kind.TALK, Kind.THINGS, Kind.QUESTIONS)  # what can be deleted by hand, too
_DUE: Mapping[Kind, Select[Any]] = {
    Kind.PEOPLE: LONG_GONE,
    Kind.PRIVATE: _OVER.where(text("case_file.mode = 'private'")).order_by(_c.closed_at).limit(_MOST),
    Kind.OPEN: _OVER.where(text("case_file.mode <> 'private'")).order_by(_c.closed_at).limit(_MOST),
    # Lines come in by the clock, all but a few: from the first one that stays on, none is looked at.
    Kind.TALK: select(message.c.id)
    .where(
        message.c.id < func.coalesce(_FIRST_KEPT.scalar_subquery(), 2**62),
        message.c.at < _BEFORE,
        message.c.case_id.is_(None),
    )
    .order_by(message.c.id)
    .limit(_MOST),
    Kind.THINGS: select(thing.c.id)
    .select_from(thing.join(case_file, _c.id == thing.c.case_id))
    .where(
        text("case_file.state = 'closed' AND case_file.person_id IS NOT NULL AND thing.state = 'kept'"),
        _c.closed_at < _BEFORE,
        _NO_HOLD,
        _c.id.not_in(ties.SHOWN_ELSEWHERE),
    )
    .limit(_MOST),
    Kind.QUESTIONS: select(unanswered.c.id).where(unanswered.c.at < _BEFORE).order_by(unanswered.c.id).limit(_MOST),
    Kind.SESSIONS: select(staff_session.c.token_hash).where(staff_session.c.expires_at < _BEFORE).limit(_MOST),
    Kind.NEWS: select(news.c.id).where(news.c.at < _BEFORE, text("news.seen")).order_by(news.c.id).limit(_MOST),
    Kind.EXPORTS: select(export.c.id)
    .where(export.c.at < _BEFORE, text("export.state IN ('gone', 'refused')"))
    .order_by(export.c.id)
    .limit(_MOST),
}
_ROWS = {
    Kind.TALK: message.c.id,
    Kind.QUESTIONS: unanswered.c.id,
    Kind.SESSIONS: staff_session.c.token_hash,
    Kind.NEWS: news.c.id,
    Kind.EXPORTS: export.c.id,
}
_OLD_LINKS = login_link.delete().where(login_link.c.expires_at < _BEFORE)
_NEWEST = (
    select(kept_for.c.days, staff.c.name, kept_for.c.at)
    .join(staff, staff.c.id == kept_for.c.staff_id)
    .where(kept_for.c.kind == bindparam("of"))
    .order_by(kept_for.c.id.desc())
    .limit(1)
)
_SET = insert(kept_for)
AT_ONCE: Mapping[Kind, int] = {Kind.PEOPLE: 10, Kind.PRIVATE: 20, Kind.OPEN: 20, Kind.THINGS: 20}  # of one transaction
_ROWS_AT_ONCE = 500


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
    return conn.execute(select(func.count()).select_from(some), {"before": before, "at_most": at_most}).scalar_one()


def purge(conn: Connection, kind: Kind, before: datetime, now: datetime) -> tuple[int, list[int]]:
    """Let the next few go, in the caller's transaction: how many, and which cases they were of. 0 is the end."""
    found = conn.execute(_DUE[kind], {"before": before, "at_most": AT_ONCE.get(kind, _ROWS_AT_ONCE)}).scalars().all()
    if not found:
        return 0, []
    return len(found), _go(conn, kind, found, (before, now))


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
        case Kind.TALK | Kind.QUESTIONS | Kind.SESSIONS | Kind.NEWS | Kind.EXPORTS:
            column = _ROWS[kind]
            if kind is Kind.SESSIONS:
                conn.execute(_OLD_LINKS, {"before": before})
            conn.execute(delete(column.table).where(column.in_(bindparam("ids", expanding=True))), {"ids": found})
            return []
