"""The door that links of broadcasts lead through where the centre counts how often they are opened."""

from __future__ import annotations

from functools import partial

import anyio.to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.links import DOOR, all_of, hosts
from bot.web.room import Room
from bot.wording import leads_to
from storage import broadcasts, openings

# Messengers look at a link before anybody does: LINE, Telegram, and what names itself a bot.
_LOOKERS = ("bot", "line-poker", "preview")
_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


async def lead(request: Request) -> Response:
    """GET /to/{code}: on to the page that a broadcast names; counted once that has left, of nobody in particular."""
    room: Room = request.app.state.room
    known = openings.told(room.store.vault, request.path_params["code"])
    if known is None:
        raise HTTPException(404)
    number, place = known
    found = await anyio.to_thread.run_sync(room.store.read, lambda conn: broadcasts.find(conn, number))
    links = [] if found is None else all_of(found.draft.texts)
    address = leads_to(links[place], hosts(room.settings)) if place < len(links) else None
    if found is None or address is None:
        raise HTTPException(404)
    if room.settings.broadcast_count_links and found.started_at is not None and _somebody(request):
        # Nobody waits for it, and where it fails the way goes on.
        room.store.writer.submit(partial(openings.add, broadcast_id=number, place=place))
    return RedirectResponse(address, 302, _HEADERS)


def _somebody(request: Request) -> bool:
    agent = request.headers.get("user-agent", "").lower()
    return request.method == "GET" and not any(one in agent for one in _LOOKERS)


def routes() -> list[BaseRoute]:
    """Open to everybody who got such a link."""
    return [Route(DOOR + "{code:str}", lead, methods=["GET"])]
