"""What is left of broadcasts that were stopped: skipped where nothing was sent, in doubt where it may have been."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, or_, select, text, update

from storage.broadcast_tables import LEFT, broadcast, chunk

_c = chunk.c
_OF_STOPPED = (
    text("broadcast_chunk." + LEFT),
    _c.broadcast_id.in_(select(broadcast.c.id).where(broadcast.c.state == "stopped")),
)
_WAITS = _c.state == "queued"
_DIED = and_(_c.state == "sending", _c.next_at <= bindparam("now"))  # whoever carried it
_SKIP = (
    update(chunk)
    .where(*_OF_STOPPED, _WAITS, _c.tried == 0)
    .values(
        state="done",
        why=bindparam("reason"),
        skipped=_c.people - _c.accepted - _c.failed - _c.unknown,
    )
)
_DOUBT = (
    update(chunk)
    .where(*_OF_STOPPED, or_(and_(_WAITS, _c.tried > 0), _DIED))
    .values(
        state="lost",
        why="stopped before its answer was known",
        unknown=_c.people - _c.accepted - _c.failed - _c.skipped,
    )
)
_ANY = select(_c.id).where(*_OF_STOPPED, or_(_WAITS, _DIED)).limit(1)


def left(conn: Connection, now: datetime) -> bool:
    """Whether anything must be settled: it went back into the line after the stop, or its carrier died."""
    return conn.execute(_ANY, {"now": now}).first() is not None


def settle(conn: Connection, now: datetime, why: str = "stopped") -> None:
    """End it: `why` is told of those who were certainly sent nothing; what got no answer stays in doubt."""
    conn.execute(_SKIP, {"reason": why})
    conn.execute(_DOUBT, {"now": now})
