"""Reads the closed days out of a calendar file (.ics, RFC 5545): whole days, once or repeated; the rest is counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

LARGEST = 1 << 20  # bytes
_MOST_DAYS = 60  # of one event: longer is a mistake, no holiday
_AHEAD = timedelta(days=3 * 366)  # repeated events are written out so far
_LINE = re.compile(r"(?P<name>[A-Za-z-]+)(?P<more>(;[^:;]*)*):(?P<value>.*)")
_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_LONG = 100


class NoCalendar(ValueError):
    """The file is no calendar that can be read; the message is a key: size, text, shape."""


@dataclass(frozen=True)
class Read:
    """The closed days with what stands there; how many events had a time of day, or repeat in a way not read here."""

    days: dict[date, str]
    timed: int
    strange: int


def closed_days(data: bytes, today: date) -> Read:
    """The days that all-day events cover, from the beginning of this year on. Raises NoCalendar."""
    if len(data) > LARGEST:
        raise NoCalendar("size")
    events = list(_events(_text(data)))
    days: dict[date, str] = {}
    timed = strange = 0
    for event in events:
        if event.get("STATUS", "").upper() == "CANCELLED":
            continue
        first, last = _day(event.get("DTSTART", "")), _day(event.get("DTEND", ""))
        if first is None:
            timed += 1
            continue
        length = min(max((last - first).days if last else 1, 1), _MOST_DAYS)
        starts = list(_starts(first, event, today))
        if not starts:
            strange += 1
        for start in starts:
            for ahead in range(length):
                day = start + timedelta(days=ahead)
                if day >= today.replace(month=1, day=1):
                    days.setdefault(day, _unescaped(event.get("SUMMARY", ""))[:_LONG])
    return Read(dict(sorted(days.items())), timed, strange)


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NoCalendar("text")


def _events(text: str) -> Iterator[dict[str, str]]:
    unfolded = re.sub(r"\r?\n[ \t]", "", text)
    if "BEGIN:VCALENDAR" not in unfolded:
        raise NoCalendar("shape")
    event: dict[str, str] | None = None
    inner = 0
    for line in unfolded.splitlines():
        if line == "BEGIN:VEVENT":
            event, inner = {}, 0
        elif line == "END:VEVENT" and event is not None:
            yield event
            event = None
        elif event is not None and line.startswith(("BEGIN:", "END:")):
            inner += 1 if line.startswith("BEGIN:") else -1  # an alarm in the event has dates of its own
        elif event is not None and not inner and (found := _LINE.fullmatch(line)):
            name = found["name"].upper()
            event[name] = f"{event[name]},{found['value']}" if name == "EXDATE" and name in event else found["value"]


def _day(value: str) -> date | None:
    """A whole day; None for a moment, or for nothing."""
    found = _DATE.fullmatch(value.strip())
    if found is None:
        return None
    try:
        return date(*(int(one) for one in found.groups()))
    except ValueError:
        return None


def _starts(first: date, event: dict[str, str], today: date) -> Iterator[date]:
    """The days on which an event begins: every year, week or day; nothing for any other way to repeat."""
    if "RRULE" not in event:
        yield first
        return
    rule = dict(one.partition("=")[::2] for one in event["RRULE"].upper().split(";") if "=" in one)
    every, known = rule.pop("FREQ", ""), {"INTERVAL", "COUNT", "UNTIL", "WKST"}
    if every not in ("YEARLY", "WEEKLY", "DAILY") or not set(rule) <= known:
        return
    step = _count(rule.get("INTERVAL", "1"), 1)
    most = _count(rule.get("COUNT", ""), 2000)
    end = _day(rule.get("UNTIL", "")[:8]) or today + _AHEAD
    without = {_day(one[:8]) for one in event.get("EXDATE", "").split(",")}
    for turn in range(min(most, 2000)):
        day = _turned(first, every, turn * step)
        if day is None:
            continue
        if day > min(end, today + _AHEAD):
            return
        if day not in without:
            yield day


def _turned(first: date, every: str, turns: int) -> date | None:
    if every != "YEARLY":
        return first + timedelta(days=turns * (7 if every == "WEEKLY" else 1))
    try:
        return first.replace(year=first.year + turns)
    except ValueError:  # the 29th of February
        return None


def _count(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and int(text[:5]) > 0 else otherwise


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: " " if found[1] in "nN" else found[1], text).strip()
