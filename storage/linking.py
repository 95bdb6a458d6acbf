"""Which Telegram user is which coordinator: linked by a code that works once, known by a blind index alone."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, bindparam, insert, select

from storage import staff, tries
from storage.crypt import Vault
from storage.forum_tables import staff_chat, staff_code
from storage.staff import Member

# Copied by hand from one screen to another: nothing that looks like something else (0/O, 1/I/L).
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 10  # about 820 million million codes
LASTS = timedelta(minutes=30)
MOST_TRIES, STRETCH = 10, timedelta(minutes=15)

_code, _chat = staff_code.c, staff_chat.c
_DROP = staff_code.delete().where((_code.staff_id == bindparam("of")) | (_code.expires_at <= bindparam("now")))
_MAKE = insert(staff_code)
_USE = (
    staff_code.delete()
    .where(_code.code_hash == bindparam("code"), _code.expires_at > bindparam("now"))
    .returning(_code.staff_id)
)
_UNLINK = staff_chat.delete().where((_chat.staff_id == bindparam("of")) | (_chat.user_index == bindparam("user")))
_LINK = insert(staff_chat)
_WHO = select(_chat.staff_id).where(_chat.user_index == bindparam("user"))
_LINKED = select(_chat.linked_at).where(_chat.staff_id == bindparam("of"))


def make_code(conn: Connection, staff_id: int, now: datetime) -> str:
    """A fresh code such as K7M4Q-H2XW9, which takes the place of any this member had; good for half an hour."""
    signs = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
    conn.execute(_DROP, {"of": staff_id, "now": now})
    conn.execute(_MAKE, {"code_hash": _hashed(signs), "staff_id": staff_id, "expires_at": now + LASTS})
    return f"{signs[:5]}-{signs[5:]}"


def redeem(conn: Connection, who: str, code: str, now: datetime) -> Member | None:
    """Use a code up; whose it is, or None when it is wrong, used, too old, or `who` tried too often."""
    if tries.count(conn, [who], now, STRETCH)[who] > MOST_TRIES:
        return None
    staff_id = conn.execute(_USE, {"code": _hashed(_plain(code)), "now": now}).scalar()
    member = None if staff_id is None else staff.get(conn, staff_id)
    return member if member and member.active else None


def use_code(conn: Connection, vault: Vault, code: str, user: str, now: datetime) -> Member | None:
    """Link this Telegram user; the member, or None when the code is wrong, used, too old, or tried too often."""
    index = _index(vault, user)
    member = redeem(conn, index.hex(), code, now)
    if member is None:
        return None
    conn.execute(_UNLINK, {"of": member.id, "user": index})
    conn.execute(_LINK, {"user_index": index, "staff_id": member.id, "linked_at": now})
    return member


def member_of(conn: Connection, vault: Vault, user: str) -> Member | None:
    """The member behind a Telegram user, while they may come in."""
    staff_id = conn.execute(_WHO, {"user": _index(vault, user)}).scalar()
    member = None if staff_id is None else staff.get(conn, staff_id)
    return member if member and member.active else None


def unlink(conn: Connection, staff_id: int) -> None:
    """Take the link of a member back."""
    conn.execute(_UNLINK, {"of": staff_id, "user": b""})


def linked_since(conn: Connection, staff_id: int) -> datetime | None:
    """Since when a member is linked; None when they are not."""
    found: datetime | None = conn.execute(_LINKED, {"of": staff_id}).scalar()
    return found


def explained(conn: Connection, vault: Vault, user: str, about: int, now: datetime) -> bool:
    """Whether this user was told the same about a case within the stretch already; remembers that they are now."""
    name = f"told:{_index(vault, user).hex()}:{about}"
    return tries.count(conn, [name], now, STRETCH)[name] > 1


def _index(vault: Vault, user: str) -> bytes:
    return vault.index("staff_chat.user", user)


def _plain(code: str) -> str:
    return "".join(sign for sign in code.upper() if sign in SIGNS)


def _hashed(signs: str) -> bytes:
    return sha256(signs.encode()).digest()
