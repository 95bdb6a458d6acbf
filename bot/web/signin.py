"""Coming in and going out: login page, one-time link, logout, and a coordinator's own password."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

import anyio.to_thread
from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.web import linked
from bot.web.badge import LASTS, for_staff, is_secure, own_path, take_off, token_of, wear, who
from bot.web.console.words import word
from bot.web.drawing import draw
from bot.web.passwords import LONGEST, SHORTEST, Passwords
from bot.web.patience import DEVICE_LASTS, device_mark, may_try
from bot.web.room import Room
from storage import audit, staff
from storage.audit import Entry, What
from storage.staff import Member

T = TypeVar("T")
_DEVICE = "nakodo-device"


class SignIn:
    """The pages under /login, /logout and /me."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._passwords = Passwords()

    async def show(self, request: Request) -> Response:
        """GET /login."""
        asked = request.query_params.get("next")
        if await who(request):
            return RedirectResponse(own_path(asked), 303)
        said = word("login.out") if "out" in request.query_params else word("login.must") if asked else ""
        return _form(request, own_path(asked), said=said)

    async def enter(self, request: Request) -> Response:
        """POST /login: the same answer, as slowly, for a wrong password and for a name that nobody has."""
        form = await request.form()
        login, password, wanted = _text(form, "login").strip(), _text(form, "password"), own_path(_text(form, "next"))
        vault, now = self._room.store.vault, self._room.clock()
        address = request.client.host if request.client else ""
        caller = (address, request.cookies.get(_DEVICE, ""))
        if not await self._write(lambda conn: may_try(conn, vault, login, caller, now)):
            slow = _form(request, wanted, 429, login=login, wrong=word("login.slow"))
            slow.headers["Retry-After"] = "900"
            return slow
        member = await self._read(lambda conn: staff.by_login(conn, login))
        stored = member.password_hash if member and member.active else None
        if not await self._passwords.fits(stored, password) or member is None:
            return _form(request, wanted, 422, login=login, wrong=word("login.wrong"))
        answer = await self._admit(request, member.id, wanted)
        mark = device_mark(vault, login)
        seconds, secure = int(DEVICE_LASTS.total_seconds()), is_secure(self._room.settings)
        answer.set_cookie(_DEVICE, mark, seconds, path="/login", httponly=True, secure=secure, samesite="strict")
        return answer

    async def look_at_link(self, request: Request) -> Response:
        """GET /login/once: previews and prefetching use nothing up, so a button is asked for; the demo needs none."""
        token, wanted = request.query_params.get("t", ""), own_path(request.query_params.get("next"))
        now = self._room.clock()
        owner = await self._read(lambda conn: _owner(conn, token, staff.look_link(conn, token, now)))
        if owner is None:
            return await self._used(request)
        if self._room.demo and "prefetch" not in request.headers.get("sec-purpose", ""):
            return await self._use(request, token, wanted)
        return draw(request, "console/once.html", name=owner.name, token=token, next=wanted)

    async def enter_by_link(self, request: Request) -> Response:
        """POST /login/once."""
        form = await request.form()
        return await self._use(request, _text(form, "t"), own_path(_text(form, "next")))

    async def leave(self, request: Request) -> Response:
        """POST /logout."""
        token = token_of(request)
        if token:
            await self._write(lambda conn: self._went(conn, token))
        answer = RedirectResponse("/login?out", 303)
        take_off(request, answer)
        return answer

    def _went(self, conn: Connection, token: str) -> None:
        now = self._room.clock()
        if member := staff.of_session(conn, token, now):
            audit.add(conn, self._room.store.vault, [Entry(member.id, What.WENT)], now)
        staff.end_session(conn, token)

    async def own(self, request: Request, member: Member) -> Response:
        """GET /me."""
        said = word("me.saved") if "saved" in request.query_params else linked.said(request)
        return _own(request, member, said=said)

    async def set_password(self, request: Request, member: Member) -> Response:
        """POST /me: every other session of this member ends."""
        form = await request.form()
        old, new = _text(form, "old"), _text(form, "new")
        if member.password_hash and not await self._passwords.fits(member.password_hash, old):
            return _own(request, member, 422, wrong_old=word("me.wrong_old"))
        if wrong := _unfit(member, new):
            return _own(request, member, 422, wrong=wrong)
        hashed = await self._passwords.hashed(new)
        vault, now = self._room.store.vault, self._room.clock()

        def change(conn: Connection) -> None:
            staff.set_password(conn, member.id, hashed)
            audit.add(conn, vault, [Entry(member.id, What.PASSWORD)], now)

        await self._write(change)
        return await self._admit(request, member.id, "/me?saved")

    async def _use(self, request: Request, token: str, wanted: str) -> Response:
        now = self._room.clock()
        owner = await self._write(lambda conn: _owner(conn, token, staff.use_link(conn, token, now)))
        return await self._used(request) if owner is None else await self._admit(request, owner.id, wanted)

    async def _used(self, request: Request) -> Response:
        inside = await who(request) is not None
        return draw(request, "console/used.html", 410, inside=inside)

    async def _admit(self, request: Request, staff_id: int, wanted: str) -> Response:
        """A new session under a new token; the one this browser came with is over."""
        old, now = token_of(request), self._room.clock()

        def rotate(conn: Connection) -> str:
            if old:
                staff.end_session(conn, old)
            audit.add(conn, self._room.store.vault, [Entry(staff_id, What.CAME)], now)
            return staff.start_session(conn, staff_id, now, LASTS)

        answer = RedirectResponse(wanted, 303)
        wear(request, answer, await self._write(rotate))
        return answer

    async def _read(self, look: Callable[[Connection], T]) -> T:
        return await anyio.to_thread.run_sync(self._room.store.read, look)

    async def _write(self, job: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self._room.store.writer.submit(job))


def _owner(conn: Connection, token: str, staff_id: int | None) -> Member | None:
    found = staff.get(conn, staff_id) if token and staff_id is not None else None
    return found if found and found.active else None


def _unfit(member: Member, new: str) -> str:
    if len(new) < SHORTEST:
        return word("me.short")
    if len(new) > LONGEST:
        return word("me.long")
    return word("me.same") if new.casefold() == member.login.casefold() else ""


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _form(request: Request, wanted: str, status: int = 200, **said: str) -> Response:
    """The login page; `said` may hold login, said, wrong."""
    values = {"next": wanted, "login": "", "said": "", "wrong": ""} | said
    return draw(request, "console/login.html", status, **values)


def _own(request: Request, member: Member, status: int = 200, **said: str) -> Response:
    """The page of a member's own settings; `said` may hold said, wrong, wrong_old."""
    values = {"said": "", "wrong": "", "wrong_old": "", "code": ""} | said
    return draw(request, "console/me.html", status, member=member, **values)


def routes(room: Room) -> list[BaseRoute]:
    """/login, /login/once, /logout, /me."""
    pages = SignIn(room)
    return [
        Route("/login", pages.show, methods=["GET"]),
        Route("/login", pages.enter, methods=["POST"]),
        Route("/login/once", pages.look_at_link, methods=["GET"]),
        Route("/login/once", pages.enter_by_link, methods=["POST"]),
        Route("/logout", pages.leave, methods=["POST"]),
        Route("/me", for_staff(pages.own), methods=["GET"]),
        Route("/me", for_staff(pages.set_password), methods=["POST"]),
    ]
