"""What a made-up resident can do with the phone on the page, the same words for LINE and for Telegram."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.postman import Posted
from bot.channels.doubles.telegram import TelegramPlatform

Face = dict[str, Any]
THINGS = ("sticker", "image", "audio", "location")


class Resident(Protocol):
    """Somebody made up who has a phone."""

    @property
    def name(self) -> str:
        """What they are called."""
        ...

    @property
    def channel(self) -> str:
        """Either line or telegram."""
        ...

    @property
    def user(self) -> str:
        """The platform's id: U and 32 digits on LINE, digits on Telegram."""
        ...


@dataclass(frozen=True)
class Platforms:
    """The two platforms in miniature, in this very process, and who lives on them."""

    line: LinePlatform
    telegram: TelegramPlatform
    residents: Sequence[Resident] = ()


class Impossible(Exception):
    """The phone cannot do that, or not now; the message says why."""


class Hand(Protocol):
    """One resident's hand on their phone."""

    def screen(self) -> list[Face]:
        """Everything on the screen, oldest first."""
        ...

    async def changed(self, after: int) -> list[Face]:
        """Wait for news after the change number `after`."""
        ...

    @property
    def busy(self) -> bool:
        """Whether the bot is seen to be writing."""
        ...

    @property
    def menu(self) -> Face | None:
        """The menu under the talk, if the platform has such: `id`, `bar`, `size`, `areas` and `picture`."""
        ...

    async def act(self, deed: str, told: Face) -> Posted:
        """Do something. Raises Impossible."""
        ...


def hand_of(platforms: Platforms, channel: str, user: str) -> Hand | None:
    """The hand of a resident of the demo; nobody else has one."""
    known = any((one.channel, one.user) == (channel, user) for one in platforms.residents)
    if not known:
        return None
    return LineHand(platforms.line, user) if channel == "line" else TelegramHand(platforms.telegram, int(user))


@dataclass(frozen=True)
class LineHand:
    """Holds a phone with LINE."""

    platform: LinePlatform
    user: str

    def screen(self) -> list[Face]:
        """See Hand."""
        return self.platform.screen(self.user)

    async def changed(self, after: int) -> list[Face]:
        """See Hand."""
        return await self.platform.changed(self.user, after)

    @property
    def busy(self) -> bool:
        """See Hand."""
        return self.platform.busy_until(self.user) is not None

    @property
    def menu(self) -> Face | None:
        """See Hand."""
        shown = self.platform.menu_shown(self.user)
        if shown is None:
            return None
        number, spec, picture = shown
        kept = {name: spec[name] for name in ("size", "areas")}
        drawn = "data:image/png;base64," + b64encode(picture).decode()
        return {"id": number, "bar": spec["chatBarText"], **kept, "picture": drawn}

    async def act(self, deed: str, told: Face) -> Posted:
        """See Hand."""
        phone, user = self.platform, self.user
        match deed:
            case "say":
                return await phone.say(user, _text(told, "text"))
            case "tap":
                return await phone.tap(user, _text(told, "data"))
            case "menu":
                return await phone.tap(user, _text(told, "data"), _text(told, "shown") if told.get("shown") else None)
            case "pick":
                return await phone.pick(user, _text(told, "data"), _text(told, "value"))
            case "send":
                return await phone.send(user, _thing(told))
            case "unsend":
                return await phone.unsend(user, _text(told, "id"))
            case "follow":
                return await phone.follow(user)
            case "block":
                return await phone.unfollow(user)
            case _:
                raise Impossible("unknown")


@dataclass(frozen=True)
class TelegramHand:
    """Holds a phone with Telegram. Deleting one's message tells a bot nothing there, so it is not offered."""

    platform: TelegramPlatform
    user: int
    menu: None = None

    def screen(self) -> list[Face]:
        """See Hand."""
        return self.platform.screen(self.user)

    async def changed(self, after: int) -> list[Face]:
        """See Hand."""
        return await self.platform.changed(self.user, after)

    @property
    def busy(self) -> bool:
        """See Hand."""
        return self.platform.busy_until(self.user) is not None

    async def act(self, deed: str, told: Face) -> Posted:
        """See Hand."""
        phone, user = self.platform, self.user
        match deed:
            case "say":
                return await phone.say(user, _text(told, "text"))
            case "tap":
                return await phone.press(user, int(_text(told, "id")), _text(told, "data"))
            case "send":
                return await phone.send(user, _thing(told))
            case "follow":
                return await phone.start(user)
            case "block":
                return await phone.block(user)
            case _:
                raise Impossible("unknown")


def _text(told: Face, name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not value:
        raise Impossible(f"{name} is missing")
    return value


def _thing(told: Face) -> str:
    kind = _text(told, "kind")
    if kind not in THINGS:
        raise Impossible("kind is unknown")
    return kind
