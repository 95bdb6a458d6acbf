"""When the centre is open: its week, closed days and public holidays, and what follows from them for a promise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache

import jpholiday

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FARTHEST = 400  # days looked ahead; a centre that does not open within a year is a wrong setting, not a calendar


class WrongHours(Exception):
    """Opening hours that cannot be used; the message names the field and the mend."""


@dataclass(frozen=True)
class Period:
    """A stretch of a day, from `start` to before `end`, both without a zone."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if not self.start < self.end:
            raise WrongHours(
                f"{self.start:%H:%M}-{self.end:%H:%M}: ends before it starts; write the earlier time first"
            )


@dataclass(frozen=True)
class Calendar:
    """Opening periods per weekday (0 is Monday), days closed every year (month, day), single closed days, holidays."""

    zone: tzinfo
    open_periods: Mapping[int, tuple[Period, ...]]
    closed_each_year: frozenset[tuple[int, int]] = frozenset()
    closed_days: frozenset[date] = frozenset()
    open_on_holidays: bool = False

    def periods(self, day: date) -> tuple[Period, ...]:
        """The opening periods of one day, earliest first; none when closed."""
        closed = (day.month, day.day) in self.closed_each_year or day in self.closed_days
        if closed or (not self.open_on_holidays and is_holiday(day)):
            return ()
        return tuple(sorted(self.open_periods.get(day.weekday(), ()), key=lambda period: period.start))

    def is_open(self, now: datetime) -> bool:
        """Whether the centre is open at this moment (an aware datetime)."""
        return any(start <= self._here(now) < end for start, end in self._stretches(self._here(now).date(), 1))

    def next_open(self, now: datetime) -> datetime:
        """This moment when it is open, else the next opening. Raises WrongHours when it never opens."""
        for start, end in self._ahead(now):
            return max(start, self._here(now)) if self._here(now) < end else start
        raise WrongHours("open: never opens; give at least one weekday a period")

    def due(self, now: datetime, open_minutes: int) -> datetime:
        """The moment when so many minutes of opening time have passed; closed time does not count."""
        left = timedelta(minutes=open_minutes)
        for start, end in self._ahead(now):
            begin = max(start, self._here(now))
            if left <= end - begin:
                return begin + left
            left -= end - begin
        raise WrongHours("open: has not enough opening time in a year; give the week longer periods")

    def minutes(self, start: datetime, end: datetime) -> int:
        """Whole minutes of opening time from `start` to before `end`; 0 when the end is not later."""
        first, last = self._here(start), self._here(end)
        spent = timedelta()
        for opens, closes in self._stretches(first.date(), max((last.date() - first.date()).days + 1, 0)):
            spent += max(min(closes, last) - max(opens, first), timedelta())
        return spent // timedelta(minutes=1)

    def slots(self, now: datetime, days: int, length: int, taken: frozenset[datetime] = frozenset()) -> list[datetime]:
        """The starts of slots of `length` minutes that begin after now, within `days` days, today included."""
        step = timedelta(minutes=length)
        found: list[datetime] = []
        for start, end in self._stretches(self._here(now).date(), days):
            begins = (start + n * step for n in range((end - start) // step))
            found += [begin for begin in begins if begin > self._here(now) and begin not in taken]
        return found

    def _here(self, now: datetime) -> datetime:
        if now.tzinfo is None:
            raise ValueError("a moment without a zone; hand in an aware datetime")
        return now.astimezone(self.zone)

    def _ahead(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        here = self._here(now)
        return ((start, end) for start, end in self._stretches(here.date(), _FARTHEST) if here < end)

    def _stretches(self, first: date, days: int) -> Iterator[tuple[datetime, datetime]]:
        for ahead in range(days):
            day = first + timedelta(days=ahead)
            for period in self.periods(day):
                yield (
                    datetime.combine(day, period.start, tzinfo=self.zone),
                    datetime.combine(day, period.end, tzinfo=self.zone),
                )


@lru_cache(maxsize=4096)  # every promise walks over the same few weeks
def is_holiday(day: date) -> bool:
    """Whether a day is a public holiday in Japan."""
    return bool(jpholiday.is_holiday(day))
