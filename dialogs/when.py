"""Read a date, a time or both from what a person typed, or say exactly what is wrong with it; never guess.

Everything typed must be understood: a word that is not known (以外, だめ, not) makes the whole a Problem, because a
date read past it could be the opposite of what was meant. Which day 来週 or a bare 火曜 means: see `dialogs.days`.
Which hour 2時 or 夜7時 means: see `dialogs.clock`. Local time without a zone throughout.

Problems, with their values (dates and times in ISO 8601):
  empty                            nothing but spaces
  not_a_date, not_a_time, not_a_moment   not understood
  no_such_date     said            2月30日, 昭和64年1月8日
  no_such_time     said            25時, 午前14時
  several_dates, several_times     24日か25日
  which_day        first, second   two dates: 来週の火曜 said on a Sunday, 火曜 said on a Tuesday
  weekday_differs  date            11月24日(月), and the date is a Tuesday
  which_half       hour            2時 without 午前 or 午後
  noon_or_midnight                 12時 with 午前, 午後 or 夜; 24時
  date_missing     time            午後2時 where both are asked
  time_missing     date            明日 where both are asked
  too_early        earliest        from `within`
  too_late         latest          from `within`

A Problem of a moment carries as its `half` the day or the time that is sure all the same, for the words that follow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar, assert_never

from dialogs.clock import Clock, Half, clock_at, name_of, time_of
from dialogs.days import Days, Weekday, day_at, first_after
from dialogs.fold import fold, with_digits
from dialogs.kana import one_spelling
from dialogs.polite import BETWEEN, FILLER, UNTIL
from dialogs.problem import Problem

_LONGEST = 200  # signs; an answer to "when?" is shorter, and what is longer is not read in part

_WORD = 12  # signs; no number in words is longer

T = TypeVar("T", date, datetime, time)


@dataclass
class _Said:
    """What was found in a text: every part, and what could not be understood."""

    days: list[Days] = field(default_factory=list)
    weekdays: set[int] = field(default_factory=set)
    clocks: list[Clock] = field(default_factory=list)
    halves: list[Half] = field(default_factory=list)
    wrong: Problem | None = None
    until: bool = False
    between: bool = False
    understood: bool = True

    def add(self, part: Days | Weekday | Clock | Half | Problem) -> None:
        match part:
            case Days():
                self.days.append(part)
            case Weekday():
                self.weekdays.add(part.number)
            case Clock():
                self.clocks.append(part)
            case Half():
                self.halves.append(part)
            case Problem():
                self.wrong = self.wrong or part
            case _:
                assert_never(part)


def _take(text: str, today: date) -> _Said:
    said, at = _Said(), 0
    while at < len(text):
        if found := day_at(text, at, today) or clock_at(text, at):
            part, at = found
            said.add(part)
        elif match := FILLER.match(text, at):
            at = match.end()
        elif match := UNTIL.match(text, at):
            said.until, at = True, match.end()
        elif match := BETWEEN.match(text, at):
            said.between, at = True, match.end()
        else:
            said.understood = False
            break
    return said


# Spaces mean nothing beside Japanese signs and inside 11 / 24; between letters and numbers they part words.
_PART = "0-9〇零一二三四五六七八九十百千壱弐参拾a-z:.,/-"
_LOOSE_SPACE = re.compile(rf"(?<=[^{_PART}]) | (?=[^{_PART}])|(?<=[0-9]) (?=[:/-] ?[0-9])|(?<=[:/-]) (?=[0-9])")


def _plain(text: str, code: str) -> str | Problem:
    bare = text.strip()
    if len(bare) > _LONGEST:
        return Problem(code)
    plain = fold(bare)
    if not plain:
        return Problem("empty")
    if len(plain) > _LONGEST:  # one sign can unfold to eighteen
        return Problem(code)
    return with_digits(one_spelling(_LOOSE_SPACE.sub(_between_numbers, plain)))


def _between_numbers(space: re.Match[str]) -> str:
    """A space goes, unless it parts a number from one in words: 2026/12/1 みっか names two days."""
    before, after = space.string[: space.start()][-1:], space.string[space.end() :][:_WORD]
    return " " if before.isdecimal() and one_spelling(after)[:1].isdecimal() else ""


def _settle(found: list[Days], weekdays: set[int], today: date) -> date | Problem | None:
    """The one date that all parts agree on; None when no day was said."""
    if not found:
        return _bare_weekday(weekdays, today)
    left = frozenset.intersection(*(days.dates for days in found))
    if not left or len(weekdays) > 1:
        return Problem("several_dates")
    if len(left) > 1:
        return _which(min(left), max(left))
    day = min(left)
    if weekdays and day.weekday() not in weekdays:
        return Problem("weekday_differs", {"date": day.isoformat()})
    return day


def _which(first: date, second: date) -> Problem:
    return Problem("which_day", {"first": first.isoformat(), "second": second.isoformat()})


def _bare_weekday(weekdays: set[int], today: date) -> date | Problem | None:
    if len(weekdays) != 1:
        return Problem("several_dates") if weekdays else None
    (number,) = weekdays
    if number == today.weekday():
        return _which(today, today + timedelta(days=7))
    return first_after(number, today)


def _day(said: _Said, today: date) -> date | Problem | None:
    """The day said; None when there was none, when not all was understood, or when it is one end of a span."""
    if said.wrong or not said.understood:
        return said.wrong
    day = _settle(said.days, said.weekdays, today)
    if said.between and isinstance(day, Problem) and day.code == "weekday_differs":
        return Problem("several_dates")  # 明日か金曜
    spoilt = said.between and len(said.clocks) < 2  # 明日の2時から4時 is a span of hours, on one day
    return None if spoilt and isinstance(day, date) else day


def _time(said: _Said) -> time | Problem | None:
    """The time said; None as for the day."""
    if not said.understood or not said.clocks:
        return None
    times = [time_of(clock, said.halves) for clock in said.clocks]
    if any(other != times[0] for other in times):
        return Problem("several_times")
    return None if said.between else times[0]


def read_date(text: str, today: date) -> date | Problem:
    """The day that the text says, past or future. A time beside it is left alone: 明日の午後2時 is tomorrow."""
    plain = _plain(text, "not_a_date")
    if isinstance(plain, Problem):
        return plain
    return _as_typed(_day(_take(plain, today), today) or Problem("not_a_date"), text)


def read_time(text: str) -> time | Problem:
    """The time of day that the text says. A date beside it is not understood: it might differ from the one known."""
    plain = _plain(text, "not_a_time")
    if isinstance(plain, Problem):
        return plain
    said = _take(plain, date(2000, 1, 1))
    if said.days or said.weekdays or said.wrong or said.until:
        return Problem("not_a_time")
    found = _time(said)
    return Problem("not_a_time") if found is None else _as_typed(found, text)


def read_moment(text: str, now: datetime, half: str = "") -> datetime | Problem:
    """The day and time that the text says, as naive local time; `now` is naive local time too.

    `half` is that of the Problem before: it stands for the day or the time that the text itself does not say.
    """
    plain = _plain(text, "not_a_moment")
    if isinstance(plain, Problem):
        return plain
    said = _take(plain, now.date())
    _complete(said, _take(with_digits(half), now.date()))
    day, clock = _day(said, now.date()), _time(said)
    if isinstance(day, date) and isinstance(clock, time) and not said.until:
        return datetime.combine(day, clock)
    return _as_typed(replace(_wrong_moment(said, day, clock), half=_sure(said, day, clock)), text)


def _as_typed(found: T | Problem, text: str) -> T | Problem:
    """What is quoted back is the person's own spelling: 来月35日 tells nobody who wrote 다음 달 35일."""
    if not isinstance(found, Problem) or str(found.values.get("said", "")) in fold(text):
        return found
    return replace(found, values={**found.values, "said": text.strip()[:20]})


