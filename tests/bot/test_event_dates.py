"""The dates of calendars from elsewhere: rules of repetition, single dates moved and off, and who signed up."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.event_in import read
from knowledge.feed_xml import entries
from storage import Store, events
from storage.events import Change
from tests.bot.centre import Centre
from tests.bot.desk import write
from tests.bot.fair import at, content, publish
from tests.each import each


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


def test_atom_is_read_and_what_could_blow_up_is_not() -> None:
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>a</id><title>会</title><updated>2026-11-01T09:00:00+09:00</updated>
   <link rel="alternate" href="https://city.example/1"/>
    <summary type="html">&lt;p&gt;公園&amp;amp;川&lt;/p&gt;</summary>
    <author><name>町会</name></author></entry></feed>"""
    [one] = entries(atom.encode()) or []
    assert (one.uid, one.title, one.url, one.about, one.by) == ("a", "会", "https://city.example/1", "公園&川", "町会")
    assert one.stamp is not None
    old = '<?xml version="1.0" encoding="Shift_JIS"?><rss><channel><item><title>祭り</title></item></channel></rss>'
    assert [one.title for one in entries(old.encode("cp932")) or []] == ["祭り"]
    assert entries(b'<!DOCTYPE x [<!ENTITY a "b">]><rss/>') is None


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//x//
BEGIN:VEVENT
UID:a
SUMMARY:会
DTSTART;TZID=Asia/Tokyo:20261107T100000
DTEND;TZID=Asia/Tokyo:20261107T120000
{}
END:VEVENT
{}END:VCALENDAR
"""
MOVED = """BEGIN:VEVENT
UID:a
SUMMARY:会
RECURRENCE-ID;TZID=Asia/Tokyo:20261121T100000
DTSTART;TZID=Asia/Tokyo:20261122T130000
{}END:VEVENT
"""


def days(centre: Centre, lines: str, more: str = "") -> list[str] | str:
    text = CALENDAR.format(lines, more).replace("\n", "\r\n")
    found = read(text.encode(), centre.mind.zone, datetime(2026, 11, 5, tzinfo=centre.mind.zone))
    if found.wrong:
        return found.wrong[0].why
    return [f"{one.starts_at.astimezone(centre.mind.zone):%m-%d %H}" for one in found.found[0].spans]


@each(
    ("lines", "more", "wanted"),
    [
        ("RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=3", "", ["11-07 10", "11-21 10", "12-05 10"]),
        ("RRULE:FREQ=MONTHLY;BYDAY=2SA;UNTIL=20270109T010000Z", "", ["11-14 10", "12-12 10", "01-09 10"]),
        ("RRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;TZID=Asia/Tokyo:20261114T100000", "", ["11-07 10", "11-21 10"]),
        ("RRULE:FREQ=WEEKLY;COUNT=3", MOVED.format(""), ["11-07 10", "11-14 10", "11-22 13"]),
        ("RRULE:FREQ=WEEKLY;COUNT=3", MOVED.format("STATUS:CANCELLED\n"), ["11-07 10", "11-14 10"]),
        ("RDATE;TZID=Asia/Tokyo:20261108T100000", "", ["11-07 10", "11-08 10"]),
        ("STATUS:CANCELLED", "", []),
        ("RRULE:FREQ=SECONDLY", "", "repeats"),
        ("RRULE:FREQ=DAILY;BYHOUR=1,2", "", "repeats"),
        ("RRULE:FREQ=DAILY;UNTIL=soon", "", "repeats"),
        ("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "", ["11-07 10"]),
    ],
)
def test_a_rule_of_repetition_becomes_dates_with_single_ones_moved_and_cancelled(
    store: Store, now: datetime, lines: str, more: str, wanted: list[str] | str
) -> None:
    assert days(Centre(store, now), lines, more) == wanted


def test_a_rule_without_an_end_is_written_out_for_seven_months_and_changes_once_a_month(centre: Centre) -> None:
    found = days(centre, "RRULE:FREQ=MONTHLY;BYDAY=1SA")
    assert found == ["11-07 10", "12-05 10", "01-02 10", "02-06 10", "03-06 10", "04-03 10", "05-01 10"]


def test_a_date_that_is_over_stays_and_one_that_moved_keeps_who_signed_up(centre: Centre) -> None:
    of = publish(centre, content(), *(at(centre, days) for days in (1, 8, 15)))
    centre.now += timedelta(days=3)
    moved = at(centre, 6)  # the second, a day later; the third is off

    def job(conn: Connection) -> list[tuple[int, str]]:
        assert events.change(conn, Change(of.content, [moved], of.editor, of.id, of.version), centre.now)
        now = events.find(conn, of.id)
        assert now is not None
        assert events.publish(conn, now, None, centre.now)
        after = events.find(conn, of.id)
        assert after is not None
        return [(one.span.starts_at.day, one.state.value) for one in after.dates]

    first, second, third = of.dates
    local = centre.mind.local
    assert sorted(write(centre, job)) == sorted(
        [
            (first.span.starts_at.day, "on"),
            (moved.starts_at.day, "on"),
            (third.span.starts_at.day, "off"),
        ]
    )
    assert local(second.span.starts_at) != local(moved.starts_at)
