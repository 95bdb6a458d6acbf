"""Events from a file: a preview with every wrong row, then all of it or nothing; and the feeds that are followed."""

from __future__ import annotations

import asyncio
from functools import partial

import anyio.to_thread
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.event_in import Read, read, wrong_words
from bot.web.badge import room_of
from bot.web.console import feeds
from bot.web.console.number import line_of
from bot.web.console.words import word
from bot.web.drawing import draw
from bot.web.entry import sent_file
from storage import audit, event_imports
from storage.audit import Entry, What
from storage.feeds import Kind
from storage.heads import Took
from storage.staff import Member

_SHOWN = 20


async def show(request: Request, member: Member) -> Response:
    """GET /console/events/import."""
    took = request.query_params.get("said") == "took"
    return await _page(request, member, said=word("happening_in.said_took") if took else feeds.said(request))


async def preview(request: Request, member: Member) -> Response:
    """POST /console/events/import: what the file holds; nothing is taken yet, nor at all while a row is wrong."""
    room = room_of(request)
    name, data = await sent_file(request)
    if not data:
        return await _page(request, member, wrong=word("happening_in.choose"), status=422)
    now, number = room.clock(), 0
    # Everything but the one row that is kept is done where nobody waits for it.
    found = await anyio.to_thread.run_sync(lambda: read(data, room.mind.zone, now))
    took = await anyio.to_thread.run_sync(room.store.read, lambda conn: event_imports.compare(conn, found.found))
    if not found.wrong:
        packed = await anyio.to_thread.run_sync(event_imports.packed, found.found)
        keep = partial(event_imports.FILES.keep, found=packed, staff_id=member.id, now=now, name=name[:100])
        number = await asyncio.wrap_future(room.store.writer.submit(keep))
    return await _page(request, member, read_=found, number=number, took=took)


async def take(request: Request, member: Member) -> Response:
    """POST …/take: all of it, in one transaction."""
    room, number = room_of(request), line_of((await request.form()).get("number"))
    now = room.clock()
    found = await anyio.to_thread.run_sync(room.store.read, lambda conn: event_imports.kept(conn, number, member.id))

    def job(conn: Connection) -> bool:
        if not event_imports.FILES.drop(conn, number, member.id):
            return False
        event_imports.take(conn, found, member.id, None, now)
        audit.add(conn, room.store.vault, [Entry(member.id, What.IMPORTED)], now)
        return True

    if not await asyncio.wrap_future(room.store.writer.submit(job)):
        return await _page(request, member, wrong=word("happening_in.again"), status=409)
    return RedirectResponse("/console/events/import?said=took", 303)


async def _page(  # noqa: PLR0913
    request: Request,
    member: Member,
    *,
    read_: Read | None = None,
    number: int = 0,
    took: Took | None = None,
    wrong: str = "",
    said: str = "",
    status: int = 200,
) -> Response:
    room = room_of(request)
    followed = await anyio.to_thread.run_sync(room.store.read, lambda conn: feeds.shown(conn, Kind.EVENTS))
    values = {
        "read": read_,
        "shown": read_.found[:_SHOWN] if read_ else (),
        "wrongs": wrong_words(read_.wrong) if read_ else [],
        "number": number,
        "took": took,
        "wrong": wrong,
        "said": said,
    }
    return draw(request, "console/event_import.html", status, member=member, zone=room.mind.zone, **values, **followed)
