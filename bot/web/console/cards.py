"""Posters and cards with QR codes in the console: of a place that is typed, and of an event."""

from __future__ import annotations

import anyio.to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.fonts import font_or_none
from bot.poster import Poster, Sheet, printed
from bot.web import placards
from bot.web.badge import room_of
from bot.web.console.number import number
from bot.web.console.words import word
from bot.web.drawing import draw
from bot.web.entry import read
from bot.web.room import Room
from storage import events, places
from storage.events import State
from storage.staff import Member

_LONGEST = 40


async def show(request: Request, member: Member) -> Response:
    """GET /console/cards: the form, and how many came by each card; with a place in its address, the PDF."""
    told = request.query_params
    code, shown = told.get("code", "").strip(), " ".join(told.get("place", "").split())[:_LONGEST]
    wrong = ""
    if "code" in told:
        wrong = "" if shown else word("poster.wrong_place")
        wrong = wrong if placards.place_fits(code) else word("poster.wrong")
        if not wrong:
            room = room_of(request)
            named = (room.house.centre["ja"], code, shown)
            poster = placards.of_place(room.store.vault, room.known, room.mind.public_url, named)
            return await _paper(room, poster, _sheet(request), code)
    came = await read(room_of(request), places.counts)
    values = {"code": code, "shown": shown, "wrong": wrong, "came": came, "sheet": told.get("sheet", Sheet.A4.value)}
    return draw(request, "console/cards.html", 422 if wrong else 200, member=member, **values)


async def of_event(request: Request, member: Member) -> Response:
    """GET /console/events/{event_id}/poster: the PDF of what is published. Raises 404."""
    room, which = room_of(request), number(request, "event_id")
    event = await read(room, lambda conn: events.find(conn, which))
    if event is None or event.state is not State.PUBLISHED:
        raise HTTPException(404)
    day = (room.house.centre["ja"], room.mind.zone, room.clock())
    poster = placards.of_event(room.store.vault, room.known, room.mind.public_url, event, day)
    del member
    return await _paper(room, poster, _sheet(request), f"event-{which}")


def _sheet(request: Request) -> Sheet:
    told = request.query_params.get("sheet", Sheet.A4.value)
    return Sheet(told) if told in set(Sheet) else Sheet.A4


async def _paper(room: Room, poster: Poster, sheet: Sheet, name: str) -> Response:
    font = font_or_none(room.settings.menu_font)
    made = await anyio.to_thread.run_sync(printed, poster, sheet, font)
    headers = {"Content-Disposition": f'inline; filename="{name}-{sheet}.pdf"'}
    return Response(made, media_type="application/pdf", headers=headers)
