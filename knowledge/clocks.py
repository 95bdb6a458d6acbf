"""The three clocks of a case: by when the first reply, the next reply and the end are due, in opening time alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from math import ceil

from knowledge.hours import Calendar

DANGER = "danger"
ENOUGH = 20  # replies: with fewer nobody knows how long a reply takes
_SHARE = 0.9
_HALF_HOUR = 30


class Clock(StrEnum):
    """What is waited for."""

    FIRST = "first"
    NEXT = "next"
    SOLUTION = "solution"


@dataclass(frozen=True)
class Targets:
    """Minutes of opening time for each clock; None where nothing is promised."""

    first: int | None = None
    next: int | None = None
    solution: int | None = None

    def sooner(self, other: Targets) -> Targets:
        """The shorter of two, clock by clock."""
        return Targets(*(_less(getattr(self, one.name), getattr(other, one.name)) for one in fields(self)))


@dataclass(frozen=True)
class Standing:
    """What the clocks of a case depend on, from its cover.

    `asked_at` is the oldest word of the person's that nobody answered, None when none is waiting. The case was worked
    on for `ran` minutes of opening time before `ran_from`. `told` is the moment the person was told.
    """

    topic: str
    urgency: str
    asked_at: datetime | None
    replied: bool
    ran: int
    ran_from: datetime
    told: datetime | None = None


@dataclass(frozen=True)
class Due:
    """What breaks first, when, and when to warn of it: the holder, the whole desk, those who lead it."""

    clock: Clock
    at: datetime
    steps: tuple[datetime, datetime, datetime]


@dataclass(frozen=True)
class Clocks:
    """The centre's promises: targets in general, by urgency and by topic; `warn` are minutes before the end."""

    calendar: Calendar
    standard: Targets = Targets()
    urgencies: Mapping[str, Targets] | None = None
    topics: Mapping[str, Targets] | None = None
    warn: tuple[int, int, int] = (60, 30, 0)

    def targets(self, topic: str, urgency: str) -> Targets:
        """What holds for a case: the shorter of its topic's and its urgency's, the general ones where both say none."""
        own = (self.urgencies or {}).get(urgency, Targets()).sooner((self.topics or {}).get(topic, Targets()))
        pairs = ((getattr(own, one.name), getattr(self.standard, one.name)) for one in fields(own))
        return Targets(*(general if special is None else special for special, general in pairs))

    def due(self, case: Standing) -> Due | None:
        """The promise that breaks first; None when nothing is promised. What the person was told counts as well."""
        targets = self.targets(case.topic, case.urgency)
        running: list[tuple[Clock, datetime, int | None]] = []
        if case.asked_at is not None:
            clock = Clock.NEXT if case.replied else Clock.FIRST
            minutes = targets.next if case.replied else targets.first
            if clock is Clock.FIRST and case.told is not None:
                told = self.calendar.minutes(case.asked_at, case.told)
                minutes = told if minutes is None else min(minutes, told)
            running.append((clock, case.asked_at, minutes))
        if targets.solution is not None:
            running.append((Clock.SOLUTION, case.ran_from, max(targets.solution - case.ran, 0)))
        ends = [
            (self.calendar.due(start, most), clock, start, most) for clock, start, most in running if most is not None
        ]
        if not ends:
            return None
        end, clock, start, whole = min(ends)
        # Never in the first half of the time: a short promise would else be warned of as it is made.
        before = (whole - min(one, whole // 2) for one in self.warn)
        first, second, third = (self.calendar.due(start, one) for one in before)
        return Due(clock, end, (first, second, third))

    def bound(self, now: datetime, minutes: int) -> datetime:
        """The moment that many minutes of opening time from now, on the next half hour that is still opening time."""
        exact = self.calendar.due(now, minutes)
        over = exact.minute % _HALF_HOUR or (_HALF_HOUR if exact.second or exact.microsecond else 0)
        if not over:
            return exact
        later = _HALF_HOUR - over % _HALF_HOUR
        rounded = self.calendar.due(exact, later) if self.calendar.is_open(exact) else exact
        return rounded.replace(second=0, microsecond=0) if rounded.date() == exact.date() else exact


def within(minutes: list[int]) -> int | None:
    """In how many minutes the next of its kind comes, nine times in ten; None while too few are known.

    The nearest rank of a conformal bound, ceil(0.9 (n + 1)): right for the next one as well, not only for those before.
    """
    if len(minutes) < ENOUGH:
        return None
    return sorted(minutes)[ceil(_SHARE * (len(minutes) + 1)) - 1]


def _less(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else min(one, other)
