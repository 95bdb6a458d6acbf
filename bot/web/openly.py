"""What anybody may read: drawn once for all who ask, until it changes or the minute is over."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

import anyio.to_thread
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from bot.web.room import Room
from storage.engine import Store

T = TypeVar("T")
_PUBLIC = {"Cache-Control": "public, max-age=60", "X-Robots-Tag": "all"}
_MOST = 200  # addresses whose pages are kept drawn


@dataclass(frozen=True)
class Read(Generic[T]):
    """What was read at a minute under the number of the last change, with what was drawn of it."""

    stamp: int
    minute: datetime
    found: T
    drawn: dict[str, bytes] = field(default_factory=dict)


class Openly(Generic[T]):
    """Pages of one kind: `stamp` is the number of the last change, `look` reads what everybody may see at a moment."""

    def __init__(self, stamp: Callable[[Connection], int], look: Callable[[Connection, Room, datetime], T]) -> None:
        self._stamp, self._look = stamp, look
        self._read: WeakKeyDictionary[Store, Read[T]] = WeakKeyDictionary()

    async def answer(self, request: Request, kind: str, draw: Callable[[Room, Read[T]], str | bytes]) -> Response:
        """What is drawn once for all who ask; a browser that has it already gets nothing again."""
        room: Room = request.app.state.room
        at = f"{request.url.path}?{request.url.query}"
        body = await anyio.to_thread.run_sync(lambda: self._body(room, at, draw))
        tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        headers = _PUBLIC | {"ETag": tag}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=kind, headers=headers)

    async def read(self, room: Room) -> Read[T]:
        """What everybody may see at this minute."""
        return await anyio.to_thread.run_sync(self._now, room)

    def _body(self, room: Room, at: str, draw: Callable[[Room, Read[T]], str | bytes]) -> bytes:
        read = self._now(room)
        if at not in read.drawn:
            made = draw(room, read)
            body = made.encode() if isinstance(made, str) else made
            if len(read.drawn) >= _MOST:
                return body
            read.drawn[at] = body
        return read.drawn[at]

    def _now(self, room: Room) -> Read[T]:
        now = room.clock().replace(second=0, microsecond=0)
        before = self._read.get(room.store)

        def read(conn: Connection) -> Read[T]:
            stamp = self._stamp(conn)
            if before and (before.stamp, before.minute) == (stamp, now):
                return before
            return Read(stamp, now, self._look(conn, room, now))

        self._read[room.store] = found = room.store.read(read)
        return found
