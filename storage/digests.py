"""Whose digest is due, and what was published since when: read for everybody at once, taken for each by one process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, or_, select, text, update

from dialogs.wishes import Often
from knowledge.interests import chosen
from storage.event_tables import event_version
from storage.grant_tables import grant_version
from storage.receive_tables import GATHERED, UNKNOWN, receiver

_r = receiver.c
# Two questions: together no index answers them, and each minute everybody would be looked at.
_READ = select(
    _r.person_id, _r.contact_id, _r.topics, _r.often, _r.digest_day, _r.digest_hour, _r.digest_at, _r.digested_at
).limit(bindparam("at_most"))  # fmt: skip
_DUE = _READ.where(text(GATHERED), _r.digest_at <= bindparam("now")).order_by(_r.digest_at)
_UNKNOWN = _READ.where(text(UNKNOWN))
_is = or_(_r.digest_at == bindparam("was"), _r.digest_at.is_(None) & bindparam("none"))
_TAKE = (
    update(receiver)
    .where(_r.person_id == bindparam("of"), text(GATHERED), _is)
    .values(digest_at=bindparam("next"), digested_at=func.coalesce(bindparam("sent"), _r.digested_at))
)
_e, _g = event_version.c, grant_version.c
_EVENTS = select(_e.event_id, func.min(_e.at)).where(_e.what == "published").group_by(_e.event_id)
_GRANTS = select(_g.grant_id, func.min(_g.at)).where(_g.what == "checked").group_by(_g.grant_id)


@dataclass(frozen=True)
class Due:
    """Somebody for whom things are gathered: `at` is when theirs was due, None where that is still to be worked out."""

    person_id: int
    contact_id: int
    topics: frozenset[str]
    monthly: bool
    when: tuple[int, int]
    at: datetime | None
    last: datetime | None


def due(conn: Connection, now: datetime, at_most: int = 200) -> list[Due]:
    """Those whose moment has come, the longest ago first, or is not known."""
    found = list(conn.execute(_DUE, {"now": now, "at_most": at_most}))
    if len(found) < at_most:
        found += conn.execute(_UNKNOWN, {"at_most": at_most - len(found)})
    return [
        Due(
            row.person_id,
            row.contact_id or 0,
            chosen("topic", row.topics),
            row.often == Often.MONTHLY,
            (row.digest_day, row.digest_hour),
            row.digest_at,
            row.digested_at,
        )
        for row in found
    ]


def take(conn: Connection, one: Due, following: datetime, sent: datetime | None) -> bool:
    """Move it on; False when another process was quicker, or they wish something else by now."""
    return (
        conn.execute(
            _TAKE, {"of": one.person_id, "was": one.at, "none": one.at is None, "next": following, "sent": sent}
        ).rowcount
        == 1
    )


def news(conn: Connection, since: datetime) -> tuple[dict[int, datetime], dict[int, datetime]]:
    """Events and calls that everybody could see for the first time after this moment, and when."""
    both = []
    for statement, at in ((_EVENTS, _e.at), (_GRANTS, _g.at)):
        rows = conn.execute(statement.having(func.min(at) > since)).all()
        both.append({row[0]: row[1] for row in rows})
    return both[0], both[1]
