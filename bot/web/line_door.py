"""The private page of somebody on LINE: LINE says who they are before it opens; when LINE is down, the link does."""

from __future__ import annotations

import asyncio
import importlib
import re
from typing import TYPE_CHECKING

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.oidc import CHANNEL, Failed, Login, SignedIn, address, line
from bot.settings import Settings
from bot.web import paper, signed
from bot.web.device import Found, door_of, look, secure
from bot.web.entering import opened, pressing
from bot.web.room import Room
from bot.web.signed import Attempt

if TYPE_CHECKING:
    from types import ModuleType

BACK = "/line/login"
CODE = re.compile("[A-Za-z0-9._~-]{1,512}")
_log = structlog.get_logger()


def login_of(settings: Settings) -> Login | None:
    """The LINE Login channel, where one is set."""
    number, secret = settings.line_login_channel_id, settings.line_login_channel_secret.get_secret_value()
    if not number or not secret:
        return None
    pages, api, own = (
        str(one).rstrip("/") for one in (settings.line_login_base, settings.line_api_base, settings.public_url)
    )
    return line(pages, api, number, secret, own + BACK)


def asks_line(room: Room, found: Found) -> bool:
    """Whether LINE must say who opens this link: it was given there, and a LINE Login channel is set."""
    return found.channel == CHANNEL and login_of(room.settings) is not None


def way(token: str) -> str:
    """Where the sign-in for a link begins."""
    return f"/p/{token}/line"


def routes(room: Room) -> list[BaseRoute]:
    """GET /p/{token}/line, and where LINE sends the browser back to."""
    login = login_of(room.settings)
    if login is None:
        return []
    door = _LineDoor(room, login)
    return [Route("/p/{token:str}/line", door.begin), Route(BACK, door.back)]


class _LineDoor:
    """The way to LINE and back. Nothing is stored: what binds both ends together is in the browser's cookie."""

    def __init__(self, room: Room, login: Login) -> None:
        self._room, self._login = room, login

    async def begin(self, request: Request) -> Response:
        """Off to LINE's own page. Looking at it uses nothing up."""
        token, room = request.path_params["token"], self._room
        found = await look(room, token)
        if found is None or found.link.bound_at is not None:
            return RedirectResponse(f"/chat/{door_of(token)}", 303)
        if not asks_line(room, found):
            return RedirectResponse(f"/p/{token}", 303)
        if not await (await _wire()).answers(self._login):
            return await self._down(token)
        attempt = signed.begin(room.store.vault, token, room.clock())
        answer = RedirectResponse(address(self._login, attempt.asked), 303)
        # Lax: it must come along when LINE sends the browser back. It opens nothing by itself.
        answer.set_cookie(
            self._cookie(attempt.asked.state),
            attempt.kept,
            max_age=int(signed.LASTS.total_seconds()),
            secure=secure(room),
            httponly=True,
            samesite="lax",
        )
        return answer

    async def back(self, request: Request) -> Response:
        """LINE sent somebody back, or somebody says so."""
        state, code = (only(request, name) for name in ("state", "code"))
        cookie = self._cookie(state)
        kept = request.cookies.get(cookie, "") if cookie else ""
        attempt = signed.resume(self._room.store.vault, kept, state, self._room.clock())
        answer = _unproven() if attempt is None else await self._answered(attempt, code)
        if kept:
            answer.delete_cookie(cookie, secure=secure(self._room), httponly=True, samesite="lax")
        return answer

    async def _answered(self, attempt: Attempt, code: str) -> Response:
        language = await self._language(attempt.link)
        if not CODE.fullmatch(code):  # they did not agree, or it was never LINE's
            return _unproven(language, f"/p/{attempt.link}")
        match await (await _wire()).who(self._login, attempt.asked, code, self._room.clock()):
            case SignedIn(user):
                return await opened(self._room, attempt.link, (CHANNEL, user))
            case Failed.DOWN:
                return await self._down(attempt.link)
            case _:
                return _unproven(language, f"/p/{attempt.link}")

    async def _down(self, token: str) -> Response:
        _log.warning("line login does not answer", channel=CHANNEL)
        ticket = signed.ticket(self._room.store.vault, token, self._room.clock())
        return pressing(await self._language(token), f"/p/{token}", ticket)

    async def _language(self, token: str) -> str:
        found = await look(self._room, token)
        return "ja" if found is None else found.language

    def _cookie(self, state: str) -> str:
        """Bound to this very host, so that no neighbour in the domain can plant one of theirs."""
        name = signed.name(state)
        return f"__Host-{name}" if name and secure(self._room) else name


async def _wire() -> ModuleType:
    """Loaded beside the loop when it is first needed."""
    return await asyncio.to_thread(importlib.import_module, "bot.channels.oidc_wire")


def only(request: Request, name: str) -> str:
    """A parameter that came exactly once."""
    told = request.query_params.getlist(name)
    return told[0] if len(told) == 1 else ""


def _unproven(language: str = "ja", again: str = "") -> Response:
    return paper.page("chat/turned.html", language, 403, why="unproven", again=again)
