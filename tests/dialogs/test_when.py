"""Dates and times as people type them are read as meant, or asked about, and never read wrongly in silence."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dialogs.era import in_era
from dialogs.problem import Problem
from dialogs.when import past, read_date, read_moment, read_time, within
from tests.each import each
from tests.stopwatch import quickest

WEDNESDAY = date(2026, 11, 25)
TEN = datetime.fromisoformat("2026-11-25T10:00")  # without a zone: the centre's own clock


def rows(table: str) -> list[tuple[str, str]]:
    """(what is typed, what comes out) of each line of a table in phrases/: the last space parts them."""
    lines = (Path(__file__).parent / "phrases" / f"{table}.txt").read_text("utf-8").splitlines()
    return [(typed.strip(), meant) for typed, _, meant in (line.rpartition(" ") for line in lines)]


def outcome(found: date | time | Problem) -> str:
    """A value as ISO 8601 to the minute, a problem as its code."""
    if isinstance(found, Problem):
        return found.code
    return found.isoformat(timespec="minutes") if isinstance(found, datetime | time) else found.isoformat()


@each(("typed", "meant"), rows("dates"))
def test_D13_a_date_is_read_as_meant(typed: str, meant: str) -> None:
    assert outcome(read_date(typed, WEDNESDAY)) == meant


@each(("typed", "code"), rows("no_dates"))
def test_D13_what_is_no_single_date_is_asked_about(typed: str, code: str) -> None:
    assert outcome(read_date(typed, WEDNESDAY)) == code


@each(("typed", "meant"), rows("dates_by_day"))
def test_a_date_depends_on_the_day_it_is_said(typed: str, meant: str) -> None:
    today, said = typed.split(" ", 1)
    assert outcome(read_date(said, date.fromisoformat(today))) == meant


@each(("typed", "meant"), rows("times"))
def test_a_time_is_read_as_meant_or_asked_about(typed: str, meant: str) -> None:
    assert outcome(read_time(typed)) == meant


@each(("typed", "meant"), rows("moments"))
def test_a_moment_is_read_as_meant_or_asked_about(typed: str, meant: str) -> None:
    assert outcome(read_moment(typed, TEN)) == meant


PROBLEMS = [
    (read_date("2月30日です", WEDNESDAY), {"said": "2月30日"}),
    (read_date("来週の日曜", WEDNESDAY), {"first": "2026-11-29", "second": "2026-12-06"}),
    (read_date("12月1日(月)", WEDNESDAY), {"date": "2026-12-01"}),
    (read_time("2時半"), {"hour": 2}),
    (read_time("25時"), {"said": "25時"}),
    (read_moment("明日", TEN), {"date": "2026-11-26"}),
]


@pytest.mark.parametrize(("problem", "values"), PROBLEMS, ids=lambda value: getattr(value, "code", None))
def test_a_problem_carries_what_the_words_need(problem: Problem, values: dict[str, str | int]) -> None:
    assert dict(problem.values) == values


# ---------------------------------------------------------------------------------------------------------------------
# Properties

KANJI = str.maketrans("0123456789", "〇一二三四五六七八九")
WIDE = str.maketrans("0123456789/-.", "０１２３４５６７８９／－．")
WEEKDAYS = "月火水木金土日"


def kanji(number: int) -> str:
    """1–99 as it is spoken: 二十四."""
    ten, one = divmod(number, 10)
    tens = {0: "", 1: "十"}.get(ten, str(ten).translate(KANJI) + "十")
    return tens + (str(one).translate(KANJI) if one else "")


def forms(day: date) -> list[str]:
    """The day with its year, in every form that is promised."""
    era, year = in_era(day)
    named = "元" if year == 1 else str(year)
    letter = {"令和": "R", "平成": "H", "昭和": "S", "大正": "T", "明治": "M"}[era]
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[day.month - 1]
    spoken = f"{kanji(day.month)}月{kanji(day.day)}日"
    plain = [
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month:02}.{day.day:02}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}年{day.month}月{day.day}日({WEEKDAYS[day.weekday()]})",
        f"{era}{named}年{day.month}月{day.day}日",
        f"{letter}{year}.{day.month}.{day.day}",
    ]
    written = [*plain, *(form.translate(WIDE) for form in plain), f"{str(day.year).translate(KANJI)}年{spoken}"]
    written += [f"{era}{kanji(year) if year > 1 else '元'}年{spoken}"]
    if day.year >= 1900:
        written += [f"{month} {day.day}, {day.year}", f"{day.day} {month} {day.year}", f"{day:%Y%m%d}"]
    return written


@given(day=st.dates(date(1873, 1, 1), date(2099, 12, 31)), today=st.dates(date(1950, 1, 1), date(2090, 12, 31)))
@example(day=date(1989, 1, 7), today=WEDNESDAY)
@example(day=date(2028, 2, 29), today=WEDNESDAY)
@settings(max_examples=60, deadline=None)
def test_every_date_in_every_form_reads_back(day: date, today: date) -> None:
    for form in forms(day):
        for said in (form, f"えっと、{form}でお願いします"):
            assert read_date(said, today) == day, said


@given(ahead=st.integers(0, 365), today=st.dates(date(2000, 1, 1), date(2090, 12, 31)))
@settings(max_examples=80, deadline=None)
def test_a_date_without_a_year_is_the_next_one(ahead: int, today: date) -> None:
    day = today + timedelta(days=ahead)
    if (day.month, day.day) in ((2, 29), (today.month, today.day)):
        day = today
    for form in (f"{day.month}/{day.day}", f"{day.month}月{day.day}日", f"{kanji(day.month)}月{kanji(day.day)}日"):
        assert read_date(form, today) == day
    assert read_date(f"{day.month}月{day.day}日({WEEKDAYS[(day.weekday() + 1) % 7]})", today) == Problem(
        "weekday_differs", {"date": day.isoformat()}
    )


@given(clock=st.times(), day=st.dates(date(2000, 1, 1), date(2099, 12, 31)))
@settings(max_examples=80, deadline=None)
def test_every_time_in_every_form_reads_back(clock: time, day: date) -> None:
    clock = clock.replace(second=0, microsecond=0)
    half, hour = ("午後", clock.hour - 12) if clock.hour >= 12 else ("午前", clock.hour)
    for form in (
        f"{clock:%H:%M}",
        f"{half}{hour}時{clock.minute}分",
        f"{half}{hour}:{clock.minute:02}",
        f"{clock:%I:%M %p}",
    ):
        assert read_time(form) == clock, form
        assert read_moment(f"{day.isoformat()} {form}", TEN) == datetime.combine(day, clock), form


PIECES = [typed for table in ("dates", "times") for typed, _ in rows(table)]
PIECES += [*"0123456789月日時年分曜(),、。/-:~かとのは以前後半末", "not", "\u200b"]


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=12).map("".join)))
@settings(max_examples=250, deadline=None)
def test_whatever_is_typed_comes_out_as_a_value_or_a_problem(text: str) -> None:
    assert isinstance(read_date(text, WEDNESDAY), date | Problem)
    assert isinstance(read_time(text), time | Problem)
    assert isinstance(read_moment(text, TEN), datetime | Problem)


@example("2026/12/1", "三")
@example("2026/12/1", "みっか")
@given(st.sampled_from(["明日", "12月1日", "2026/12/1", "来週の火曜"]), st.text(min_size=1, max_size=8))
@settings(max_examples=100, deadline=None)
def test_a_date_beside_strange_words_is_that_date_or_a_problem(said: str, beside: str) -> None:
    meant = read_date(said, WEDNESDAY)
    found = read_date(f"{said} {beside}", WEDNESDAY)
    assert isinstance(found, Problem) or found == meant


HOSTILE = {
    "a hundred thousand signs": "明日" * 50_000,
    "a hundred thousand spaces": " " * 100_000 + "x",
    "zero width": "\u200b" * 100_000 + "明日",
    "particles": "の" * 200,
    "kana": "にじゅう" * 50,
    "one": "いち" * 100,
    "digits": "1" * 200,
    "slashes": "1/" * 100,
    "days": "12月1日" * 40,
    "times": "午後2時" * 50,
    "brackets": "(月)" * 66,
    "unfolding": "ﷺ" * 200,
    "months": "jan " * 50,
    "pattern": "(a+)+$" * 33,
}


@each("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_D08_hostile_text_is_answered_within_milliseconds(text: str) -> None:
    assert quickest(partial(read_moment, text, TEN)) < 0.02


def test_D02_a_date_in_front_of_a_long_story_is_not_taken_from_it() -> None:
    assert read_date("明日" + "。" * 300, WEDNESDAY) == Problem("not_a_date")


# ---------------------------------------------------------------------------------------------------------------------
# Bounds


def test_bounds_are_allowed_themselves_and_named_when_passed() -> None:
    first, last = date(2026, 12, 1), date(2026, 12, 24)
    assert within(first, first, last) is None
    assert within(last, first, last) is None
    assert within(first, None, None) is None
    assert within(first - timedelta(days=1), first, last) == Problem("too_early", {"earliest": "2026-12-01"})
    assert within(last + timedelta(days=1), first, last) == Problem("too_late", {"latest": "2026-12-24"})


def test_bounds_of_times_and_moments_are_named_to_the_minute() -> None:
    assert within(time(8), time(9), None) == Problem("too_early", {"earliest": "09:00"})
    noon = datetime.fromisoformat("2026-12-01T12:00")
    assert within(noon, None, noon - timedelta(hours=1)) == Problem("too_late", {"latest": "2026-12-01T11:00"})


def test_today_is_not_past() -> None:
    assert past(date(2026, 11, 24), WEDNESDAY)
    assert not past(WEDNESDAY, WEDNESDAY)


@pytest.mark.parametrize(
    ("day", "era"),
    [
        ("1989-01-07", ("昭和", 64)),
        ("1989-01-08", ("平成", 1)),
        ("2019-05-01", ("令和", 1)),
        ("2026-11-24", ("令和", 8)),
    ],
    ids=str,
)
def test_the_era_of_a_day(day: str, era: tuple[str, int]) -> None:
    assert in_era(date.fromisoformat(day)) == era


def test_before_1873_there_is_no_era_to_name() -> None:
    with pytest.raises(ValueError, match="1873"):
        in_era(date(1872, 12, 31))
