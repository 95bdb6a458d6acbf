"""How long first replies take, kept as they are given, and the cases whose promised moment cannot be kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, insert, select, text, update

from knowledge.clocks import within
from storage.clock_columns import TOLD, reply_bound, reply_sample
from storage.tables import case_file
from storage.twins import insert_new

LOOKED_BACK = timedelta(days=30)
_MOST = 1000  # replies looked at: a centre gives fewer in a month
_s = reply_sample.c
_NEW = insert_new(reply_sample)
_LATELY = select(_s.minutes).where(_s.at > bindparam("since")).order_by(_s.at.desc()).limit(_MOST)
_BOUND = select(reply_bound.c.minutes).where(reply_bound.c.id == 1)
_KEEP = update(reply_bound).where(reply_bound.c.id == 1).values(minutes=bindparam("to"))
_FIRST = insert(reply_bound).values(id=1, minutes=bindparam("to"))
_OLD = reply_sample.delete().where(_s.at <= bindparam("before"))
_c = case_file.c
_OPEN = select(_c.id, _c.promised_at).where(text(TOLD)).order_by(_c.id).limit(bindparam("at_most"))
_MENDED = (
    update(case_file)
    .where(_c.id == bindparam("of"), text(TOLD))
    .values(mended=True, promised_at=bindparam("to"), clock_stale=True)
)


def replied(conn: Connection, case_id: int, minutes: int, now: datetime, kept: bool | None) -> None:
    """A case was replied to for the first time after so many minutes of opening time; `kept`, if a moment was told."""
    row = {"case_id": case_id, "at": now, "minutes": minutes, "kept": kept}
    conn.execute(_NEW[conn.dialect.name], row)
    work_out(conn, now)


def work_out(conn: Connection, now: datetime) -> None:
    """What the replies of the last 30 days say about the next one."""
    found = within(list(conn.execute(_LATELY, {"since": now - LOOKED_BACK}).scalars()))
    if not conn.execute(_KEEP, {"to": found}).rowcount:
        conn.execute(_FIRST, {"to": found})


def bound(conn: Connection) -> int | None:
    """In how many minutes of opening time a first reply comes, nine times in ten; None while too few are known."""
    found: int | None = conn.execute(_BOUND).scalar()
    return found


def forget_old(conn: Connection, before: datetime) -> None:
    """Drop what is too old to say anything."""
    conn.execute(_OLD, {"before": before})


def told(conn: Connection, at_most: int = 500) -> list[tuple[int, datetime]]:
    """Cases nobody took or answered whose person was told a moment, with that moment; told anew they are left out."""
    return [(row.id, row.promised_at) for row in conn.execute(_OPEN, {"at_most": at_most})]


def mended(conn: Connection, case_id: int, to: datetime) -> bool:
    """Another moment is told instead; False when somebody took or answered it meanwhile, or it was told before."""
    return bool(conn.execute(_MENDED, {"of": case_id, "to": to}).rowcount)