def _complete(said: _Said, before: _Said) -> None:
    """Fill in from what was said before; what is said now counts more."""
    if not said.understood or said.until:
        return
    if not said.days and not said.weekdays:
        said.days, said.weekdays = before.days, before.weekdays
    if not said.clocks:
        said.clocks = before.clocks
    elif not said.halves and _lacks_half(_time(said)):  # 午後, and then 2時; but 午後, and then 10時, is not 22時
        said.halves = before.halves


def _lacks_half(clock: time | Problem | None) -> bool:
    return isinstance(clock, Problem) and clock.code == "which_half"


def _wrong_moment(said: _Said, day: date | Problem | None, clock: time | Problem | None) -> Problem:
    if isinstance(day, Problem):
        return day
    if said.until or (day is None and clock is None):
        return Problem("not_a_moment")
    if isinstance(clock, Problem):
        return clock
    if day is None:
        return Problem("date_missing", {"time": clock.isoformat("minutes")} if clock else {})
    return Problem("time_missing", {"date": day.isoformat()})


def _sure(said: _Said, day: date | Problem | None, clock: time | Problem | None) -> str:
    """What a later text may build on; an hour that lacks its part of the day waits for it, and the other way round."""
    if not said.understood:
        return ""
    sure = [day.isoformat()] if isinstance(day, date) else []
    if isinstance(clock, time):
        sure.append(clock.isoformat("minutes"))
    elif _lacks_half(clock):
        sure.append(f"{said.clocks[0].hour}時{said.clocks[0].minute}分")
    elif clock is None:
        sure += [name_of(one) for one in said.halves]
    return " ".join(sure)


def past(value: T, now: T) -> bool:
    """Whether the day, time or moment lies before `now`; today is not past."""
    return value < now


def within(value: T, earliest: T | None, latest: T | None) -> Problem | None:
    """What is wrong when the value is outside its bounds, which are both allowed themselves."""
    if earliest is not None and value < earliest:
        return Problem("too_early", {"earliest": _iso(earliest)})
    if latest is not None and value > latest:
        return Problem("too_late", {"latest": _iso(latest)})
    return None


def _iso(value: date | time) -> str:
    return value.isoformat(timespec="minutes") if isinstance(value, datetime | time) else value.isoformat()
