"""At the door: a code is read by a phone or typed, the people are let in once, and courses have their certificate."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import anyio.to_thread
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.certificate import certificate
from bot.web.badge import room_of
from bot.web.console.words import word
from bot.web.drawing import draw
from knowledge.event import What
from storage import audit, events, sign_ups
from storage.audit import Entry
from storage.audit import What as Did
from storage.events import Event, EventDate
from storage.sign_ups import SignUp
from storage.staff import Member

_LONGEST = 60


@dataclass(frozen=True)
class _Seen:
    mine: SignUp
    of: Event
    date: EventDate

    def on(self, zone: ZoneInfo, now: datetime) -> bool:
        """Whether this date is on one of these days, of the centre's clock: a code of another day opens no door."""
        first, last = (moment.astimezone(zone).date() for moment in (self.date.span.starts_at, self.date.span.ends_at))
        return first <= now.astimezone(zone).date() <= last


def _code(text: object) -> str:
    return "".join(str(text or "").upper().split())[:20]


def _look(conn: Connection, code: str) -> _Seen | None:
    mine = sign_ups.by_code(conn, code) if code else None
    found = None if mine is None else events.of_date(conn, mine.date_id)
    return None if mine is None or found is None else _Seen(mine, *found)


async def show(request: Request, member: Member) -> Response:
    """GET /console/door?c=CODE: opened by a phone's camera."""
    return await _page(request, member, _code(request.query_params.get("c")), "")


async def let_in(request: Request, member: Member) -> Response:
    """POST /console/door: they are there. A code lets in once."""
    room, form = room_of(request), await request.form()
    code, now = _code(form.get("c")), room.clock()

    def job(conn: Connection) -> str:
        seen = _look(conn, code)
        if seen is None:
            return word("door.unknown")
        audit.add(conn, room.store.vault, [Entry(member.id, Did.EVENT_PEOPLE)], now)
        if not seen.on(room.mind.zone, now):
            return word("door.other_day")
        if sign_ups.arrive(conn, seen.mine, now):
            return word("door.in")
        return word("door.used" if seen.mine.arrived_at else "door.void")

    told = await asyncio.wrap_future(room.store.writer.submit(job))
    return await _page(request, member, code, told)


async def paper(request: Request, member: Member) -> Response:
    """POST /console/door/certificate: a course's certificate for a name that is typed now and kept nowhere."""
    room, form = room_of(request), await request.form()
    code, name = _code(form.get("c")), str(form.get("name") or "").strip()[:_LONGEST]
    seen = await anyio.to_thread.run_sync(room.store.read, lambda conn: _look(conn, code))
    if seen is None or not name or seen.of.content.what is not What.COURSE or seen.mine.arrived_at is None:
        raise HTTPException(404)
    day = room.mind.local(seen.date.span.starts_at).date()
    made = certificate(name, seen.of.content, day)
    del member
    return Response(
        made, media_type="application/pdf", headers={"Content-Disposition": 'inline; filename="certificate.pdf"'}
    )


async def _page(request: Request, member: Member, code: str, told: str) -> Response:
    room = room_of(request)
    seen = await anyio.to_thread.run_sync(room.store.read, lambda conn: _look(conn, code))
    wrong = word("door.unknown") if code and seen is None else ""
    values: dict[str, Any] = {"seen": seen, "told": told, "wrong": wrong, "course": What.COURSE}
    values |= {"good": told == word("door.in")}
    return draw(request, "console/door.html", member=member, **values)
