"""Times of day as people type them: 午後2時半, 14:30, 夜7時, 2:30 pm, 正午."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from dialogs.problem import Problem


@dataclass(frozen=True)
class Half:
    """A part of the day: the hours (0–23) it may mean, and whether 12 is sure in it.

    午前12時 and 午後12時 mean noon to some and midnight to others; 12 am and 12 pm do not.
    """

    hours: range
    twelve_is_sure: bool = True


@dataclass(frozen=True)
class Clock:
    """An hour and minutes as said; `whole_day` when the form itself counts to 24 (正午, 02:30)."""

    hour: int
    minute: int
    whole_day: bool
    said: str


_HALVES = {
    "午前": Half(range(12), twelve_is_sure=False),
    "午後": Half(range(12, 24), twelve_is_sure=False),
    "朝": Half(range(4, 12)),
    "昼": Half(range(10, 17)),
    "夕方": Half(range(15, 20)),
    "夜": Half(range(17, 24)),
    "am": Half(range(12)),
    "pm": Half(range(12, 24)),
    "morning": Half(range(4, 12)),
    "afternoon": Half(range(12, 19)),
    "evening": Half(range(16, 24)),
    "night": Half(range(18, 24)),
}

_AROUND = r"(?: ?(?:ごろ|頃|ころ|ちょうど|から(?![0-9])))*"
_HALF = re.compile(r"(?P<half>午前|午後|朝|昼|夕方|夜|morning|afternoon|evening|night)(?![a-z])")
_LETTERS = re.compile(r"(?P<half>[ap])\.?m(?:\.|(?![a-z]))")
_CLOCKS = (
    re.compile(r"(?<![0-9:])(?P<h>[0-9]{1,2}):(?P<m>[0-9]{2})(?::00)?(?![0-9:])" + _AROUND),
    re.compile(
        r"(?<![0-9])(?P<h>[0-9]{1,2})時(?!間)"
        r"(?:(?P<half>半)|(?P<m>[0-9]{1,2})分|(?P<m2>[0-9]{2})(?![0-9月日時分週か:/.-]))?" + _AROUND
    ),
    re.compile(r"(?<![0-9])(?P<h>[0-9]{1,2})(?= ?[ap]\.?m(?![a-z]))"),
    re.compile(r"(?<![0-9])(?P<h>[0-9]{1,2}) ?o'?clock(?![a-z])"),
    re.compile(r"at (?P<h>[0-9]{1,2})(?=[ .,!?]*$| (?:on|today|tomorrow|next|this)(?![a-z]))"),
)
_NOON = re.compile(r"(?:正午|(?P<noon>noon)(?![a-z]))" + _AROUND)


def clock_at(text: str, at: int) -> tuple[Clock | Half, int] | None:
    """The part of a time that starts at `at` in folded text, and where it ends; None when none does."""
    if match := _NOON.match(text, at):
        return Clock(12, 0, whole_day=True, said=match.group()), match.end()
    if match := _HALF.match(text, at):
        return _HALVES[match["half"]], match.end()
    if match := _LETTERS.match(text, at):
        return _HALVES[match["half"] + "m"], match.end()
    for pattern in _CLOCKS:
        if match := pattern.match(text, at):
            part = match.groupdict()
            minute = 30 if part.get("half") else int(part.get("m") or part.get("m2") or 0)
            return Clock(int(part["h"]), minute, part["h"].startswith("0"), match.group().strip()), match.end()
    return None


def name_of(half: Half) -> str:
    """The word for a part of the day, as `clock_at` reads it."""
    return next(name for name, one in _HALVES.items() if one == half)


def time_of(clock: Clock, halves: Sequence[Half]) -> time | Problem:
    """The one time that the clock and the parts of the day said with it can mean.

    Without a part of the day 7–12 and 13–23 are taken as said, 1–6 are asked about: the desk opens at nine, and 2時 is
    nearly always the afternoon, but nearly is not enough for an appointment.
    """
    said = {"said": clock.said[:20]}
    if clock.hour > 24 or clock.minute > 59:
        return Problem("no_such_time", said)
    if clock.hour == 24 or (clock.hour == 12 and not all(half.twelve_is_sure for half in halves)):
        return Problem("noon_or_midnight")
    if not halves:
        if 1 <= clock.hour <= 6 and not clock.whole_day:
            return Problem("which_half", {"hour": clock.hour})
        return time(clock.hour, clock.minute)
    meant = {clock.hour} if clock.hour > 12 else {clock.hour % 12, clock.hour % 12 + 12}
    meant = {hour for hour in meant if all(hour in half.hours for half in halves)}
    if len(meant) == 1:
        return time(meant.pop(), clock.minute)
    return Problem("noon_or_midnight") if clock.hour == 12 else Problem("no_such_time", said)
