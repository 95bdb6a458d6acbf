"""One-time codes by which a person shows that two channels are theirs: hashed, short-lived, and tried seldom."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, bindparam, insert, select, update

from dialogs.around import Code
from dialogs.codes import LENGTH, SIGNS, spelled, well_formed
from storage import people, tries
from storage.join_tables import join_code
from storage.tables import contact

LASTS = timedelta(minutes=15)
STRETCH = timedelta(minutes=15)
# Wrong ones of one person, and of everybody together, for whoever makes a new person of each try. The second is far
# more than a few made-up visitors reach, or they would lock everybody out; 10,000 of 850,000 million are still none.
MOST_TRIES, MOST_OF_ALL = 5, 10_000
# Codes of one person that fitted: what was said in years is sealed anew each time, and others wait for it.
MOST_FITTING = 10

_c = join_code.c
_DROP = join_code.delete().where((_c.person_id == bindparam("of")) | (_c.expires_at <= bindparam("now")))
_MAKE = insert(join_code)
_ALIVE = (_c.code_hash == bindparam("code"), _c.expires_at > bindparam("now"))
# One statement: of any number who type the same code at once, one gets it.
_TAKE = (
    update(join_code)
    .where(*_ALIVE, _c.person_id != bindparam("by"), (_c.taken_by.is_(None)) | (_c.taken_by == bindparam("by")))
    .values(taken_by=bindparam("by"))
)
_LET_GO = join_code.delete().where(_c.taken_by == bindparam("by"), _c.code_hash != bindparam("code"))
_OWN = select(_c.person_id).where(*_ALIVE, _c.person_id == bindparam("by"))
_SPEND = (
    join_code.delete()
    .where(_c.taken_by == bindparam("by"), _c.expires_at > bindparam("now"))
    .returning(_c.contact_id, _c.expires_at)
)
_WHOSE = select(contact.c.person_id).where(contact.c.id == bindparam("of"))


def make(conn: Connection, person_id: int, contact_id: int, now: datetime) -> str:
    """A fresh code such as K7M4-QH2X, in the place of any this person had; good for a quarter of an hour."""
    signs = ""
    while not well_formed(signs):
        signs = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
    drop(conn, person_id, now)
    row = {"code_hash": _hashed(signs), "person_id": person_id, "contact_id": contact_id, "expires_at": now + LASTS}
    conn.execute(_MAKE, row)
    return spelled(signs)


def take(conn: Connection, signs: str, person_id: int, now: datetime) -> Code:
    """What these bare signs are worth to this person; one that fits is theirs alone from now on. Counts a wrong one.

    It takes the place of any they took before: a yes is for the code that was typed last.
    """
    own, all_, fitting = f"join:{person_id}", "join", f"join:{person_id}:fits"
    tried = tries.so_far(conn, (own, all_, fitting), now, STRETCH)
    if tried[own] >= MOST_TRIES or tried[all_] >= MOST_OF_ALL or tried[fitting] >= MOST_FITTING:
        return Code.TOO_MANY
    asked = {"code": _hashed(signs), "by": person_id, "now": now}
    if conn.execute(_TAKE, asked).rowcount == 1:
        conn.execute(_LET_GO, asked)
        tries.count(conn, [fitting], now, STRETCH)
        return Code.FITS
    if conn.execute(_OWN, asked).first() is not None:
        return Code.OWN
    tries.count(conn, (own, all_), now, STRETCH)
    return Code.WRONG


def let_go(conn: Connection, person_id: int) -> None:
    """The code that this person took is of no use to anybody any more."""
    conn.execute(_LET_GO, {"by": person_id, "code": b""})


def drop(conn: Connection, person_id: int, now: datetime) -> None:
    """The code that this person drew is of no use to anybody any more."""
    conn.execute(_DROP, {"of": person_id, "now": now})


def spend(conn: Connection, person_id: int, now: datetime) -> int | None:
    """Who drew the code that this person took, held until commit; the code is gone. None when it ran out."""
    rows = sorted(conn.execute(_SPEND, {"by": person_id, "now": now}), key=lambda row: row.expires_at)
    if not rows:
        return None
    # The contact tells, not the code: whoever drew it may have joined somebody meanwhile, or do so at this moment.
    drawn_at = {"of": rows[-1].contact_id}
    keeper: int | None = conn.execute(_WHOSE, drawn_at).scalar()
    if keeper is None or keeper == person_id or not people.hold(conn, keeper):
        return None
    if conn.execute(_WHOSE, drawn_at).scalar() != keeper:
        return None
    drop(conn, person_id, now)  # or two who typed each other's would both become the other
    return keeper


def _hashed(signs: str) -> bytes:
    return sha256(signs.encode()).digest()
