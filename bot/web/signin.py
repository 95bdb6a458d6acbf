"""Coming in and going out: login page, one-time link, logout."""

from __future__ import annotations

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.settings import SecondFactor
from bot.web import lock, own, passkey, second, staff_door
from bot.web.badge import is_secure, own_path, room_of, take_off, token_of, who
from bot.web.console import begin
from bot.web.console.words import word
from bot.web.drawing import draw
from bot.web.entry import come_in, field, put, read
from bot.web.passwords import Passwords
from bot.web.patience import DEVICE_LASTS, device_mark, may_try
from bot.web.room import Room
from storage import audit, staff
from storage.audit import Entry, What
from storage.staff import Member

_DEVICE = "nakodo-device"


class SignIn:
    """The pages under /login and /logout."""

    def __init__(self, room: Room, passwords: Passwords) -> None:
        self._room = room
        self._passwords = passwords

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
        login, password, wanted = field(form, "login").strip(), field(form, "password"), own_path(field(form, "next"))
        vault, now = self._room.store.vault, self._room.clock()
        address = request.client.host if request.client else ""
        caller = (address, request.cookies.get(_DEVICE, ""))
        if not await put(self._room, lambda conn: may_try(conn, vault, login, caller, now)):
            slow = _form(request, wanted, 429, login=login, wrong=word("login.slow"))
            slow.headers["Retry-After"] = "900"
            return slow
        member = await read(self._room, lambda conn: staff.by_login(conn, login))
        stored = member.password_hash if member and member.active else None
        if not await self._passwords.fits(stored, password) or member is None:
            return _form(request, wanted, 422, login=login, wrong=word("login.wrong"))
        answer = await come_in(request, member, wanted)
        mark = device_mark(vault, login)
        seconds, secure = int(DEVICE_LASTS.total_seconds()), is_secure(self._room.settings)
        answer.set_cookie(_DEVICE, mark, seconds, path="/login", httponly=True, secure=secure, samesite="strict")
        return answer

    async def look_at_link(self, request: Request) -> Response:
        """GET /login/once: previews and prefetching use nothing up, so a button is asked for; the demo needs none."""
        token, wanted = request.query_params.get("t", ""), own_path(request.query_params.get("next"))
        now = self._room.clock()
        owner = await read(self._room, lambda conn: _owner(conn, token, staff.look_link(conn, token, now)))
        if owner is None:
            return await self._used(request)
        if self._room.demo and "prefetch" not in request.headers.get("sec-purpose", ""):
            return await self._use(request, token, wanted)
        return _once(request, owner, token, wanted)

    async def enter_by_link(self, request: Request) -> Response:
        """POST /login/once: a link stands for the password, never for the second factor; a new password may come along.

        A password that nobody can have uses nothing up.
        """
        form = await request.form()
        token, wanted, new = field(form, "t"), own_path(field(form, "next")), field(form, "new")
        if "new" not in form or "later" in form:
            return await self._use(request, token, wanted)
        now = self._room.clock()
        owner = await read(self._room, lambda conn: _owner(conn, token, staff.look_link(conn, token, now)))
        if owner is None:
            return await self._used(request)
        if wrong := own.unfit(owner, new):
            return _once(request, owner, token, wanted, wrong)
        return await self._use(request, token, wanted, await self._passwords.hashed(new))

    async def leave(self, request: Request) -> Response:
        """POST /logout."""
        token = token_of(request)
        if token:
            await put(self._room, lambda conn: self._went(conn, token))
        answer = RedirectResponse("/login?out", 303)
        take_off(request, answer)
        return answer

    def _went(self, conn: Connection, token: str) -> None:
        now = self._room.clock()
        if member := staff.of_session(conn, token, now):
            audit.add(conn, self._room.store.vault, [Entry(member.id, What.WENT)], now)
        staff.end_session(conn, token)

    async def _use(self, request: Request, token: str, wanted: str, hashed: str = "") -> Response:
        now, vault = self._room.clock(), self._room.store.vault

        def job(conn: Connection) -> Member | None:
            owner = _owner(conn, token, staff.use_link(conn, token, now))
            if owner and hashed:
                staff.set_password(conn, owner.id, hashed)
                audit.add(conn, vault, [Entry(owner.id, What.PASSWORD)], now)
            return owner and staff.get(conn, owner.id)

        owner = await put(self._room, job)
        if owner is None:
            return await self._used(request)
        first = await read(self._room, lambda conn: begin.steps(conn, owner, self._room))
        return await come_in(request, owner, begin.ADDRESS if first and wanted == "/console" else wanted)

    async def _used(self, request: Request) -> Response:
        inside = await who(request) is not None
        return draw(request, "console/used.html", 410, inside=inside)


def _owner(conn: Connection, token: str, staff_id: int | None) -> Member | None:
    found = staff.get(conn, staff_id) if token and staff_id is not None else None
    return found if found and found.active else None


def _once(request: Request, owner: Member, token: str, wanted: str, wrong: str = "") -> Response:
    """What a link opens: the button that uses it, and a new password for whoever has none."""
    bare = owner.password_hash is None
    values: dict[str, object] = {"name": owner.name, "login": owner.login, "token": token, "next": wanted}
    return draw(request, "console/once.html", 422 if wrong else 200, bare=bare, wrong=wrong, **values)


def _form(request: Request, wanted: str, status: int = 200, **said: str) -> Response:
    """The login page; `said` may hold login, said, wrong."""
    values = {"next": wanted, "login": "", "said": "", "wrong": ""} | said
    settings = room_of(request).settings
    keys, elsewhere = settings.second_factor is not SecondFactor.OFF, staff_door.offered(settings)
    return draw(request, "console/login.html", status, passkeys=keys, elsewhere=elsewhere, **values)


def routes(room: Room) -> list[BaseRoute]:
    """/login with its code, link and lock; /logout; /me with password, second factor and sessions."""
    passwords = Passwords()
    pages = SignIn(room, passwords)
    return [
        Route("/login", pages.show, methods=["GET"]),
        Route("/login", pages.enter, methods=["POST"]),
        Route("/login/once", pages.look_at_link, methods=["GET"]),
        Route("/login/once", pages.enter_by_link, methods=["POST"]),
        Route("/logout", pages.leave, methods=["POST"]),
        *second.routes(),
        *passkey.routes(),
        *staff_door.routes(room),
        *lock.routes(passwords),
        *own.routes(passwords),
    ]
