"""Words that everybody will read lose the signs that nobody sees, and keep what belongs to letters and emoji."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from knowledge.lines import Block, Line

LINE: TypeAdapter[str] = TypeAdapter(Line)
BLOCK: TypeAdapter[str] = TypeAdapter(Block)


@pytest.mark.parametrize(
    ("told", "line", "block"),
    [
        ("公園の\n花植え", "公園の 花植え", "公園の\n花植え"),
        ("  公園の\r\n花\r植え \t", "公園の 花 植え", "公園の\n花\n植え"),
        ("春の\u202e祭り\u0007\u200b", "春の祭り", "春の祭り"),
        ("一\u2028二\u2029三", "一二三", "一二三"),
        ("家族👨\u200d👩\u200d👧と", "家族👨\u200d👩\u200d👧と", "家族👨\u200d👩\u200d👧と"),
        ("می\u200cخواهم", "می\u200cخواهم", "می\u200cخواهم"),
        (
            "旗🏴\U000e0067\U000e0062\U000e0020\U000e007f",
            "旗🏴\U000e0067\U000e0062\U000e0020\U000e007f",
            "旗🏴\U000e0067\U000e0062\U000e0020\U000e007f",
        ),
        ("印\U000e0001なし", "印なし", "印なし"),
        ("そのまま", "そのまま", "そのまま"),
    ],
)
def test_what_cannot_be_seen_goes_and_what_belongs_to_a_sign_stays(told: str, line: str, block: str) -> None:
    assert (LINE.validate_python(told), BLOCK.validate_python(told)) == (line, block)


@pytest.mark.parametrize("told", [None, 3, ["公園"]])
def test_what_is_no_text_is_refused(told: object) -> None:
    for kind in (LINE, BLOCK):
        with pytest.raises(ValidationError):
            kind.validate_python(told)
