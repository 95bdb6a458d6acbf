"""The stream that tells open consoles that something changed: never what, so that a page can only show what it may."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable

import anyio
import anyio.to_thread
from sqlalchemy import Connection
from sse_starlette import ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response

from bot.web.badge import locked, room_of, token_of
from bot.web.room import Room
from bot.web.streams import streaming
from storage import feed, sessions, sight
from storage.feed import Seen
from storage.sight import Sight
from storage.staff import Member

_LOOK_S = 1.0
_BEAT_S = 15
_AT_MOST = 200
_AGAIN_MS, _SPREAD_MS = 1000, 3000  # a console that lost its line comes back after so long, and up to so much more


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
    """One event for each change of a case that this member sees.

    `out`, and the end, as soon as the session is over or locked, or they see other cases than at the beginning.
    """
    start, seeing = await anyio.to_thread.run_sync(
        room.store.read, lambda conn: (feed.newest(conn), sight.of(conn, member))
    )
    cursor = start if cursor is None else cursor
    # Each after a time of its own: when a server dies, all its consoles would come back in the same moment.
    again = _AGAIN_MS + secrets.randbelow(_SPREAD_MS)
    yield ServerSentEvent(event="hello", data="{}", id=str(cursor), retry=again)
    while not over.is_set():
        # Listening begins before looking: a ring in between is not lost.
        ring = asyncio.ensure_future(room.bell.wait(_LOOK_S))
        now_seeing, seen, shown = await anyio.to_thread.run_sync(room.store.read, _look(room, token, member, cursor))
        if now_seeing != seeing:
            ring.cancel()
            yield ServerSentEvent(event="out", data="{}")
            return
        for change in seen:
            cursor = change.id
            if change.case_id in shown:
                data = json.dumps({"kind": change.kind, "case": change.case_id})
                yield ServerSentEvent(event="change", data=data, id=str(change.id))
        if seen:
            ring.cancel()
        else:
            await ring


def _look(
    room: Room, token: str, member: Member, cursor: int
) -> Callable[[Connection], tuple[Sight | None, list[Seen], frozenset[int]]]:
    """What they see at all, None when they are not there; what changed; and the cases among that which they see."""
    now = room.clock()

    def look(conn: Connection) -> tuple[Sight | None, list[Seen], frozenset[int]]:
        inside = sessions.inside(conn, token, now)
        if inside is None or inside.member.id != member.id or locked(inside, room.settings, now):
            return None, [], frozenset()
        seeing, changes = sight.of(conn, inside.member), feed.since(conn, cursor, _AT_MOST)
        return seeing, changes, seeing.among(conn, {one.case_id for one in changes if one.case_id is not None})

    return look
