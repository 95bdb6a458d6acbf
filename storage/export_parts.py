"""The parts of a file of cases, sealed with the file's own key: made, handed out, and gone when spoilt or too old."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, text, update

from storage import audit
from storage.audit import Entry, What
from storage.casefile import Case, whole
from storage.crypt import Vault
from storage.exports import Export, Span, State, chosen, find
from storage.keeping_tables import ALIVE, MAKING, export, export_part
from storage.sight import Sight
from storage.tables import case_file

_DATA = "export_part.data"
LASTS = timedelta(hours=24)  # a file that is ready
_c, _e, _p = case_file.c, export.c, export_part.c
_NEXT = (
    select(_e.id)
    .where(text("export." + MAKING), _e.next_at <= bindparam("now"))
    .order_by(_e.next_at)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_LEASE = (
    update(export).where(_e.id == bindparam("of")).values(lease_owner=bindparam("mine"), next_at=bindparam("until"))
)
_MINE = update(export).where(
    _e.id == bindparam("of"),
    text(MAKING),
    _e.lease_owner == bindparam("mine"),
    _e.parts == bindparam("place"),  # none went meanwhile, to be made anew
)
_ADD = insert(export_part)
_PART = select(_p.data).where(_p.export_id == bindparam("of"), _p.place == bindparam("place"))
_SPOILT = select(_e.id).where(text("export.state IN ('making', 'ready')")).with_for_update()
_ANEW = update(export).where(_e.id.in_(bindparam("ids", expanding=True)))
_PARTS = export_part.delete().where(_p.export_id.in_(bindparam("ids", expanding=True)))
_OVER = select(_e.id).where(text("export." + ALIVE), _e.expires_at <= bindparam("now"))


@dataclass(frozen=True)
class Piece:
    """The next part of a file: its bytes, the cases in it, and the number that the one after it goes on from."""

    data: bytes
    cases: tuple[int, ...]
    after_id: int


@dataclass(frozen=True)
class Lease:
    """Who makes a file, at which moment, and until when nobody else does."""

    mine: str
    now: datetime
    until: datetime


def claim(conn: Connection, vault: Vault, lease: Lease) -> Export | None:
    """The next file to make, ours for the time of the lease; it goes on where it was left."""
    found = conn.execute(_NEXT, {"now": lease.now}).scalar()
    if found is None:
        return None
    conn.execute(_LEASE, {"of": found, "mine": lease.mine, "until": lease.until})
    return find(conn, vault, found)


def chunk(conn: Connection, vault: Vault, one: Export, within: tuple[Span, Sight], at_most: int) -> list[Case]:
    """The next cases of a file, within (days, what its asker may know of now)."""
    statement = chosen(one.wanted, *within, one.upto).where(_c.id > one.after_id).order_by(_c.id).limit(at_most)
    return [whole(vault, row) for row in conn.execute(statement)]


def put(conn: Connection, vault: Vault, one: Export, lease: Lease, piece: Piece) -> Export | None:
    """Keep the next part, sealed, and the record of whose cases it holds; None when it is not ours to make any more."""
    grown = replace(
        one,
        parts=one.parts + 1,
        size=one.size + len(piece.data),
        written=one.written + len(piece.cases),
        after_id=piece.after_id,
    )
    values = {name: getattr(grown, name) for name in ("parts", "size", "written", "after_id")}
    if one.key is None or not _still(conn, one, lease, values | {"next_at": lease.until}):
        return None
    data = vault.seal(one.key, _place(one.id, one.parts), piece.data)
    conn.execute(_ADD, {"export_id": one.id, "place": one.parts, "data": data})
    if piece.cases:
        audit.add(conn, vault, [Entry(one.staff_id, What.EXPORTED, piece.cases)], lease.now)
    return grown


def ready(conn: Connection, one: Export, lease: Lease) -> bool:
    """It is whole; from now on it can be fetched for a day."""
    return _still(conn, one, lease, {"state": State.READY.value, "lease_owner": None, "expires_at": lease.now + LASTS})


def stop(conn: Connection, one: Export, lease: Lease) -> None:
    """Whoever asked for it may not have it any more."""
    if _still(conn, one, lease, {"state": State.REFUSED.value}):
        _empty(conn, [one.id], State.REFUSED, lease.now)


def part(conn: Connection, vault: Vault, one: Export, place: int) -> bytes | None:
    """One part in the clear; None when it went meanwhile."""
    sealed = conn.execute(_PART, {"of": one.id, "place": place}).scalar()
    if sealed is None or one.key is None:
        return None
    return vault.unseal(one.key, _place(one.id, place), sealed)


def spoil(conn: Connection, now: datetime) -> None:
    """Something was taken back, erased or hidden: every file that may hold it goes at once, and is made anew."""
    if ids := list(conn.execute(_SPOILT).scalars()):
        _empty(conn, ids, State.MAKING, now)


def expire(conn: Connection, now: datetime) -> int:
    """Files whose time is over go, and their keys; how many."""
    if ids := list(conn.execute(_OVER, {"now": now}).scalars()):
        _empty(conn, ids, State.GONE, now)
    return len(ids)


def _empty(conn: Connection, ids: Sequence[int], to: State, now: datetime) -> None:
    conn.execute(_PARTS, {"ids": ids})
    values: dict[str, Any] = {"state": to.value, "token_hash": None, "lease_owner": None, "next_at": now}
    values |= {"parts": 0, "size": 0, "written": 0, "after_id": 0}
    if to is not State.MAKING:
        values["wrapped_key"] = None
    conn.execute(_ANEW.values(values), {"ids": ids})


def _still(conn: Connection, one: Export, lease: Lease, values: dict[str, Any]) -> bool:
    """Change it as long as it is ours and stands where we left it: what was spoilt meanwhile begins anew."""
    fence = {"of": one.id, "mine": lease.mine, "place": one.parts}
    return conn.execute(_MINE.values(values), fence).rowcount == 1


def _place(number: int, place: int) -> str:
    return f"{_DATA}/{number}/{place}"
