"""Files and feeds that mean harm: every one is read with its errors named, and none breaks what reads it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot import event_in
from bot.event_in import read
from knowledge import grant_csv
from tests.each import each

ZONE = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 20, tzinfo=ZONE)
HEAD = "NO,イベント名,開始日,定員\n"


def ics(*lines: str, times: int = 1) -> bytes:
    """A calendar of events, each with these lines."""
    entry = "".join(f"{line}\r\n" for line in ("BEGIN:VEVENT", "UID:{}", "SUMMARY:会", *lines, "END:VEVENT"))
    return ("BEGIN:VCALENDAR\r\n" + "".join(entry.format(n % 60) for n in range(times)) + "END:VCALENDAR\r\n").encode()


def rss(start: str) -> str:
    item = f"<item><title>会</title><guid>1</guid><ev:startdate>{start}</ev:startdate></item>"
    return f'<rss xmlns:ev="http://purl.org/rss/1.0/modules/event/"><channel>{item}</channel></rss>'


BOMB = '<!DOCTYPE x [<!ENTITY a "{}">]><rss><channel><item><title>&a;</title></item></channel></rss>'.format("b" * 99)
DAY = "DTSTART:20261205T063000"


@each(
    ("data", "why"),
    [
        (ics("DTSTART:00010101T000000"), "day"), (ics("DTSTART;VALUE=DATE:99991231"), "day"),
        (ics("DTSTART:garbage"), "day"), (ics(DAY, "DTEND:x", "DTEND:20261205T073000"), "day"),
        (ics(DAY, "DURATION:P99999999D"), "day"),
        (ics(DAY, "RDATE:x"), "day"), (ics(DAY, "RRULE:FREQ=DAILY;INTERVAL=0"), "repeats"),
        (ics(DAY, "RRULE:FREQ=YEARLY;BYDAY=500MO"), "repeats"),
        (ics(DAY, "RRULE:FREQ=MONTHLY;BYMONTHDAY=99"), "repeats"),
        (b"<rss><item><title>&amp;#" + b"9" * 5000 + b";</title></item></rss>", "broken"),
        (ics(DAY, times=61), "twice"), (rss("0001-01-01T00:00:00").encode(), "day"),
        (rss("9999-12-31T23:59:59").encode(), "day"), (BOMB.encode(), "broken"),
        (b"<!--" + b"x" * 5000 + b"-->" + BOMB.encode(), "broken"),
        (b"<" + BOMB.encode("utf-16-le")[1:], "broken"), (b"<a>" * 100_000, "broken"),
        ((HEAD + "1,会,0001-01-01,\n").encode(), "day"), ((HEAD + "1,会,9999-12-31,\n").encode(), "day"),
        ((HEAD + "1,会,2026-12-05," + "9" * 5000 + "\n").encode(), "number"),
        ((HEAD + "1,\0,2026-12-05,\n").encode(), "value"), (HEAD.encode("utf-16"), "encoding"),
        (b"PK\x03\x04" + bytes(1000), "column"), (b"\xef\xbb\xbf", "column"),
        ((HEAD + "1," + "a" * 200_000 + ",2026-12-05,\n").encode(), "broken"),
    ],
    ids=lambda value: value[:60] if isinstance(value, bytes) else value,
)  # fmt: skip
def test_C26_hostile_files_are_read_with_what_is_wrong_in_them(data: bytes, why: str) -> None:
    assert why in {one.why for one in read(data, ZONE, NOW).wrong}


def test_C22_rules_that_never_fit_are_read_until_the_patience_for_one_calendar_is_at_an_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(event_in, "PATIENCE", 16_000)
    hard = "DTSTART:20070105T063000", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3"
    found = read(ics(*hard, times=40), ZONE, NOW)
    assert len(found.found) == 2  # of 7,300 days each
    assert {one.why for one in found.wrong} == {"heavy"}
    assert event_in.wrong_words(found.wrong)[0] == "3行目 RRULE くりかえしの計算が多すぎます"


@each(
    "data",
    [
        ics(DAY, times=61),
        ics(DAY, "RRULE:FREQ=DAILY;UNTIL=99991231T235959Z"),
        ics(DAY, "LAST-MODIFIED:x"),
        ics(DAY, DAY),
        ics("SUMMARY:会2", DAY),
        ics("ORGANIZER:mailto:a", "ORGANIZER:mailto:b", DAY),
    ],
    ids=bytes.hex,
)
def test_an_entry_that_says_a_thing_twice_is_read_by_the_first(data: bytes) -> None:
    found = read(data, ZONE, NOW).found[0]
    assert found.content.title == "会"


def test_C26_ten_thousand_rows_half_of_them_bad_are_named_and_none_is_taken() -> None:
    rows = "".join(f"{n},会{n},{'2026-12-05' if n % 2 else 'いつか'},３０\n" for n in range(10_000))
    found = read((HEAD + rows).encode("cp932"), ZONE, NOW)
    assert (len(found.found), len(found.wrong), found.wrong[0].row, found.wrong[-1].row) == (5000, 5000, 2, 10_000)
    assert found.found[0].content.capacity == 30


@each(("said", "meant"), [("100万円", 1_000_000), ("１００万", 1_000_000), ("1万5000", None), ("9" * 5000, None)])
def test_money_is_read_as_it_is_meant_or_named(said: str, meant: int | None) -> None:
    head = "名前,出す所,締切日,締切の方法,元ページ,上限額\n"
    sheet = grant_csv.read(f"{head}助成,財団,2026-12-05,必着,https://x.jp/,{said}\n".encode())
    assert [one.content.ceiling for one in sheet.found] == ([] if meant is None else [meant])
    assert [one.why for one in sheet.wrong] == (["number"] if meant is None else [])
