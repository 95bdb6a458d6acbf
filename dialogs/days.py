"""Days as people type them, 来週の火曜 or 令和8年11月24日 or Nov 24, read as the dates they can mean.

A week runs from Monday (JIS X 0301) to some and from Sunday (most wall calendars) to others. 来週 and 今週 are read
both ways, days gone by are dropped, and when two are left the person is asked: on Sundays, and for 日曜.
A day without a month or a year is the next one, today included. 次の火曜 and 今度の火曜 are the first one after today.
"Next Tuesday" is both the first Tuesday after today and the one of next week: asked about unless they are the same.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from dialogs.era import was_in, western_year
from dialogs.problem import Problem


@dataclass(frozen=True)
class Days:
    """The dates that what was said can mean: one, or two when it is ambiguous."""

    dates: frozenset[date]


@dataclass(frozen=True)
class Weekday:
    """A day of the week said without a week, 0 = Monday."""

    number: int


_WEEKDAYS = "月火水木金土日"
_ENGLISH_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORDS = {
    "おととい": -2, "昨日": -1, "今日": 0, "明日": 1, "明後日": 2, "明々後日": 3,
    "the day after tomorrow": 2, "day after tomorrow": 2, "tomorrow": 1, "today": 0, "yesterday": -1,
}  # fmt: skip
_WEEKS = {"先週": -1, "今週": 0, "来週": 1, "再来週": 2}
_MONTHS = {"今月": 0, "来月": 1, "再来月": 2}
_YEARS = {"去年": -1, "今年": 0, "来年": 1, "再来年": 2}
_COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}

# 24日曜 is 24 and 日曜; 12/24-26 and 12/24/26 are no single day.
_END = r"(?:日(?!曜)|(?![0-9]|[./-][0-9]|日(?!曜)))"
_YEAR = (
    r"(?:(?:(?P<era>令和|平成|昭和|大正|明治|(?<![a-z])[rhstm]\.?) ?(?P<n>[0-9]{1,2}|元)|(?<![0-9])(?P<y>[0-9]{4}))"
    r"(?:年|[./-])"
    rf"|(?P<rel>{'|'.join(sorted(_YEARS, reverse=True))})の?)"
)
_WD = rf"(?P<wd>[{_WEEKDAYS}])"
_EN_WD = r"(?P<wd>mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?(?![a-z])\.?"
_EN_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_EN_YEAR = r"(?:(?:, ?| )(?P<y>(?:19|20)[0-9]{2})(?![0-9:]))?"
_AFTER_UNIT = r"(?P<unit>日|週間?|[かがゕゖ個箇]月)"

Read = Days | Weekday | Problem
_Part = re.Match[str]


def _no_such(match: _Part) -> Problem:
    return Problem("no_such_date", {"said": match.group().strip()[:20]})


def _one(day: date) -> Days:
    return Days(frozenset({day}))


def _upcoming(month: int, day: int, today: date) -> date:
    this_year = date(today.year, month, day) if (month, day) != (2, 29) else None
    if this_year and this_year >= today:
        return this_year
    if not this_year and (today.month, today.day) <= (2, 29):
        return date(today.year, 2, 29)
    return date(today.year + 1, month, day)


def _in_month(start: date, months: int, day: int | None) -> date:
    """Day `day` of the month `months` away; its last day for None."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return date(year, month + 1, day or calendar.monthrange(year, month + 1)[1])


def _full(match: _Part, today: date) -> Read:
    part = match.groupdict()
    month, day = int(part["month"]), int(part["day"]) if part.get("day") else None
    era = (part.get("era") or "").rstrip(".")
    if era:
        year = western_year(era, 1 if part["n"] == "元" else int(part["n"]))
    elif part.get("y"):
        year = int(part["y"])
    elif part.get("rel"):
        year = today.year + _YEARS[part["rel"]]
    elif day is None:
        year = today.year + (month < today.month)
    else:
        return _one(_upcoming(month, day, today))
    found = date(year, month, day or calendar.monthrange(year, month)[1])
    return _no_such(match) if era and not was_in(era, found) else _one(found)


def _english(match: _Part, today: date) -> Read:
    month, day = _ENGLISH_MONTHS.index(match["month"][:3]) + 1, int(match["day"])
    return _one(date(int(match["y"]), month, day) if match["y"] else _upcoming(month, day, today))


def _month_word(match: _Part, today: date) -> Read:
    months = _MONTHS[match["rel"]] if match["rel"] else 0
    return _one(_in_month(today, months, int(match["day"]) if match["day"] else None))


def _day_only(match: _Part, today: date) -> Read:
    day = int(match["day"])
    if not 1 <= day <= 31:
        return _no_such(match)
    months = 0 if day >= today.day else 1
    while day > _in_month(today, months, None).day:
        months += 1
    return _one(_in_month(today, months, day))


