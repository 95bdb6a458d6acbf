"""A newsletter to everybody, asked for by one coordinator and agreed to by another."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection

from knowledge.segment import All
from storage import broadcasts, segments, staff
from storage.broadcasts import Draft
from storage.outbox import BULK

WORDS = "11月29日に区民館で清掃活動があります。どなたでも参加できます。"


def newsletter_to_all(conn: Connection, count: int) -> int:
    """Its number; `count` are all who receive."""
    now = datetime.now(UTC)
    one, two = (staff.add(conn, name, name, staff.Role.COORDINATOR, now) for name in ("sato", "mori"))
    assert one is not None
    assert two is not None
    number = segments.add(conn, segments.New(one, "全員", All(), count), now)
    kept = segments.find(conn, number or 0)
    assert kept is not None
    made = broadcasts.add(conn, one, Draft("清掃", {"ja": WORDS}, kept.id, BULK), now)
    found = broadcasts.find(conn, made)
    assert found is not None
    assert broadcasts.ask(conn, found, count, now)
    assert broadcasts.approve(conn, found, two, count, now)
    return made
