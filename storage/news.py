"""News for one coordinator about a case: they were named, were given it, or something of theirs came back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, bindparam, insert, select, text, update

from storage.desk_tables import news
from storage.tables import case_file, staff

_ADD = insert(news)
_UNSEEN = text("NOT news.seen")
_OF = (
    select(news.c.id, news.c.at, news.c.kind, news.c.case_id, case_file.c.ref, staff.c.name)
    .select_from(news.join(case_file, case_file.c.id == news.c.case_id).outerjoin(staff, staff.c.id == news.c.from_id))
    .where(news.c.staff_id == bindparam("of"), _UNSEEN)
    .order_by(news.c.id.desc())
    .limit(bindparam("at_most"))
)
_SEEN = (
    update(news)
    .where(news.c.staff_id == bindparam("of"), news.c.case_id == bindparam("case"), _UNSEEN)
    .values(seen=True)
)
AT_MOST = 20


class Kind(StrEnum):
    """What happened."""

    NAMED = "named"  # in an inner note
    GIVEN = "given"  # a colleague's case is theirs now
    COVERED = "covered"  # a colleague took their case while they were away
    WOKE = "woke"  # a case that they had laid aside is due
    MEETING = "meeting"  # the resident answered an appointment
    LATE = "late"  # a reminder could not be sent in time
    PARTNER = "partner"  # somebody outside the centre answered
    RETURNED = "returned"  # words that were to leave later did not


@dataclass(frozen=True)
class New:
    """News to be kept, for `staff_id`; `from_id` is the colleague it comes from, None for the clock."""

    staff_id: int
    case_id: int
    kind: Kind
    from_id: int | None = None


@dataclass(frozen=True)
class News:
    """Something that its coordinator has not looked at yet."""

    id: int
    at: datetime
    kind: Kind
    case_id: int
    ref: str
    from_name: str | None


def add(conn: Connection, all_new: Sequence[New], now: datetime) -> None:
    """Keep news."""
    rows = [
        {"staff_id": one.staff_id, "case_id": one.case_id, "from_id": one.from_id, "at": now, "kind": one.kind.value}
        for one in all_new
    ]
    if rows:
        conn.execute(_ADD, rows)


def unseen(conn: Connection, staff_id: int) -> list[News]:
    """What a coordinator has not looked at, the newest twenty of it, newest first."""
    rows = conn.execute(_OF, {"of": staff_id, "at_most": AT_MOST})
    return [News(id_, at, Kind(kind), case_id, ref, name) for id_, at, kind, case_id, ref, name in rows]


def seen(conn: Connection, staff_id: int, case_id: int) -> None:
    """They have the case before their eyes."""
    conn.execute(_SEEN, {"of": staff_id, "case": case_id})
