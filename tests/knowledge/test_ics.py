"""Which days a calendar file closes: whole days, repeated ones, none of before this year; the rest is counted."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.ics import LARGEST, NoCalendar, Read, closed_days

TODAY = date(2026, 11, 22)


def read(*events: str) -> Read:
    """What a file with these events closes; each is its lines, parted by spaces."""
    body = "".join(f"BEGIN:VEVENT\r\n{one.replace(' ', chr(13) + chr(10))}\r\nEND:VEVENT\r\n" for one in events)
    return closed_days(f"BEGIN:VCALENDAR\r\n{body}END:VCALENDAR\r\n".encode(), TODAY)


def days(*events: str) -> list[str]:
    return [day.isoformat() for day in read(*events).days]


@pytest.mark.parametrize(
    ("event", "closed"),
    [
        ("DTSTART;VALUE=DATE:20261202", ["2026-12-02"]),
        ("DTSTART:20261202 DTEND:20261204", ["2026-12-02", "2026-12-03"]),
        ("dtstart:20261202", ["2026-12-02"]),
        ("DTSTART:20261204 DTEND:20261202", ["2026-12-04"]),
        ("DTSTART:20260101", ["2026-01-01"]),
        ("DTSTART:20251231", []),
        ("DTSTART:20251231 DTEND:20260103", ["2026-01-01", "2026-01-02"]),
        ("DTSTART:20261202 STATUS:Cancelled", []),
        ("DTSTART:20261202 STATUS:CONFIRMED", ["2026-12-02"]),
        ("DTSTART:20261202 RRULE:FREQ=DAILY;COUNT=3", ["2026-12-02", "2026-12-03", "2026-12-04"]),
        ("DTSTART:20261202 RRULE:FREQ=WEEKLY;COUNT=2", ["2026-12-02", "2026-12-09"]),
        ("DTSTART:20261202 RRULE:FREQ=weekly;COUNT=2", ["2026-12-02", "2026-12-09"]),
        ("DTSTART:20261202 RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=2;WKST=MO", ["2026-12-02", "2026-12-16"]),
        ("DTSTART:20261202 RRULE:FREQ=DAILY;INTERVAL=0;COUNT=2", ["2026-12-02", "2026-12-03"]),
        ("DTSTART:20261202 RRULE:FREQ=DAILY;UNTIL=20261203", ["2026-12-02", "2026-12-03"]),
        ("DTSTART:20261202 RRULE:FREQ=DAILY;UNTIL=20261203T000000Z", ["2026-12-02", "2026-12-03"]),
        ("DTSTART:20261202 RRULE:FREQ=DAILY;COUNT=3 EXDATE:20261203", ["2026-12-02", "2026-12-04"]),
        ("DTSTART:20261202 RRULE:FREQ=DAILY;COUNT=4 EXDATE:20261203,20261204T000000", ["2026-12-02", "2026-12-05"]),
        ("DTSTART:20261202 RRULE:FREQ=DAILY;COUNT=3 EXDATE:20261202 EXDATE:20261204", ["2026-12-03"]),
        ("DTSTART:20240229 RRULE:FREQ=YEARLY", ["2028-02-29"]),
        ("DTSTART:20240504 RRULE:FREQ=YEARLY;COUNT=4", ["2026-05-04", "2027-05-04"]),
        ("DTSTART:20200504 RRULE:FREQ=YEARLY", ["2026-05-04", "2027-05-04", "2028-05-04", "2029-05-04"]),
    ],
)
def test_whole_days_close_once_or_repeated_from_this_year_on(event: str, closed: list[str]) -> None:
    found = read(event)
    assert ([day.isoformat() for day in found.days], found.timed, found.strange) == (closed, 0, 0)


@pytest.mark.parametrize(
    ("event", "timed", "strange"),
    [
        ("DTSTART:20261202T100000", 1, 0),
        ("DTSTART:20261302", 1, 0),
        ("SUMMARY:休み", 1, 0),
        ("DTSTART:20261202 RRULE:FREQ=MONTHLY", 0, 1),
        ("DTSTART:20261202 RRULE:FREQ=WEEKLY;BYDAY=MO", 0, 1),
    ],
)
def test_what_has_a_time_of_day_or_repeats_otherwise_is_counted_and_closes_nothing(
    event: str, timed: int, strange: int
) -> None:
    assert read(event, event) == Read({}, 2 * timed, 2 * strange)
    found = read(event, "DTSTART:20261203")
    assert ([*found.days], found.timed, found.strange) == ([date(2026, 12, 3)], timed, strange)


def test_an_event_is_at_most_two_months_long_and_a_rule_three_years() -> None:
    long = days("DTSTART:20261201 DTEND:20991231")
    assert (len(long), long[-1]) == (60, "2027-01-29")
    ever = days("DTSTART:20261130 RRULE:FREQ=DAILY;INTERVAL=10")
    assert ever[-1] == "2029-11-24"
    assert days("DTSTART:20261201 RRULE:FREQ=WEEKLY;UNTIL=20991231")[-1] == "2029-11-20"


def test_what_stands_there_is_kept_in_the_order_of_days_and_the_first_counts() -> None:
    found = read(
        "DTSTART:20261203 SUMMARY:設備\\,点検\\nする\\;", "DTSTART:20261202 SUMMARY:先", "DTSTART:20261202 SUMMARY:後"
    )
    assert list(found.days.items()) == [(date(2026, 12, 2), "先"), (date(2026, 12, 3), "設備,点検 する;")]
    assert len(read(f"DTSTART:20261203 SUMMARY:{'長' * 200}").days[date(2026, 12, 3)]) == 100
    assert read("DTSTART:20261203").days == {date(2026, 12, 3): ""}


def test_an_alarm_within_an_event_has_dates_of_its_own_and_folded_lines_are_one() -> None:
    alarm = "BEGIN:VALARM DTSTART:20261225 END:VALARM"
    assert days(f"{alarm} DTSTART:20261202 {alarm}") == ["2026-12-02"]
    event = "BEGIN:VEVENT\nDTSTART;X=1;\n Y=2:2026\n\t1202\nSUMMARY:a\n b:c\nEND:VEVENT\n"
    text = f"BEGIN:VCALENDAR\nDTSTART:20261208\n{event}"
    assert closed_days(text.encode(), TODAY).days == {date(2026, 12, 2): "ab:c"}


def test_files_of_other_makers_are_read_and_what_is_none_is_named() -> None:
    text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261202\r\nSUMMARY:休館\r\nEND:VEVENT\r\n"
    for encoding in ("utf-8", "utf-8-sig", "cp932"):
        assert closed_days(text.encode(encoding), TODAY).days == {date(2026, 12, 2): "休館"}
    whole = text.encode().ljust(LARGEST, b"\n")
    assert len(closed_days(whole, TODAY).days) == 1
    for data, key in ((whole + b"\n", "size"), (b"\x81\xff\xfe", "text"), (b"DTSTART:20261202", "shape")):
        with pytest.raises(NoCalendar, match=f"^{key}$"):
            closed_days(data, TODAY)
