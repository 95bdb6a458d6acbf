"""The days of a rule of repetition (RFC 5545), looked at one by one until its end or until patience is at an end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "WKST"}
_STEP = re.compile(r"[1-9][0-9]{0,3}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,3}")
_DAY = re.compile(rf"([+-]?[0-9]{{1,2}})?({'|'.join(_WEEK)})")
_ONE = timedelta(days=1)


class Strange(ValueError):
    """It repeats in a way that is not read here."""


class TooMuch(ValueError):
    """So many days were looked at already that nobody waits for this rule."""


class Patience:
    """How many days may still be looked at, for all rules that share it."""

    def __init__(self, days: int) -> None:
        self._left = days

    def look(self, days: int) -> None:
        """So many more. Raises TooMuch when they are used up."""
        self._left -= days
        if self._left < 0:
            raise TooMuch


class Often(StrEnum):
    """What a rule goes by."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


@dataclass(frozen=True)
class Rule:
    """What it goes by, and which days of each turn fit; an empty set narrows nothing.

    `week_days` are (which one of its month or year, day of the week): 0 for each, -1 for the last.
    """

    often: Often
    every: int
    months: frozenset[int]
    month_days: frozenset[int]
    week_days: frozenset[tuple[int, int]]
    places: frozenset[int]
    week_start: int


def read(said: Mapping[str, str], first: date) -> Rule:
    """A rule by the names of its parts; what it leaves out is as its first day is. Raises Strange."""
    often, step = said.get("FREQ", ""), said.get("INTERVAL", "1")
    if often not in set(Often) or not set(said) <= _KNOWN or not _STEP.fullmatch(step):
        raise Strange
    week_start = said.get("WKST", "MO")
    if week_start not in _WEEK:
        raise Strange
    months = _numbers(said, "BYMONTH", range(1, 13))
    month_days, week_days = _numbers(said, "BYMONTHDAY", range(-31, 32)), _week_days(said, Often(often))
    if not month_days and not week_days:
        if often == Often.YEARLY:
            months = months or frozenset({first.month})
        if often in (Often.YEARLY, Often.MONTHLY):
            month_days = frozenset({first.day})
        if often == Often.WEEKLY:
            week_days = frozenset({(0, first.weekday())})
    places = _numbers(said, "BYSETPOS", range(-366, 367))
    return Rule(Often(often), int(step), months, month_days, week_days, places, _WEEK.index(week_start))


def _numbers(said: Mapping[str, str], name: str, within: range) -> frozenset[int]:
    parts = said[name].split(",") if name in said else []
    if not all(map(_NUMBER.fullmatch, parts)):
        raise Strange
    found = frozenset(map(int, parts))
    if 0 in found or not all(one in within for one in found):
        raise Strange
    return found


def _week_days(said: Mapping[str, str], often: Often) -> frozenset[tuple[int, int]]:
    found = set()
    most = {Often.MONTHLY: 5, Often.YEARLY: 53}.get(often, 0)
    for part in said["BYDAY"].split(",") if "BYDAY" in said else []:
        read = _DAY.fullmatch(part)
        if read is None:
            raise Strange
        which = int(read[1] or 0) if most else 0
        if abs(which) > most or (most and read[1] and not which):
            raise Strange
        found.add((which, _WEEK.index(read[2])))
    return frozenset(found)


def days(rule: Rule, within: tuple[date, date, date], patience: Patience) -> Iterator[date]:
    """The days that it fits, from a first one to a last, both included; `within` names the first, a day before which
    turns may be left out that were over by then, and the last. Raises TooMuch.
    """
    first, since, last = within
    turn = _turns_before(rule, first, since)
    while True:
        try:
            found = _turn(rule, first, turn)
        except (OverflowError, ValueError):  # beyond all time
            return
        patience.look(len(found))
        if found[0] > last:
            return
        fits = [day for day in found if _fits(rule, day)]
        if rule.places:
            size = len(fits)
            fits = [day for at, day in enumerate(fits) if at + 1 in rule.places or at - size in rule.places]
        yield from (day for day in fits if first <= day <= last)
        turn += 1


def _turns_before(rule: Rule, first: date, since: date) -> int:
    if since <= first:
        return 0
    if rule.often in (Often.DAILY, Often.WEEKLY):
        length = 1 if rule.often is Often.DAILY else 7
        return max((since - first).days // (length * rule.every) - 1, 0)
    years = since.year - first.year
    return (years if rule.often is Often.YEARLY else years * 12 + since.month - first.month) // rule.every


def _turn(rule: Rule, first: date, turn: int) -> Sequence[date]:
    """All days of one turn: that day, week or month; of a year those months that can fit."""
    ahead = turn * rule.every
    match rule.often:
        case Often.DAILY:
            return [first + timedelta(days=ahead)]
        case Often.WEEKLY:
            start = first - timedelta(days=(first.weekday() - rule.week_start) % 7) + timedelta(days=7 * ahead)
            return [start + timedelta(days=day) for day in range(7)]
        case Often.MONTHLY:
            return _month(first.year, first.month + ahead)
        case Often.YEARLY:
            months = sorted(rule.months) or range(1, 13)
            return [day for month in months for day in _month(first.year + ahead, month)]


def _month(year: int, month: int) -> list[date]:
    start = date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    return [start + timedelta(days=day) for day in range(_length(start))]


def _length(day: date) -> int:
    """Days of its month."""
    start = day.replace(day=28) + timedelta(days=4)
    return (start - timedelta(days=start.day)).day


def _fits(rule: Rule, day: date) -> bool:
    if rule.months and day.month not in rule.months:
        return False
    size = _length(day) if rule.month_days or rule.week_days else 0
    if rule.month_days and day.day not in rule.month_days and day.day - size - 1 not in rule.month_days:
        return False
    if not rule.week_days:
        return True
    at = day.day
    if rule.often is Often.YEARLY and not rule.months:
        at, size = day.timetuple().tm_yday, date(day.year, 12, 31).timetuple().tm_yday
    which = {0, (at - 1) // 7 + 1, -((size - at) // 7 + 1)}
    return any((one, day.weekday()) in rule.week_days for one in which)
