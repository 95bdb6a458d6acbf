"""The residents' own pages: links that bind to one device once, and the sessions behind them and the web chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, bindparam, insert, select, update

from storage import tokens
from storage.columns import AnyRow
from storage.tables import private_link, web_session

_c, _w = private_link.c, web_session.c
_MAKE = insert(private_link)
_READ = select(
    _c.person_id,
    _c.purpose,
    _c.created_at,
    _c.expires_at,
    _c.bound_at,
    _c.case_id,
    _c.flow,
    _c.run,
    _c.question,
    _c.contact_id,
).where(_c.token_hash == bindparam("of"), _c.expires_at > bindparam("now"))
_BOUND = _READ.where(_c.session_hash == bindparam("session"))
_BIND = (
    update(private_link)
    .where(_c.token_hash == bindparam("of"), _c.bound_at.is_(None), _c.expires_at > bindparam("now"))
    .values(bound_at=bindparam("now"), session_hash=bindparam("session"))
)
_CLOSE = private_link.delete().where(_c.token_hash == bindparam("of"))
_START = insert(web_session)
_OF = select(_w.person_id, _w.contact_id, _w.purpose, _w.created_at, _w.expires_at).where(
    _w.token_hash == bindparam("of"), _w.expires_at > bindparam("now")
)
_SEEN = update(web_session).where(_w.token_hash == bindparam("of")).values(seen_at=bindparam("now"))
_END = web_session.delete().where(_w.token_hash == bindparam("of"))
_OLD = [table.delete().where(table.c.expires_at <= bindparam("now")) for table in (private_link, web_session)]


class Purpose(StrEnum):
    """What a page is for."""

    ANSWER = "answer"  # one question of a running flow is answered there
    TALK = "talk"  # the talk with a coordinator
    CHAT = "chat"  # the web chat itself
    FILE = "file"  # no page: the calendar file of the appointment of the number `run`


@dataclass(frozen=True)
class NewLink:
    """A link to be made; flow, run and question say which answer it is for, `case_id` which talk.

    `contact_id` is the chat it is given in.
    """

    person_id: int
    purpose: Purpose
    lasts: timedelta
    case_id: int | None = None
    flow: str | None = None
    run: int | None = None
    question: str | None = None
    contact_id: int | None = None


@dataclass(frozen=True)
class Link:
    """A link that is still good. `bound_at` tells that a device has it."""

    person_id: int
    purpose: Purpose
    created_at: datetime
    expires_at: datetime
    bound_at: datetime | None
    case_id: int | None
    flow: str | None
    run: int | None
    question: str | None
    contact_id: int | None


@dataclass(frozen=True)
class WebSession:
    """A device that is let in."""

    person_id: int
    contact_id: int | None
    purpose: Purpose
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class NewSession:
    """A device to be let in."""

    person_id: int
    purpose: Purpose
    lasts: timedelta
    contact_id: int | None = None


def make(conn: Connection, new: NewLink, now: datetime) -> str:
    """The token of a new link."""
    token = tokens.draw()
    row = {
        "token_hash": tokens.hashed(token),
        "person_id": new.person_id,
        "purpose": new.purpose.value,
        "created_at": now,
        "expires_at": now + new.lasts,
        "case_id": new.case_id,
        "flow": new.flow,
        "run": new.run,
        "question": new.question,
        "contact_id": new.contact_id,
    }
    conn.execute(_MAKE, row)
    return token


def look(conn: Connection, token: str, now: datetime) -> Link | None:
    """The link, used up or not, None when it is too old or never was. Looking uses nothing up: previews may look."""
    return _link(conn.execute(_READ, {"of": tokens.hashed(token), "now": now}).first())


def bind(conn: Connection, token: str, now: datetime) -> tuple[Link, str] | None:
    """Give the link to this device: the link and the device's secret, for a cookie. None when another has it.

    Of any number of devices that try at once, one gets it.
    """
    secret = tokens.draw()
    asked = {"of": tokens.hashed(token), "now": now, "session": tokens.hashed(secret)}
    if conn.execute(_BIND, asked).rowcount != 1:
        return None
    link = _link(conn.execute(_BOUND, asked).first())
    return None if link is None else (link, secret)


def bound(conn: Connection, token: str, secret: str, now: datetime) -> Link | None:
    """The link for the device it is bound to, None for any other."""
    asked = {"of": tokens.hashed(token), "now": now, "session": tokens.hashed(secret)}
    return _link(conn.execute(_BOUND, asked).first())


def close(conn: Connection, token: str) -> None:
    """The link has done its work."""
    conn.execute(_CLOSE, {"of": tokens.hashed(token)})


def _link(row: AnyRow | None) -> Link | None:
    if row is None:
        return None
    person_id, purpose, *rest = row
    return Link(person_id, Purpose(purpose), *rest)


def start_session(conn: Connection, new: NewSession, now: datetime) -> str:
    """The token of a new session, for a cookie."""
    token = tokens.draw()
    row = {
        "token_hash": tokens.hashed(token),
        "person_id": new.person_id,
        "contact_id": new.contact_id,
        "created_at": now,
        "seen_at": now,
        "expires_at": now + new.lasts,
        "purpose": new.purpose.value,
    }
    conn.execute(_START, row)
    return token


def of_session(conn: Connection, token: str, now: datetime) -> WebSession | None:
    """Whose device this is, None when the session ended."""
    row = conn.execute(_OF, {"of": tokens.hashed(token), "now": now}).first()
    return None if row is None else WebSession(row[0], row[1], Purpose(row[2]), row[3], row[4])


def touch_session(conn: Connection, token: str, now: datetime) -> None:
    """Note that a session is in use."""
    conn.execute(_SEEN, {"of": tokens.hashed(token), "now": now})


def end_session(conn: Connection, token: str) -> None:
    """Forget this device."""
    conn.execute(_END, {"of": tokens.hashed(token)})


def drop_old(conn: Connection, now: datetime) -> None:
    """Drop links and sessions whose time is over."""
    for statement in _OLD:
        conn.execute(statement, {"now": now})
