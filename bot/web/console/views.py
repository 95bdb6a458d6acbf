"""Keeps ways to look at the queue, and lets them go."""

from __future__ import annotations

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.web.badge import room_of
from bot.web.console.number import line_of
from bot.web.console.queue import Folder
from bot.web.entry import field, put
from storage import views
from storage.staff import Member
from storage.views import New


async def change(request: Request, member: Member) -> Response:
    """POST /console/views: keep the way one looks at the moment, or let one of one's own go."""
    room, form = room_of(request), await request.form()
    now, vault = room.clock(), room.store.vault
    asked = Folder.of(QueryParams(field(form, "asked"))).query()
    if gone := line_of(form.get("drop")):
        done = await put(room, lambda conn: views.drop(conn, gone, member.id))
        return RedirectResponse(f"/console?{asked}&said=view_{'gone' if done else 'not'}", 303)
    new = New(member.id, field(form, "name"), asked, field(form, "shared") == "yes")
    made = await put(room, lambda conn: views.add(conn, vault, new, now))
    return RedirectResponse(f"/console?{asked}&said=view_{'kept' if made else 'not'}", 303)
