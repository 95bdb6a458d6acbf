"""When an entry of a calendar takes place: its end told or not, single dates listed, moved, added, off or strange."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from knowledge.recurring import dates
from knowledge.repeating import Patience, Strange, TooMuch

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 5, 20, tzinfo=UTC)


def found(*entries: str, days: int = 10_000) -> list[str] | None:
    """From when to when the entries of one name take place; each is its lines, parted by bars."""
    body = "".join(f"BEGIN:VEVENT|UID:a|{one}|END:VEVENT|" for one in entries)
    text = f"BEGIN:VCALENDAR|VERSION:2.0|PRODID:x|{body}END:VCALENDAR|".replace("|", "\r\n")
    read = dates(list(Calendar.from_ical(text).walk("VEVENT")), TOKYO, NOW, Patience(days))
    return None if read is None else [f"{begin:%m-%d %H:%M} {end - begin}" for begin, end in read]


AT = "DTSTART;TZID=Asia/Tokyo:20261107T100000"
MOVES = "RECURRENCE-ID;TZID=Asia/Tokyo:20261114T100000"
WEEKLY = f"{AT}|RRULE:FREQ=WEEKLY;COUNT=2"


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        (AT, ["11-07 10:00 1:00:00"]),
        (f"{AT}|DTEND;TZID=Asia/Tokyo:20261107T123000", ["11-07 10:00 2:30:00"]),
        (f"{AT}|DURATION:PT90M", ["11-07 10:00 1:30:00"]),
        (f"{AT}|DTEND;TZID=Asia/Tokyo:20261107T100000", None),
        (f"{AT}|DTEND;TZID=Asia/Tokyo:20261107T090000", None),
        ("DTSTART:20261107T010000Z", ["11-07 10:00 1:00:00"]),
        ("DTSTART:20261107T100000", ["11-07 10:00 1:00:00"]),
        ("DTSTART;VALUE=DATE:20261107", ["11-07 00:00 1 day, 0:00:00"]),
        ("DTSTART;VALUE=DATE:20261107|DTEND;VALUE=DATE:20261109", ["11-07 00:00 2 days, 0:00:00"]),
        ("SUMMARY:いつか", None),
        ("DTSTART:00010101T000000", None),
        (f"{AT}|STATUS:cancelled", []),
        (f"{AT}|STATUS:CONFIRMED", ["11-07 10:00 1:00:00"]),
        (f"{AT}|RDATE:20261108T010000Z,20261109T010000Z", [f"11-0{day} 10:00 1:00:00" for day in (7, 8, 9)]),
        (f"{AT}|RDATE:20261109T010000Z|RDATE:20261108T010000Z", [f"11-0{day} 10:00 1:00:00" for day in (7, 8, 9)]),
        (f"{AT}|RRULE:FREQ=DAILY;COUNT=3|EXDATE:20261107T010000Z|EXDATE:20261109T010000Z", ["11-08 10:00 1:00:00"]),
        (f"{WEEKLY}|RDATE:20261108T010000Z", ["11-07 10:00 1:00:00", "11-08 10:00 1:00:00", "11-14 10:00 1:00:00"]),
    ],
)
def test_an_entry_takes_place_when_it_says(entry: str, wanted: list[str] | None) -> None:
    assert found(entry) == wanted


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=DAILY;UNTIL=20261108", ["11-07", "11-08"]),
        ("FREQ=DAILY;UNTIL=20261108T010000Z", ["11-07", "11-08"]),
        ("FREQ=DAILY;UNTIL=20261108T005959Z", ["11-07"]),
        ("FREQ=DAILY;UNTIL=20261108T100000", ["11-07", "11-08"]),
        ("FREQ=DAILY;UNTIL=20261108T095959", ["11-07"]),
        ("FREQ=YEARLY;COUNT=2", ["11-07"]),
    ],
)
def test_a_rule_ends_to_the_second(rule: str, days: list[str]) -> None:
    assert found(f"{AT}|RRULE:{rule}") == [f"{day} 10:00 1:00:00" for day in days]


def test_a_rule_goes_on_from_this_month_for_seven_and_at_most_sixty_dates() -> None:
    old = AT.replace("20261107", "20251105")
    monthly = found(f"{old}|RRULE:FREQ=MONTHLY") or []
    assert [one[:5] for one in monthly] == [f"{month:02}-05" for month in (11, 12, 1, 2, 3, 4, 5)]
    daily = found(f"{old}|RRULE:FREQ=DAILY;UNTIL=99991231T000000Z") or []
    assert (len(daily), daily[0][:5]) == (60, "11-01")
    assert found(f"{old}|RRULE:FREQ=DAILY;COUNT=2") == ["11-05 10:00 1:00:00"]  # over, and not off


def test_a_single_date_is_moved_added_or_off() -> None:
    moved = f"{MOVES}|DTSTART;TZID=Asia/Tokyo:20261115T130000|DURATION:PT2H"
    assert found(WEEKLY, moved) == ["11-07 10:00 1:00:00", "11-15 13:00 2:00:00"]
    assert found(moved, WEEKLY) == found(WEEKLY, moved)
    assert found(WEEKLY, f"{MOVES}|STATUS:CANCELLED") == ["11-07 10:00 1:00:00"]
    assert found(WEEKLY, f"{moved}|STATUS:CANCELLED") == ["11-07 10:00 1:00:00"]
    assert found(WEEKLY, MOVES) is None
    assert found(moved) == ["11-15 13:00 2:00:00"]
    strange = moved.replace("20261115", "20261101")
    assert found(strange) == []  # over, and of a date that is not known
    assert found(WEEKLY, strange) == ["11-01 13:00 2:00:00", "11-07 10:00 1:00:00"]
    assert found(f"{WEEKLY}|STATUS:CANCELLED", moved) == []


@pytest.mark.parametrize(
    "entries",
    [
        (f"{AT}|RDATE;VALUE=PERIOD:20261108T010000Z/PT1H",),
        (f"{AT}|RRULE:FREQ=DAILY|RRULE:FREQ=WEEKLY",),
        (f"{AT}|RRULE:FREQ=DAILY;UNTIL=20261308",),
        (AT.replace("2026", "2001") + "|RRULE:FREQ=DAILY",),
        (WEEKLY, f"RECURRENCE-ID;RANGE=THISANDFUTURE:20261114T010000Z|{AT}"),
    ],
)
def test_what_is_not_read_here_is_said_to_be_strange(entries: tuple[str, ...]) -> None:
    with pytest.raises(Strange):
        found(*entries)


def test_a_rule_that_would_be_counted_for_ever_is_given_up() -> None:
    with pytest.raises(TooMuch):
        found(f"{AT}|RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3", days=50)
