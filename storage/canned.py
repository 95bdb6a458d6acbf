"""Ready words that coordinators put into replies: rows are only added, so that every older version stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select, update

from storage.columns import AnyRow
from storage.desk_tables import canned
from storage.plain import clean
from storage.tables import staff

_c = canned.c
_ADD = insert(canned).returning(_c.id)
_NUMBER = update(canned).where(_c.id == bindparam("of")).values(number=_c.id)
_READ = select(_c.id, _c.number, _c.at, staff.c.name, _c.title, _c.body, _c.gone).select_from(
    canned.join(staff, staff.c.id == _c.staff_id)
)
_newer = canned.alias("newer")
_NOW = _READ.where(
    _c.id == select(func.max(_newer.c.id)).where(_newer.c.number == _c.number).correlate(canned).scalar_subquery()
)
_ALL = _NOW.order_by(_c.title, _c.number)
_ONE = _NOW.where(_c.number == bindparam("of"))
_VERSIONS = _READ.order_by(_c.id.desc())
LONGEST_TITLE = 60


@dataclass(frozen=True)
class Canned:
    """One version of ready words. `number` names them for ever, `id` is the version's own; who wrote it, and when."""

    id: int
    number: int
    at: datetime
    staff_name: str
    title: str
    body: str
    gone: bool


@dataclass(frozen=True)
class New:
    """A version to be kept. `number` None begins new words; `after` is the version that its writer had before them."""

    staff_id: int
    title: str
    body: str
    number: int | None = None
    after: int = 0
    gone: bool = False


def add(conn: Connection, new: New, now: datetime) -> int | None:
    """Keep a version; the number of the words. None when there are none of that number, or somebody was quicker."""
    if new.number is not None:
        current = find(conn, new.number)
        if current is None or current.id != new.after:
            return None
    row = {
        "number": new.number or 0,
        "staff_id": new.staff_id,
        "at": now,
        "title": clean(new.title, LONGEST_TITLE),
        "body": clean(new.body, 4000),
        "gone": new.gone,
    }
    id_: int = conn.execute(_ADD, row).scalar_one()
    if new.number is None:
        conn.execute(_NUMBER, {"of": id_})
    return new.number or id_


def find(conn: Connection, number: int) -> Canned | None:
    """The words of a number as they are now."""
    row = conn.execute(_ONE, {"of": number}).first()
    return None if row is None else _canned(row)


def everything(conn: Connection) -> list[Canned]:
    """All words as they are now, by title, also those that were put away."""
    return [_canned(row) for row in conn.execute(_ALL)]


def versions(conn: Connection) -> dict[int, list[Canned]]:
    """Every version of every number, newest first."""
    found: dict[int, list[Canned]] = {}
    for row in conn.execute(_VERSIONS):
        found.setdefault(row.number, []).append(_canned(row))
    return found


def _canned(row: AnyRow) -> Canned:
    return Canned(row.id, row.number, row.at, row.name, row.title, row.body, row.gone)
