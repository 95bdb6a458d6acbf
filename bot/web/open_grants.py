"""The grants for everybody: a list and a page of each without any script, and the same as calendar, feed and data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.grant_out import atom, calendar, data_csv, data_json
from bot.web import paper
from bot.web.console.number import number
from bot.web.openly import Openly, Read
from bot.web.room import Room
from knowledge.grant import Form, Kind, stale
from knowledge.grant_csv import AREAS, DELIVERIES, FORMS, KINDS
from storage import grants
from storage.grants import Grant

_GRANTS = Openly[Sequence[Grant]](
    grants.stamp, lambda conn, room, now: grants.published(conn, room.mind.local(now).date())
)
_Read = Read[Sequence[Grant]]
_NAMES = {"forms": FORMS, "areas": AREAS, "kinds": KINDS, "deliveries": DELIVERIES}


def _page(room: Room, read: _Read, name: str, **values: Any) -> bytes:
    today = room.mind.local(read.minute).date()
    aged = {of.id for of in read.found if stale(of.checked, today)}
    page = paper.page(name, "ja", today=today, aged=aged, names=_NAMES, centre=room.house.centre["ja"], **values)
    return bytes(page.body)


async def listing(request: Request) -> Response:
    """GET /grants, with a field and a kind of group in its address; the next deadline first."""
    told = request.query_params
    kind = next((one for one in Kind if one.value == told.get("field")), None)
    form = next((one for one in Form if one.value == told.get("form")), None)

    def draw(room: Room, read: _Read) -> bytes:
        found = [
            of
            for of in read.found
            if (kind is None or not of.content.fields or kind in of.content.fields)
            and (form is None or not of.content.forms or form in of.content.forms)
        ]
        return _page(room, read, "open/grants.html", found=found, kind=kind, form=form)

    return await _GRANTS.answer(request, "text/html; charset=utf-8", draw)


def _one(read: _Read, grant_id: int) -> Grant:
    found = next((of for of in read.found if of.id == grant_id), None)
    if found is None:
        raise HTTPException(404)
    return found


async def one(request: Request) -> Response:
    """GET /grants/ID"""
    of = number(request, "grant_id")

    def draw(room: Room, read: _Read) -> bytes:
        return _page(room, read, "open/grant.html", of=_one(read, of))

    return await _GRANTS.answer(request, "text/html; charset=utf-8", draw)


async def one_calendar(request: Request) -> Response:
    """GET /grants/ID.ics"""
    of = number(request, "grant_id")
    kind = "text/calendar; charset=utf-8"
    return await _GRANTS.answer(request, kind, lambda room, read: calendar([_one(read, of)], room.mind.public_url))


async def everything(request: Request) -> Response:
    """GET /grants.ics, .atom, .csv, .json"""
    kinds: dict[str, tuple[str, Callable[[Sequence[Grant], str], str | bytes]]] = {
        "ics": ("text/calendar; charset=utf-8", calendar),
        "atom": ("application/atom+xml; charset=utf-8", atom),
        "csv": ("text/csv; charset=utf-8", data_csv),
        "json": ("application/json", data_json),
    }
    kind, draw = kinds[request.url.path.rpartition(".")[2]]
    return await _GRANTS.answer(request, kind, lambda room, read: draw(read.found, room.mind.public_url))


def routes(_room: Room) -> list[BaseRoute]:
    """Open to everybody: nothing personal is shown."""
    return [
        *(Route(f"/grants.{kind}", everything, methods=["GET"]) for kind in ("ics", "atom", "csv", "json")),
        Route("/grants", listing, methods=["GET"]),
        Route("/grants/{grant_id}.ics", one_calendar, methods=["GET"]),
        Route("/grants/{grant_id}", one, methods=["GET"]),
    ]
