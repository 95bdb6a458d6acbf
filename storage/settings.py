"""What the centre has set for itself: rows are only added, so that every earlier version can be taken again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from storage.centre_tables import setting
from storage.columns import AnyRow
from storage.plain import clean
from storage.tables import staff
from storage.twins import insert_new

LONGEST_WHY = 200
_c = setting.c
_ADD = insert_new(setting, _c.id)
_READ = (
    select(_c.part, _c.number, _c.at, staff.c.name, _c.why, _c.value, _c.back_to)
    .select_from(setting.join(staff, staff.c.id == _c.staff_id))
    .order_by(_c.number.desc())
)
_NEWEST = select(func.max(_c.id))
_LAST = select(func.max(_c.number)).where(_c.part == bindparam("of"))
_ONE = select(_c.value).where(_c.part == bindparam("of"), _c.number == bindparam("which"))


@dataclass(frozen=True)
class Version:
    """One version of a part: who set it, when, why, and what. `value` None cannot be read any more."""

    part: str
    number: int
    at: datetime
    staff_name: str
    why: str
    value: Mapping[str, Any] | None
    back_to: int | None


@dataclass(frozen=True)
class New:
    """A version to be kept; `after` is the number of the one that its writer had before them, 0 for the shipped one."""

    part: str
    staff_id: int
    why: str
    value: Mapping[str, Any]
    after: int
    back_to: int | None = None


def add(conn: Connection, new: New, now: datetime) -> bool:
    """Keep a version; False when somebody was quicker. Of any number at once, one is kept."""
    if last(conn, new.part) != new.after:
        return False
    row = {
        "part": new.part,
        "number": new.after + 1,
        "staff_id": new.staff_id,
        "at": now,
        "why": clean(new.why, LONGEST_WHY),
        "value": json.dumps(new.value, ensure_ascii=False),
        "back_to": new.back_to,
    }
    return conn.execute(_ADD[conn.dialect.name], row).scalar() is not None


def last(conn: Connection, part: str) -> int:
    """The number of the newest version of a part; 0 while it is as it was shipped."""
    return conn.execute(_LAST, {"of": part}).scalar() or 0


def value(conn: Connection, part: str, number: int) -> Mapping[str, Any] | None:
    """What a version says; None when there is none of that number, or it cannot be read."""
    found = conn.execute(_ONE, {"of": part, "which": number}).scalar()
    return None if found is None else _plain(found)


def newest(conn: Connection) -> int:
    """A number that is another one whenever anything was set since."""
    return conn.execute(_NEWEST).scalar() or 0


def everything(conn: Connection) -> dict[str, list[Version]]:
    """Every version of every part that was ever set, newest first."""
    found: dict[str, list[Version]] = {}
    for row in conn.execute(_READ):
        found.setdefault(row.part, []).append(_version(row))
    return found


def _version(row: AnyRow) -> Version:
    return Version(row.part, row.number, row.at, row.name, row.why, _plain(row.value), row.back_to)


def _plain(text: str) -> Mapping[str, Any] | None:
    try:
        told = json.loads(text)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None
