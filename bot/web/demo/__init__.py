"""The demo's page: a made-up resident's phone beside the coordinators' console."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import BaseRoute

from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.telegram import TelegramPlatform
from bot.web.demo import phone
from bot.web.demo.hands import Platforms, Resident
from bot.web.room import Room


def routes(
    room: Room, line: LinePlatform, telegram: TelegramPlatform, residents: Sequence[Resident]
) -> list[BaseRoute]:
    """GET /demo and what its phone asks for. `residents` need a name, a channel and the user id there."""
    return phone.routes(room, Platforms(line, telegram, residents))
