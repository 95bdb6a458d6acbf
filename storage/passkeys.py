"""Passkeys of the staff: public keys under the names that their owners gave them, and what must be signed, once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, insert, select, update

from storage import tokens
from storage.columns import AnyRow
from storage.door_tables import challenge, passkey
from storage.plain import clean
from storage.twins import insert_new

MOST = 10  # of one member
LONGEST_NAME = 40
LASTS = timedelta(minutes=5)
_c, _h = passkey.c, challenge.c
_NEW = insert_new(passkey, _c.id)
_READ = select(_c.id, _c.staff_id, _c.credential, _c.public_key, _c.signs, _c.name, _c.created_at, _c.used_at)
_OF = _READ.where(_c.staff_id == bindparam("of")).order_by(_c.id)
_BY = _READ.where(_c.credential == bindparam("which"))
_HAVE = select(_c.staff_id).distinct()
_REMOVE = passkey.delete().where(_c.staff_id == bindparam("of"), _c.id == bindparam("which"))
_DROP = passkey.delete().where(_c.staff_id == bindparam("of"))
# A counter only ever grows: of two copies of one device the second is refused, at the same moment too.
_USED = (
    update(passkey)
    .where(_c.id == bindparam("which"), _c.signs == bindparam("before"))
    .values(signs=bindparam("to"), used_at=bindparam("now"))
)
_ASK = insert(challenge)
_OLD = challenge.delete().where(_h.expires_at <= bindparam("now"))
_SPEND = challenge.delete().where(
    _h.token_hash == bindparam("of"), _h.purpose == bindparam("what"), _h.expires_at > bindparam("now")
)


@dataclass(frozen=True)
class Passkey:
    """One passkey. `signs` is the device's counter, 0 where it keeps none."""

    id: int
    staff_id: int
    credential: bytes
    public_key: bytes
    signs: int
    name: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class New:
    """A passkey that was just proven."""

    staff_id: int
    credential: bytes
    public_key: bytes
    signs: int
    name: str


def ask(conn: Connection, purpose: str, now: datetime) -> bytes:
    """What a device must sign for this purpose, within five minutes; what was never signed goes."""
    drawn = secrets.token_bytes(32)
    conn.execute(_OLD, {"now": now})
    conn.execute(_ASK, {"token_hash": tokens.hashed(drawn.hex()), "purpose": purpose, "expires_at": now + LASTS})
    return drawn


def spend(conn: Connection, drawn: bytes, purpose: str, now: datetime) -> bool:
    """Use it up; False for what was never asked, is too old or was used. Of any number at once, one gets through."""
    return conn.execute(_SPEND, {"of": tokens.hashed(drawn.hex()), "what": purpose, "now": now}).rowcount == 1


def add(conn: Connection, new: New, now: datetime) -> bool:
    """Keep a passkey; False when it is there already, or the member has too many."""
    if len(of_member(conn, new.staff_id)) >= MOST:
        return False
    row = {
        "staff_id": new.staff_id,
        "credential": new.credential,
        "public_key": new.public_key,
        "signs": new.signs,
        "name": clean(new.name, LONGEST_NAME),
        "created_at": now,
    }
    return conn.execute(_NEW[conn.dialect.name], row).scalar() is not None


def of_member(conn: Connection, staff_id: int) -> list[Passkey]:
    """The passkeys of a member, the oldest first."""
    return [_passkey(row) for row in conn.execute(_OF, {"of": staff_id})]


def find(conn: Connection, credential: bytes) -> Passkey | None:
    """The passkey that a device names."""
    row = conn.execute(_BY, {"which": credential}).first()
    return None if row is None else _passkey(row)


def used(conn: Connection, one: Passkey, signs: int, now: datetime) -> bool:
    """Note that it was used; False when another use of the same moment was quicker."""
    return conn.execute(_USED, {"which": one.id, "before": one.signs, "to": signs, "now": now}).rowcount == 1


def remove(conn: Connection, staff_id: int, passkey_id: int) -> bool:
    """Take one away; False for somebody else's, or none."""
    return conn.execute(_REMOVE, {"of": staff_id, "which": passkey_id}).rowcount == 1


def drop(conn: Connection, staff_id: int) -> None:
    """Take all passkeys of a member away."""
    conn.execute(_DROP, {"of": staff_id})


def have(conn: Connection) -> frozenset[int]:
    """The members who have one."""
    return frozenset(conn.execute(_HAVE).scalars())


def _passkey(row: AnyRow) -> Passkey:
    id_, staff_id, credential, public_key, signs, name, created_at, used_at = row
    return Passkey(id_, staff_id, bytes(credential), bytes(public_key), signs, name, created_at, used_at)
