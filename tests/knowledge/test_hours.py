"""The calendar keeps its promises over nights, weekends, holidays, the year's end and the 29th of February."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.hours import WEEK, Calendar, Period, WrongHours
from knowledge.rules import CENTRE, load_centre
from tests.each import each

TOKYO = ZoneInfo("Asia/Tokyo")
CENTRE_OF_DEMO = load_centre()
OPENING = CENTRE_OF_DEMO.opening
CONSULTING = CENTRE_OF_DEMO.consulting


def at(text: str) -> datetime:
    """A moment in Tokyo, written like 2026-11-24 10:00."""
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


def test_the_demo_says_that_its_hours_are_an_example() -> None:
    assert CENTRE_OF_DEMO.example
    assert set(CENTRE_OF_DEMO.names) == {"ja", "ja-easy", "en", "zh", "ko"}


@each(
    ("moment", "expected"),
    [
        ("2026-11-24 10:00", True),
        ("2026-11-24 09:59", False),
        ("2026-11-24 17:59", True),
        ("2026-11-24 18:00", False),
        ("2026-11-28 15:59", True),
        ("2026-11-28 16:00", False),
        ("2026-11-22 12:00", False),
        ("2026-11-23 12:00", False),
        ("2026-12-29 12:00", False),
        ("2027-01-04 12:00", True),
        ("2028-02-29 12:00", True),
    ],
    ids=[
        "opens",
        "before",
        "last_minute",
        "closes",
        "saturday",
        "saturday_late",
        "sunday",
        "holiday",
        "year_end",
        "new_year",
        "leap",
    ],
)
def test_is_open(moment: str, expected: bool) -> None:
    assert OPENING.is_open(at(moment)) is expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-24 12:34", "2026-11-24 12:34"),
        ("2026-11-24 03:00", "2026-11-24 10:00"),
        ("2026-11-27 18:00", "2026-11-28 10:00"),
        ("2026-11-21 16:00", "2026-11-24 10:00"),
        ("2026-12-28 18:00", "2027-01-04 10:00"),
        ("2028-02-28 18:00", "2028-02-29 10:00"),
    ],
    ids=["open_now", "morning", "friday_evening", "over_sunday_and_holiday", "year_end", "leap"],
)
def test_next_open(moment: str, expected: str) -> None:
    assert OPENING.next_open(at(moment)) == at(expected)


@pytest.mark.parametrize(
    ("moment", "minutes", "expected"),
    [
        ("2026-11-24 10:00", 60, "2026-11-24 11:00"),
        ("2026-11-24 17:30", 60, "2026-11-25 10:30"),
        ("2026-11-27 17:00", 120, "2026-11-28 11:00"),
        ("2026-11-21 15:00", 8 * 60, "2026-11-24 17:00"),
        ("2026-12-28 17:30", 60, "2027-01-04 10:30"),
        ("2026-11-24 10:00", 8 * 60, "2026-11-24 18:00"),
        ("2026-11-22 10:00", 0, "2026-11-24 10:00"),
        ("2028-02-28 17:00", 120, "2028-02-29 11:00"),
    ],
    ids=["same_day", "overnight", "saturday", "over_holiday", "year_end", "to_the_minute", "no_time", "leap"],
)
def test_due_counts_only_opening_time(moment: str, minutes: int, expected: str) -> None:
    assert OPENING.due(at(moment), minutes) == at(expected)


def test_slots_are_whole_and_in_the_future() -> None:
    found = CONSULTING.slots(at("2026-11-24 10:00"), days=3, length=60)
    hours = [f"2026-11-24 {hour}:00" for hour in (11, 13, 14, 15, 16)] + [
        f"2026-11-26 {hour}:00" for hour in (10, 11, 13, 14, 15, 16)
    ]
    assert found == [at(hour) for hour in hours]


def test_taken_slots_are_left_out() -> None:
    free = CONSULTING.slots(at("2026-11-28 08:00"), days=1, length=60, taken=frozenset({at("2026-11-28 10:00")}))
    assert free == [at("2026-11-28 11:00")]


def test_a_slot_that_does_not_fit_is_not_offered() -> None:
    assert CONSULTING.slots(at("2026-11-28 08:00"), days=1, length=75) == [at("2026-11-28 10:00")]


def test_a_moment_from_elsewhere_means_the_same() -> None:
    assert OPENING.is_open(datetime(2026, 11, 24, 1, 0, tzinfo=ZoneInfo("UTC")))


def test_a_moment_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        OPENING.is_open(datetime(2026, 11, 24, 10, 0))  # noqa: DTZ001 - this is the mistake


def test_single_days_and_holidays_can_be_set() -> None:
    periods = {day: (Period(time(9), time(12)), Period(time(13), time(17))) for day in range(7)}
    calendar = Calendar(TOKYO, periods, closed_days=frozenset({date(2026, 11, 24)}), open_on_holidays=True)
    assert calendar.is_open(at("2026-11-23 09:00"))
    assert not calendar.is_open(at("2026-11-23 12:30"))
    assert calendar.next_open(at("2026-11-23 17:00")) == at("2026-11-25 09:00")


def test_a_centre_that_never_opens_is_a_wrong_setting() -> None:
    with pytest.raises(WrongHours, match="never opens"):
        Calendar(TOKYO, {}).next_open(at("2026-11-24 10:00"))
    with pytest.raises(WrongHours, match="not enough opening time"):
        Calendar(TOKYO, {}).due(at("2026-11-24 10:00"), 10)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31)).map(lambda day: day.replace(tzinfo=TOKYO)),  # noqa: DTZ001
    st.integers(0, 3000),
)
def test_due_is_open_time_away_and_never_earlier(moment: datetime, minutes: int) -> None:
    due = OPENING.due(moment, minutes)
    assert due >= moment + timedelta(minutes=minutes)
    assert OPENING.next_open(moment) <= due
    assert OPENING.due(moment, minutes + 1) > due


WRONG = {
    "no_day": ('mon = ["10:00-18:00"]', 'moon = ["10:00-18:00"]', r"centre.toml: open\.moon: is not a day"),
    "no_period": (
        'mon = ["10:00-18:00"]',
        'mon = ["ten to six"]',
        r"centre.toml: open\.mon\.1: ten to six .*write them like 10:00-18:00",
    ),
    "backwards": (
        'mon = ["10:00-18:00"]',
        'mon = ["18:00-10:00"]',
        r"centre.toml: open\.mon\.1: 18:00-10:00: ends before it starts",
    ),
    "no_month": ('"12-29"', '"13-29"', r"centre.toml: closed_each_year\.1: .13-29. is not a day"),
    "missing": ("slot_minutes = 60", "", "centre.toml: slot_minutes: is missing; add it"),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_hours_are_named(what: str, tmp_path: Path) -> None:
    right, wrong, said = WRONG[what]
    text = CENTRE.read_text(encoding="utf-8")
    assert right in text
    (tmp_path / "centre.toml").write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(WrongHours, match=said):
        load_centre(tmp_path / "centre.toml")


def test_the_week_starts_on_monday() -> None:
    assert WEEK[at("2026-11-23 00:00").weekday()] == "mon"


def test_at_the_moment_of_closing_the_next_opening_is_another_one() -> None:
    calendar = Calendar(zone=TOKYO, open_periods={1: (Period(time(10), time(12)), Period(time(13), time(17)))})
    assert calendar.next_open(at("2026-11-24 12:00")) == at("2026-11-24 13:00")
    assert calendar.next_open(at("2026-11-24 12:30")) == at("2026-11-24 13:00")
    assert calendar.next_open(at("2026-11-24 16:59")) == at("2026-11-24 16:59")
    assert calendar.next_open(at("2026-11-24 17:00")) == at("2026-12-01 10:00")


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-24 11:30", "2026-11-24 13:10", 40),
        ("2026-11-24 09:00", "2026-11-24 10:01", 1),
        ("2026-11-24 10:00", "2026-11-24 10:00", 0),
        ("2026-12-01 10:30", "2026-11-24 10:00", 0),
        ("2026-11-24 16:00", "2026-12-01 11:00", 120),
    ],
)
def test_minutes_are_whole_and_of_opening_time_alone(start: str, end: str, minutes: int) -> None:
    calendar = Calendar(zone=TOKYO, open_periods={1: (Period(time(10), time(12)), Period(time(13), time(17)))})
    found = calendar.minutes(at(start), at(end))
    assert (found, type(found)) == (minutes, int)


@pytest.mark.parametrize(("start", "end"), [(time(10), time(10)), (time(12), time(10))])
def test_a_period_that_does_not_last_is_refused(start: time, end: time) -> None:
    with pytest.raises(WrongHours, match=r"^\d\d:00-10:00: ends before it starts; write the earlier time first$"):
        Period(start, end)
