"""When the centre is open: its week, closed days and public holidays, and what follows from them for a promise."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jpholiday

from knowledge.article import EVERY

CENTRE = Path(__file__).parent / "centre.toml"
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


@dataclass(frozen=True)
class Centre:
    """The centre's own settings; `example` says that they are the demo's and still to be set.

    `phone`, `address` and `mail` are told as they are written; "" means not set, and then nothing is told.
    """

    example: bool
    names: dict[str, str]
    opening: Calendar
    consulting: Calendar
    slot_minutes: int
    phone: str = ""
    address: str = ""
    mail: str = ""


@lru_cache(maxsize=4096)  # every promise walks over the same few weeks
def is_holiday(day: date) -> bool:
    """Whether a day is a public holiday in Japan."""
    return bool(jpholiday.is_holiday(day))


def load_centre(path: Path = CENTRE) -> Centre:
    """The centre's settings from their file; raises WrongHours naming the field."""
    data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        return Centre(
            example=bool(data["example"]),
            names=_names(data["name"]),
            opening=_calendar(data, "open"),
            consulting=_calendar(data, "consulting"),
            slot_minutes=int(data["slot_minutes"]),
            phone=str(data.get("phone", "")).strip(),
            address=str(data.get("address", "")).strip(),
            mail=str(data.get("mail", "")).strip(),
        )
    except KeyError as missing:
        raise WrongHours(f"{path.name}: {missing.args[0]}: is missing; add it") from missing
    except (WrongHours, ValueError) as wrong:
        raise WrongHours(f"{path.name}: {wrong}") from wrong


def _names(names: Mapping[str, str]) -> dict[str, str]:
    if missing := [language for language in EVERY if not names.get(language)]:
        raise WrongHours(f"name.{missing[0]}: is missing; write the centre's name in this language")
    return dict(names)


def _calendar(data: Mapping[str, Any], field: str) -> Calendar:
    if strange := sorted(set(data[field]) - set(WEEK)):
        raise WrongHours(f"{field}.{strange[0]}: is not a day; use {', '.join(WEEK)}")
    return Calendar(
        zone=ZoneInfo(str(data["timezone"])),
        open_periods={WEEK.index(day): _periods(periods, f"{field}.{day}") for day, periods in data[field].items()},
        closed_each_year=frozenset(_month_day(text) for text in data["closed_each_year"]),
        closed_days=frozenset(data["closed_days"]),
        open_on_holidays=bool(data["open_on_holidays"]),
    )


def _periods(texts: Sequence[str], field: str) -> tuple[Period, ...]:
    try:
        return tuple(Period(*(time.fromisoformat(part) for part in text.split("-", 1))) for text in texts)
    except (TypeError, ValueError) as wrong:
        raise WrongHours(f"{field}: {list(texts)!r} are not periods; write them like 10:00-18:00") from wrong


def _month_day(text: str) -> tuple[int, int]:
    try:
        day = date.fromisoformat(f"2024-{text}")  # a leap year, so that 02-29 can be named
    except ValueError as wrong:
        raise WrongHours(f"closed_each_year: {text!r} is not a day; write month and day like 12-29") from wrong
    return day.month, day.day
