"""Who has not been here for so long that what we keep of them must go."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, select, text

from storage.join_tables import joined
from storage.tables import OPEN, case_file, person

_GONE = (
    select(person.c.id)
    .where(
        person.c.seen_at < bindparam("before"),
        ~exists().where(joined.c.person_id == person.c.id),  # they go with whom they joined
        ~exists().where(case_file.c.person_id == person.c.id, text("case_file." + OPEN)),
        ~exists().where(case_file.c.person_id == person.c.id, case_file.c.closed_at >= bindparam("before")),
    )
    .order_by(person.c.seen_at)
    .limit(bindparam("at_most"))
)


def long_gone(conn: Connection, before: datetime, at_most: int = 100) -> list[int]:
    """People last heard of before that moment, with no case that is open or was closed since."""
    return list(conn.execute(_GONE, {"before": before, "at_most": at_most}).scalars())
