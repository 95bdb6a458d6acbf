"""The clocks of a case count opening time alone, take the shorter promise, and never guess how long a reply takes."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.clocks import DANGER, Clock, Clocks, Standing, Targets, within
from knowledge.hours import Calendar, Period, WrongHours
from knowledge.rules import CENTRE, load_clocks
from tests.each import each
from tests.knowledge.test_hours import OPENING, at

HALVES = (Period(time(10), time(12)), Period(time(13), time(17)))
LUNCH = Calendar(zone=ZoneInfo("Asia/Tokyo"), open_periods=dict.fromkeys(range(5), HALVES))
CLOCKS = Clocks(LUNCH, Targets(first=240, next=120, solution=None), warn=(60, 30, 0))


def standing(asked: str, replied: bool = False, urgency: str = "none", **other: object) -> Standing:
    """A case whose person has waited since a moment."""
    values = {"topic": "money", "told": None, "ran": 0, "ran_from": at(asked)} | other
    return Standing(urgency=urgency, asked_at=at(asked), replied=replied, **values)  # type: ignore[arg-type]


@each(
    ("asked", "due"),
    [
        ("2026-11-24 10:00", "2026-11-24 15:00"),
        ("2026-11-24 12:30", "2026-11-24 17:00"),
        ("2026-11-24 16:00", "2026-11-25 14:00"),
        ("2026-11-27 16:30", "2026-11-30 14:30"),
        ("2026-11-20 16:00", "2026-11-24 14:00"),
        ("2026-11-22 03:00", "2026-11-24 15:00"),
    ],
    ids=["over lunch", "asked at lunch", "over night", "over a weekend", "over a holiday", "asked at night"],
)
def test_a_first_reply_is_due_after_so_much_opening_time(asked: str, due: str) -> None:
    found = CLOCKS.due(standing(asked))
    assert found is not None
    assert (found.clock, found.at) == (Clock.FIRST, at(due))


def test_warnings_come_before_the_end_in_opening_time_and_never_in_the_first_half() -> None:
    found = CLOCKS.due(standing("2026-11-24 16:00", replied=True))
    assert found is not None
    assert (found.clock, found.at) == (Clock.NEXT, at("2026-11-25 11:00"))
    assert found.steps == (at("2026-11-24 17:00"), at("2026-11-25 10:30"), at("2026-11-25 11:00"))
    short = Clocks(LUNCH, Targets(first=20), warn=(60, 30, 0)).due(standing("2026-11-24 10:00"))
    assert short is not None
    assert short.steps == (at("2026-11-24 10:10"), at("2026-11-24 10:10"), at("2026-11-24 10:20"))


def test_the_shorter_of_topic_and_urgency_counts_and_what_was_told_counts_too() -> None:
    clocks = Clocks(
        LUNCH,
        Targets(240, 240, 2400),
        urgencies={DANGER: Targets(first=15), "week": Targets(solution=1200)},
        topics={"money": Targets(first=60)},
    )
    assert clocks.targets("money", DANGER) == Targets(15, 240, 2400)
    assert clocks.targets("money", "week") == Targets(60, 240, 1200)
    assert clocks.targets("place", "month") == Targets(240, 240, 2400)
    told = clocks.due(standing("2026-11-24 10:00", told=at("2026-11-24 10:30")))
    assert told is not None
    assert told.at == at("2026-11-24 10:30")


def test_the_end_counts_only_the_time_it_was_not_waited_for_the_person() -> None:
    clocks = Clocks(LUNCH, Targets(solution=360))
    case = Standing("money", "none", None, True, ran=300, ran_from=at("2026-11-25 10:00"))
    found = clocks.due(case)
    assert found is not None
    assert (found.clock, found.at) == (Clock.SOLUTION, at("2026-11-25 11:00"))
    assert Clocks(LUNCH).due(case) is None


@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 - the centre's own clock
    minutes=st.integers(0, 3000),
)
def test_so_many_minutes_later_so_many_minutes_have_passed(start: datetime, minutes: int) -> None:
    begun = start.replace(tzinfo=OPENING.zone, second=0, microsecond=0)
    assert OPENING.minutes(begun, OPENING.due(begun, minutes)) == minutes
    assert OPENING.minutes(begun, begun - timedelta(days=1)) == 0


@each(
    ("now", "minutes", "said"),
    [
        ("2026-11-24 10:05", 20, "2026-11-24 10:30"),
        ("2026-11-24 10:00", 30, "2026-11-24 10:30"),
        ("2026-11-24 16:50", 5, "2026-11-24 17:00"),
        ("2026-11-24 11:45", 20, "2026-11-24 13:30"),
        ("2026-11-22 12:00", 45, "2026-11-24 11:00"),
    ],
    ids=["rounded up", "already round", "at closing", "over lunch", "from the next opening"],
)
def test_a_bound_is_said_on_the_half_hour_in_opening_time(now: str, minutes: int, said: str) -> None:
    assert CLOCKS.bound(at(now), minutes) == at(said)


def test_how_long_a_reply_takes_is_not_said_of_few_and_holds_for_nine_of_ten() -> None:
    assert within([10] * 19) is None
    assert within([*range(1, 21)]) == 19
    assert within([*range(1, 101)]) == 91


@given(st.lists(st.integers(0, 5000), min_size=20, max_size=300))
def test_nine_of_ten_replies_came_within_what_is_said(minutes: list[int]) -> None:
    bound = within(minutes)
    assert bound is not None
    assert sum(one <= bound for one in minutes) >= 0.9 * len(minutes)


def test_the_settings_file_of_the_demo_has_clocks() -> None:
    clocks = load_clocks()
    assert clocks.targets("money", DANGER).first == 15
    assert clocks.warn == (60, 30, 0)


@each(
    ("wrong", "named"),
    [
        ("first = -1", "clocks.first"),
        ('next = "4h"', "clocks.next"),
        ("frist = 3", "clocks.frist"),
        ("warn_desk = 90", "warn_holder"),
        ("[clocks.urgency.soon]\nfirst = 1", "urgency.soon"),
        ("[clocks.topic.money]\nfrist = 1", "topic.money.frist"),
    ],
    ids=["negative", "not a number", "unknown clock", "warned in the wrong order", "unknown urgency", "in a topic"],
)
def test_wrong_clocks_stop_the_start_and_are_named(tmp_path: Path, wrong: str, named: str) -> None:
    text = CENTRE.read_text(encoding="utf-8").split("\n[clocks]")[0] + "\n"
    path = tmp_path / "centre.toml"
    path.write_text(f"{text}[clocks]\n{wrong}\n", encoding="utf-8")
    with pytest.raises(WrongHours, match=named):
        load_clocks(path)
    path.write_text(text, encoding="utf-8")
    assert load_clocks(path).standard == Targets()


def test_topic_and_urgency_of_the_case_itself_set_its_clock() -> None:
    clocks = Clocks(LUNCH, Targets(240), urgencies={DANGER: Targets(first=15)}, topics={"money": Targets(first=60)})
    first = {
        (topic, urgency): clocks.due(standing("2026-11-24 10:00", urgency=urgency, topic=topic))
        for topic in ("money", "place")
        for urgency in (DANGER, "none")
    }
    assert {case: found and found.at for case, found in first.items()} == {
        ("money", DANGER): at("2026-11-24 10:15"),
        ("money", "none"): at("2026-11-24 11:00"),
        ("place", DANGER): at("2026-11-24 10:15"),
        ("place", "none"): at("2026-11-24 15:00"),
    }


@each(
    ("target", "told", "due"),
    [
        (60, "2026-11-24 11:30", "2026-11-24 11:00"),
        (120, "2026-11-24 11:30", "2026-11-24 11:30"),
        (None, "2026-11-24 11:30", "2026-11-24 11:30"),
    ],
    ids=["promised sooner", "told sooner", "told alone"],
)
def test_what_was_told_counts_where_it_is_sooner(target: int | None, told: str, due: str) -> None:
    found = Clocks(LUNCH, Targets(first=target)).due(standing("2026-11-24 10:00", told=at(told)))
    assert found is not None
    assert found.at == at(due)


def test_an_end_that_is_overdue_is_due_where_it_began_to_run_and_not_before() -> None:
    case = Standing("money", "none", None, True, ran=400, ran_from=at("2026-11-25 10:00"))
    found = Clocks(LUNCH, Targets(solution=360)).due(case)
    assert found is not None
    assert found.at == at("2026-11-25 10:00")


def test_a_bound_has_no_seconds_and_is_not_put_off_to_another_day() -> None:
    odd = at("2026-11-24 10:00").replace(second=7, microsecond=9)
    assert CLOCKS.bound(odd, 60) == at("2026-11-24 11:30")
    assert CLOCKS.bound(odd.replace(second=0), 60) == at("2026-11-24 11:30")
    assert CLOCKS.bound(odd.replace(microsecond=0), 60) == at("2026-11-24 11:30")
    assert CLOCKS.bound(at("2026-11-24 10:00"), 60) == at("2026-11-24 11:00")
    assert CLOCKS.bound(at("2026-11-24 16:50"), 0) == at("2026-11-24 17:00")
