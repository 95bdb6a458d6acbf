"""The stream that tells open consoles that something changed: never what, so that a page can only show what it may."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable

import anyio
import anyio.to_thread
from sqlalchemy import Connection
from sse_starlette import ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response

from bot.web.badge import room_of, token_of
from bot.web.room import Room
from bot.web.streams import streaming
from storage import feed, staff
from storage.feed import Seen
from storage.staff import Member

_LOOK_S = 1.0
_BEAT_S = 15
_AT_MOST = 200


async def changes(request: Request, member: Member) -> Response:
    """GET /console/live: what changed after `Last-Event-ID` or `?after=`, and from then on as it happens."""
    told = request.headers.get("last-event-id") or request.query_params.get("after") or ""
    cursor = int(told) if told.isascii() and told.isdecimal() and len(told) < 19 else None
    room, token = room_of(request), token_of(request)
    return streaming(
        lambda over: _stream(room, token, member, cursor, over),
        beat_s=_BEAT_S,
        # An event and not a comment: only events reach the page, which thereby notices a line that died silently.
        beat=lambda: ServerSentEvent(event="beat", data="{}"),
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _stream(
    room: Room, token: str, member: Member, cursor: int | None, over: anyio.Event
) -> AsyncIterator[ServerSentEvent]:
    """One event for each change of a case; `out`, and the end, as soon as the session is over."""
    if cursor is None:
        cursor = await anyio.to_thread.run_sync(room.store.read, feed.newest)
    yield ServerSentEvent(event="hello", data="{}", id=str(cursor), retry=2000)
    while not over.is_set():
        # Listening begins before looking: a ring in between is not lost.
        ring = asyncio.ensure_future(room.bell.wait(_LOOK_S))
        inside, seen = await anyio.to_thread.run_sync(room.store.read, _look(room, token, cursor))
        if inside is None or inside.id != member.id:
            ring.cancel()
            yield ServerSentEvent(event="out", data="{}")
            return
        for change in seen:
            cursor = change.id
            if change.case_id is not None:
                data = json.dumps({"kind": change.kind, "case": change.case_id})
                yield ServerSentEvent(event="change", data=data, id=str(change.id))
        if seen:
            ring.cancel()
        else:
            await ring


def _look(room: Room, token: str, cursor: int) -> Callable[[Connection], tuple[Member | None, list[Seen]]]:
    now = room.clock()

    def look(conn: Connection) -> tuple[Member | None, list[Seen]]:
        return staff.of_session(conn, token, now), feed.since(conn, cursor, _AT_MOST)

    return look
