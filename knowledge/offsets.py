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


def by_day(moment: datetime) -> datetime:
    """The moment itself by day, else the next morning at eight; on the centre's own clock."""
    if moment.hour in DAY:
        return moment
    day = moment if moment.hour < DAY.start else moment + timedelta(days=1)
    return day.replace(hour=DAY.start, minute=0, second=0, microsecond=0)
