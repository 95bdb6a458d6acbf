"""How much of a month's pushes is used up: what the platform said last, and what we pushed since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sqlalchemy import Connection, bindparam, func, insert, select, text, update

from storage.push_tables import push_month
from storage.tables import outbox

_TOKYO = timezone(timedelta(hours=9))  # LINE counts by the months of Japan, wherever the centre is
_READ = select(push_month.c.most, push_month.c.used, push_month.c.seen_at).where(
    push_month.c.channel == bindparam("of")
)
_SET = (
    update(push_month)
    .where(push_month.c.channel == bindparam("of"))
    .values(most=bindparam("limit"), used=bindparam("count"), seen_at=bindparam("at"))
)
_ADD = update(push_month).where(push_month.c.channel == bindparam("of")).values(used=push_month.c.used + bindparam("n"))
_WAITING = (
    select(outbox.c.case_id, func.count(), func.min(outbox.c.created_at))
    .where(text("state = 'waiting_person'"))
    .group_by(outbox.c.case_id)
    .order_by(func.min(outbox.c.id))
)


@dataclass(frozen=True)
class Month:
    """This month of a channel, in recipients. `most` is None where there is no limit; `seen_at` when it was told."""

    most: int | None
    used: int
    seen_at: datetime

    @property
    def left(self) -> int | None:
        """How many more there can be; None for no limit."""
        return None if self.most is None else max(self.most - self.used, 0)


@dataclass(frozen=True)
class Waits:
    """Parcels that wait until a person writes; of one case, or of people without one (None)."""

    case_id: int | None
    parcels: int
    since: datetime


def month(conn: Connection, channel: str, now: datetime) -> Month | None:
    """What is known of this month; None when the platform never told. A month that has turned begins at nothing."""
    row = conn.execute(_READ, {"of": channel}).first()
    if row is None:
        return None
    same = _month_of(row.seen_at) == _month_of(now)
    return Month(row.most, row.used if same else 0, row.seen_at)


def told(conn: Connection, channel: str, most: int | None, used: int, now: datetime) -> None:
    """The platform said so: it knows what was sent by hand too, and counts nobody who has blocked us."""
    row = conn.execute(_READ, {"of": channel}).first()
    if row is None:
        conn.execute(insert(push_month), {"channel": channel, "most": most, "used": used, "seen_at": now})
        return
    conn.execute(_SET, {"of": channel, "limit": most, "count": used, "at": now})


def spent(conn: Connection, channel: str, recipients: int, now: datetime) -> None:
    """So many more were reached by pushes of ours."""
    row = conn.execute(_READ, {"of": channel}).first()
    if row is None or not recipients:
        return
    if _month_of(row.seen_at) == _month_of(now):
        conn.execute(_ADD, {"of": channel, "n": recipients})
    else:
        conn.execute(_SET, {"of": channel, "limit": row.most, "count": recipients, "at": now})


def waiting(conn: Connection) -> list[Waits]:
    """What waits for its person, by case, longest first."""
    return [Waits(case_id, int(count), since) for case_id, count, since in conn.execute(_WAITING)]


def _month_of(moment: datetime) -> tuple[int, int]:
    there = moment.astimezone(_TOKYO)
    return there.year, there.month
