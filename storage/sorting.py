"""What a case is about and how soon it is wanted, set right by a coordinator, with its clocks and counts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, text, true, update

from storage import cases, feed, tally
from storage.casefile import By, CaseHead
from storage.columns import Moment
from storage.tables import OPEN, case_file

_SORT = (
    update(case_file)
    .where(case_file.c.id == bindparam("of"), text(OPEN))
    .values(
        topic=bindparam("topic"),
        topics=bindparam("topics"),
        urgency=bindparam("urgency"),
        version=case_file.c.version + 1,
        changed_at=bindparam("now", type_=Moment()),
        clock_stale=true(),
    )
)


@dataclass(frozen=True)
class Sort:
    """The topic that comes first from now on, and the urgency, both as forms name them."""

    topic: str
    urgency: str


def sort(conn: Connection, head: CaseHead, to: Sort, by: By, now: datetime) -> bool:
    """Set both; the other topics that the resident named stay. False when the case is over.

    Its clocks are stale then: whoever calls settles them in the same transaction.
    """
    kept = [one for one in head.topics if one not in (head.topic, to.topic)]
    values = {"topic": to.topic, "topics": json.dumps([to.topic, *kept]), "urgency": to.urgency}
    if not conn.execute(_SORT, {"of": head.id, "now": now, **values}).rowcount:
        return False
    if to.topic != head.topic:
        tally.add(conn, {"case:topic:" + head.topic: -1, "case:topic:" + to.topic: 1})
    cases.wrote(
        conn, feed.Change(now, "sorted", head.id, head.person_id), by, {"topic": to.topic, "urgency": to.urgency}
    )
    return True
