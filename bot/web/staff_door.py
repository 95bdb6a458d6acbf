"""Coming in by the ward's own sign-in (OpenID Connect): only whoever was invited by the very address it proves."""

from __future__ import annotations

import asyncio
import importlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.oidc import Login, SignedIn, address
from bot.settings import Settings
from bot.web import signed
from bot.web.badge import is_secure
from bot.web.console.words import word
from bot.web.drawing import draw
from bot.web.entry import come_in, read
from bot.web.line_door import CODE, only
from bot.web.room import Room
from storage import staff, tokens

if TYPE_CHECKING:
    from types import ModuleType

BEGIN, BACK = "/login/oidc", "/login/oidc/back"
_KNOWN_FOR = timedelta(minutes=10)  # a provider may move its pages
_log = structlog.get_logger()


def offered(settings: Settings) -> bool:
    """Whether the ward's own sign-in is set up."""
    return bool(settings.oidc_issuer and settings.oidc_client_id and settings.oidc_client_secret.get_secret_value())


async def described(settings: Settings) -> Login | None:
    """The provider by its own description; None while it does not answer, or describes another."""
    own = settings.oidc_client_id, settings.oidc_client_secret.get_secret_value()
    found = await (await _wire()).discover(settings.oidc_issuer, own, str(settings.public_url).rstrip("/") + BACK)
    return found if isinstance(found, Login) else None


def routes(room: Room) -> list[BaseRoute]:
    """GET /login/oidc, and where the provider sends the browser back to."""
    if not offered(room.settings):
        return []
    door = _StaffDoor(room)
    return [Route(BEGIN, door.begin), Route(BACK, door.back)]


class _StaffDoor:
    """The way to the provider and back; as with LINE, what binds both ends together is in the browser's cookie."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._known: tuple[Login, datetime] | None = None

    async def begin(self, request: Request) -> Response:
        """Off to the provider's own page."""
        login = await self._login()
        if login is None:
            return _again(request, "oidc.down", 503)
        attempt = signed.begin(self._room.store.vault, tokens.draw(), self._room.clock())
        answer = RedirectResponse(address(login, attempt.asked), 303)
        most, secure = int(signed.LASTS.total_seconds()), is_secure(self._room.settings)
        answer.set_cookie(
            self._cookie(attempt.asked.state), attempt.kept, most, secure=secure, httponly=True, samesite="lax"
        )
        return answer

    async def back(self, request: Request) -> Response:
        """The provider sent somebody back, or somebody says so; it stands for the password, no second factor."""
        state, code = only(request, "state"), only(request, "code")
        cookie = self._cookie(state)
        kept = request.cookies.get(cookie, "") if cookie else ""
        attempt = signed.resume(self._room.store.vault, kept, state, self._room.clock())
        login = await self._login()
        if attempt is None or login is None or not CODE.fullmatch(code):
            answer = _again(request, "oidc.unproven", 403)
        else:
            found = await (await _wire()).who(login, attempt.asked, code, self._room.clock())
            answer = await self._came(request, found.mail if isinstance(found, SignedIn) else "")
        if kept:
            answer.delete_cookie(cookie, secure=is_secure(self._room.settings), httponly=True, samesite="lax")
        return answer

    async def _came(self, request: Request, mail: str) -> Response:
        if not mail:
            return _again(request, "oidc.unproven", 403)
        member = await read(self._room, lambda conn: staff.by_login(conn, mail) or staff.by_login(conn, mail.lower()))
        if member is None or not member.active:
            return _again(request, "oidc.nobody", 403)
        return await come_in(request, member, "/console")

    async def _login(self) -> Login | None:
        now = self._room.clock()
        if self._known is None or now - self._known[1] >= _KNOWN_FOR:
            found = await described(self._room.settings)
            if found is None:
                _log.warning("the staff's sign-in does not answer")
                return None
            self._known = found, now
        return self._known[0]

    def _cookie(self, state: str) -> str:
        """Bound to this very host, so that no neighbour in the domain can plant one of theirs."""
        name = signed.name(state)
        return f"__Host-{name}" if name and is_secure(self._room.settings) else name


async def _wire() -> ModuleType:
    """Loaded beside the loop when it is first needed."""
    return await asyncio.to_thread(importlib.import_module, "bot.channels.oidc_wire")


def _again(request: Request, why: str, status: int) -> Response:
    return draw(request, "console/turned.html", status, why=word(why))
