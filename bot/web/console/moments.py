"""Moments to choose from without a calendar, on the centre's own clock: each says the day and the hour it means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.web.console.words import word
from bot.web.days import day_name

MORNING = time(9)
_QUIET_FROM, _QUIET_UNTIL = time(20), time(8)
_DAYS = 14
_HOURS = range(8, 21)


@dataclass(frozen=True)
class Choice:
    """A moment as a form sends it, and as people read it."""

    value: str
    label: str


def mornings(now: datetime, zone: ZoneInfo) -> list[Choice]:
    """To lay something aside until then: tomorrow, Monday, in a week; one moment stands there once."""
    today = now.astimezone(zone).date()
    monday = today + timedelta(days=7 - today.weekday())
    named = {"tomorrow": today + timedelta(days=1), "monday": monday, "week": today + timedelta(days=7)}
    return _once([_choice(name, day) for name, day in named.items()])


def departures(now: datetime, zone: ZoneInfo) -> list[Choice]:
    """For words to leave then: this morning, while it is still to come, and the next ones."""
    here = now.astimezone(zone)
    soon = [_choice("today", here.date())] if here.time() < _QUIET_UNTIL else []
    return [*soon, *mornings(now, zone)[:2]]


def days(now: datetime, zone: ZoneInfo) -> list[Choice]:
    """The next two weeks, from today on."""
    today = now.astimezone(zone).date()
    ahead = [today + timedelta(days=number) for number in range(_DAYS)]
    return [Choice(day.isoformat(), day_name(day)) for day in ahead]


def hours() -> list[Choice]:
    """The hours in which words may arrive."""
    return [Choice(f"{hour:02}:00", f"{hour}:00") for hour in _HOURS]


def quiet(now: datetime, zone: ZoneInfo) -> bool:
    """Whether it is so late, or so early, that a message may wake somebody."""
    here = now.astimezone(zone).time()
    return here >= _QUIET_FROM or here < _QUIET_UNTIL


def read(told: object, zone: ZoneInfo) -> datetime | None:
    """A moment as a form tells it: a day with its hour, or a day, which means its morning. None for anything else."""
    if not isinstance(told, str) or not told.isascii() or not 10 <= len(told) <= 16:
        return None
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        return None
    if moment.tzinfo is not None:
        return None
    return datetime.combine(moment.date(), MORNING if len(told) == 10 else moment.time(), zone)


def day_of(told: str) -> date | None:
    """A day as a form tells it, 2026-12-05; None for anything else."""
    try:
        return date.fromisoformat(told)
    except ValueError:
        return None


def _choice(name: str, day: date) -> Choice:
    value = datetime.combine(day, MORNING).isoformat(timespec="minutes")
    return Choice(value, word("moment." + name, day=day_name(day), hour=f"{MORNING.hour}:00"))


def _once(choices: list[Choice]) -> list[Choice]:
    return list({one.value: one for one in reversed(choices)}.values())[::-1]
