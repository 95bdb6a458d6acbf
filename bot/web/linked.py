"""A coordinator links their own LINE or Telegram, or takes that back: the part of /me about chats of one's own."""

from __future__ import annotations

import asyncio

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.menu_wish import menus_of
from bot.web.badge import for_staff, room_of
from bot.web.own import linkable, page
from bot.web.room import Room
from storage import audit, line_menus, linking, ways
from storage.audit import Entry, What
from storage.staff import Member


async def make_code(request: Request, member: Member) -> Response:
    """POST /me/telegram: a fresh code, shown once; any earlier one is void."""
    room = room_of(request)
    now, vault = room.clock(), room.store.vault

    def job(conn: Connection) -> str:
        audit.add(conn, vault, [Entry(member.id, What.CODED, about=member.id)], now)
        return linking.make_code(conn, member.id, now)

    code = await asyncio.wrap_future(room.store.writer.submit(job))
    return await page(request, member, code=code)


async def unlink(request: Request, member: Member) -> Response:
    """POST /me/telegram/unlink."""
    room = room_of(request)

    def job(conn: Connection) -> None:
        linking.unlink(conn, member.id)
        for person_id in ways.unlink_all(conn, member.id):
            line_menus.want(conn, menus_of(conn, room.store.vault, person_id))

    await asyncio.wrap_future(room.store.writer.submit(job))
    return RedirectResponse("/me?unlinked", 303)


def routes(room: Room) -> list[BaseRoute]:
    """The addresses under /me/telegram, where there is a chat that could be linked."""
    if not linkable(room.settings):
        return []
    return [
        Route("/me/telegram", for_staff(make_code), methods=["POST"]),
        Route("/me/telegram/unlink", for_staff(unlink), methods=["POST"]),
    ]
