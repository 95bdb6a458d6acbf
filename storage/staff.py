"""Coordinators and how they come in: names, roles, one-time login links, and the beginning of sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, bindparam, insert, select, text, update

from storage import tokens
from storage.columns import AnyRow
from storage.plain import clean
from storage.tables import login_link, staff, staff_session
from storage.twins import insert_new

_c, _link, _session = staff.c, login_link.c, staff_session.c
_NEW = insert_new(staff, staff.c.id)
_READ = select(_c.id, _c.login, _c.name, _c.role, _c.active, _c.password_hash)
_ALL = _READ.order_by(_c.login)
_BY_ID, _BY_LOGIN = _READ.where(_c.id == bindparam("of")), _READ.where(_c.login == bindparam("of"))
_PASSWORD = update(staff).where(_c.id == bindparam("of")).values(password_hash=bindparam("hashed"))
_ROLE = update(staff).where(_c.id == bindparam("of")).values(role=bindparam("to"))
_ACTIVE = update(staff).where(_c.id == bindparam("of")).values(active=bindparam("yes"))
_END_ALL = update(staff_session).where(_session.staff_id == bindparam("of")).values(revoked=True)
_VOID_LINKS = login_link.delete().where(_link.staff_id == bindparam("of"), _link.used_at.is_(None))
_LINK = insert(login_link)
_LOOK = select(_link.staff_id).where(
    _link.token_hash == bindparam("of"), _link.used_at.is_(None), _link.expires_at > bindparam("now")
)
_USE = (
    update(login_link)
    .where(_link.token_hash == bindparam("of"), _link.used_at.is_(None), _link.expires_at > bindparam("now"))
    .values(used_at=bindparam("now"))
    .returning(_link.staff_id)
)
_START = insert(staff_session)
_WHO = _READ.join(staff_session, _session.staff_id == _c.id).where(
    _session.token_hash == bindparam("of"),
    _session.expires_at > bindparam("now"),
    text("NOT staff_session.revoked"),
    text("staff.active"),
)
_END = update(staff_session).where(_session.token_hash == bindparam("of")).values(revoked=True)


class Role(StrEnum):
    """What somebody is at the centre; what each may do stands in storage/may.py."""

    COORDINATOR = "coordinator"
    SPECIALIST = "specialist"
    MANAGER = "manager"
    COMMITTEE = "committee"
    AUDITOR = "auditor"
    SYSTEM = "system"  # the bot; nobody comes in as it


@dataclass(frozen=True)
class Member:
    """Somebody of the centre. `password_hash` is whatever the web made of it, None without a password."""

    id: int
    login: str
    name: str
    role: Role
    active: bool
    password_hash: str | None


def add(conn: Connection, login: str, name: str, role: Role, now: datetime) -> int | None:
    """A new member; None when the login is taken."""
    row = {"login": clean(login), "name": clean(name), "role": role.value, "created_at": now}
    new: int | None = conn.execute(_NEW[conn.dialect.name], [row]).scalar()
    return new


def everybody(conn: Connection) -> list[Member]:
    """All members, by login, also those who left."""
    return [_member(row) for row in conn.execute(_ALL)]


def get(conn: Connection, staff_id: int) -> Member | None:
    """One member by number."""
    row = conn.execute(_BY_ID, {"of": staff_id}).first()
    return None if row is None else _member(row)


def by_login(conn: Connection, login: str) -> Member | None:
    """One member by login."""
    row = conn.execute(_BY_LOGIN, {"of": clean(login)}).first()
    return None if row is None else _member(row)


def _member(row: AnyRow) -> Member:
    id_, login, name, role, active, password_hash = row
    return Member(id_, login, name, Role(role), active, password_hash)


def set_password(conn: Connection, staff_id: int, password_hash: str | None) -> None:
    """Set or remove a password's hash; every session and every unused link of the member ends."""
    conn.execute(_PASSWORD, {"of": staff_id, "hashed": password_hash})
    shut_out(conn, staff_id)


def set_role(conn: Connection, staff_id: int, role: Role) -> None:
    """Make somebody something else at the centre; they come in anew, as that."""
    conn.execute(_ROLE, {"of": staff_id, "to": role.value})
    shut_out(conn, staff_id)


def shut_out(conn: Connection, staff_id: int) -> None:
    """End every session and every unused link of a member."""
    conn.execute(_END_ALL, {"of": staff_id})
    conn.execute(_VOID_LINKS, {"of": staff_id})


def set_active(conn: Connection, staff_id: int, active: bool) -> None:
    """Let somebody in, or out: whoever leaves loses every session and unused link at once."""
    conn.execute(_ACTIVE, {"of": staff_id, "yes": active})
    if not active:
        shut_out(conn, staff_id)


def make_link(conn: Connection, staff_id: int, now: datetime, lasts: timedelta) -> str:
    """The token of a link that lets this member in once; a link made before and not used yet is void."""
    conn.execute(_VOID_LINKS, {"of": staff_id})
    token = tokens.draw()
    row = {"token_hash": tokens.hashed(token), "staff_id": staff_id, "expires_at": now + lasts}
    conn.execute(_LINK, row)
    return token


def look_link(conn: Connection, token: str, now: datetime) -> int | None:
    """Whose unused link this is, without using it up: a preview of the address opens nothing."""
    found: int | None = conn.execute(_LOOK, {"of": tokens.hashed(token), "now": now}).scalar()
    return found


def use_link(conn: Connection, token: str, now: datetime) -> int | None:
    """Use a link up: whose it was, None when it is used, too old or never was. Of any number at once, one gets in."""
    found: int | None = conn.execute(_USE, {"of": tokens.hashed(token), "now": now}).scalar()
    return found


def start_session(conn: Connection, staff_id: int, now: datetime, lasts: timedelta, device: str = "") -> str:
    """The token of a new session; `device` is what it is called to the member."""
    token = tokens.draw()
    times = {"created_at": now, "seen_at": now, "expires_at": now + lasts}
    conn.execute(_START, times | {"token_hash": tokens.hashed(token), "staff_id": staff_id, "device": device})
    return token


def of_session(conn: Connection, token: str, now: datetime) -> Member | None:
    """Who this session is, None when it ended, is too old, or the member left."""
    row = conn.execute(_WHO, {"of": tokens.hashed(token), "now": now}).first()
    return None if row is None else _member(row)


def end_session(conn: Connection, token: str) -> None:
    """Log out."""
    conn.execute(_END, {"of": tokens.hashed(token)})
