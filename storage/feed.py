"""What changed, in the order in which it can be seen: the cursor of every live page, never content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select, text

from storage.tables import feed

# Taken until commit, so that a row with a smaller number never appears after a larger one was read.
_IN_ORDER = text("SELECT pg_advisory_xact_lock(7210461)")
_ADD = insert(feed)
_SINCE = (
    select(feed.c.id, feed.c.at, feed.c.kind, feed.c.case_id, feed.c.person_id)
    .where(feed.c.id > bindparam("cursor"))
    .order_by(feed.c.id)
    .limit(bindparam("at_most"))
)
_NEWEST = select(func.max(feed.c.id))
_OLD = feed.delete().where(feed.c.id <= bindparam("cursor"))


@dataclass(frozen=True)
class Change:
    """Something changed about a case or a person. `kind` is a key such as "said", "claimed", "delivered"."""

    at: datetime
    kind: str
    case_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True)
class Seen:
    """A change with its place in the row of changes."""

    id: int
    at: datetime
    kind: str
    case_id: int | None
    person_id: int | None


def add(conn: Connection, changes: Sequence[Change]) -> None:
    """Write changes; on PostgreSQL, others who do wait until this transaction ends."""
    if not changes:
        return
    in_order(conn)
    conn.execute(_ADD, [asdict(change) for change in changes])


def in_order(conn: Connection) -> None:
    """From here to the commit no other server writes what must stand in one order; SQLite has one writer anyway."""
    if conn.dialect.name == "postgresql":
        conn.execute(_IN_ORDER)


def since(conn: Connection, cursor: int, at_most: int = 500) -> list[Seen]:
    """The changes after `cursor`, oldest first."""
    return [Seen(*row) for row in conn.execute(_SINCE, {"cursor": cursor, "at_most": at_most})]


def newest(conn: Connection) -> int:
    """The cursor of somebody who has seen everything; 0 when nothing ever happened."""
    return conn.execute(_NEWEST).scalar() or 0


def trim(conn: Connection, cursor: int) -> None:
    """Drop the changes up to and with `cursor`, which no open page can still need."""
    conn.execute(_OLD, {"cursor": cursor})
