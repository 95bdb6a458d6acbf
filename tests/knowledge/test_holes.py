"""What stands in braces in text that staff wrote is filled, is a reading, or is shown to them as it was typed."""

from __future__ import annotations

import pytest

from knowledge.holes import filled, wrong_hole


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("会議室は{hours}に使えます", ""),
        ("{会議室|かいぎしつ}は{hours}に使えます", ""),
        ("会議室は{houres}に使えます", "{houres}"),
        ("{名前が二十字よりもずっと長いとても長い長い穴}", "{名前が二十字よりもずっと長いとても長い"),
        ("会議室は{hoursに使えます", "{hoursに使えます"),
        ("会議室はhours}に", "}に"),
        ("半端な{会議室|かいぎしつ}と{hours}のあとに}がひとつだけ残っていて長い", "}がひとつだけ残っていて長い"),
        ("{}", "{}"),
        ("{{会議室|かいぎしつ}}", "{}"),
        ("かっこはない", ""),
    ],
)
def test_the_first_hole_that_nothing_fills_is_shown_as_it_was_typed(text: str, wrong: str) -> None:
    assert wrong_hole(text, {"hours"}) == wrong[:20]


def test_what_is_filled_in_is_not_filled_again_and_readings_stay() -> None:
    text = "{会議室|かいぎしつ}は{hours}、{other}"
    assert filled(text, {"hours": "{other}", "会議室": "x"}) == "{会議室|かいぎしつ}は{other}、{other}"
    assert filled("かっこはない", {"hours": "x"}) == "かっこはない"
