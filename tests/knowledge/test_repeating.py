"""Rules of repetition: the days that another library finds too, and no more work than there is patience for."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from itertools import takewhile

import pytest
from dateutil.rrule import rrulestr

from knowledge.repeating import Patience, Strange, TooMuch, days, read
from tests.each import each

FIRST, LAST = date(2023, 1, 31), date(2027, 6, 30)


def found(text: str, first: date = FIRST, since: date = FIRST, patience: int = 10_000) -> list[date]:
    """The days of a rule as a calendar writes it."""
    said = dict(part.partition("=")[::2] for part in text.split(";"))
    return list(days(read(said, first), (first, since, LAST), Patience(patience)))


def made_up(dice: random.Random) -> str:
    """Some rule that both read alike: the other one takes BYDAY=MO,2TU for what nobody means by it."""
    often = dice.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
    said = {"FREQ": often, "INTERVAL": str(dice.choice([1, 1, 2, 3, 5]))}
    week = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    if dice.random() < 0.5:
        nth = dice.choice(["", "", "1", "2", "-1", "5"]) if often in ("MONTHLY", "YEARLY") else ""
        said["BYDAY"] = ",".join(nth + day for day in dice.sample(week, dice.randint(1, 3)))
    if dice.random() < 0.3:
        said["BYMONTH"] = ",".join(str(n) for n in dice.sample(range(1, 13), dice.randint(1, 3)))
    if often != "WEEKLY" and dice.random() < 0.4:
        said["BYMONTHDAY"] = ",".join(dice.sample(["1", "15", "29", "30", "31", "-1", "-3"], 2))
    if often in ("MONTHLY", "YEARLY") and said.keys() & {"BYDAY", "BYMONTHDAY"} and dice.random() < 0.4:
        said["BYSETPOS"] = dice.choice(["1", "-1", "2,3", "-2"])
    if often == "WEEKLY":
        said["WKST"] = dice.choice(week)
    return ";".join(f"{name}={value}" for name, value in said.items())


def theirs(text: str) -> list[date]:
    """The days of a rule as dateutil finds them; of what never fits it would look until the year 9999."""
    start, end = datetime.combine(FIRST, time()), datetime.combine(LAST, time())
    turns = rrulestr(text, dtstart=start).xafter(start, inc=True, count=2000)
    return [one.date() for one in takewhile(lambda one: one <= end, turns)]


@pytest.mark.parametrize("seed", range(3))
def test_the_days_are_those_that_dateutil_finds(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - some rules, no secret
    rules = [made_up(dice) for _ in range(60)]
    fitting = [rule for rule in rules if found(rule)]
    assert len(fitting) > 50
    for rule in fitting:
        since, wanted = FIRST + timedelta(days=dice.randint(0, 1200)), theirs(rule)
        assert found(rule) == wanted, rule
        assert [day for day in found(rule, since=since) if day >= since] == [day for day in wanted if day >= since]


@each(
    "rule",
    [
        "FREQ=MONTHLY;BYMONTHDAY=99", "FREQ=YEARLY;BYMONTH=13", "FREQ=MONTHLY;BYDAY=6MO", "FREQ=YEARLY;BYDAY=54MO",
        "FREQ=MONTHLY;BYDAY=0MO", "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=DAILY;BYSETPOS=367", "FREQ=DAILY;INTERVAL=0",
        "FREQ=HOURLY", "FREQ=DAILY;BYHOUR=1", "FREQ=WEEKLY;WKST=XX", "FREQ=MONTHLY;BYMONTHDAY=", "INTERVAL=1",
    ],
)  # fmt: skip
def test_a_rule_that_says_what_no_calendar_has_is_refused_at_once(rule: str) -> None:
    with pytest.raises(Strange):
        found(rule)


@each(
    ("rule", "most"),
    [
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", 200), ("FREQ=MONTHLY;BYDAY=5MO;BYMONTH=2;BYMONTHDAY=3", 1700),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", 1700), ("FREQ=YEARLY;INTERVAL=9999;BYMONTHDAY=30;BYMONTH=2", 60),
        ("FREQ=MONTHLY;BYSETPOS=300", 1700), ("FREQ=WEEKLY;BYMONTHDAY=-31;BYMONTH=2", 1700),
    ],
)  # fmt: skip
def test_C22_a_rule_that_never_fits_costs_the_days_until_its_end_and_not_eight_thousand_years(
    rule: str, most: int
) -> None:
    assert found(rule, patience=most) == []
    with pytest.raises(TooMuch):
        found(rule, patience=most // 20)


def test_what_was_over_long_ago_is_not_looked_at_again() -> None:
    first = date(2007, 1, 5)
    weekly = found("FREQ=WEEKLY", first, date(2027, 1, 1), patience=250)
    assert (weekly[-1], len([day for day in weekly if day.year == LAST.year])) == (date(2027, 6, 25), 26)
