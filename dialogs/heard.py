"""What a person did on a channel, in the few shapes the engine knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


@dataclass(frozen=True)
class Typed:
    """Words, exactly as they were sent."""

    text: str


@dataclass(frozen=True)
class Tapped:
    """A button. `tap` is what we put on it, or what a forger sent: never trusted."""

    tap: str


# A platform says that something else linked the person's account: told like a button that nobody had to press.
LINKED = Tapped("m:linked")


@dataclass(frozen=True)
class Picked:
    """A value from a native picker: `value` is ISO 8601 (date, HH:MM, or both joined by T)."""

    tap: str
    value: str


class Thing(StrEnum):
    """What can be sent where words are wanted."""

    PICTURE = "picture"
    VIDEO = "video"
    VOICE = "voice"
    FILE = "file"
    PLACE = "place"
    STICKER = "sticker"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Showed:
    """Something that is not words. `ref` is the platform's id of its content, `name` the file's name if it has one.

    `words` say what it is, where the platform tells: the keywords of a sticker, the address and coordinates of a place.
    `caption` is what the person wrote under it; `album` names the set it was sent in, with others at once.
    """

    thing: Thing
    ref: str = ""
    name: str = ""
    words: str = ""
    caption: str = ""
    album: str = ""


@dataclass(frozen=True)
class Came:
    """A person added the bot, unblocked it or opened the chat page. `word` is the payload of a deep link, or empty."""

    word: str = ""


@dataclass(frozen=True)
class Left:
    """A person blocked the bot."""


@dataclass(frozen=True)
class Withdrew:
    """A person took a message back; `message_id` is the platform's id of that message."""

    message_id: str


@dataclass(frozen=True)
class Corrected:
    """A person changed the words of a message after sending it; `message_id` is the platform's id of that message."""

    text: str
    message_id: str


@dataclass(frozen=True)
class Filled:
    """An answer given on the centre's own private page, for one question of one run of a flow."""

    flow: str
    run: int
    question: str
    value: str


@dataclass(frozen=True)
class Moved:
    """A group has another address on its platform from now on."""

    to: str


Heard = Typed | Tapped | Picked | Showed | Came | Left | Withdrew | Corrected | Filled | Moved

_KINDS: dict[str, type[Heard]] = {
    "typed": Typed,
    "tapped": Tapped,
    "picked": Picked,
    "showed": Showed,
    "came": Came,
    "left": Left,
    "withdrew": Withdrew,
    "corrected": Corrected,
    "filled": Filled,
    "moved": Moved,
}
_NAMES = {cls: name for name, cls in _KINDS.items()}


def to_json(heard: Heard) -> dict[str, Any]:
    """What was heard as plain JSON data, for the inbox."""
    return {"kind": _NAMES[type(heard)], **asdict(heard)}


def from_json(data: Mapping[str, Any]) -> Heard:
    """The inverse of `to_json`."""
    rest = {key: value for key, value in data.items() if key != "kind"}
    if data["kind"] == "showed":
        return Showed(Thing(rest.pop("thing")), **rest)
    return _KINDS[data["kind"]](**rest)
