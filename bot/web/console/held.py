"""Second thoughts: for how long what a coordinator sends or ends is held back, as they chose it or the centre set."""

from __future__ import annotations

from datetime import timedelta

import anyio.to_thread
from sqlalchemy import Connection
from starlette.requests import Request

from bot.web.badge import room_of
from bot.web.room import Room
from storage import undo
from storage.staff import Member

CHOICES = (0, 5, 10, 20, 30)  # seconds


async def wait_of(request: Request, member: Member) -> timedelta:
    """How long: as this member chose, else as the centre set; nothing at 0."""
    room = room_of(request)
    return timedelta(seconds=await anyio.to_thread.run_sync(room.store.read, lambda conn: seconds(conn, room, member)))


def seconds(conn: Connection, room: Room, member: Member) -> int:
    """The same, in seconds."""
    chosen = undo.seconds(conn, member.id)
    return room.settings.undo_seconds if chosen is None else chosen
