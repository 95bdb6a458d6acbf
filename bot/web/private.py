"""The one-time link out of LINE or Telegram: looking uses nothing up, pressing the button binds it to this device."""

from __future__ import annotations

from contextlib import suppress

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.ports import Arrived
from bot.web import paper
from bot.web.device import CHANNEL, Seat, bind, door_of, give, look
from bot.web.room import Room
from dialogs.heard import Tapped
from dialogs.tap import CommandTap
from storage import StorageDown

# The engine's "go on": asks the waiting question again, here where it may be answered.
_GO_ON = str(CommandTap("bot"))


def routes(room: Room) -> list[BaseRoute]:
    """GET and POST /p/{token}."""

    async def show(request: Request) -> Response:
        token = request.path_params["token"]
        found = await look(room, token)
        if found is None or found[0].bound_at is not None:
            # It may be this very device that tapped its old button again: its own page knows.
            return RedirectResponse(f"/chat/{door_of(token)}", 303)
        return paper.page("chat/door.html", found[1])

    async def enter(request: Request) -> Response:
        token = request.path_params["token"]
        got = await bind(room, token)
        if got is None:
            return RedirectResponse(f"/chat/{door_of(token)}", 303)
        answer = RedirectResponse(got.seat.base, 303)
        give(answer, room, got.seat)
        if got.waiting:
            await _go_on(room, got.seat)
        return answer

    return [Route("/p/{token:str}", show), Route("/p/{token:str}", enter, methods=["POST"])]


async def _go_on(room: Room, seat: Seat) -> None:
    event_id = f"{seat.contact_id}:bound-{seat.door}"
    # The link is used up already: the device must get its cookie even if the question has to wait for 「メニュー」.
    with suppress(StorageDown):
        await room.receive([Arrived(CHANNEL, event_id, seat.address, room.clock(), Tapped(_GO_ON))])
