"""Takes a file in: a preview with every wrong row, then all of it or nothing; and the feeds that are followed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Generic, TypeVar

import anyio.to_thread
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.event_in import wrong_words
from bot.web.badge import room_of
from bot.web.console import feeds
from bot.web.console.number import line_of
from bot.web.console.words import word
from bot.web.drawing import draw
from bot.web.entry import sent_file
from bot.web.room import Room
from knowledge.csv_file import Wrong
from storage import audit
from storage.audit import Entry, What
from storage.feeds import Kind
from storage.heads import Took
from storage.previews import Previews
from storage.staff import Member

F = TypeVar("F")
_SHOWN = 20


@dataclass(frozen=True)
class Sheet(Generic[F]):
    """What a file holds, and what is wrong with it."""

    found: tuple[F, ...]
    wrong: tuple[Wrong, ...]


@dataclass(frozen=True)
class FileIn(Generic[F]):
    """The three doors of one kind of file, each a handler: `show`, `preview` and `take`.

    `words` begins the names of its words, `kind` names its feeds and its address. The page gets `more` besides.
    """

    kind: Kind
    words: str
    files: Previews
    read: Callable[[bytes, Room, datetime], Sheet[F]]
    compare: Callable[[Connection, Sequence[F]], Took]
    packed: Callable[[Sequence[F]], str]
    kept: Callable[[Connection, int, int], Sequence[F]]
    taken: Callable[[Connection, Sequence[F], int, datetime], object]
    more: dict[str, Any] = field(default_factory=dict)

    async def show(self, request: Request, member: Member) -> Response:
        """GET …/import."""
        took = request.query_params.get("said") == "took"
        return await self._page(request, member, said=self._word("said_took") if took else feeds.said(request))

    async def preview(self, request: Request, member: Member) -> Response:
        """POST …/import: what the file holds; nothing is taken yet, nor at all while a row is wrong."""
        room = room_of(request)
        _, data = await sent_file(request)
        if not data:
            return await self._page(request, member, 422, wrong=self._word("choose"))
        now, number = room.clock(), 0
        # Everything but the one row that is kept is done where nobody waits for it.
        sheet = await anyio.to_thread.run_sync(self.read, data, room, now)
        took = await anyio.to_thread.run_sync(room.store.read, lambda conn: self.compare(conn, sheet.found))
        if not sheet.wrong:
            packed = await anyio.to_thread.run_sync(self.packed, sheet.found)
            keep = partial(self.files.keep, found=packed, staff_id=member.id, now=now)
            number = await asyncio.wrap_future(room.store.writer.submit(keep))
        return await self._page(request, member, sheet=sheet, number=number, took=took)

    async def take(self, request: Request, member: Member) -> Response:
        """POST …/import/take: all of it, in one transaction."""
        room, number = room_of(request), line_of((await request.form()).get("number"))
        now = room.clock()
        found = await anyio.to_thread.run_sync(room.store.read, lambda conn: self.kept(conn, number, member.id))

        def job(conn: Connection) -> bool:
            if not self.files.drop(conn, number, member.id):
                return False
            self.taken(conn, found, member.id, now)
            audit.add(conn, room.store.vault, [Entry(member.id, What.IMPORTED)], now)
            return True

        if not await asyncio.wrap_future(room.store.writer.submit(job)):
            return await self._page(request, member, 409, wrong=self._word("again"))
        return RedirectResponse(f"/console/{self.kind.value}/import?said=took", 303)

    def _word(self, key: str, **values: str | int) -> str:
        return word(f"{self.words}.{key}", **values)

    async def _page(self, request: Request, member: Member, status: int = 200, **values: Any) -> Response:
        room, sheet = room_of(request), values.get("sheet")
        followed = await anyio.to_thread.run_sync(room.store.read, lambda conn: feeds.shown(conn, self.kind))
        page = {
            "member": member,
            "zone": room.mind.zone,
            "say": self._word,
            "sheet": sheet,
            "shown": sheet.found[:_SHOWN] if sheet else (),
            "wrongs": wrong_words(sheet.wrong) if sheet else [],
            **dict.fromkeys(("number", "took", "wrong", "said")),
        }
        return draw(request, f"console/{self.kind.value}_in.html", status, **page | followed | self.more | values)
