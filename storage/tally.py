"""Counters kept in the same transaction as what they count, so that nobody ever counts rows while people wait."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, func, select

from storage.tables import tally
from storage.twins import insert_or_add

# Two writers on one PostgreSQL add to different rows, else each commit would wait for the other's.
_SHARDS = 64
_ADD = insert_or_add(tally, ["name", "shard"], "n")
_SUM = (
    select(tally.c.name, func.sum(tally.c.n))
    .where(tally.c.name.in_(bindparam("names", expanding=True)))
    .group_by(tally.c.name)
)


def add(conn: Connection, changes: Mapping[str, int]) -> None:
    """Add each number to its counter."""
    shard = threading.get_native_id() % _SHARDS
    rows = [{"name": name, "shard": shard, "n": n} for name, n in sorted(changes.items()) if n]
    if rows:
        conn.execute(_ADD[conn.dialect.name], rows)


def get(conn: Connection, *names: str) -> dict[str, int]:
    """The counters of these names; 0 for one never touched."""
    found = {name: int(n) for name, n in conn.execute(_SUM, {"names": names})}
    return {name: found.get(name, 0) for name in names}


def under(conn: Connection, prefix: str) -> dict[str, int]:
    """Every counter whose name begins with `prefix`, by the rest of its name."""
    named = select(tally.c.name, func.sum(tally.c.n)).where(tally.c.name.startswith(prefix, autoescape=True))
    return {name.removeprefix(prefix): int(n) for name, n in conn.execute(named.group_by(tally.c.name))}
