"""Answers what every front desk is asked, from the centre's own settings: never invented, and unset is said so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import assert_never

from bot.living import Living
from bot.look import Look, Shelf, danger
from dialogs.around import Finding, Found
from dialogs.dates import say_day
from dialogs.heard import Heard, Typed
from dialogs.words import Words
from knowledge.frontdesk import Fact, asked
from knowledge.hours import Calendar, Period
from knowledge.rules import Centre
from knowledge.search import Learnt
from knowledge.tongue import tongue

SOON = timedelta(days=60)  # single closed days are told so far ahead
_LEAP = 2024  # a year that has every day


class FrontDesk:
    """A Look that hears questions about the centre itself before the search does; danger comes before both."""

    def __init__(self, look: Look, centre: Callable[[], Centre], library: Mapping[str, Words]) -> None:
        self.look = look
        self._centre = centre
        self._library = library

    def __call__(
        self, heard: Heard, language: str, today: date, after: str | None = None, learnt: Learnt | None = None
    ) -> Found | None:
        """See Look."""
        fact = asked(heard.text) if isinstance(heard, Typed) and not danger(heard.text, language) else None
        if fact is None or not isinstance(heard, Typed):
            return self.look(heard, language, today, after, learnt)
        said = told(fact, self._centre(), self._library[tongue(heard.text) or language], today)
        return Found(Finding.CENTRE, question=True, reason=fact.value, said=said)


def shelf_of(look: Look) -> Shelf | None:
    """The articles and their search behind a look, for whoever asks why; None where there are none."""
    behind = look.look if isinstance(look, FrontDesk) else look
    if isinstance(behind, Living):
        return behind.shelf
    return behind if isinstance(behind, Shelf) else None


def living_of(look: Look) -> Living | None:
    """What can be changed behind a look; None where the answers are fixed."""
    behind = look.look if isinstance(look, FrontDesk) else look
    return behind if isinstance(behind, Living) else None


def told(fact: Fact, centre: Centre, words: Words, today: date) -> str:
    """The answer in words, or nothing where the centre has not set it."""
    match fact:
        case Fact.PHONE:
            return words.say("centre.phone", phone=centre.phone) if centre.phone else ""
        case Fact.ADDRESS:
            return words.say("centre.address", address=centre.address) if centre.address else ""
        case Fact.MAIL:
            return words.say("centre.mail", mail=centre.mail) if centre.mail else ""
        case Fact.HOURS:
            return "\n".join(_hours(centre.opening, words, today))
        case Fact.CLOSED:
            return "\n".join(_closed(centre.opening, words, today))
        case _:
            assert_never(fact)


def _hours(calendar: Calendar, words: Words, today: date) -> Iterator[str]:
    """Today first, for most people mean today; then the week, days with the same hours together."""
    periods = calendar.periods(today)
    day = say_day(today, words)
    if periods:
        yield words.say("centre.today", day=day, hours=_periods(periods, words))
    else:
        yield words.say("centre.today_closed", day=day)
    yield words.say("centre.week")
    week = [(number, calendar.open_periods.get(number, ())) for number in range(7)]
    for hours, days in groupby(week, key=lambda one: one[1]):
        if hours:
            yield words.say(
                "centre.days", days=_weekdays([day for day, _ in days], words), hours=_periods(hours, words)
            )


def _closed(calendar: Calendar, words: Words, today: date) -> Iterator[str]:
    comma = words.say("common.comma")
    days = [number for number in range(7) if not calendar.open_periods.get(number)]
    off = [_weekdays(days, words)] if days else []
    off += [] if calendar.open_on_holidays else [words.say("centre.holidays")]
    off += _each_year(calendar, words)
    soon = (day for day in sorted(calendar.closed_days) if today <= day <= today + SOON)
    off += [say_day(day, words) for day in soon]
    yield words.say("centre.closed", days=comma.join(off)) if off else words.say("centre.never_closed")


def _weekdays(days: list[int], words: Words) -> str:
    return words.say("common.comma").join(words.say(f"when.weekday_{day}") for day in days)


def _periods(periods: tuple[Period, ...], words: Words) -> str:
    spans = (words.say("centre.span", start=f"{one.start:%H:%M}", end=f"{one.end:%H:%M}") for one in periods)
    return words.say("common.comma").join(spans)


def _each_year(calendar: Calendar, words: Words) -> list[str]:
    """Days closed every year, runs of them as one span; a run goes on over New Year."""
    days = sorted(date(_LEAP, month, day) for month, day in calendar.closed_each_year)
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    if len(runs) > 1 and runs[0][0] == date(_LEAP, 1, 1) and runs[-1][-1] == date(_LEAP, 12, 31):
        runs[-1] += runs.pop(0)
    return [_span(run[0], run[-1], words) for run in runs]


def _span(first: date, last: date, words: Words) -> str:
    ends = [words.say("centre.date", month=words.say(f"when.month_{one.month}"), day=one.day) for one in (first, last)]
    return ends[0] if first == last else words.say("centre.span", start=ends[0], end=ends[1])
