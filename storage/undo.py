"""For how long what a coordinator sends or ends is held back for second thoughts, where they chose it themselves."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select, update

from storage.keeping_tables import undo_wish
from storage.twins import insert_new

_c = undo_wish.c
_NEW = insert_new(undo_wish)
_SET = update(undo_wish).where(_c.staff_id == bindparam("of")).values(seconds=bindparam("to"))
_READ = select(_c.seconds).where(_c.staff_id == bindparam("of"))


def seconds(conn: Connection, staff_id: int) -> int | None:
    """How many seconds they chose; None when they never did."""
    found: int | None = conn.execute(_READ, {"of": staff_id}).scalar()
    return found


def choose(conn: Connection, staff_id: int, wanted: int) -> None:
    """Remember it."""
    conn.execute(_NEW[conn.dialect.name], [{"staff_id": staff_id, "seconds": wanted}])
    conn.execute(_SET, {"of": staff_id, "to": wanted})
