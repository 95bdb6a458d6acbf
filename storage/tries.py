"""How often something was tried within a stretch of time, counted in the database so that every server counts alike."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam

from storage import tally
from storage.tables import tally as counters

_FIRST = "try:"
_OLD = counters.delete().where(counters.c.name >= _FIRST, counters.c.name < bindparam("before"))


def count(conn: Connection, names: Collection[str], now: datetime, stretch: timedelta) -> dict[str, int]:
    """Count one more try under each name; how many there are in this stretch, this one included.

    A stretch begins at a multiple of its length, not at the first try: a counter is one row and dies with its stretch.
    """
    before = _before(now, stretch)
    conn.execute(_OLD, {"before": before})
    tally.add(conn, {before + name: 1 for name in names})
    return so_far(conn, names, now, stretch)


def so_far(conn: Connection, names: Collection[str], now: datetime, stretch: timedelta) -> dict[str, int]:
    """How many tries there are under each name in this stretch; nothing is counted."""
    before = _before(now, stretch)
    found = tally.get(conn, *(before + name for name in names))
    return {name.removeprefix(before): n for name, n in found.items()}


def _before(now: datetime, stretch: timedelta) -> str:
    return f"{_FIRST}{int(now.timestamp() // stretch.total_seconds()):012}:"
