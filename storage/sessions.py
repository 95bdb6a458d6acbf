"""Sessions of the console as their members see them: on which device, when last used, and how they are ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, select, text, update

from storage import tokens
from storage.door_tables import passkey, second
from storage.staff import Member, Role
from storage.tables import staff, staff_session

_c, _s = staff.c, staff_session.c
_ALIVE = (_s.expires_at > bindparam("now"), text("NOT staff_session.revoked"))
_KEYED = exists().where(passkey.c.staff_id == _c.id)
_INSIDE = (
    select(_c.id, _c.login, _c.name, _c.role, _c.active, _c.password_hash, _s.seen_at, second.c.confirmed_at, _KEYED)
    .join(staff_session, _s.staff_id == _c.id)
    .outerjoin(second, second.c.staff_id == _c.id)
    .where(_s.token_hash == bindparam("of"), text("staff.active"), *_ALIVE)
)
_OF = (
    select(_s.token_hash, _s.device, _s.created_at, _s.seen_at)
    .where(_s.staff_id == bindparam("of"), *_ALIVE)
    .order_by(_s.seen_at.desc())
)
_BEGUN = select(_s.created_at).where(_s.token_hash == bindparam("of"))
_END = update(staff_session).where(_s.token_hash == bindparam("which")).values(revoked=True)
_SEEN = update(staff_session).where(_s.token_hash == bindparam("which")).values(seen_at=bindparam("now"))


@dataclass(frozen=True)
class Inside:
    """Who a session is, when they last did something, and which second factors they have."""

    member: Member
    seen_at: datetime
    coded: bool  # an authenticator app
    keyed: bool  # a passkey

    @property
    def second(self) -> bool:
        """Whether they have any."""
        return self.coded or self.keyed


@dataclass(frozen=True)
class Session:
    """One session. `mark` names it without opening anything."""

    mark: str
    device: str
    created_at: datetime
    seen_at: datetime


def inside(conn: Connection, token: str, now: datetime) -> Inside | None:
    """Who this session is; None when it ended, is too old, or the member left."""
    row = conn.execute(_INSIDE, {"of": tokens.hashed(token), "now": now}).first()
    if row is None:
        return None
    id_, login, name, role, active, password_hash, seen_at, confirmed_at, keyed = row
    member = Member(id_, login, name, Role(role), active, password_hash)
    return Inside(member, seen_at, confirmed_at is not None, bool(keyed))


def begun(conn: Connection, token: str) -> datetime | None:
    """When somebody last came in by this session; None when there is none."""
    found: datetime | None = conn.execute(_BEGUN, {"of": tokens.hashed(token)}).scalar()
    return found


def of_member(conn: Connection, staff_id: int, now: datetime) -> list[Session]:
    """The sessions of a member that are open, the one used last first."""
    rows = conn.execute(_OF, {"of": staff_id, "now": now})
    return [Session(_mark(hashed), device or "", created, seen) for hashed, device, created, seen in rows]


def mark_of(token: str) -> str:
    """The mark of the session with this token."""
    return _mark(tokens.hashed(token))


def end(conn: Connection, staff_id: int, mark: str, now: datetime) -> bool:
    """End one session of this member; False when they have none with that mark."""
    hashes = [
        row.token_hash for row in conn.execute(_OF, {"of": staff_id, "now": now}) if _mark(row.token_hash) == mark
    ]
    for one in hashes:
        conn.execute(_END, {"which": one})
    return bool(hashes)


def end_others(conn: Connection, staff_id: int, token: str, now: datetime) -> int:
    """End every session of this member but the one with this token; how many."""
    own = tokens.hashed(token)
    others = [row.token_hash for row in conn.execute(_OF, {"of": staff_id, "now": now}) if row.token_hash != own]
    for one in others:
        conn.execute(_END, {"which": one})
    return len(others)


def touch(conn: Connection, token: str, now: datetime) -> None:
    """Note that somebody is at this session now."""
    conn.execute(_SEEN, {"which": tokens.hashed(token), "now": now})


def _mark(hashed: bytes) -> str:
    return bytes(hashed).hex()[:16]
