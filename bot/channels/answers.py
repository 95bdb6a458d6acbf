"""What is certain about a call to a platform, and the outcome that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from bot.ports import GaveUp, Outcome, Sent, TryLater, Unknown

SOON = 2.0  # seconds after which a platform that could not be reached is tried again


@dataclass(frozen=True)
class Accepted:
    """The platform took it. The ids of the messages, as far as it told them in a form we could read."""

    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """The platform certainly did not take it.

    `seconds` is when it may take it (0: never), `blocked` that the person cannot be reached, `plainer` that it found
    fault with the form of what we drew, so that plain words may pass; `no_push` that the month's pushes are used up.
    """

    why: str
    status: int = 400
    seconds: float = 0.0
    blocked: bool = False
    plainer: bool = False
    no_push: bool = False


@dataclass(frozen=True)
class Unreached:
    """No connection came about, so nothing was sent."""


@dataclass(frozen=True)
class Lost:
    """It went out and no usable answer came back: it may or may not have been taken."""


Answer = Accepted | Refused | Unreached | Lost


def outcome(via: str, answer: Answer, again: bool) -> Outcome:
    """What delivery is told. `again` says whether a repetition after a lost answer cannot double the words."""
    match answer:
        case Accepted(ids):
            return Sent(via, ids)
        case Lost():
            return Unknown(f"no answer ({via})", again)
        case Unreached():
            return TryLater(SOON, "cannot be reached")
        case Refused(why, seconds=seconds, no_push=no_push) if seconds > 0:
            return TryLater(seconds, why, no_push=no_push)
        case Refused(why, blocked=blocked):
            return GaveUp(why, blocked)
        case _:
            assert_never(answer)
