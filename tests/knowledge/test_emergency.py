"""Words of danger are met with the numbers, in every language, and with nothing that was not checked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge.article import LANGUAGES
from knowledge.emergency import Line, load, urgent_text
from knowledge.safety import WORDINGS, Care, wordings


@pytest.mark.parametrize("language", [*LANGUAGES, "zh"])
@pytest.mark.parametrize("reason", ["self_harm", "abuse", "disaster", "accident", "crime", "something_new"])
def test_N20_every_danger_shows_119_and_110(reason: str, language: str) -> None:
    text = urgent_text(reason, language)
    assert "119 " in text
    assert "110 " in text
    assert "{" not in text


def test_N20_every_urgent_group_has_its_own_words() -> None:
    table = WORDINGS.read_text(encoding="utf-8")
    assert wordings().alarm("死にたい") is not None
    urgent = [reason for reason in load().words if f'[{reason}]\ncare = "{Care.URGENT}"' in table]
    assert sorted(urgent) == sorted(load().words)
    assert table.count(f'care = "{Care.URGENT}"') == len(urgent)


def test_the_numbers_carry_the_day_they_were_checked() -> None:
    known = load()
    assert known.checked == "2026-11-22"
    assert [line.number for line in known.numbers] == ["119", "110"]
    assert known.lines == ()
    assert known.lines_checked == ""


def test_the_centres_own_lines_come_after_the_numbers() -> None:
    own = replace(load(), lines=(Line("0000", {"ja": "センターの夜間窓口"}),))
    assert urgent_text("abuse", "en", own).splitlines()[-1] == "0000 センターの夜間窓口"
