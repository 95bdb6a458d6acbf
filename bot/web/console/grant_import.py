"""Grants from a file: a preview with every wrong row, then all of it or nothing; and the feeds that are followed."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import anyio.to_thread
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.event_in import wrong_words
from bot.web.badge import room_of
from bot.web.console import feeds
from bot.web.console.number import line_of
from bot.web.console.words import word
from bot.web.drawing import draw
from bot.web.entry import sent_file
from knowledge import grant_csv
from knowledge.grant_csv import DELIVERIES
from storage import audit, grant_imports
from storage.audit import Entry, What
from storage.feeds import Kind
from storage.grant_imports import Incoming
from storage.staff import Member

_SHOWN = 20


async def show(request: Request, member: Member) -> Response:
    """GET /console/grants/import."""
    took = request.query_params.get("said") == "took"
    return await _page(request, member, said=word("grant_in.said_took") if took else feeds.said(request))


async def preview(request: Request, member: Member) -> Response:
    """POST /console/grants/import: what the file holds; nothing is taken yet, nor at all while a row is wrong."""
    room = room_of(request)
    _, data = await sent_file(request)
    if not data:
        return await _page(request, member, 422, wrong=word("grant_in.choose"))
    sheet = await anyio.to_thread.run_sync(grant_csv.read, data)
    found = tuple(Incoming(uid=one.uid, content=one.content, mark=one.mark) for one in sheet.found)
    now, number = room.clock(), 0
    # Everything but the one row that is kept is done where nobody waits for it.
    took = await anyio.to_thread.run_sync(room.store.read, lambda conn: grant_imports.compare(conn, found))
    if not sheet.wrong:
        packed = await anyio.to_thread.run_sync(grant_imports.packed, found)
        keep = partial(grant_imports.FILES.keep, found=packed, staff_id=member.id, now=now)
        number = await asyncio.wrap_future(room.store.writer.submit(keep))
    wrongs = wrong_words(sheet.wrong)
    return await _page(
        request, member, sheet=sheet, shown=sheet.found[:_SHOWN], wrongs=wrongs, number=number, took=took
    )


async def take(request: Request, member: Member) -> Response:
    """POST …/take: all of it, in one transaction."""
    room, number = room_of(request), line_of((await request.form()).get("number"))
    now = room.clock()
    found = await anyio.to_thread.run_sync(room.store.read, lambda conn: grant_imports.kept(conn, number, member.id))

    def job(conn: Connection) -> bool:
        if not grant_imports.FILES.drop(conn, number, member.id):
            return False
        grant_imports.take(conn, found, member.id, now)
        audit.add(conn, room.store.vault, [Entry(member.id, What.IMPORTED)], now)
        return True

    if not await asyncio.wrap_future(room.store.writer.submit(job)):
        return await _page(request, member, 409, wrong=word("grant_in.again"))
    return RedirectResponse("/console/grants/import?said=took", 303)


async def _page(request: Request, member: Member, status: int = 200, **values: Any) -> Response:
    fresh: dict[str, Any] = {
        "sheet": None,
        "shown": (),
        "wrongs": [],
        "number": 0,
        "took": None,
        "wrong": "",
        "said": "",
    }
    room = room_of(request)
    fresh |= await anyio.to_thread.run_sync(room.store.read, lambda conn: feeds.shown(conn, Kind.GRANTS))
    page = fresh | {"columns": grant_csv.COLUMNS, "deliveries": DELIVERIES} | values
    return draw(request, "console/grant_import.html", status, member=member, **page)
