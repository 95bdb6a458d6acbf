"""What can be asked of a Telegram forum group, and what is certain afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from bot.channels.telegram_draw import Part


@dataclass(frozen=True)
class OpenTopic:
    """Begin a topic; `Went.number` is its number."""

    name: str


@dataclass(frozen=True)
class Say:
    """Send words into a topic, or into the group's general one, perhaps under a message; `Went.number` is theirs."""

    part: Part
    thread: int | None = None
    answers: int | None = None


@dataclass(frozen=True)
class Change:
    """Put other words in the place of a message of ours."""

    message: int
    part: Part


@dataclass(frozen=True)
class Pin:
    """Keep a message at the top of its topic, without a sound."""

    message: int


@dataclass(frozen=True)
class Rename:
    """Give a topic another name."""

    thread: int
    name: str


@dataclass(frozen=True)
class CloseTopic:
    """Let nobody write into a topic."""

    thread: int


@dataclass(frozen=True)
class ReopenTopic:
    """Let people write into it again."""

    thread: int


@dataclass(frozen=True)
class DeleteTopic:
    """Take a topic away with all its messages."""

    thread: int


@dataclass(frozen=True)
class Toast:
    """Answer a tap, with words over the button; `loud` ones stay until they are closed."""

    tap: str
    text: str
    loud: bool = False


Call = OpenTopic | Say | Change | Pin | Rename | CloseTopic | ReopenTopic | DeleteTopic | Toast


@dataclass(frozen=True)
class Went:
    """It is as it was wanted. `number` is that of a new topic or message, 0 where Telegram told none we could read."""

    number: int = 0


@dataclass(frozen=True)
class Wait:
    """It certainly did not happen; ask again after so many seconds. `why` is fit for a log."""

    seconds: float
    why: str


@dataclass(frozen=True)
class NoTopic:
    """Somebody deleted the topic."""


@dataclass(frozen=True)
class NoMessage:
    """Somebody deleted the message."""


@dataclass(frozen=True)
class Shut:
    """Somebody closed the topic."""


@dataclass(frozen=True)
class Moved:
    """The group has another number now."""

    to: int


@dataclass(frozen=True)
class Never:
    """Telegram refused it and would again. `why` is fit for a log."""

    why: str


@dataclass(frozen=True)
class Lost:
    """It went out and no answer came: it may or may not have happened."""


Fate = Went | Wait | NoTopic | NoMessage | Shut | Moved | Never | Lost
