"""What of a feed is news: not what is old, not a whole history offered anew, nothing while a clock is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

AHEAD = timedelta(days=1)  # an entry from further in the future says that a clock is wrong, ours or theirs


class Why(StrEnum):
    """Why entries are kept back."""

    OLD = "old"  # older than the feed's limit, or over
    MANY = "many"  # more at once than anybody writes: a person says whether that is so
    CLOCK = "clock"  # from the future, or our clock was put back


@dataclass(frozen=True)
class Offer:
    """An entry of a feed: its name there, a hash of all it says, when it is from, and when it is over."""

    uid: str
    mark: str
    stamp: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True)
class Limits:
    """How old an entry may be, how many may be new at once; `sure`: a person said that it is so, this once."""

    oldest: timedelta
    at_most: int
    sure: bool = False


@dataclass(frozen=True)
class Clock:
    """The moment, and when the feed was looked at last."""

    now: datetime
    last: datetime | None = None


@dataclass(frozen=True)
class Sifted:
    """What may become proposals, what was found too old for the first time, and how many are kept back, and why."""

    fresh: frozenset[str] = frozenset()
    old: frozenset[str] = frozenset()
    held: int = 0
    why: Why | None = None


def sift(
    offers: Sequence[Offer], known: Mapping[str, str], aged: Mapping[str, str], by: Limits, clock: Clock
) -> Sifted:
    """Part what a look found; `known` are the marks of what was settled, `aged` of what was too old.

    What was too old is looked at anew, for a clock that was ahead made it so, and nobody is told of it twice.
    Source: 舟形町, 3 January 2026: 40 alerts of long ago went to a thousand people at night (list of faults, B-05).
    """
    news = [one for one in offers if known.get(one.uid) != one.mark]
    if clock.last is not None and clock.now < clock.last and not by.sure:
        return Sifted(held=len(news), why=Why.CLOCK if news else None)
    old = {one.uid for one in news if _old(one, by, clock.now)}
    ahead = {one.uid for one in news if one.stamp is not None and one.stamp > clock.now + AHEAD and not by.sure} - old
    fresh = frozenset(one.uid for one in news if one.uid not in old | ahead)
    first = frozenset(one.uid for one in news if one.uid in old and aged.get(one.uid) != one.mark)
    if len(fresh) > by.at_most:
        return Sifted(held=len(fresh), why=Why.MANY)
    if ahead:
        return Sifted(fresh, first, len(ahead), Why.CLOCK)
    return Sifted(fresh, first, len(first), Why.OLD if first else None)


def _old(one: Offer, by: Limits, now: datetime) -> bool:
    written = one.stamp is not None and one.stamp < now - by.oldest
    return written or (one.ends is not None and one.ends <= now)
