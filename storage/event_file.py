"""An event as it lies in the cabinet: its states, its dates, its versions, and how rows become one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy import Connection, bindparam, select

from knowledge.event import Content
from storage.columns import AnyRow
from storage.event_tables import event, event_date

_e, _d = event.c, event_date.c
READ = select(
    _e.id, _e.uid, _e.version, _e.state, _e.content, _e.pending, _e.editor_id, _e.checker_id, _e.changed_at, _e.feed_id,
    _e.mark,
)  # fmt: skip
_DATES = (
    select(_d.id, _d.event_id, _d.starts_at, _d.ends_at, _d.capacity, _d.taken, _d.state)
    .where(_d.event_id.in_(bindparam("events", expanding=True)))
    .order_by(_d.starts_at, _d.id)
)


class State(StrEnum):
    """Where an event stands."""

    DRAFT = "draft"  # a second look is still to come
    PUBLISHED = "published"
    CANCELLED = "cancelled"  # and everybody may see that it is
    AWAY = "away"  # taken off, never to be seen again


class DateState(StrEnum):
    """Whether a date takes place."""

    ON = "on"
    OFF = "off"


@dataclass(frozen=True)
class Span:
    """From when to when."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class EventDate:
    """One date of an event; `left` counts free places, None for no limit."""

    id: int
    event_id: int
    span: Span
    capacity: int | None
    taken: int
    state: DateState

    @property
    def left(self) -> int | None:
        """How many places are free."""
        return None if self.capacity is None else max(self.capacity - self.taken, 0)


class Pending(BaseModel):
    """What a published event is to say once somebody else has read it."""

    model_config = ConfigDict(frozen=True)

    content: Content
    spans: tuple[tuple[AwareDatetime, AwareDatetime], ...]


@dataclass(frozen=True)
class Event:
    """An event as it is now."""

    id: int
    uid: str
    version: int
    state: State
    content: Content
    pending: Pending | None
    editor: int | None
    checker: int | None
    changed_at: datetime
    feed: int | None
    mark: str
    dates: tuple[EventDate, ...] = ()


@dataclass(frozen=True)
class Change:
    """What an event is to say from now on, by whom; `after` is the version that they had before them.

    `mark` is the hash of what was imported, `feed` where it came from, `uid` how it is called there.
    """

    content: Content
    spans: Sequence[Span]
    staff_id: int | None
    event_id: int | None = None
    after: int = 0
    uid: str = ""
    feed: int | None = None
    mark: str = ""


@dataclass(frozen=True)
class Version:
    """What was done to an event, and what it said then."""

    id: int
    version: int
    at: datetime
    staff_name: str
    what: str
    content: Content


def whole(conn: Connection, rows: Sequence[AnyRow]) -> list[Event]:
    """Rows of READ with their dates."""
    dates = dates_of(conn, [row.id for row in rows])
    return [_event(row, tuple(dates.get(row.id, ()))) for row in rows]


def dates_of(conn: Connection, events: Sequence[int]) -> dict[int, list[EventDate]]:
    """The dates of these events, by event, each in order."""
    dates: dict[int, list[EventDate]] = {}
    for start in range(0, len(events), 500):
        for row in conn.execute(_DATES, {"events": events[start : start + 500]}):
            span = Span(row.starts_at, row.ends_at)
            one = EventDate(row.id, row.event_id, span, row.capacity, row.taken, DateState(row.state))
            dates.setdefault(row.event_id, []).append(one)
    return dates


def _event(row: AnyRow, dates: tuple[EventDate, ...]) -> Event:
    return Event(
        id=row.id,
        uid=row.uid,
        version=row.version,
        state=State(row.state),
        content=content_of(row.content),
        pending=None if row.pending is None else Pending.model_validate_json(row.pending),
        editor=row.editor_id,
        checker=row.checker_id,
        changed_at=row.changed_at,
        feed=row.feed_id,
        mark=row.mark or "",
        dates=dates,
    )


@lru_cache(maxsize=2048)
def content_of(words: str) -> Content:
    """What is kept, read; the same words give the same object."""
    return Content.model_validate_json(words)
