"""Files between their preview and the button: kept for a day at most, for the member who brought them, taken once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Table, bindparam, insert, select

KEPT = timedelta(days=1)


class Previews:
    """Kept in a table that has the member, the moment and what was found in the file."""

    def __init__(self, table: Table) -> None:
        of = table.c
        theirs = (of.id == bindparam("of")) & (of.staff_id == bindparam("who"))
        self._keep = insert(table).returning(of.id)
        self._found = select(of.found).where(theirs)
        self._drop = table.delete().where(theirs)
        self._drop_old = table.delete().where(of.at < bindparam("before"))

    def keep(self, conn: Connection, found: str, staff_id: int, now: datetime) -> int:
        """Keep what was found in a file until its button is pressed; its number."""
        conn.execute(self._drop_old, {"before": now - KEPT})
        row = {"staff_id": staff_id, "at": now, "found": found}
        number: int = conn.execute(self._keep, row).scalar_one()
        return number

    def found(self, conn: Connection, number: int, staff_id: int) -> str | None:
        """What was kept by this member; None where it was taken since, or is somebody else's."""
        kept: str | None = conn.execute(self._found, {"of": number, "who": staff_id}).scalar()
        return kept

    def drop(self, conn: Connection, number: int, staff_id: int) -> bool:
        """It is taken now; False when it was before."""
        return conn.execute(self._drop, {"of": number, "who": staff_id}).rowcount == 1
