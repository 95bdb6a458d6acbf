"""The one-time link out of LINE or Telegram: looking uses nothing up, who it is for opens it, for this device alone."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels import telegram_init
from bot.channels.telegram_init import Doubt, Opener
from bot.web import line_door, paper, signed
from bot.web.device import door_of, look, secure
from bot.web.entering import opened, pressing, turned_away
from bot.web.guard import POLICY
from bot.web.room import Room

_MOST_BYTES = 16 * 1024
# Telegram in a browser opens its web apps in a frame. The page it may frame holds nothing but the way out of it.
_TELEGRAMS_FRAME = {"Content-Security-Policy": f"{POLICY}frame-ancestors https://web.telegram.org"}


@dataclass(frozen=True)
class Posted:
    """What the door was sent: what Telegram told the page about who opened it, and a ticket of ours, if any."""

    init: str = ""
    ticket: str = ""


def routes(room: Room) -> list[BaseRoute]:
    """GET and POST /p/{token}, and the way by LINE."""
    door = _Door(room)
    own = [Route("/p/{token:str}", door.show), Route("/p/{token:str}", door.enter, methods=["POST"])]
    return [*own, *line_door.routes(room)]


class _Door:
    """Before a private page."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._token = room.settings.telegram_token.get_secret_value()

    async def show(self, request: Request) -> Response:
        """What this is, and the button that opens it. Previews may look as often as they like."""
        token = request.path_params["token"]
        found = await look(self._room, token)
        if self._token and secure(self._room) and request.headers.get("sec-fetch-dest") == "iframe":
            language = "ja" if found is None else found.language
            return paper.page("chat/away.html", language, headers=_TELEGRAMS_FRAME, at=f"/p/{token}")
        if found is None or found.link.bound_at is not None:
            # It may be this very device that tapped its old button again: its own page knows.
            return RedirectResponse(f"/chat/{door_of(token)}", 303)
        if line_door.asks_line(self._room, found):
            return paper.page("chat/door.html", found.language, at="", ticket="", line_at=line_door.way(token))
        return pressing(found.language, f"/p/{token}")

    async def enter(self, request: Request) -> Response:
        """Somebody pressed it, or Telegram's own window did for whom it knows."""
        token, room = request.path_params["token"], self._room
        posted, found = await _read(request), await look(room, token)
        language = "ja" if found is None else found.language
        if posted is None:
            return turned_away(language)
        if posted.init:
            match telegram_init.opener(self._token, posted.init, room.clock()):
                case Opener(address):
                    return await opened(room, token, (telegram_init.CHANNEL, address))
                case Doubt.FALSE:
                    return turned_away(language)
                case Doubt.OLD:
                    return RedirectResponse(f"/p/{token}", 303)
        if found is not None and line_door.asks_line(room, found) and not self._excused(posted.ticket, token):
            return RedirectResponse(f"/p/{token}", 303)
        return await opened(room, token)

    def _excused(self, ticket: str, token: str) -> bool:
        return signed.holds(self._room.store.vault, ticket, token, self._room.clock())


async def _read(request: Request) -> Posted | None:
    """The two fields of the door's form, None for what no door of ours sends."""
    if int(request.headers.get("content-length") or 0) > _MOST_BYTES:
        return None
    form = await request.form(max_files=0, max_fields=4)
    init, ticket = form.getlist("init") or [""], form.getlist("ticket") or [""]
    match init, ticket:
        case [str(told)], [str(shown)]:
            return Posted(told, shown)
        case _:
            return None
