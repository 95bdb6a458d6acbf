"""Who has not been here for so long that what we keep of them must go."""

from __future__ import annotations

from sqlalchemy import bindparam, exists, select, text

from storage.join_tables import joined
from storage.keeping_tables import hold
from storage.tables import OPEN, case_file, person

LONG_GONE = (
    select(person.c.id)
    .where(
        person.c.seen_at < bindparam("before"),
        ~exists().where(joined.c.person_id == person.c.id),  # they go with whom they joined
        ~exists().where(case_file.c.person_id == person.c.id, text("case_file." + OPEN)),
        ~exists().where(case_file.c.person_id == person.c.id, case_file.c.closed_at >= bindparam("before")),
    )
    .where(
        ~exists().where(
            case_file.c.person_id == person.c.id, hold.c.case_id == case_file.c.id, hold.c.ended_at.is_(None)
        )
    )
)
