"""How long before or after a date something is said: a day before at six in the evening, or two hours before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

_DAYS = re.compile(r"d([+-]?\d{1,3})@(\d{1,2})")
_HOURS = re.compile(r"h(\d{1,3})")
DAY = range(8, 21)  # the hours of the centre's clock in which people may be written to of our own accord


@dataclass(frozen=True)
class Offset:
    """So many days from the date of the item (negative: before it) at an hour of the day; or so many hours before."""

    days: int = 0
    hour: int | None = None
    hours_before: int = 0

    def __str__(self) -> str:
        return f"h{self.hours_before}" if self.hour is None else f"d{self.days}@{self.hour}"

    def due(self, start: datetime) -> datetime:
        """The moment for an item that begins at `start`, which must be on the centre's own clock."""
        if self.hour is None:
            return start - timedelta(hours=self.hours_before)
        day: date = start.date() + timedelta(days=self.days)
        return datetime.combine(day, time(self.hour), start.tzinfo)


def read(text: str) -> Offset | None:
    """The inverse of `str(Offset)`; None for anything else."""
    if (found := _DAYS.fullmatch(text)) and int(found[2]) < 24:
        return Offset(days=int(found[1]), hour=int(found[2]))
    return Offset(hours_before=int(found[1])) if (found := _HOURS.fullmatch(text)) else None


def rests_until(moment: datetime, quiet: tuple[int, int]) -> datetime | None:
    """Until when somebody with such quiet hours is left alone; None where they are not. The same hour twice: never."""
    begins, ends = quiet
    over_midnight = begins > ends
    within = begins <= moment.hour < ends or (over_midnight and (moment.hour >= begins or moment.hour < ends))
    if not within:
        return None
    day = moment.date() + timedelta(days=1 if over_midnight and moment.hour >= begins else 0)
    return datetime.combine(day, time(ends % 24), moment.tzinfo) + timedelta(days=ends // 24)


def by_day(moment: datetime, quiet: tuple[int, int] = (0, 0)) -> datetime:
    """The moment itself by day, else the next morning at eight, and never in somebody's quiet hours; on the centre's
    own clock.
    """
    for _ in range(3):  # the end of one may lie in the other
        if moment.hour not in DAY:
            day = moment if moment.hour < DAY.start else moment + timedelta(days=1)
            moment = day.replace(hour=DAY.start, minute=0, second=0, microsecond=0)
        rested = rests_until(moment, quiet)
        if rested is None:
            return moment
        moment = rested
    return moment
