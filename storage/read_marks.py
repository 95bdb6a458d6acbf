"""LINE's leave to show people that they were read: the newest of each contact, and whether somebody has read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, insert, select, text, update

from storage.crypt import Vault
from storage.push_tables import read_mark

_TOKEN = "read_mark.token"  # noqa: S105 - the name of a column
LATEST = timedelta(hours=1)  # after which it is no use any more to say that something was read
_OF = select(read_mark.c.contact_id, read_mark.c.at).where(read_mark.c.contact_id.in_(bindparam("ids", expanding=True)))
_NEWER = (
    update(read_mark)
    .where(read_mark.c.contact_id == bindparam("of"))
    .values(token=bindparam("new"), at=bindparam("then"), read=False)
)
_OF_PERSON = read_mark.c.person_id == bindparam("of")
_UNREAD = select(read_mark.c.contact_id).where(_OF_PERSON, read_mark.c.read.is_(False)).limit(1)
_READ = update(read_mark).where(_OF_PERSON, read_mark.c.read.is_(False)).values(read=True, at=bindparam("now"))
_DUE = (
    select(read_mark.c.contact_id, read_mark.c.token)
    .where(text("read_mark.read"))
    .order_by(read_mark.c.contact_id)
    .limit(bindparam("at_most"))
)
_TOLD = read_mark.delete().where(read_mark.c.contact_id == bindparam("of"), read_mark.c.token == bindparam("sealed"))
_LATE = read_mark.delete().where(text("read_mark.read"), read_mark.c.at < bindparam("before"))


@dataclass(frozen=True)
class Mark:
    """With this token LINE shows that a contact's message of this moment, and all before it, were read."""

    contact_id: int
    person_id: int
    token: str
    at: datetime


@dataclass(frozen=True)
class Due:
    """A token that is to be used now; `sealed` tells it from one that came meanwhile."""

    contact_id: int
    token: str
    sealed: bytes


def keep(conn: Connection, vault: Vault, marks: Sequence[Mark]) -> None:
    """Keep the newest of each contact; what is older than the one that is kept changes nothing."""
    newest = {mark.contact_id: mark for mark in sorted(marks, key=lambda one: one.at)}
    if not newest:
        return
    known = {row.contact_id: row.at for row in conn.execute(_OF, {"ids": list(newest)})}
    new = [_row(vault, mark) for mark in newest.values() if mark.contact_id not in known]
    newer = [_row(vault, mark) for mark in newest.values() if (at := known.get(mark.contact_id)) and at <= mark.at]
    if new:
        conn.execute(insert(read_mark), new)
    if newer:
        conn.execute(_NEWER, [{"of": row["contact_id"], "new": row["token"], "then": row["at"]} for row in newer])


def _row(vault: Vault, mark: Mark) -> dict[str, int | bytes | datetime]:
    return {
        "contact_id": mark.contact_id,
        "person_id": mark.person_id,
        "token": vault.seal(vault.house, _TOKEN, mark.token),
        "at": mark.at,
    }


def unread(conn: Connection, person_id: int) -> bool:
    """Whether there is anything of this person that LINE could show as read from now on."""
    return conn.execute(_UNREAD, {"of": person_id}).first() is not None


def read(conn: Connection, person_id: int, now: datetime) -> None:
    """Somebody has read what this person wrote so far."""
    conn.execute(_READ, {"of": person_id, "now": now})


def due(conn: Connection, vault: Vault, at_most: int) -> list[Due]:
    """What LINE is still to be told."""
    return [
        Due(id_, vault.unseal_text(vault.house, _TOKEN, sealed), sealed)
        for id_, sealed in conn.execute(_DUE, {"at_most": at_most})
    ]


def told(conn: Connection, rows: Sequence[Due], now: datetime) -> None:
    """LINE was told these, and what it could not be told in time goes as well."""
    if rows:
        conn.execute(_TOLD, [{"of": one.contact_id, "sealed": one.sealed} for one in rows])
    conn.execute(_LATE, {"before": now - LATEST})
