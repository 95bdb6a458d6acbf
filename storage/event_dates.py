"""The dates of events as a change leaves them: kept with their sign-ups, moved, off or new; of many events at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, update

from storage import tally
from storage.event_file import DateState, EventDate, Span
from storage.event_tables import event_date

_d = event_date.c
STAMP = "events"  # counts changes: what was worked out under the same number is still true
_ADD = insert(event_date)
_SET = (
    update(event_date)
    .where(_d.id == bindparam("of"))
    .values(starts_at=bindparam("start"), ends_at=bindparam("end"), capacity=bindparam("room"), state=bindparam("to"))
)
Row = dict[str, object]


@dataclass(frozen=True)
class Wanted:
    """What dates an event had, and which it is to have, with how many places each."""

    event_id: int
    before: Sequence[EventDate]
    spans: Sequence[Span]
    room: int | None


def touched(conn: Connection) -> None:
    """Something about events is not as it was."""
    tally.add(conn, {STAMP: 1})


def add(conn: Connection, new: Iterable[tuple[int, Span, int | None]]) -> None:
    """New dates: of which event, from when to when, with how many places."""
    state = DateState.ON.value
    rows = [
        {"event_id": of, "starts_at": span.starts_at, "ends_at": span.ends_at, "capacity": room, "state": state}
        for of, span, room in new
    ]
    if rows:
        conn.execute(_ADD, rows)


def set_date(conn: Connection, date_id: int, span: Span, room: int | None, state: DateState) -> None:
    """Move, widen or end one date."""
    conn.execute(_SET, _row(date_id, span, room, state))
    touched(conn)


def _row(date_id: int, span: Span, room: int | None, state: DateState) -> Row:
    return {"of": date_id, "start": span.starts_at, "end": span.ends_at, "room": room, "to": state.value}


def keep(conn: Connection, wanted: Iterable[Wanted], now: datetime) -> None:
    """Dates keep their sign-ups: by the same beginning, else the nearest; one too many is off.

    What is over stays as it was: who came then did not sign up for another day.
    """
    kept: list[Row] = []
    fresh: list[tuple[int, Span, int | None]] = []
    for one in wanted:
        rows, rest = _kept(one, now)
        kept += rows
        fresh += [(one.event_id, span, one.room) for span in rest]
    if kept:
        conn.execute(_SET, kept)
    add(conn, fresh)
    touched(conn)


def _kept(wanted: Wanted, now: datetime) -> tuple[list[Row], list[Span]]:
    """What there is to write of the dates that were there, and the spans that are new."""
    spans = sorted(wanted.spans, key=lambda one: one.starts_at)
    same = {one.span.starts_at: one for one in wanted.before}
    pairs = [(same[span.starts_at], span) for span in spans if span.starts_at in same]
    used = {one.id for one, _ in pairs}
    ahead = [one for one in wanted.before if one.state is DateState.ON and one.span.ends_at > now]
    free = [one for one in ahead if one.id not in used]
    rest = [span for span in spans if span.starts_at not in same]
    moved, rest = _nearest(free, rest)
    still = {one.id for one, _ in moved}
    rows = [
        _row(one.id, span, wanted.room, DateState.ON)
        for one, span in [*pairs, *moved]
        if (one.span, one.capacity, one.state) != (span, wanted.room, DateState.ON)
    ]
    off = [_row(one.id, one.span, one.capacity, DateState.OFF) for one in free if one.id not in still]
    return rows + off, rest


def _nearest(free: Sequence[EventDate], rest: Sequence[Span]) -> tuple[list[tuple[EventDate, Span]], list[Span]]:
    """Which date moved to which span: in order where there are as many, else the nearest; and what is new."""
    if len(free) == len(rest):
        return list(zip(free, rest, strict=True)), []
    near = sorted(
        (abs(span.starts_at - one.span.starts_at), at, to)
        for at, one in enumerate(free)
        for to, span in enumerate(rest)
    )
    pairs: dict[int, int] = {}
    for _, at, to in near:
        if at not in pairs and to not in pairs.values():
            pairs[at] = to
    left = [span for to, span in enumerate(rest) if to not in pairs.values()]
    return [(free[at], rest[to]) for at, to in pairs.items()], left
