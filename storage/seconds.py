"""Second factors: a sealed secret with the last code used, and ten recovery codes of which only an index is kept."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select, update

from storage.crypt import Vault
from storage.door_tables import recovery, second
from storage.linking import SIGNS

CODES, LENGTH = 10, 10  # 31 to the 10th: about 820 million million each, and tried seldom
_WHERE = "second.secret"
_c, _r = second.c, recovery.c
_DROP = second.delete().where(_c.staff_id == bindparam("of"))
_LAY = insert(second)
_GET = select(_c.secret, _c.confirmed_at).where(_c.staff_id == bindparam("of"))
_CONFIRM = (
    update(second)
    .where(_c.staff_id == bindparam("of"), _c.confirmed_at.is_(None))
    .values(confirmed_at=bindparam("now"), step=bindparam("at"))
)
# One statement: of any number who bring the same code at once, one gets in.
_SPEND = (
    update(second)
    .where(_c.staff_id == bindparam("of"), _c.confirmed_at.is_not(None), _c.step < bindparam("at"))
    .values(step=bindparam("at"))
)
_DROP_CODES = recovery.delete().where(_r.staff_id == bindparam("of"))
_LAY_CODES = insert(recovery)
_USE = (
    update(recovery)
    .where(_r.staff_id == bindparam("of"), _r.code_index == bindparam("code"), _r.used_at.is_(None))
    .values(used_at=bindparam("now"))
)
_LEFT = select(func.count()).where(_r.staff_id == bindparam("of"), _r.used_at.is_(None))
_HAVE = select(_c.staff_id).where(_c.confirmed_at.is_not(None))


@dataclass(frozen=True)
class Second:
    """The secret in base32, and since when it counts; None while it was only shown."""

    secret: str
    confirmed_at: datetime | None


def lay(conn: Connection, vault: Vault, staff_id: int, secret: str) -> None:
    """A fresh secret, which counts once a code of it was typed; what was there is gone with its recovery codes."""
    drop(conn, staff_id)
    conn.execute(_LAY, {"staff_id": staff_id, "secret": vault.seal(vault.house, _WHERE, secret), "step": 0})


def get(conn: Connection, vault: Vault, staff_id: int) -> Second | None:
    """What a member has."""
    row = conn.execute(_GET, {"of": staff_id}).first()
    return None if row is None else Second(vault.unseal_text(vault.house, _WHERE, row.secret), row.confirmed_at)


def confirm(conn: Connection, staff_id: int, step: int, now: datetime) -> bool:
    """The first code was typed, that of `step`; False when it was confirmed before or is gone."""
    return conn.execute(_CONFIRM, {"of": staff_id, "at": step, "now": now}).rowcount == 1


def spend(conn: Connection, staff_id: int, step: int) -> bool:
    """Use up the code of a step; False for one that was used, or is older than one that was (RFC 6238, 5.2)."""
    return conn.execute(_SPEND, {"of": staff_id, "at": step}).rowcount == 1


def drop(conn: Connection, staff_id: int) -> None:
    """Take the second factor away, with its recovery codes."""
    conn.execute(_DROP_CODES, {"of": staff_id})
    conn.execute(_DROP, {"of": staff_id})


def draw_codes(conn: Connection, vault: Vault, staff_id: int) -> list[str]:
    """Ten fresh recovery codes such as K7M4Q-H2XW9 in the place of all before; they can be shown only now."""
    drawn = ["".join(secrets.choice(SIGNS) for _ in range(LENGTH)) for _ in range(CODES)]
    conn.execute(_DROP_CODES, {"of": staff_id})
    conn.execute(_LAY_CODES, [{"code_index": _index(vault, staff_id, one), "staff_id": staff_id} for one in drawn])
    return [f"{one[:5]}-{one[5:]}" for one in drawn]


def use_code(conn: Connection, vault: Vault, staff_id: int, code: str, now: datetime) -> bool:
    """Use a recovery code up, as people type it; False when it is not one of theirs or was used."""
    signs = "".join(sign for sign in unicodedata.normalize("NFKC", code).upper() if sign in SIGNS)
    return conn.execute(_USE, {"of": staff_id, "code": _index(vault, staff_id, signs), "now": now}).rowcount == 1


def left(conn: Connection, staff_id: int) -> int:
    """How many recovery codes can still be used."""
    return conn.execute(_LEFT, {"of": staff_id}).scalar() or 0


def have(conn: Connection) -> frozenset[int]:
    """The members whose second factor counts."""
    return frozenset(conn.execute(_HAVE).scalars())


def _index(vault: Vault, staff_id: int, signs: str) -> bytes:
    return vault.index("recovery.code", f"{staff_id}:{signs}")
