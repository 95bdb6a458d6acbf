"""The dates of an entry of a calendar (RFC 5545): repeated by its rule, with single ones moved, added or cancelled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from knowledge.csv_file import YEARS
from knowledge.repeating import Patience, Strange, days, read

Dates = tuple[tuple[datetime, datetime], ...]
MOST = 60  # dates of one event
MONTHS = 7  # a rule without an end is written out for this month and six more, so that its dates change once a month
_COUNT = re.compile(r"[0-9]{1,9}")
_OLDEST = timedelta(days=366 * 20)  # a rule that began before would be counted through day by day


def dates(entries: Sequence[Any], zone: ZoneInfo, now: datetime, patience: Patience) -> Dates | None:
    """When the event of these entries, all of one UID, takes place: from this month on; () when all of it is off.

    None where a date is missing. Raises Strange, TooMuch where all rules together are more than there is patience for,
    and ValueError or OverflowError for a date that is none.
    """
    bases = [one for one in entries if one.get("RECURRENCE-ID") is None]
    others = [one for one in entries if one.get("RECURRENCE-ID") is not None]
    if bases and _off(bases[0]):
        return ()
    found: dict[datetime, tuple[datetime, datetime]] = {}
    if bases:
        first = span(_value(bases[0], "DTSTART"), _end(bases[0]), zone)
        if first is None:
            return None
        found = {one[0]: one for one in _written_out(bases[0], first, (zone, now), patience)}
    for other in others:
        if "RANGE" in getattr(said(other, "RECURRENCE-ID"), "params", {}):
            raise Strange
        was = aware(_value(other, "RECURRENCE-ID"), zone)
        moved = span(_value(other, "DTSTART"), _end(other), zone)
        if was is None or (moved is None and not _off(other)):
            return None
        there = found.pop(was, None) is not None
        if moved is not None and not _off(other) and (there or moved[1] > now):
            found[moved[0]] = moved
    return tuple(sorted(found.values())[:MOST])


def _off(entry: Any) -> bool:
    return str(said(entry, "STATUS")).upper() == "CANCELLED"


def said(entry: Any, name: str) -> Any:
    """What an entry says under a name; the first where it says two things."""
    told = entry.get(name)
    return next(iter(told), None) if isinstance(told, list) else told


def _value(entry: Any, name: str) -> object:
    return getattr(said(entry, name), "dt", None)


def _end(entry: Any) -> object:
    """Its end, or how long it takes."""
    end = _value(entry, "DTEND")
    start, lasts = _value(entry, "DTSTART"), _value(entry, "DURATION")
    return start + lasts if end is None and isinstance(start, date) and isinstance(lasts, timedelta) else end


def aware(value: object, zone: ZoneInfo) -> datetime | None:
    """A moment on the centre's clock; a day begins at midnight. None for a year that nobody can mean."""
    if not isinstance(value, date) or value.year not in YEARS:
        return None
    if isinstance(value, datetime):
        return value.astimezone(zone) if value.tzinfo else value.replace(tzinfo=zone)
    return datetime.combine(value, time(), zone)


def span(start: object, end: object, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """From when to when; an hour, or the whole day, where no end is told."""
    first = aware(start, zone)
    if first is None:
        return None
    last = aware(end, zone) or first + timedelta(hours=1 if isinstance(start, datetime) else 24)
    return (first, last) if last > first else None


def _written_out(
    base: Any, first: tuple[datetime, datetime], here: tuple[ZoneInfo, datetime], patience: Patience
) -> Iterator[tuple[datetime, datetime]]:
    lasts, zone = first[1] - first[0], here[0]
    added = list(_listed(base, "RDATE", zone))
    without = set(_listed(base, "EXDATE", zone))
    starts = {first[0], *added} if base.get("RRULE") is None else {*_by_rule(base, first[0], here, patience), *added}
    if not starts:
        starts = {first[0]}  # a rule that has ended: over, and not off
    for start in sorted(starts - without):
        yield start, start + lasts


def _listed(base: Any, name: str, zone: ZoneInfo) -> Iterator[datetime]:
    told = base.get(name)
    for part in told if isinstance(told, list) else [told] if told is not None else []:
        for one in getattr(part, "dts", ()):
            at = aware(one.dt, zone)
            if at is None:
                raise Strange  # a period
            yield at


def _by_rule(base: Any, first: datetime, at: tuple[ZoneInfo, datetime], patience: Patience) -> Iterator[datetime]:
    """The beginnings that the rule gives, on the wall clock, of the months around now."""
    told, (zone, now) = base["RRULE"], at
    if isinstance(told, list) or now - first > _OLDEST:
        raise Strange
    said = dict(part.partition("=")[::2] for part in told.to_ical().decode().upper().split(";"))
    rule, count = read(said, first.date()), said.get("COUNT", "")
    if count and not _COUNT.fullmatch(count):
        raise Strange
    here = now.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    end = _month(here, MONTHS)
    if "UNTIL" in said:
        end = min(end, _until(said["UNTIL"], zone))
    # Only a rule that is counted must be gone through from its beginning.
    since = first.date() if count else here.date()
    turns = (datetime.combine(day, first.time()) for day in days(rule, (first.date(), since, end.date()), patience))
    found = [one for one in islice(turns, int(count) if count else None) if here <= one <= end]
    yield from (one.replace(tzinfo=zone) for one in found[:MOST])


def _month(day: datetime, ahead: int) -> datetime:
    years, month = divmod(day.month - 1 + ahead, 12)
    return day.replace(year=day.year + years, month=month + 1)


def _until(text: str, zone: ZoneInfo) -> datetime:
    found = re.fullmatch(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?", text)
    try:
        if found is None:
            raise Strange
        day = date(int(found[1]), int(found[2]), int(found[3]))
        if found[4] is None:
            return datetime.combine(day, time(23, 59, 59))
        at = datetime.combine(day, time(int(found[4]), int(found[5]), int(found[6])))
    except ValueError:
        raise Strange from None
    if at.year not in YEARS:
        return at  # "for ever", as some calendars write it: no clock can turn it
    return at.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None) if found[7] else at
