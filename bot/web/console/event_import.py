"""Events from a file: the national CSV, a calendar or a feed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.event_in import read
from bot.web.console.file_in import FileIn, Sheet
from bot.web.room import Room
from storage import event_imports
from storage.event_imports import Incoming
from storage.feeds import Kind


def _read(data: bytes, room: Room, now: datetime) -> Sheet[Incoming]:
    found = read(data, room.mind.zone, now)
    return Sheet(found.found, found.wrong)


def _taken(conn: Connection, found: Sequence[Incoming], staff_id: int, now: datetime) -> None:
    event_imports.take(conn, found, staff_id, None, now)


EVENTS_IN = FileIn[Incoming](
    Kind.EVENTS,
    "happening_in",
    event_imports.FILES,
    _read,
    event_imports.compare,
    event_imports.packed,
    event_imports.kept,
    _taken,
)
