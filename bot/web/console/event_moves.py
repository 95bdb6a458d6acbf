"""What may be done to an event as it stands: nothing twice, unread or over, and nobody is told by a slip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from storage import events, sign_ups
from storage.events import Change, DateState, Event, Span, State

TWICE = timedelta(minutes=1)  # the same form within this is a second click


@dataclass(frozen=True)
class Wish:
    """Where somebody wants an event to go, and the version that they had before them.

    `sure`: they know that people signed up.
    """

    to: State
    staff_id: int
    version: int
    sure: bool


def past(before: Event | None, spans: Sequence[Span], now: datetime) -> bool:
    """Whether a date is over that was not there already: a slip, which would take everybody along who signed up."""
    known = {one.span.starts_at for one in before.dates} if before else set()
    return any(span.ends_at <= now and span.starts_at not in known for span in spans)


def kept_already(conn: Connection, change: Change, now: datetime) -> int | None:
    """The number of the event that this very form made a moment ago; None when it is new."""
    found = events.latest(conn, 3) if change.event_id is None else [events.find(conn, change.event_id)]
    for one in found:
        if one is None or one.editor != change.staff_id or now - one.changed_at > TWICE:
            continue
        if change.event_id is not None and one.version != change.after + 1:
            continue
        content = one.pending.content if one.pending else one.content
        spans = (
            [Span(*span) for span in one.pending.spans]
            if one.pending
            else [date.span for date in one.dates if date.state is DateState.ON]
        )
        if content == change.content and sorted(spans, key=_start) == sorted(change.spans, key=_start):
            return one.id
    return None


def _start(span: Span) -> datetime:
    return span.starts_at


def done(of: Event, to: State) -> bool:
    """Whether it is there already."""
    return of.state is to and not (to is State.PUBLISHED and of.pending)


def unfit(conn: Connection, of: Event, wish: Wish, now: datetime) -> str:
    """Why it must not go there; empty when it may."""
    match wish.to:
        case State.PUBLISHED:
            waits = of.state is State.DRAFT or (of.state is not State.AWAY and of.pending is not None)
            spans = of.pending.spans if of.pending else [(one.span.starts_at, one.span.ends_at) for one in of.dates]
            if of.editor == wish.staff_id:
                return "own"
            if not waits or of.version != wish.version:
                return "quicker"
            return "" if any(end > now for _, end in spans) else "over"
        case State.CANCELLED:
            told = any(sign_ups.live(sign_ups.of_date(conn, one.id)) for one in of.dates)
            wrong = "" if of.state is State.PUBLISHED else "quicker"
            return wrong or ("sure" if told and not wish.sure else "")
        case _:
            return "" if of.state in (State.DRAFT, State.CANCELLED) else "quicker"
