"""Who we are on each platform, asked once we live; and the addresses by which people find us there."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, MutableMapping
from urllib.parse import quote

from bot.ports import Channel, Itself, KnowsItself

ASK_S = 30.0


async def ask(channels: Mapping[str, Channel], known: MutableMapping[str, Itself]) -> None:
    """Ask every platform until it has told, however long that takes."""
    while asking := {n: one for n, one in channels.items() if isinstance(one, KnowsItself) and n not in known}:
        for name, channel in asking.items():
            if (itself := await channel.itself()) is not None:
                known[name] = itself
        if asking.keys() - known.keys():
            await asyncio.sleep(ASK_S)


def alone(channel: str, known: Mapping[str, Itself]) -> str:
    """The address that opens a talk with us alone; "" while nobody knows it.

    Source: LINE's URL schemes (`line.me/R/ti/p/…`), Telegram's links (`t.me/…`).
    """
    name = known[channel].name if channel in known else ""
    if not name:
        return ""
    return f"https://line.me/R/ti/p/{quote(name, safe='')}" if channel == "line" else f"https://t.me/{quote(name)}"


def by_card(channel: str, known: Mapping[str, Itself], code: str) -> str:
    """The address on the card of a place: on Telegram the link carries its code, on LINE the line that people send.

    Source: LINE's URL schemes (`line.me/R/oaMessage/…`), Telegram's deep links (`?start=`, 64 signs).
    """
    name = quote(known[channel].name, safe="")
    if channel == "line":
        return f"https://line.me/R/oaMessage/{name}/?{quote(f'こんにちは [{code}]')}"
    return f"https://t.me/{name}?start={code}"
