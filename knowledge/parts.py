"""The parts of the centre's settings, as files and console write them: models that name what is wrong and its mend."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, Literal, LiteralString, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from knowledge.hours import WEEK, Period

MOST_MINUTES = 60 * 24 * 100  # of opening time; the calendar looks a year ahead
_SHORT = 20
_READING = re.compile(r"\{[^{}|]+\|[^{}|]+\}")
_BRACED = re.compile(r"\{+[^{}]*\}*|\}")
M = TypeVar("M", bound=BaseModel)


class Part(StrEnum):
    """What is set by itself, with versions of its own."""

    CENTRE = "centre"  # name, telephone, address, mail
    HOURS = "hours"  # when it is open, when appointments are given, closed days
    DAYS = "days"  # closed days out of the centre's own calendar
    CLOCKS = "clocks"  # by when it answers
    TOPICS = "topics"  # what may be talked about in the chat itself
    EMERGENCY = "emergency"  # the numbers for words of danger
    AFTER = "after"  # what is asked once a case is over


@dataclass(frozen=True)
class Complaint:
    """What is wrong: the field as `open.mon`, the kind of mistake, what words about it need, and them in English."""

    field: str
    code: str
    values: Mapping[str, str]
    english: str


class BrokenPart(ValueError):
    """A part that cannot be used; the message names each field and its mend."""

    def __init__(self, complaints: tuple[Complaint, ...]) -> None:
        super().__init__("; ".join(f"{one.field}: {one.english}" for one in complaints))
        self.complaints = complaints


def _wrong(code: LiteralString, english: LiteralString, **values: str) -> PydanticCustomError:
    return PydanticCustomError(code, english, values)


def _no_holes(text: str) -> str:
    """Readings like {漢字|かんじ} may stand in a text; nothing else in braces is ever filled or run."""
    if found := _BRACED.search(_READING.sub("", text)):
        raise _wrong("hole", "{hole} is filled by nothing here; write only the words", hole=found[0][:_SHORT])
    return " ".join(text.split())


def _period(told: object) -> object:
    """A stretch of a day from text like 10:00-18:00."""
    if isinstance(told, Period):
        return told
    try:
        start, end = (time.fromisoformat(part.strip().zfill(5)) for part in str(told).split("-", 1))
    except ValueError as wrong:
        raise _wrong(
            "period", "{period} is no period; write them like 10:00-18:00", period=str(told)[:_SHORT]
        ) from wrong
    if not start < end:
        english = "{period}: ends before it starts; write the earlier time first"
        raise _wrong("backwards", english, period=str(told)[:_SHORT])
    return Period(start, end)


def _apart(periods: tuple[Period, ...]) -> tuple[Period, ...]:
    ordered = sorted(periods, key=lambda one: one.start)
    for before, after in pairwise(ordered):
        if after.start < before.end:
            twice = f"{after.start:%H:%M}-{after.end:%H:%M}"
            raise _wrong("overlap", "{period} begins before the one before it ends; join the two", period=twice)
    return tuple(ordered)


def _day(told: str) -> str:
    if told not in WEEK:
        raise _wrong("day", "is not a day; use {days}", days=", ".join(WEEK))
    return told


def _month_day(told: str) -> str:
    try:
        date.fromisoformat(f"2024-{told}")  # a leap year, so that 02-29 can be named
    except ValueError as wrong:
        raise _wrong("month_day", "'{day}' is not a day; write month and day like 12-29", day=told[:_SHORT]) from wrong
    return told


Words = Annotated[str, Field(max_length=200), AfterValidator(_no_holes)]
Needed = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_no_holes)]
Periods = Annotated[
    tuple[Annotated[Period, BeforeValidator(_period)], ...], Field(max_length=6), AfterValidator(_apart)
]
Week = dict[Annotated[str, AfterValidator(_day)], Periods]
Minutes = Annotated[int, Field(ge=0, le=MOST_MINUTES, strict=True)]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,23}$")]
Number = Annotated[str, Field(pattern=r"^[0-9#*+][0-9#*+() -]{1,19}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Names(_Strict):
    """The same words in every language of the bot."""

    ja: Needed
    easy: Needed = Field(alias="ja-easy")
    en: Needed
    zh: Needed
    ko: Needed


class CentrePart(_Strict):
    """Who we are. What is empty is never told."""

    name: Names
    phone: Words = ""
    address: Words = ""
    mail: Words = ""


class HoursPart(_Strict):
    """When somebody is there, and when somebody can be talked to by appointment."""

    open: Week
    consulting: Week
    slot_minutes: Annotated[int, Field(ge=5, le=480)]
    open_on_holidays: bool
    closed_each_year: tuple[Annotated[str, AfterValidator(_month_day)], ...]
    closed_days: tuple[date, ...]

    @model_validator(mode="after")
    def _opens(self) -> HoursPart:
        if not any(self.open.values()):
            raise _wrong("never", "never opens; give at least one weekday a period")
        return self


class DutyPart(_Strict):
    """When one member works."""

    week: Week


class DaysPart(_Strict):
    """Closed days out of a calendar file, with what stood there."""

    file: Annotated[str, Field(max_length=100)] = ""
    days: Annotated[dict[date, Annotated[str, Field(max_length=100)]], Field(max_length=2000)] = {}


class TargetsPart(_Strict):
    """Minutes of opening time for each clock."""

    first: Minutes | None = None
    next: Minutes | None = None
    solution: Minutes | None = None


Urgent = Literal["danger", "today", "week", "month", "none"]


class ClocksPart(TargetsPart):
    """By when the centre answers, in general, by urgency and by topic; and when whom is warned."""

    warn_holder: Minutes = 0
    warn_desk: Minutes = 0
    warn_chief: Minutes = 0
    urgency: dict[Urgent, TargetsPart] = {}
    topic: dict[Key, TargetsPart] = {}

    @model_validator(mode="after")
    def _in_turn(self) -> ClocksPart:
        if not self.warn_holder >= self.warn_desk >= self.warn_chief:
            raise _wrong("turn", "warn_holder: must be warned first; give holder the most minutes, chief the fewest")
        return self


class TopicsPart(_Strict):
    """The topics that may be talked about in the chat itself; all others are private."""

    open: tuple[Key, ...] = ()


class NumberPart(Names):
    """A number for everybody."""

    number: Number


class LinePart(_Strict):
    """A line of the centre's own; Japanese is enough."""

    number: Number
    ja: Needed
    easy: Words = Field(default="", alias="ja-easy")
    en: Words = ""
    zh: Words = ""
    ko: Words = ""


