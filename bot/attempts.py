"""What one attempt at a chunk of a broadcast comes to: a letter for each of its people, and when to try again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from bot.ports import GaveUp, Outcome, Sent, TryLater, Unknown
from storage.chunks import Claimed
from storage.fates import Fate
from storage.recipients import Recipient

_LONGEST_PAUSE = 600.0
Fates = str  # a letter a person


@dataclass(frozen=True)
class Attempt:
    """What came of one attempt at a chunk. `again_s`: whoever still waits is tried again after so many seconds."""

    fates: Fates
    again_s: float | None = None
    why: str | None = None
    attempts: int = 0
    split: bool = False
    blocked: tuple[int, ...] = ()


def everybody(fates: Fates, fate: Fate) -> Fates:
    """Everybody who waited has this fate now."""
    return fates.replace(Fate.WAITS, fate)


def without_the_gone(one: Claimed, there: list[Recipient]) -> Fates:
    """Who waited and is not there any more is skipped; who was sent it before, perhaps, stays in doubt."""
    if len(there) == one.fates.count(Fate.WAITS):
        return one.fates
    gone = everybody(one.fates, Fate.UNKNOWN if one.tried else Fate.SKIPPED)
    return some(gone, [(person.at, Fate.WAITS) for person in there])


def some(fates: Fates, new: Sequence[tuple[int, Fate]]) -> Fates:
    """These places have these fates now."""
    letters = list(fates)
    for at, fate in new:
        letters[at] = fate
    return "".join(letters)


def of_many(one: Claimed, fates: Fates, outcome: Outcome) -> Attempt:
    """What one request for many came to: all of them, or none."""
    waited = fates.count(Fate.WAITS)
    pause = min(2.0**one.tried, _LONGEST_PAUSE)
    match outcome:
        case Sent():
            return Attempt(everybody(fates, Fate.ACCEPTED))
        case GaveUp(why) if waited > 1:
            return Attempt(fates, why=why, split=True)
        case GaveUp(why):
            return Attempt(everybody(fates, Fate.FAILED), why=why)
        case TryLater(seconds, why):
            return Attempt(fates, max(seconds, pause), why)
        case Unknown(why, again=True):
            return Attempt(fates, pause, why, attempts=1)
        case Unknown(why):
            return Attempt(everybody(fates, Fate.UNKNOWN), why=why)
        case _:
            assert_never(outcome)
