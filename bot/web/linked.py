"""A coordinator links their own Telegram, or takes the link back: the part of /me that is about the group."""

from __future__ import annotations

import asyncio

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.web.badge import for_staff, room_of
from bot.web.own import page
from bot.web.room import Room
from storage import audit, linking
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
    await asyncio.wrap_future(room.store.writer.submit(lambda conn: linking.unlink(conn, member.id)))
    return RedirectResponse("/me?unlinked", 303)


def routes(room: Room) -> list[BaseRoute]:
    """The addresses under /me/telegram, where a group is set."""
    if room.settings.telegram_staff_chat is None:
        return []
    return [
        Route("/me/telegram", for_staff(make_code), methods=["POST"]),
        Route("/me/telegram/unlink", for_staff(unlink), methods=["POST"]),
    ]