class EmergencyPart(_Strict):
    """The numbers that are shown at once to words of danger, and the days they were tried."""

    checked: date
    lines_checked: Annotated[str, Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = ""
    numbers: Annotated[tuple[NumberPart, ...], Field(min_length=1, max_length=6)]
    lines: Annotated[tuple[LinePart, ...], Field(max_length=8)] = ()


class EmergencyFile(EmergencyPart):
    """The shipped file has the calm words besides."""

    words: dict[str, Names]


class AfterPart(_Strict):
    """What is asked after a case: whether it helped, at two weeks, at three months, whether others may hear of it."""

    close: bool = True
    weeks: bool = True
    months: bool = True
    public: bool = True


MODELS: Mapping[Part, type[BaseModel]] = {
    Part.CENTRE: CentrePart,
    Part.HOURS: HoursPart,
    Part.DAYS: DaysPart,
    Part.CLOCKS: ClocksPart,
    Part.TOPICS: TopicsPart,
    Part.EMERGENCY: EmergencyPart,
    Part.AFTER: AfterPart,
}


def read(model: type[M], told: object) -> M:
    """The part as its model holds it. Raises BrokenPart naming every field that is wrong."""
    try:
        return model.model_validate(told)
    except ValidationError as wrong:
        raise BrokenPart(tuple(_complaint(one) for one in wrong.errors(include_url=False))) from None


def _complaint(error: Any) -> Complaint:
    where = [str(step + 1) if isinstance(step, int) else str(step) for step in error["loc"] if step != "[key]"]
    kind, context = str(error["type"]), error.get("ctx", {})
    known = _CODES.get(kind)
    code, english = known(context) if known else (kind, str(error["msg"]))
    return Complaint(".".join(where), code, {name: str(value) for name, value in context.items()}, english)


def _fixed(code: str, english: str) -> Callable[[Mapping[str, Any]], tuple[str, str]]:
    return lambda context: (code, english.format_map({name: str(value) for name, value in context.items()}))


_CODES: Mapping[str, Callable[[Mapping[str, Any]], tuple[str, str]]] = {
    "missing": _fixed("missing", "is missing; add it"),
    "string_too_short": _fixed("missing", "is missing; write it"),
    "string_too_long": _fixed("too_long", "is too long; at most {max_length} signs"),
    "extra_forbidden": _fixed("unknown", "is not known here; take it out"),
    "literal_error": _fixed("unknown", "is not one of {expected}"),
    "greater_than_equal": _fixed("least", "is too small; at least {ge}"),
    "less_than_equal": _fixed("most", "is too large; at most {le}"),
    "too_long": _fixed("many", "has too many; at most {max_length}"),
    "too_short": _fixed("few", "has too few; at least {min_length}"),
    "string_pattern_mismatch": _fixed("shape", "has not the right form"),
    **dict.fromkeys(
        ("int_type", "int_parsing", "int_from_float"), _fixed("number", "is not a whole number; write digits")
    ),
    **dict.fromkeys(
        ("date_parsing", "date_from_datetime_parsing", "date_type", "date_from_datetime_inexact"),
        _fixed("date", "is not a day; write it like 2027-02-15"),
    ),
}
