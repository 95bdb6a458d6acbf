"""A person calls again from inside their open case: once more for somebody, or with words of danger."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, insert, text, update

from storage import feed
from storage.tables import OPEN, case_event, case_file

_EVENT = insert(case_event)
_URGENT = (
    update(case_file)
    .where(case_file.c.id == bindparam("of"), text(OPEN))
    .values(urgency="today", version=case_file.c.version + 1, changed_at=bindparam("now"))
)


def called(conn: Connection, change: feed.Change, *, urgent: bool) -> None:
    """Write it into the history and tell every open page; with `urgent` the case goes to the top of the queue."""
    if urgent:
        conn.execute(_URGENT, {"of": change.case_id, "now": change.at})
    conn.execute(_EVENT, {"case_id": change.case_id, "at": change.at, "who_kind": "person", "kind": change.kind})
    feed.add(conn, [change])
