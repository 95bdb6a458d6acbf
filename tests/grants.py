"""What the tests of grants share: a call written by one member and checked by another."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from knowledge.grant import Content
from storage import grants, staff
from storage.grants import Change, Grant
from storage.staff import Role


def content(closes: date, **other: Any) -> Content:
    """A call with the least it can say."""
    given = {"name": "はじめて助成", "funder": "みほん財団", "closes": closes, "delivery": "arrive"}
    return Content.model_validate({**given, "url": "https://example.jp/"} | other)


def member_of(conn: Connection, login: str, now: datetime) -> int:
    """A coordinator of this login."""
    if staff.by_login(conn, login) is None:
        staff.add(conn, login, login.title(), Role.COORDINATOR, now)
    member = staff.by_login(conn, login)
    assert member is not None
    return member.id


def there(conn: Connection, number: int) -> Grant:
    """The call of this number."""
    found = grants.find(conn, number)
    assert found is not None
    return found


def put(conn: Connection, what: Content, now: datetime, *, check: bool = True, ago: int = 0) -> Grant:
    """A call that everybody may see, or a draft; checked so many days ago."""
    writes, checks = member_of(conn, "writes", now), member_of(conn, "checks", now)
    made = there(conn, grants.add(conn, Change(what, writes), now))
    assert not check or grants.check(conn, made, checks, now.date() - timedelta(days=ago), now)
    return there(conn, made.id)
