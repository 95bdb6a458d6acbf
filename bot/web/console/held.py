"""Second thoughts: for how long what a coordinator sends or ends is held back, and what lets it go at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import anyio.to_thread
from starlette.requests import Request

from bot.timed import hurry
from bot.web.badge import room_of
from bot.web.console.number import number
from storage import undo
from storage.staff import Member

CHOICES = (0, 5, 10, 20, 30)  # seconds


async def wait_of(request: Request, member: Member) -> timedelta:
    """How long: as this member chose, else as the centre set; nothing at 0."""
    room = room_of(request)
    chosen = await anyio.to_thread.run_sync(room.store.read, lambda conn: undo.seconds(conn, member.id))
    return timedelta(seconds=room.settings.undo_seconds if chosen is None else chosen)


async def go_on(request: Request) -> None:
    """Whoever does the next thing with a case has no second thoughts about what they sent before it."""
    room, case_id = room_of(request), number(request)
    now, vault = room.clock(), room.store.vault
    job = room.store.writer.submit(lambda conn: hurry(conn, vault, room.desk, case_id, now))
    await asyncio.wrap_future(job)
    room.desk.ring()
