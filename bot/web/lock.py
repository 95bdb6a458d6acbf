"""The locked desk: without anybody there the page closes, and opens again where it was, with what was written."""

from __future__ import annotations

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.settings import SecondFactor
from bot.web.badge import for_staff, locked, own_path, room_of, token_of, who
from bot.web.console.words import word
from bot.web.drawing import draw
from bot.web.entry import field, put
from bot.web.passwords import Passwords
from bot.web.patience import PER_DEVICE, STRETCH
from bot.web.room import Room
from bot.web.second import accepts
from storage import audit, sessions, tries
from storage.audit import Entry, What
from storage.sessions import Inside
from storage.staff import Member


class Lock:
    """The pages of a locked session; the session itself goes on."""

    def __init__(self, passwords: Passwords) -> None:
        self._passwords = passwords

    async def show(self, request: Request) -> Response:
        """GET /login/locked."""
        inside, wanted = await who(request), own_path(request.query_params.get("next"))
        if inside is None:
            return RedirectResponse("/login", 303)
        if not locked(inside, room_of(request).settings, room_of(request).clock()):
            return RedirectResponse(wanted, 303)
        return await _form(request, inside, wanted)

    async def open(self, request: Request) -> Response:
        """POST /login/locked: the password, or a code of the second factor where one is set up."""
        inside, room, form = await who(request), room_of(request), await request.form()
        if inside is None:
            return RedirectResponse("/login", 303)
        wanted, typed = own_path(field(form, "next")), field(form, "key")
        member, token, now = inside.member, token_of(request), room.clock()
        if not await put(room, lambda conn: _may_try(conn, room, member)):
            return await _form(request, inside, wanted, 429, word("login.slow"))
        fits = member.password_hash is not None and await self._passwords.fits(member.password_hash, typed)

        def job(conn: Connection) -> bool:
            right = fits or (_coded(inside, room) and accepts(conn, room, member, typed) in (What.CAME, What.RECOVERED))
            if right:
                sessions.touch(conn, token, now)
                audit.add(conn, room.store.vault, [Entry(member.id, What.UNLOCKED)], now)
            return right

        if not await put(room, job):
            return await _form(request, inside, wanted, 422, word("lock.wrong"))
        return RedirectResponse(wanted, 303)


def _may_try(conn: Connection, room: Room, member: Member) -> bool:
    # Of their own, not that of the login page: whoever sits at a locked desk must not lock its owner out elsewhere.
    name = f"unlock:{member.id}"
    return tries.count(conn, [name], room.clock(), STRETCH)[name] <= PER_DEVICE


def _coded(inside: Inside, room: Room) -> bool:
    return inside.coded and room.settings.second_factor is not SecondFactor.OFF


async def _form(request: Request, inside: Inside, wanted: str, status: int = 200, wrong: str = "") -> Response:
    """The page with what this member has of password, code and passkey; whoever has none is not locked."""
    room, member = room_of(request), inside.member
    coded, worded = _coded(inside, room), member.password_hash is not None
    ask = "lock.both" if coded and worded else "lock.code" if coded else "lock.password" if worded else ""
    # A passkey begins the session anew, at the same place.
    keys = inside.keyed and room.settings.second_factor is not SecondFactor.OFF
    values = {"name": member.name, "login": member.login, "ask": word(ask) if ask else "", "passkeys": keys}
    return draw(request, "console/locked.html", status, next=wanted, wrong=wrong, **values)


async def _here(_request: Request, _member: Member) -> Response:
    """POST /me/here: somebody types or reads; the door notes it."""
    return Response(status_code=204)


def routes(passwords: Passwords) -> list[BaseRoute]:
    """/login/locked and /me/here."""
    lock = Lock(passwords)
    return [
        Route("/login/locked", lock.show, methods=["GET"]),
        Route("/login/locked", lock.open, methods=["POST"]),
        Route("/me/here", for_staff(_here), methods=["POST"]),
    ]
