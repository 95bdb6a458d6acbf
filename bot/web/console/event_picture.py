"""The picture of an event: brought by one, with the word that all on it agree; shown once another has looked at it."""

from __future__ import annotations

import io
from functools import partial

import anyio.to_thread
from PIL import Image
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.channels.pictures import anew
from bot.web.badge import room_of
from bot.web.console.number import line_of, number
from bot.web.entry import field, put, read
from knowledge.lines import Line
from storage import audit, event_pictures, events
from storage.audit import Entry, What
from storage.event_pictures import New
from storage.events import State
from storage.staff import Member

SIDE = 1280  # dots of the longer side: sharp on a phone, and 100 to 300 KB
_LINE = TypeAdapter[str](Line)
_HEADERS = {"Cache-Control": "private, no-store", "Content-Disposition": "inline"}


async def bring(request: Request, member: Member) -> Response:
    """POST /console/events/picture: a picture, drawn anew, waits for a second look."""
    room = room_of(request)
    async with request.form() as form:
        event_id, sent, alt = line_of(form.get("event")), form.get("file"), _alt(form)
        brought = await sent.read() if isinstance(sent, UploadFile) else b""
    if not alt or not field(form, "agreed"):
        return _back(event_id, "wrong=form")
    drawn = await anyio.to_thread.run_sync(partial(anew, brought, SIDE))
    if drawn is None:
        return _back(event_id, "wrong=file")
    new = New(event_id, member.id, alt, Image.open(io.BytesIO(drawn)).size, drawn)

    def job(conn: Connection) -> bool:
        of = events.find(conn, event_id)
        if of is None or of.state is State.AWAY:
            return False
        event_pictures.put(conn, room.store.vault, new, room.clock())
        audit.add(conn, room.store.vault, [Entry(member.id, What.EVENT)], room.clock())
        return True

    if not await put(room, job):
        raise HTTPException(404)
    return _back(event_id, "said=brought")


async def look(request: Request, _member: Member) -> Response:
    """GET /console/events/{event_id}/picture/{picture_id}: as it would be shown."""
    room, of, which = room_of(request), number(request, "event_id"), number(request, "picture_id")
    found = await read(room, lambda conn: event_pictures.data(conn, room.store.vault, of, which))
    if found is None:
        raise HTTPException(404)
    return Response(found, media_type="image/jpeg", headers=_HEADERS)


async def decide(request: Request, member: Member) -> Response:
    """POST …/show and …/drop: whoever did not bring it lets it be seen; anybody of us takes it off."""
    room, of, which = room_of(request), number(request, "event_id"), number(request, "picture_id")
    shows = request.url.path.endswith("/show")

    def job(conn: Connection) -> bool:
        if events.find(conn, of) is None:
            raise HTTPException(404)
        if which not in {one.id for one in event_pictures.of_event(conn, of)}:
            return not shows  # a second click
        if shows and not event_pictures.show(conn, of, which, member.id):
            return False
        if not shows:
            event_pictures.drop(conn, of, which)
        audit.add(conn, room.store.vault, [Entry(member.id, What.EVENT_OUT)], room.clock())
        return True

    done = await put(room, job)
    return _back(of, f"said={'shown' if shows else 'dropped'}" if done else "wrong=quicker")


def _alt(form: FormData) -> str:
    try:
        return _LINE.validate_python(field(form, "alt"))
    except ValidationError:
        return ""


def _back(event_id: int, told: str) -> Response:
    return RedirectResponse(f"/console/events/{event_id}?picture_{told}#picture", 303)
