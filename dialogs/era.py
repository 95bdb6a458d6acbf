"""The years of the Japanese calendar, from the day each era began to the day it ended."""

from __future__ import annotations

from datetime import date

# First and last day. Each edict says "from this day on", so the day of change belongs to the new era. Meiji starts
# with its sixth year: before 1873-01-01 Japan counted by the moon.
_ERAS: dict[str, tuple[int, date, date]] = {
    "令和": (2018, date(2019, 5, 1), date.max),
    "平成": (1988, date(1989, 1, 8), date(2019, 4, 30)),
    "昭和": (1925, date(1926, 12, 25), date(1989, 1, 7)),
    "大正": (1911, date(1912, 7, 30), date(1926, 12, 24)),
    "明治": (1867, date(1873, 1, 1), date(1912, 7, 29)),
}
_LETTERS = {"r": "令和", "h": "平成", "s": "昭和", "t": "大正", "m": "明治"}


def western_year(era: str, year: int) -> int:
    """The western year of year `year` (1 = 元年) of an era, named as 令和 or by its letter in lower case."""
    return _ERAS[_LETTERS.get(era, era)][0] + year


def was_in(era: str, day: date) -> bool:
    """Whether the day lies in the era: 昭和64 had seven days."""
    _, first, last = _ERAS[_LETTERS.get(era, era)]
    return first <= day <= last


def in_era(day: date) -> tuple[str, int]:
    """The era and the year in it (1 = 元年) of a day from 1873 on; ValueError for an earlier one."""
    for era, (before, first, last) in _ERAS.items():
        if first <= day <= last:
            return era, day.year - before
    msg = "before 1873 the calendar was another one"
    raise ValueError(msg)
