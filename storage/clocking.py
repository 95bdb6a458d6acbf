"""Brings a case's clocks up to date in the transaction that changed what they depend on, and finds what is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, text, update

from knowledge.clocks import DANGER, Clocks, Due, Standing
from storage import cases
from storage.casefile import HEAD, By, CaseHead, State, Who, head
from storage.clock_columns import LONG_AGO, NEVER, STALE, WARNED, case_warning
from storage.columns import AnyRow
from storage.tables import OPEN, case_file
from storage.twins import insert_new

_c = case_file.c
_READ = select(
    _c.id, _c.topic, _c.urgency, _c.why, _c.state, _c.opened_at, _c.first_reply_at, _c.asked_at, _c.ran, _c.ran_from,
    _c.due_at, _c.due_clock, _c.warn_at, _c.warned, _c.promised_at, _c.mended,
)  # fmt: skip
_STALE_OF = _READ.where(_c.id.in_(bindparam("ids", expanding=True)), text("case_file.clock_stale"), text(OPEN))
_ONE = _READ.where(_c.id == bindparam("of"), text(OPEN))
_ALL = select(_c.id).where(text(OPEN), _c.id > bindparam("after")).order_by(_c.id).limit(bindparam("at_most"))
_STALE = select(_c.id).where(text(STALE), _c.id > bindparam("after")).order_by(_c.id).limit(bindparam("at_most"))
_SET = update(case_file).where(_c.id == bindparam("of"))
_WARN = (
    select(_c.id)
    .where(text(OPEN), text("warn_at IS NOT NULL"), _c.warn_at <= bindparam("now"))
    .order_by(_c.warn_at)
    .limit(bindparam("at_most"))
)
# The range is what leads SQLite to the index of the few: without it any index of open cases looks as good.
_WARNED = (
    HEAD.where(text("case_file." + WARNED), _c.due_at > bindparam("since"))
    .order_by(_c.due_at, _c.id)
    .limit(bindparam("at_most"))
)
_WARNING = insert_new(case_warning, case_warning.c.step)
_WAITS = frozenset({State.WAITING_PERSON.value, State.PENDING.value})


def settle(conn: Connection, clocks: Clocks, case_ids: Sequence[int], now: datetime) -> None:
    """Work out anew what breaks first, for those of these cases where something changed that it depends on.

    A case that waits for its person, or was laid aside, goes on as soon as they write.
    """
    for row in conn.execute(_STALE_OF, {"ids": list(case_ids)}).all() if case_ids else ():
        if row.state in _WAITS and row.asked_at is not None:
            cases.set_state(conn, row.id, State.CLAIMED, By(Who.PERSON), now)
            again = conn.execute(_ONE, {"of": row.id}).one()
            conn.execute(_SET.values(**_values(clocks, again, now)), {"of": row.id})
        else:
            conn.execute(_SET.values(**_values(clocks, row, now)), {"of": row.id})


def _values(clocks: Clocks, row: AnyRow, now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {"clock_stale": False, "rank": 0 if row.why == "urgent" else 1}
    if row.state in _WAITS:
        spent = clocks.calendar.minutes(row.ran_from, now) if row.ran_from else 0
        values |= {"ran": row.ran + spent, "ran_from": None}
        due = None
    else:
        begun = row.ran_from or (now if row.ran else row.opened_at)
        values["ran_from"] = begun
        due = clocks.due(_standing(row, begun))
    values |= {"due_at": due and due.at, "due_clock": due and due.clock.value, "order_at": due.at if due else NEVER}
    if (row.due_at, row.due_clock) != (values["due_at"], values["due_clock"]):
        values |= {"warned": 0, "warn_at": due and due.steps[0]}
    return values


def _standing(row: AnyRow, begun: datetime) -> Standing:
    replied = row.first_reply_at is not None
    return Standing(
        topic=row.topic,
        urgency=DANGER if row.why == "urgent" else row.urgency,
        asked_at=row.asked_at if replied or row.asked_at else row.opened_at,
        replied=replied,
        ran=row.ran,
        ran_from=begun,
        told=None if row.mended else row.promised_at,
    )


def renew(conn: Connection, case_id: int) -> None:
    """Let a case get its clocks anew: the centre's settings may be others since the last start."""
    conn.execute(_SET.values(clock_stale=True), {"of": case_id})


def all_open(conn: Connection, after: int = 0, at_most: int = 200) -> list[int]:
    """Open cases after a number."""
    return list(conn.execute(_ALL, {"after": after, "at_most": at_most}).scalars())


def stale(conn: Connection, after: int = 0, at_most: int = 200) -> list[int]:
    """Open cases after a number whose clocks are not those of what is true; an older release wrote them."""
    return list(conn.execute(_STALE, {"after": after, "at_most": at_most}).scalars())


def due_for_warning(conn: Connection, now: datetime, at_most: int = 200) -> list[int]:
    """Open cases of which somebody must be warned now, what breaks first first."""
    return list(conn.execute(_WARN, {"now": now, "at_most": at_most}).scalars())


def warned(conn: Connection, at_most: int = 100) -> list[CaseHead]:
    """The covers of the open cases of which somebody was warned, what breaks first first."""
    return [head(row) for row in conn.execute(_WARNED, {"at_most": at_most, "since": LONG_AGO})]


def warn(conn: Connection, clocks: Clocks, case_id: int, now: datetime) -> int:
    """How far a case is warned of now: 1 its holder, 2 the desk, 3 those who lead it; 0 when nobody need be told anew.

    Each step of a breach is told once for ever: whoever writes its row tells it.
    """
    row = conn.execute(_ONE, {"of": case_id}).first()
    if row is None or row.due_at is None:
        return 0
    due: Due | None = clocks.due(_standing(row, row.ran_from or row.opened_at))
    if due is None or due.at != row.due_at:
        conn.execute(_SET.values(clock_stale=True, warn_at=None), {"of": case_id})  # the settings changed meanwhile
        settle(conn, clocks, [case_id], now)
        return 0
    reached = sum(one <= now for one in due.steps)
    following = due.steps[reached] if reached < len(due.steps) else None
    rows = [{"case_id": case_id, "due_at": due.at, "step": step, "at": now} for step in range(1, reached + 1)]
    new = [conn.execute(_WARNING[conn.dialect.name], one).scalar() for one in rows]
    conn.execute(_SET.values(warned=reached, warn_at=following), {"of": case_id})
    return reached if any(new) else 0
