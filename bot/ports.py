"""What the bot needs from outside, as Protocols and plain data; providers fit by shape and never import this file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol, runtime_checkable

from dialogs.heard import Heard
from dialogs.saying import Message


@dataclass(frozen=True)
class Arrived:
    """One event of a platform, read but not yet heard.

    `event_id` is the platform's own id: the same event always carries the same one. `heard` is None for what is stored
    and acknowledged but means nothing to us (an unknown kind, a group's chatter). `address` is empty when the event
    names no person. `said_id` is the platform's id of the message itself, by which it may later be withdrawn.
    `mark` is kept with the id where the same id must not come again with other words. `quotes` is the platform's id of
    a message that this one quotes, `handle` what the platform wants to hear when this one is to be quoted, `read_mark`
    LINE's leave to say that all up to this message was read; none of the three may reach a log. `circle`: it happened
    in a group of residents; the address is the group's own.
    """

    channel: str
    event_id: str
    address: str
    at: datetime
    heard: Heard | None
    reply_token: str = ""
    said_id: str = ""
    kind: str = ""
    mark: bytes | None = None
    quotes: str = ""
    handle: str = ""
    read_mark: str = ""
    circle: bool = False


@dataclass(frozen=True)
class Parcel:
    """Words on their way to one person: at most five messages that belong together.

    They travel as they are kept, as JSON data: the process that hears need not make objects of them on the way.
    `reply_token` is LINE's one-time right to answer for free and `reply_until` the moment we stop trusting it;
    `retry_key` is a UUID written before the first attempt. `tried` counts attempts that may have reached the platform.
    `may_push` is false when this month has no room for it: then only a free reply can carry it.
    """

    id: int
    channel: str
    address: str
    written: Sequence[Mapping[str, Any]]
    retry_key: str
    reply_token: str = ""
    reply_until: datetime | None = None
    tried: int = 0
    language: str = "ja"
    may_push: bool = True

    @cached_property
    def messages(self) -> tuple[Message, ...]:
        """What is said, for the channel that draws it."""
        return tuple(Message.from_json(message) for message in self.written)


@dataclass(frozen=True)
class Many:
    """The same words on their way to many at once: one request of the platform, under one retry key."""

    addresses: Sequence[str]
    written: Sequence[Mapping[str, Any]]
    retry_key: str


@dataclass(frozen=True)
class Sent:
    """The platform accepted it. `via` is "reply", "push" or the channel's name; never a claim that it was read."""

    via: str
    platform_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class TryLater:
    """It certainly was not accepted; try again after so many seconds.

    `token_spent`: the platform refused the reply token for certain, so only a push can still carry it. `no_push`: this
    month's pushes are used up, so only a free reply can, when the person writes again.
    """

    seconds: float
    why: str
    token_spent: bool = False
    no_push: bool = False


@dataclass(frozen=True)
class GaveUp:
    """It will never be accepted. `blocked` says that the person cannot be reached at all."""

    why: str
    blocked: bool = False


@dataclass(frozen=True)
class Unknown:
    """It may or may not have been accepted. `again` says that a further attempt cannot double it.

    `token_spent` as in TryLater.
    """

    why: str
    again: bool = False
    token_spent: bool = False


Outcome = Sent | TryLater | GaveUp | Unknown


@dataclass(frozen=True)
class Fetched:
    """What somebody sent, safe to keep. `form` is told by its first bytes: "jpeg" is a picture that we drew anew."""

    form: str
    data: bytes


@dataclass(frozen=True)
class NotYet:
    """The platform does not give it now; ask again after so many seconds. `ended`: the process that asked has died."""

    seconds: float
    why: str
    ended: bool = False


@dataclass(frozen=True)
class Never:
    """It will never be had, or must not be kept. `why` is one of `bot.channels.contents.Why`."""

    why: str


Content = Fetched | NotYet | Never


class Channel(Protocol):
    """A way to a person. Never raises for what the network or the platform did: that is an outcome."""

    name: str

    async def open(self) -> object:
        """Get ready; needs no network."""
        ...

    async def send(self, parcel: Parcel) -> Outcome:
        """Hand one parcel to the platform."""
        ...

    async def close(self) -> None:
        """Give back connections."""
        ...


@dataclass(frozen=True)
class Itself:
    """The bot on a platform: `id` as events name it, `name` as people find it (LINE's begins with an @)."""

    id: str
    name: str


@runtime_checkable
class KnowsItself(Protocol):
    """A channel that can tell who the bot is on its platform."""

    async def itself(self) -> Itself | None:
        """Who we are there; None when the platform does not tell now."""
        ...


@dataclass(frozen=True)
class Quota:
    """What a platform says of this month, in recipients: the most there can be (None: no limit), and those used up."""

    most: int | None
    used: int


@runtime_checkable
class Counts(Protocol):
    """A channel whose platform counts what is pushed in a month."""

    async def month(self) -> Quota | None:
        """This month as the platform tells it, about right; None when it does not tell now."""
        ...


@runtime_checkable
class CarriesMany(Protocol):
    """A channel whose platform takes the same words for many people in one request."""

    async def send_many(self, many: Many) -> Outcome:
        """Hand them over: all of these people, or none. Never raises for what the network or the platform did."""
        ...


@runtime_checkable
class ShowsMenus(Protocol):
    """A channel with a menu under the talk, another for each person."""

    async def menus(self) -> Mapping[str, str] | None:
        """The ids of the menus that were made, by name; None when the platform does not tell now."""
        ...

    async def link(self, address: str, menu_id: str) -> bool:
        """Show this menu to this person; whether the platform took it."""
        ...


@runtime_checkable
class ShowsRead(Protocol):
    """A channel that can show people that their words were read."""

    async def show_read(self, token: str) -> bool:
        """Use a reading mark; whether the platform has decided about it, so that it need not be asked again."""
        ...


@runtime_checkable
class ShowsBusy(Protocol):
    """A channel that can show somebody that an answer is being made."""

    async def show_busy(self, address: str) -> None:
        """Show it for five seconds, or until the next message. That it does not work is of no consequence."""
        ...


@runtime_checkable
class Fetches(Protocol):
    """A channel that can bring what people send besides words."""

    async def fetch(self, source: str) -> Content:
        """The content with this id of the platform's. Never raises for what the network or the platform did."""
        ...
