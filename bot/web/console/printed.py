"""A case laid out for paper: no way to anywhere, and on every sheet who printed it, and when."""

from __future__ import annotations

from datetime import UTC, datetime

import anyio.to_thread
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.web.badge import room_of
from bot.web.console.case import Sheet, sheet
from bot.web.console.number import number
from bot.web.console.shown import write
from bot.web.drawing import clock, draw
from storage import audit
from storage.audit import Entry, What
from storage.staff import Member

_EVER = datetime(1970, 1, 1, tzinfo=UTC)  # a sheet of paper is read on any day: no date on it is left out


async def show(request: Request, member: Member) -> Response:
    """GET …/print. Raises 404."""
    room, case_id = room_of(request), number(request)
    now = room.clock()

    def look(conn: Connection) -> tuple[Sheet | None, list[Entry]]:
        return sheet(conn, room, case_id, member), audit.unwritten(conn, member.id, case_id, (), now)

    case, opened = await anyio.to_thread.run_sync(room.store.read, look)
    if case is None or case.gone:
        raise HTTPException(404)
    await write(room, [*opened, Entry(member.id, What.PRINTED, (case_id,))])
    zone = room.settings.timezone
    return draw(
        request, "console/print.html", member=member, case=case, now=now, at=lambda one: clock(one, zone, _EVER)
    )
