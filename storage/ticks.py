"""What of a case's checklist is done, by whom and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from storage import feed
from storage.tables import staff
from storage.twins import insert_new
from storage.work_tables import ticked

_c = ticked.c
_ADD = insert_new(ticked, _c.id)
_DROP = ticked.delete().where(_c.case_id == bindparam("of"), _c.item == bindparam("what"))
_OF = (
    select(_c.item, _c.staff_id, staff.c.name, _c.at)
    .select_from(ticked.join(staff, staff.c.id == _c.staff_id))
    .where(_c.case_id == bindparam("of"))
)


@dataclass(frozen=True)
class Tick:
    """One item that is done; `item` is its key in the checklist."""

    item: str
    staff_id: int
    staff_name: str
    at: datetime


def tick(conn: Connection, case_id: int, item: str, staff_id: int, now: datetime) -> bool:
    """It is done; False when it was already: who was first stays."""
    row = {"case_id": case_id, "item": item, "staff_id": staff_id, "at": now}
    made = conn.execute(_ADD[conn.dialect.name], [row]).scalar() is not None
    if made:
        feed.add(conn, [feed.Change(now, "ticked", case_id)])
    return made


def untick(conn: Connection, case_id: int, item: str, now: datetime) -> bool:
    """It is not done after all; False when it was not."""
    gone = conn.execute(_DROP, {"of": case_id, "what": item}).rowcount > 0
    if gone:
        feed.add(conn, [feed.Change(now, "ticked", case_id)])
    return gone


def of_case(conn: Connection, case_id: int) -> dict[str, Tick]:
    """What is done, by its key."""
    return {row[0]: Tick(*row) for row in conn.execute(_OF, {"of": case_id})}
