"""What happens at the door of a private page once it is clear who stands there: in, or kindly turned away."""

from __future__ import annotations

from contextlib import suppress

from starlette.responses import RedirectResponse, Response

from bot.ports import Arrived
from bot.web import paper
from bot.web.device import CHANNEL, Bound, Owner, Seat, Stranger, bind, door_of, give
from bot.web.room import Room
from dialogs.heard import Tapped
from dialogs.tap import CommandTap
from storage import StorageDown

# The engine's "go on": asks the waiting question again, here where it may be answered.
_GO_ON = str(CommandTap("bot"))


async def opened(room: Room, token: str, owner: Owner | None = None) -> Response:
    """The page for this device, or the way to what it can have. `owner` was proven; None: the link is the proof."""
    got = await bind(room, token, owner)
    match got:
        case Bound(seat, waiting):
            answer = RedirectResponse(seat.base, 303)
            give(answer, room, seat)
            if waiting:
                await _go_on(room, seat)
            return answer
        case Stranger(language):
            return turned_away(language)
        case None:
            # It may be this very device that tapped its old button again: its own page knows.
            return RedirectResponse(f"/chat/{door_of(token)}", 303)


def turned_away(language: str) -> Response:
    """For somebody else's link. It is not used up: its owner can still open it."""
    return paper.page("chat/turned.html", language, 403, why="stranger", again="")


def pressing(language: str, at: str, ticket: str = "") -> Response:
    """The door that opens by a press; with a ticket, because LINE could not be asked."""
    return paper.page("chat/door.html", language, at=at, ticket=ticket, line_at="")


async def _go_on(room: Room, seat: Seat) -> None:
    event_id = f"{seat.contact_id}:bound-{seat.door}"
    # The link is used up already: the device must get its cookie even if the question has to wait for 「メニュー」.
    with suppress(StorageDown):
        await room.receive([Arrived(CHANNEL, event_id, seat.address, room.clock(), Tapped(_GO_ON))])
