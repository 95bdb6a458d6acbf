"""Whether the program lives, for a watchdog: no content, no figures that tell about people."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from bot.web.room import Room
from storage import StorageDown, feed


def routes(room: Room) -> list[BaseRoute]:
    """GET /health: 200 while the database answers, else 503."""

    async def health(_request: Request) -> JSONResponse:
        try:
            await asyncio.to_thread(room.store.read, feed.newest)
        except StorageDown:
            return JSONResponse({"well": False, "why": "database"}, status_code=503)
        return JSONResponse({"well": True})

    return [Route("/health", health)]
