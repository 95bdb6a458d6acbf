"""What holds at a centre: the shipped parts, its own in their place, and a shipped file that is wrong is named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge import rules
from knowledge.clocks import Targets
from knowledge.hours import WrongHours
from knowledge.parts import BrokenPart, Part
from knowledge.rules import CENTRE

SHIPPED = rules.load()
TEXT = CENTRE.read_text("utf-8")


def centre(path: Path, text: str) -> rules.Shipped:
    """What a file with this text ships."""
    path.joinpath("own.toml").write_text(text, "utf-8")
    return rules.load(path / "own.toml")


def test_the_centres_own_part_takes_the_place_of_the_shipped_one() -> None:
    shipped = SHIPPED.rules().centre
    assert (shipped.example, shipped.ways) == (True, {})
    own = {**SHIPPED.parts[Part.CENTRE], "phone": "03-1", "mail": "a@b.example"}
    told = SHIPPED.rules({Part.CENTRE: own}).centre
    assert (told.ways, told.names, told.example) == ({"phone": "03-1", "mail": "a@b.example"}, shipped.names, True)
    hours = {**SHIPPED.parts[Part.HOURS], "slot_minutes": 30}
    told = SHIPPED.rules({Part.HOURS: hours, Part.CENTRE: {**own, "address": "上野1"}}).centre
    assert (told.slot_minutes, told.example) == (30, False)
    assert told.ways == {"phone": "03-1", "address": "上野1", "mail": "a@b.example"}
    with pytest.raises(BrokenPart, match="slot_minutes"):
        SHIPPED.rules({Part.HOURS: hours | {"slot_minutes": 0}})


def test_closed_days_and_holidays_close_opening_and_consulting_and_stop_the_clocks() -> None:
    tuesdays = date(2026, 11, 24), date(2026, 12, 1), date(2026, 12, 29), date(2026, 11, 3), date(2026, 12, 8)
    hours = {**SHIPPED.parts[Part.HOURS], "closed_days": ["2026-11-24"]}
    own = {Part.HOURS: hours, Part.DAYS: {"file": "x.ics", "days": {"2026-12-01": "点検"}}}
    found = SHIPPED.rules(own)
    for calendar in (found.centre.opening, found.centre.consulting, found.clocks.calendar):
        assert [bool(calendar.periods(day)) for day in tuesdays] == [False, False, False, False, True]
    opened = SHIPPED.rules({Part.HOURS: {**hours, "open_on_holidays": True}}).centre
    for calendar in (opened.opening, opened.consulting):
        assert [bool(calendar.periods(day)) for day in tuesdays] == [False, True, False, True, True]
    assert len(opened.opening.periods(date(2026, 12, 8))) == 1
    assert len(opened.consulting.periods(date(2026, 12, 8))) == 2


def test_clocks_topics_questions_and_numbers_are_the_centres() -> None:
    clocks: rules.Plain = {"first": 1, "next": 2, "solution": 3, "warn_holder": 6, "warn_desk": 5, "warn_chief": 4}
    more = {"urgency": {"today": {"next": 7}}, "topic": {"money": {"solution": 8}}}
    own: dict[Part, rules.Plain] = {
        Part.CLOCKS: {**clocks, **more},
        Part.TOPICS: {"open": ["money"]},
        Part.AFTER: {"close": False, "months": False},
    }
    found = SHIPPED.rules(own)
    assert found.clocks.standard == Targets(1, 2, 3)
    assert found.clocks.urgencies == {"today": Targets(None, 7, None)}
    assert found.clocks.topics == {"money": Targets(None, None, 8)}
    assert found.clocks.warn == (6, 5, 4)
    assert found.open_topics == {"money"}
    assert found.asked == {"weeks", "public"}
    assert SHIPPED.rules().asked == {"close", "weeks", "months", "public"}
    numbers = {
        **SHIPPED.parts[Part.EMERGENCY],
        "lines": [{"number": "03-1", "ja": "夜"}],
        "lines_checked": "2026-11-30",
    }
    danger = SHIPPED.rules({Part.EMERGENCY: numbers}).emergency
    assert [(one.number, one.purpose) for one in danger.lines] == [("03-1", {"ja": "夜"})]
    assert danger.numbers == SHIPPED.rules().emergency.numbers
    assert (danger.lines_checked, danger.words) == ("2026-11-30", SHIPPED.rules().emergency.words)


def test_what_is_shipped_is_plain_data_that_can_be_kept_as_a_version() -> None:
    assert SHIPPED.parts[Part.EMERGENCY]["checked"] == SHIPPED.rules().emergency.checked
    assert SHIPPED.parts[Part.DAYS] == SHIPPED.parts[Part.TOPICS] == {}
    assert SHIPPED.parts[Part.HOURS]["closed_days"] == []
    assert set(SHIPPED.parts) == set(Part)


@pytest.mark.parametrize(
    ("was", "became", "named"),
    [
        ("example = true", "example = true\ncolour = 3", "own.toml: colour: is not known here; take it out"),
        ('timezone = "Asia/Tokyo"', "", "own.toml: timezone: is missing; add it"),
        ("example = true", "", "own.toml: example: is missing; add it"),
        ("slot_minutes = 60", "", "own.toml: slot_minutes: is missing; add it"),
        ("slot_minutes = 60", "slot_minutes = 1", "own.toml: slot_minutes: is too small; at least 5"),
        ("warn_holder = 60", "warn_holder = -1", "own.toml: clocks.warn_holder: is too small; at least 0"),
    ],
)
def test_a_wrong_file_is_named_with_the_field_and_the_mend(was: str, became: str, named: str, tmp_path: Path) -> None:
    with pytest.raises(WrongHours, match=f"^{named}"):
        centre(tmp_path, TEXT.replace(was, became, 1))


def test_a_file_without_clocks_promises_nothing_and_a_single_day_may_be_written_as_a_date(tmp_path: Path) -> None:
    bare = TEXT.partition("[clocks]")[0].replace("closed_days = []", "closed_days = [2026-11-24]")
    found = centre(tmp_path, bare.replace("example = true", "example = false"))
    assert found.parts[Part.HOURS]["closed_days"] == ["2026-11-24"]
    assert found.rules().clocks.standard == Targets(None, None, None)
    assert not found.rules().centre.example
    assert not found.rules().centre.opening.periods(date(2026, 11, 24))
