"""A wrong setting names its field, its kind of mistake and the mend, in words that the page and the file share."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from pydantic import BaseModel

from knowledge import parts
from knowledge.hours import Period
from knowledge.parts import BrokenPart, Complaint, read

NAMES = {"ja": "会", "ja-easy": "かい", "en": "The club", "zh": "会", "ko": "회"}
HOURS: dict[str, Any] = {
    "open": {"mon": ["10:00-18:00"]},
    "consulting": {},
    "slot_minutes": 60,
    "open_on_holidays": False,
    "closed_each_year": ["12-29", "02-29"],
    "closed_days": ["2027-02-15"],
}
DANGER: dict[str, Any] = {"checked": "2026-11-30", "numbers": [{"number": "119", **NAMES}]}


def complaint(model: type[BaseModel], told: object) -> Complaint:
    """The one thing that is wrong with a part."""
    with pytest.raises(BrokenPart) as broken:
        read(model, told)
    [one] = broken.value.complaints
    assert str(broken.value) == f"{one.field}: {one.english}"
    return one


def hours(**more: object) -> dict[str, Any]:
    return HOURS | more


@pytest.mark.parametrize(
    ("told", "field", "code", "english"),
    [
        (hours(open={"mon": ["soon"]}), "open.mon.1", "period", "soon is no period; write them like 10:00-18:00"),
        (hours(open={"mon": ["10:00"]}), "open.mon.1", "period", "10:00 is no period; write them like 10:00-18:00"),
        (
            hours(open={"mon": ["10:00-10:00"]}),
            *("open.mon.1", "backwards", "10:00-10:00: ends before it starts; write the earlier time first"),
        ),
        (
            hours(open={"mon": ["13:00-17:00", "9:00-13:01"]}),
            *("open.mon", "overlap", "13:00-17:00 begins before the one before it ends; join the two"),
        ),
        (hours(open={"mon": ["9:00-10:00"] * 7}), "open.mon", "many", "has too many; at most 6"),
        (
            hours(open=HOURS["open"] | {"lunes": []}),
            *("open.lunes", "day", "is not a day; use mon, tue, wed, thu, fri, sat, sun"),
        ),
        (hours(open={}), "", "never", "never opens; give at least one weekday a period"),
        (hours(open={"mon": []}), "", "never", "never opens; give at least one weekday a period"),
        (hours(slot_minutes=4), "slot_minutes", "least", "is too small; at least 5"),
        (hours(slot_minutes=481), "slot_minutes", "most", "is too large; at most 480"),
        (hours(slot_minutes="long"), "slot_minutes", "number", "is not a whole number; write digits"),
        (
            hours(closed_each_year=["02-30"]),
            *("closed_each_year.1", "month_day", "'02-30' is not a day; write month and day like 12-29"),
        ),
        (hours(closed_days=["soon"]), "closed_days.1", "date", "is not a day; write it like 2027-02-15"),
        (hours(closed=[]), "closed", "unknown", "is not known here; take it out"),
        ({one: HOURS[one] for one in HOURS if one != "open"}, "open", "missing", "is missing; add it"),
    ],
)
def test_wrong_hours_name_the_field_the_mistake_and_the_mend(told: object, field: str, code: str, english: str) -> None:
    found = complaint(parts.HoursPart, told)
    assert (found.field, found.code, found.english) == (field, code, english)


@pytest.mark.parametrize(
    ("model", "told", "wanted"),
    [
        (
            parts.CentrePart,
            {"name": NAMES, "phone": "03-{number}"},
            Complaint(
                *("phone", "hole", {"hole": "{number}"}, "{number} is filled by nothing here; write only the words")
            ),
        ),
        (
            parts.CentrePart,
            {"name": NAMES | {"ja-easy": "{会|かい}と{{twenty signs are not enough for it}}"}},
            Complaint(
                *("name.ja-easy", "hole", {"hole": "{{twenty signs are n"}),
                "{{twenty signs are n is filled by nothing here; write only the words",
            ),
        ),
        (
            parts.CentrePart,
            {"name": NAMES | {"en": ""}},
            Complaint("name.en", "missing", {"min_length": "1"}, "is missing; write it"),
        ),
        (
            parts.CentrePart,
            {"name": NAMES, "mail": "x" * 201},
            Complaint("mail", "too_long", {"max_length": "200"}, "is too long; at most 200 signs"),
        ),
        (
            parts.ClocksPart,
            {"warn_holder": 29, "warn_desk": 30},
            Complaint(
                *("", "turn", {}, "warn_holder: must be warned first; give holder the most minutes, chief the fewest")
            ),
        ),
        (
            parts.ClocksPart,
            {"urgency": {"soon": {}}},
            Complaint(
                *("urgency.soon", "unknown", {"expected": "'danger', 'today', 'week', 'month' or 'none'"}),
                "is not one of 'danger', 'today', 'week', 'month' or 'none'",
            ),
        ),
        (
            parts.EmergencyPart,
            DANGER | {"numbers": []},
            Complaint(
                *("numbers", "few", {"actual_length": "0", "field_type": "Tuple", "min_length": "1"}),
                "has too few; at least 1",
            ),
        ),
        (
            parts.AfterPart,
            {"weeks": "often"},
            Complaint("weeks", "bool_parsing", {}, "Input should be a valid boolean, unable to interpret input"),
        ),
    ],
)
def test_every_other_part_does_so_as_well(model: type[BaseModel], told: object, wanted: Complaint) -> None:
    assert complaint(model, told) == wanted


def test_a_number_is_made_of_digits_and_every_field_that_is_wrong_is_named() -> None:
    lines = {"lines": [{"number": "03-1", "ja": "夜"}, {"number": "x", "ja": "夜"}, {"ja": "夜"}]}
    with pytest.raises(BrokenPart) as broken:
        read(parts.EmergencyPart, DANGER | lines)
    assert [(one.field, one.english) for one in broken.value.complaints] == [
        ("lines.2.number", "has not the right form"),
        ("lines.3.number", "is missing; add it"),
    ]
    assert str(broken.value) == "lines.2.number: has not the right form; lines.3.number: is missing; add it"


def test_periods_are_read_however_they_stand_there_and_put_in_order() -> None:
    part = read(
        parts.HoursPart, hours(open={"mon": ["13:00-17:00", " 9:00 - 13:00"], "tue": [Period(time(9), time(10))]})
    )
    assert part.open["mon"] == (Period(time(9), time(13)), Period(time(13), time(17)))
    assert part.open["tue"] == (Period(time(9), time(10)),)


def test_words_lose_spaces_nobody_needs_and_readings_may_stand_in_them() -> None:
    part = read(parts.CentrePart, {"name": NAMES | {"ja-easy": " {会|かい}の  名前\n"}})
    assert part.name.easy == "{会|かい}の 名前"
    with pytest.raises(BrokenPart, match="is filled by nothing"):
        read(parts.CentrePart, {"name": NAMES | {"ja": "{会|}"}})
