"""The calendar file of an appointment: a link that shows a button, and the file once it is pressed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import anyio.to_thread
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.ics import TYPE, drawn
from bot.meetings import as_meeting
from bot.web import paper
from bot.web.badge import room_of
from bot.web.entry import put, read
from bot.web.room import Room
from dialogs.dates import say_moment
from storage import appointments, pages
from storage.appointments import Appointment
from storage.pages import Link, Purpose
from storage.window import language_of

AGAIN = timedelta(minutes=10)  # a telephone may ask twice for what it was given once


def routes() -> list[BaseRoute]:
    """GET and POST /file/{token}."""
    return [Route("/file/{token:str}", show), Route("/file/{token:str}", give, methods=["POST"])]


async def show(request: Request) -> Response:
    """What this is, and the button. Previews may look as often as they like."""
    room, token = room_of(request), request.path_params["token"]
    found = await read(room, lambda conn: _find(conn, room, token))
    if found is None or _used(found[0], room):
        return _gone(found)
    _, of, language = found
    words = room.house.library[language]
    values: dict[str, Any] = {"when": say_moment(as_meeting(of, room.mind.zone).starts, words)}
    at = of.when.place if of.stands else ""
    values["where"] = at and words.say("meeting.at", how=words.say(f"meeting.{of.when.way}"), place=at)
    return paper.page("chat/file.html", language, at=f"/file/{token}", stands=of.stands, **values)


async def give(request: Request) -> Response:
    """The file, to be saved; after ten minutes the link is of no use any more."""
    room, token = room_of(request), request.path_params["token"]
    now = room.clock()

    def job(conn: Connection) -> tuple[Link, Appointment, str] | None:
        found = _find(conn, room, token)
        if found is not None and found[0].bound_at is None:
            pages.bind(conn, token, now)
        return found

    found = await put(room, job)
    if found is None or _used(found[0], room):
        return _gone(found)
    of = found[1]
    title = f"{room.house.centre['ja']} {of.ref}"
    # In a thread: the first file loads what knows the rules of all time zones.
    body = await anyio.to_thread.run_sync(drawn, of, title, room.mind.public_url, room.mind.zone)
    headers = {"Content-Disposition": f'attachment; filename="nakodo-{of.ref}.ics"'}
    return Response(body, media_type=TYPE, headers=headers)


def _find(conn: Connection, room: Room, token: str) -> tuple[Link, Appointment, str] | None:
    link = pages.look(conn, token, room.clock())
    if link is None or link.purpose is not Purpose.FILE or link.run is None:
        return None
    of = appointments.get(conn, room.store.vault, link.run)
    if of is None or of.person_id != link.person_id:
        return None
    return link, of, language_of(conn, link.person_id) or "ja"


def _used(link: Link, room: Room) -> bool:
    return link.bound_at is not None and room.clock() - link.bound_at > AGAIN


def _gone(found: tuple[Link, Appointment, str] | None) -> Response:
    return paper.page("chat/turned.html", found[2] if found else "ja", 404, why="file_gone", again="")
