"""Words of danger are met with the numbers, in every language, and with nothing that was not checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.article import EVERY
from knowledge.emergency import NUMBERS, BrokenEmergency, Line, load, urgent_text
from knowledge.safety import WORDINGS, Care, wordings
from tests.each import each


@each("language", [*EVERY, "xx"])
@each("reason", ["self_harm", "abuse", "disaster", "accident", "crime", "something_new"])
def test_N20_every_danger_shows_119_and_110(reason: str, language: str) -> None:
    text = urgent_text(reason, language)
    assert "119 " in text
    assert "110 " in text
    assert "{" not in text


def test_N20_every_urgent_group_has_its_own_words() -> None:
    table = WORDINGS.read_text(encoding="utf-8")
    assert wordings().alarm("死にたい") is not None
    urgent = [reason for reason in load().words if f'[{reason}]\ncare = "{Care.URGENT}"' in table]
    assert sorted([*urgent, "danger"]) == sorted(load().words)  # "danger" is what no wording names
    assert table.count(f'care = "{Care.URGENT}"') == len(urgent)


def test_the_numbers_carry_the_day_they_were_checked() -> None:
    known = load()
    assert known.checked == "2026-11-22"
    assert [line.number for line in known.numbers] == ["119", "110"]
    assert known.lines == ()
    assert known.lines_checked == ""


@pytest.mark.parametrize("language", EVERY)
def test_N20_words_that_miss_a_language_stop_the_start(tmp_path: Path, language: str) -> None:
    text = NUMBERS.read_text("utf-8")
    line = next(one for one in text.splitlines() if one.startswith(f"{language} = "))
    (tmp_path / "emergency.toml").write_text(text.replace(f"{line}\n", "", 1), "utf-8")
    with pytest.raises(BrokenEmergency, match=rf"numbers\.1\.{language}: is missing"):
        load(tmp_path / "emergency.toml")


@pytest.mark.parametrize(("language", "calls"), [("zh", "马上打电话"), ("ko", "바로 전화해 주세요")])
def test_N20_chinese_and_korean_are_calm_and_say_to_call(language: str, calls: str) -> None:
    assert all(calls in urgent_text(reason, language) for reason in load().words)


def test_the_centres_own_lines_come_after_the_numbers() -> None:
    own = replace(load(), lines=(Line("0000", {"ja": "センターの夜間窓口"}),))
    assert urgent_text("abuse", "en", own).splitlines()[-1] == "0000 センターの夜間窓口"
