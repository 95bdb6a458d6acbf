"""The nights in which things go: one row for each class and night, whoever does the work and however often it dies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from storage import audit, keeping
from storage.audit import Entry, What
from storage.columns import AnyRow
from storage.crypt import Vault
from storage.keeping import Kind
from storage.keeping_tables import sweep
from storage.twins import insert_new

LEASE = timedelta(seconds=60)  # of one step: whoever takes longer is dead
_c = sweep.c
_BEGIN = insert_new(sweep, sweep.c.id)
_READ = select(_c.id, _c.night, _c.kind, _c.at, _c.before, _c.gone, _c.done_at, _c.next_at)
_THERE = _READ.where(_c.night == bindparam("night"), _c.kind == bindparam("kind"))
_ONE = _THERE.with_for_update()
_LAST = _READ.where(_c.kind == bindparam("kind")).order_by(_c.id.desc()).limit(1)
_STEP = update(sweep).where(_c.id == bindparam("of"))


@dataclass(frozen=True)
class Sweep:
    """One class in one night: what is older than `before` goes; `done_at` None while it is not over."""

    id: int
    night: str
    kind: Kind
    at: datetime
    before: datetime
    gone: int
    done_at: datetime | None
    next_at: datetime


def begin(conn: Connection, night: str, kind: Kind, before: datetime, now: datetime) -> bool:
    """Whether this caller is to do the work: nobody did it this night, or whoever began it died."""
    row = {"night": night, "kind": kind.value, "at": now, "before": before, "next_at": now + LEASE, "gone": 0}
    if conn.execute(_BEGIN[conn.dialect.name], [row]).scalar() is not None:
        return True
    there = _sweep(conn.execute(_ONE, {"night": night, "kind": kind.value}).one())
    if there.done_at is not None or there.next_at > now:
        return False
    conn.execute(_STEP.values(next_at=now + LEASE), {"of": there.id})
    return True


def left(conn: Connection, night: str, kind: Kind) -> list[Any]:
    """What of a class is still to go this night, some of it; nothing when it is over. Asked before a `step`."""
    there = _sweep(conn.execute(_THERE, {"night": night, "kind": kind.value}).one())
    return [] if there.done_at is not None else keeping.found(conn, kind, there.before)


def step(conn: Connection, vault: Vault, of: tuple[str, Kind], keys: Sequence[Any], now: datetime) -> int:
    """Let these go, of a night and class; how many did. With none, the class is over for the night."""
    night, kind = of
    there = _sweep(conn.execute(_ONE, {"night": night, "kind": kind.value}).one())
    if there.done_at is not None:
        return 0
    gone, case_ids = keeping.purge(conn, kind, keys, there.before, now)
    if case_ids:
        audit.add(conn, vault, [Entry(None, What.DELETED, tuple(case_ids))], now)
    values = {"gone": there.gone + gone, "next_at": now + LEASE, "done_at": None if keys else now}
    conn.execute(_STEP.values(values), {"of": there.id})
    return gone


def last(conn: Connection, kind: Kind) -> Sweep | None:
    """The last night of a class."""
    row = conn.execute(_LAST, {"kind": kind.value}).first()
    return None if row is None else _sweep(row)


def _sweep(row: AnyRow) -> Sweep:
    return Sweep(row.id, row.night, Kind(row.kind), row.at, row.before, row.gone, row.done_at, row.next_at)