def _later(match: _Part, today: date) -> Read:
    count = _COUNTS.get(match["count"]) or int(match["count"])
    unit = match["unit"]
    if unit[0] in "日d":
        return _one(today + timedelta(days=count))
    if unit[0] in "週w":
        return _one(today + timedelta(weeks=count))
    try:
        return _one(_in_month(today, count, today.day))
    except ValueError:  # a month that is too short ends the term on its last day: Civil Code, article 143 (2)
        return _one(_in_month(today, count, None))


def _word(match: _Part, today: date) -> Read:
    return _one(today + timedelta(days=_WORDS[match["word"]]))


def _weekday_number(match: _Part) -> int:
    said = match["wd"]
    return _WEEKDAYS.index(said) if said in _WEEKDAYS else _ENGLISH_WEEKDAYS.index(said[:3])


def _of_week(number: int, weeks: int, today: date) -> Days:
    from_monday = today - timedelta(days=today.weekday()) + timedelta(days=number)
    from_sunday = today - timedelta(days=today.isoweekday() % 7) + timedelta(days=(number + 1) % 7)
    both = {day + timedelta(weeks=weeks) for day in (from_monday, from_sunday)}
    return Days(frozenset({day for day in both if day >= today} or both))


def first_after(number: int, today: date) -> date:
    """The first such weekday (0 = Monday) after today."""
    return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)


def _week_word(match: _Part, today: date) -> Read:
    said = match.groupdict().get("week")
    return _of_week(_weekday_number(match), _WEEKS[said] if said else 1, today)


def _next(match: _Part, today: date) -> Read:
    return _one(first_after(_weekday_number(match), today))


def _english_next(match: _Part, today: date) -> Read:
    number = _weekday_number(match)
    return Days(_of_week(number, 1, today).dates | {first_after(number, today)})


def _weekday(match: _Part, _today: date) -> Read:
    return Weekday(_weekday_number(match))


_RULES: tuple[tuple[re.Pattern[str], Callable[[_Part, date], Read]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (rf"{_YEAR}(?P<month>[0-9]{{1,2}})(?:月の?|[./-])(?P<day>[0-9]{{1,2}}){_END}", _full),
        (rf"(?<![0-9./:-])(?P<month>[0-9]{{1,2}})(?:月の?|/)(?P<day>[0-9]{{1,2}}){_END}", _full),
        (r"(?<![0-9./:-])(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})(?![0-9日]|[./-][0-9])", _full),  # 2-4日 is a span
        (r"(?<![0-9])(?P<y>(?:19|20)[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?![0-9])", _full),
        (rf"{_YEAR}?(?P<month>[0-9]{{1,2}})月の?(?:月?末日?)", _full),
        (r"(?P<rel>今月|来月|再来月)の?(?:(?P<day>[0-9]{1,2})日(?!曜|後)|月?末日?)|月末", _month_word),
        (rf"(?P<count>[0-9]{{1,3}}){_AFTER_UNIT}後", _later),
        (rf"in (?P<count>[0-9]{{1,2}}|{'|'.join(_COUNTS)}) (?P<unit>day|week|month)s?(?![a-z])", _later),
        (r"(?<![0-9])(?P<day>[0-9]{1,2})日(?!曜)", _day_only),
        (rf"(?P<word>{'|'.join(sorted(_WORDS, key=len, reverse=True))})(?![a-z])", _word),
        (rf"(?P<week>{'|'.join(_WEEKS)})の? ?{_WD}(?!末)(?:曜[日び]?)?", _week_word),
        (rf"(?:次|今度|こんど|つぎ)の?{_WD}曜[日び]?", _next),
        (rf"next week(?: on|,)? {_EN_WD}", _week_word),
        (rf"{_EN_WD},? (?:of )?next week", _week_word),
        (rf"next {_EN_WD}", _english_next),
        (rf"(?:this )?(?:coming )?{_EN_WD}", _weekday),
        (rf"{_WD}曜[日び]?", _weekday),
        (rf"\({_WD}(?:曜[日び]?)?(?:[・,]?祝日?)?\)", _weekday),
        (rf"{_EN_MONTH} ?(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?(?![0-9:]){_EN_YEAR}", _english),
        (rf"(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)? ?(?:of )?{_EN_MONTH}{_EN_YEAR}", _english),
    )
)


def day_at(text: str, at: int, today: date) -> tuple[Read, int] | None:
    """The day that is said at `at` in folded text, and where it ends; None when none is."""
    for pattern, read in _RULES:
        if match := pattern.match(text, at):
            try:
                return read(match, today), match.end()
            except (ValueError, OverflowError):
                return _no_such(match), match.end()
    return None
