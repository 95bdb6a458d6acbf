"""Pictures of events: one that everybody sees, one that waits for a second look; gone when the event is long over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from storage.crypt import Vault
from storage.event_dates import touched
from storage.event_tables import event_date, event_picture
from storage.tables import staff

_p, _d = event_picture.c, event_date.c
_WHERE = "event_picture.data"
_ADD = insert(event_picture).returning(_p.id)
_OF = (
    select(_p.id, _p.event_id, _p.staff_id, staff.c.name, _p.at, _p.alt, _p.width, _p.height, _p.shown)
    .select_from(event_picture.join(staff, staff.c.id == _p.staff_id))
    .where(_p.event_id == bindparam("of"))
    .order_by(_p.shown.desc(), _p.id)
)
_DATA = select(_p.data).where(_p.id == bindparam("number"), _p.event_id == bindparam("of"))
_DROP = delete(event_picture).where(_p.event_id == bindparam("of"))
_DROP_ONE = _DROP.where(_p.id == bindparam("number"))
_DROP_LIKE = _DROP.where(_p.shown == bindparam("as_shown"), _p.id != bindparam("number"))
_SHOW = (
    update(event_picture)
    .where(
        _p.id == bindparam("number"), _p.event_id == bindparam("of"), _p.staff_id != bindparam("who"), ~_p.shown
    )
    .values(shown=True, checker_id=bindparam("who"))
)  # fmt: skip
_LAST = select(func.max(_d.ends_at)).where(_d.event_id == _p.event_id).scalar_subquery()
_FORGET = delete(event_picture).where(bindparam("before") > _LAST)


@dataclass(frozen=True)
class New:
    """A picture as it was drawn anew: a JPEG, and what it shows in words."""

    event_id: int
    staff_id: int
    alt: str
    size: tuple[int, int]
    data: bytes


@dataclass(frozen=True)
class Picture:
    """One picture, without its dots."""

    id: int
    event_id: int
    staff_id: int
    staff_name: str
    at: datetime
    alt: str
    width: int
    height: int
    shown: bool


def put(conn: Connection, vault: Vault, new: New, now: datetime) -> int:
    """It waits for a second look, in place of any other that waits; its number."""
    row = {
        "event_id": new.event_id,
        "staff_id": new.staff_id,
        "at": now,
        "alt": new.alt,
        "width": new.size[0],
        "height": new.size[1],
        "data": vault.seal(vault.house, _WHERE, new.data),
    }
    number: int = conn.execute(_ADD, row).scalar_one()
    conn.execute(_DROP_LIKE, {"of": new.event_id, "as_shown": False, "number": number})
    return number


def show(conn: Connection, event_id: int, number: int, staff_id: int) -> bool:
    """Everybody sees it from now on, and not the one before; False for whoever brought it, and when it is gone."""
    if conn.execute(_SHOW, {"number": number, "of": event_id, "who": staff_id}).rowcount == 0:
        return False
    conn.execute(_DROP_LIKE, {"of": event_id, "as_shown": True, "number": number})
    touched(conn)
    return True


def drop(conn: Connection, event_id: int, number: int | None = None) -> None:
    """It is gone at once, or all of the event are."""
    conn.execute(*((_DROP, {"of": event_id}) if number is None else (_DROP_ONE, {"of": event_id, "number": number})))
    touched(conn)


def of_event(conn: Connection, event_id: int) -> list[Picture]:
    """The one that is shown first, then the one that waits."""
    return [Picture(*row) for row in conn.execute(_OF, {"of": event_id})]


def shown(conn: Connection, event_id: int) -> Picture | None:
    """The one that everybody sees."""
    return next((one for one in of_event(conn, event_id) if one.shown), None)


def data(conn: Connection, vault: Vault, event_id: int, number: int) -> bytes | None:
    """The JPEG itself; None when it is gone."""
    found = conn.execute(_DATA, {"number": number, "of": event_id}).scalar()
    return None if found is None else vault.unseal(vault.house, _WHERE, found)


def forget_old(conn: Connection, before: datetime) -> int:
    """Let go of those whose event has been over since before this moment; how many."""
    return conn.execute(_FORGET, {"before": before}).rowcount
