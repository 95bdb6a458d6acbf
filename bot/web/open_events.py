"""The events for everybody: a list and a page of each without any script, and the same as calendar, feed and data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

import anyio.to_thread
import segno
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from bot.billboard import happening, seen_now
from bot.event_out import Pair, atom, calendar, data_csv, data_json
from bot.web import paper
from bot.web.console.number import number
from bot.web.openly import Openly, Read
from bot.web.placards import chats
from bot.web.room import Room
from dialogs.happening import Happening, Wanted
from dialogs.words import library
from knowledge.event import Target
from storage import event_pictures, events, sign_ups

_WHEN = ("weekend", "week", "next_week", "month", "next_month")
MOST = 60  # events on one page


_EVENTS = Openly[Sequence[Pair]](
    events.stamp, lambda conn, room, now: seen_now(events.published(conn, now), room.mind.zone, now)
)
_Read = Read[Sequence[Pair]]


def _wanted(request: Request) -> Wanted:
    told = request.query_params
    when = told.get("when", "")
    target = told.get("for", "")
    return Wanted(
        when if when in _WHEN else "",
        (target,) if target in set(Target) else (),
        told.get("free") == "1",
        told.get("near", "")[:40].strip(),
    )


def _happening(room: Room, pair: Pair, now: datetime) -> Happening:
    return happening(*pair, room.mind.zone, room.mind.public_url, now)


async def listing(request: Request) -> Response:
    """GET /events, with filters in its address."""
    wanted = _wanted(request)

    def draw(room: Room, read: _Read) -> bytes:
        today: date = room.mind.local(read.minute).date()
        found = [(pair, one) for pair in read.found if wanted.fits(one := _happening(room, pair, read.minute), today)]
        page = paper.page(
            "open/events.html",
            "ja",
            found=found[:MOST],
            count=len(found),
            wanted=wanted,
            whens=_WHEN,
            targets=tuple(Target),
            words=library()["ja"],
            centre=room.house.centre["ja"],
        )
        return bytes(page.body)

    return await _EVENTS.answer(request, "text/html; charset=utf-8", draw)


async def one(request: Request) -> Response:
    """GET /events/ID"""
    of = number(request, "event_id")

    def draw(room: Room, read: _Read) -> bytes:
        pairs = _of(read, of)
        page = paper.page(
            "open/event.html",
            "ja",
            event=pairs[0][0],
            picture=room.store.read(lambda conn: event_pictures.shown(conn, of)),
            public_url=room.mind.public_url,
            schema="https://schema.org/",
            dates=[(pair, _happening(room, pair, read.minute)) for pair in pairs],
            chats=chats(room.store.vault, room.known, f"event-{of}"),
            words=library()["ja"],
            centre=room.house.centre["ja"],
        )
        return bytes(page.body)

    return await _EVENTS.answer(request, "text/html; charset=utf-8", draw)


def _of(read: _Read, event_id: int) -> list[Pair]:
    found = [pair for pair in read.found if pair[0].id == event_id]
    if not found:
        raise HTTPException(404)
    return found


async def picture(request: Request) -> Response:
    """GET /events/ID/picture/NUMBER: the one that is shown, while its event is."""
    room: Room = request.app.state.room
    of, which = number(request, "event_id"), number(request, "picture_id")

    _of(await _EVENTS.read(room), of)

    def look(conn: Connection) -> bytes | None:
        shown = event_pictures.shown(conn, of)
        return event_pictures.data(conn, room.store.vault, of, which) if shown and shown.id == which else None

    found = await anyio.to_thread.run_sync(room.store.read, look)
    if found is None:
        raise HTTPException(404)
    return Response(found, media_type="image/jpeg", headers={"Cache-Control": "public, max-age=3600"})


async def one_calendar(request: Request) -> Response:
    """GET /events/ID.ics"""
    of = number(request, "event_id")
    return await _EVENTS.answer(
        request, "text/calendar; charset=utf-8", lambda room, read: calendar(_of(read, of), room.mind.public_url)
    )


async def everything(request: Request) -> Response:
    """GET /events.ics, .atom, .csv, .json"""
    kinds: dict[str, tuple[str, Callable[[Sequence[Pair], str], str | bytes]]] = {
        "ics": ("text/calendar; charset=utf-8", calendar),
        "atom": ("application/atom+xml; charset=utf-8", atom),
        "csv": ("text/csv; charset=utf-8", data_csv),
        "json": ("application/json", data_json),
    }
    kind, draw = kinds[request.url.path.rpartition(".")[2]]
    return await _EVENTS.answer(request, kind, lambda room, read: draw(read.found, room.mind.public_url))


async def ticket(request: Request) -> Response:
    """GET /events/t/CODE: what is shown at the door. Whoever has it sees the event and a picture, no name."""
    room: Room = request.app.state.room
    code = str(request.path_params["code"])

    def read(conn: Connection) -> tuple[sign_ups.SignUp, Pair] | None:
        found = sign_ups.by_code(conn, code)
        of = None if found is None else events.of_date(conn, found.date_id)
        return None if found is None or of is None else (found, of)

    found = await anyio.to_thread.run_sync(room.store.read, read)
    if found is None:
        raise HTTPException(404)
    mine, pair = found
    picture = segno.make(f"{room.mind.public_url}/console/door?c={mine.code}", error="m").svg_data_uri(scale=6)
    page: HTMLResponse = paper.page(
        "open/ticket.html",
        "ja",
        mine=mine,
        one=_happening(room, pair, room.clock()),
        picture=picture,
        words=library()["ja"],
        centre=room.house.centre["ja"],
    )
    return page


def routes(_room: Room) -> list[BaseRoute]:
    """Open to everybody: nothing personal is shown."""
    whole = [Route(f"/events.{kind}", everything, methods=["GET"]) for kind in ("ics", "atom", "csv", "json")]
    return [
        *whole,
        Route("/events", listing, methods=["GET"]),
        Route("/events/t/{code}", ticket, methods=["GET"]),
        Route("/events/{event_id}/picture/{picture_id}", picture, methods=["GET"]),
        Route("/events/{event_id}.ics", one_calendar, methods=["GET"]),
        Route("/events/{event_id}", one, methods=["GET"]),
    ]
