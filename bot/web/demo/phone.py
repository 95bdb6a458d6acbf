"""The demo's page and the wires of its phone: what the screen shows, live, and what the thumb does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
from sse_starlette import JSONServerSentEvent, ServerSentEvent
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.web import paper
from bot.web.demo.hands import Face, Hand, Impossible, Platforms, hand_of
from bot.web.room import Room
from bot.web.streams import streaming

_README = Path(__file__).parents[3] / "README.md"
_BUSY_LOOK_S = 0.5


def routes(room: Room, platforms: Platforms) -> list[BaseRoute]:
    """GET /demo, and under /demo/phone/{channel}/{user}/ the screen (events) and the deeds; none but in the demo."""
    if not room.demo:
        return []

    def hand(request: Request) -> Hand:
        found = hand_of(platforms, request.path_params["channel"], request.path_params["user"])
        if found is None:
            raise HTTPException(404)
        return found

    async def page(_request: Request) -> Response:
        people = [{"name": one.name, "channel": one.channel, "user": one.user} for one in platforms.residents]
        always: dict[str, Any] = {
            "centre": room.house.centre["ja"],
            "zone": room.settings.timezone,
            "readme": _README.is_file(),
        }
        return paper.page("demo/page.html", "ja", people=people, **always)

    async def readme(_request: Request) -> Response:
        if not _README.is_file():
            raise HTTPException(404)
        return PlainTextResponse(_README.read_text("utf-8"))

    async def events(request: Request) -> Response:
        found = hand(request)
        return streaming(lambda over: _screen(found, over))

    async def act(request: Request) -> Response:
        try:
            told: Any = json.loads(await request.body() or b"{}")
            posted = await hand(request).act(request.path_params["deed"], told if isinstance(told, dict) else {})
        except (ValueError, LookupError, Impossible) as impossible:
            return JSONResponse({"why": str(impossible)}, 409)
        return JSONResponse({"status": posted.status, "why": posted.why}, 200 if posted.ok else 502)

    one = "/demo/phone/{channel}/{user}"
    return [
        Route("/demo", page),
        Route("/demo/readme", readme),
        Route(one + "/events", events),
        Route(one + "/{deed}", act, methods=["POST"]),
    ]


async def _screen(hand: Hand, over: anyio.Event) -> AsyncIterator[ServerSentEvent]:
    """The whole screen first, then what changes on it; "busy" tells whether the bot is seen to be writing."""
    faces, busy, menu = hand.screen(), False, ""
    yield JSONServerSentEvent(faces, event="whole")
    after = _newest(faces)
    news = asyncio.create_task(hand.changed(after))
    try:
        while not over.is_set():
            await asyncio.wait([news], timeout=_BUSY_LOOK_S)
            if news.done():
                faces = news.result()
                after = max(after, _newest(faces))
                news = asyncio.create_task(hand.changed(after))
                yield JSONServerSentEvent(faces, event="change")
            if (shown := hand.menu) and shown["id"] != menu:
                menu = shown["id"]
                yield JSONServerSentEvent(shown, event="menu")
            if hand.busy is not busy:
                busy = not busy
                yield JSONServerSentEvent(busy, event="busy")
    finally:
        news.cancel()


def _newest(faces: list[Face]) -> int:
    return max((face["seq"] for face in faces), default=0)
