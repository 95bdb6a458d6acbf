"""Ways to look at the queue that a coordinator keeps, also for the desk; and what they last searched for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, or_, select, text

from storage.crypt import Vault
from storage.plain import clean
from storage.queue_tables import asked_for, saved_view
from storage.tables import staff

_NAME, _WORDS = "saved_view.name", "asked_for.words"
LONGEST = 30
AT_MOST = 20  # of one coordinator
_v, _a = saved_view.c, asked_for.c
_ADD = insert(saved_view).returning(_v.id)
_OWN = select(_v.id).where(_v.staff_id == bindparam("of")).limit(AT_MOST)
_SEEN = (
    select(_v.id, _v.staff_id, staff.c.name.label("whose"), _v.name, _v.asked, _v.shared)
    .join(staff, staff.c.id == _v.staff_id)
    .where(or_(_v.staff_id == bindparam("of"), text("saved_view.shared AND staff.active")))
    .order_by(_v.id)
)
_DROP = saved_view.delete().where(_v.id == bindparam("this"), _v.staff_id == bindparam("of"))
_ASK = insert(asked_for).returning(_a.id)
_ASKED = select(_a.words).where(_a.id == bindparam("this"), _a.staff_id == bindparam("of"))
_OLD = asked_for.delete().where(_a.at < bindparam("before"))


@dataclass(frozen=True)
class View:
    """A kept way to look: `asked` is the end of the queue's address. `whose` is the name of whoever keeps it."""

    id: int
    staff_id: int
    whose: str
    name: str
    asked: str
    shared: bool


@dataclass(frozen=True)
class New:
    """A way to look that is to be kept."""

    staff_id: int
    name: str
    asked: str
    shared: bool


def add(conn: Connection, vault: Vault, new: New, now: datetime) -> int | None:
    """Keep it; None without a name, or when there are too many."""
    name = clean(" ".join(new.name.split()), LONGEST)
    if not name or len(conn.execute(_OWN, {"of": new.staff_id}).all()) >= AT_MOST:
        return None
    row = {"staff_id": new.staff_id, "name": vault.seal(vault.house, _NAME, name), "at": now}
    made: int = conn.execute(_ADD, row | {"asked": new.asked, "shared": new.shared}).scalar_one()
    return made


def seen(conn: Connection, vault: Vault, staff_id: int) -> list[View]:
    """One's own and those that others share, in the order in which they were kept."""
    return [
        View(row.id, row.staff_id, row.whose, vault.unseal_text(vault.house, _NAME, row.name), row.asked, row.shared)
        for row in conn.execute(_SEEN, {"of": staff_id})
    ]


def drop(conn: Connection, view_id: int, staff_id: int) -> bool:
    """Keep it no longer; False when it is not theirs."""
    return conn.execute(_DROP, {"this": view_id, "of": staff_id}).rowcount > 0


def ask(conn: Connection, vault: Vault, staff_id: int, words: str, now: datetime) -> int:
    """Keep what somebody searches for, sealed, so that no address must hold it; its number."""
    row = {"staff_id": staff_id, "words": vault.seal(vault.house, _WORDS, words), "at": now}
    made: int = conn.execute(_ASK, row).scalar_one()
    return made


def asked(conn: Connection, vault: Vault, number: int, staff_id: int) -> str | None:
    """What this member searched for under a number; None for others' and for what was long ago."""
    words = conn.execute(_ASKED, {"this": number, "of": staff_id}).scalar()
    return None if words is None else vault.unseal_text(vault.house, _WORDS, words)


def forget_asked(conn: Connection, before: datetime) -> None:
    """Drop what was searched for before a moment."""
    conn.execute(_OLD, {"before": before})
