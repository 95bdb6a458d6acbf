"""Counting, cutting and splitting text the way the platforms count it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.doubles.counting import graphemes
from bot.channels.letters import cut, letters, pieces, shown, units, worded
from tests.channels import odd

TEXTS = odd.texts.map(lambda text: text[:2000])
FAMILY, FLAG, THUMB = "👨‍👩‍👧‍👦", "🇯🇵", "👍🏽"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("はい", ["は", "い"]),
        (f"a{FAMILY}b", ["a", FAMILY, "b"]),
        (FLAG * 2, [FLAG, FLAG]),
        (THUMB + "e\u0301", [THUMB, "e\u0301"]),
        ("か\u3099\r\n\n", ["か\u3099", "\r\n", "\n"]),
        ("각", ["각"]),
        ("❤\ufe0f\u200d🔥x", ["❤\ufe0f\u200d🔥", "x"]),
    ],
    ids=["nothing", "kana", "family", "flags", "skin and accent", "voiced and line ends", "hangul", "burning heart"],
)
def test_a_letter_is_what_a_reader_calls_one(text: str, parts: list[str]) -> None:
    assert list(letters(text)) == parts


@given(TEXTS)
@settings(deadline=None)
def test_nothing_is_lost_and_never_fewer_letters_are_counted_than_the_platform_does(text: str) -> None:
    found = list(letters(text))
    assert "".join(found) == text
    assert len(found) >= graphemes(text)


@given(TEXTS, st.integers(1, 50))
@settings(deadline=None)
def test_a_cut_fits_and_says_that_something_is_missing(text: str, most: int) -> None:
    for measure, short in ((graphemes, cut(text, most)), (units, cut(text, most, units))):
        assert measure(short) <= most
        assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


@given(TEXTS, st.integers(50, 500))
@settings(deadline=None)
def test_pieces_fit_and_keep_every_visible_sign(text: str, most: int) -> None:
    text = shown(text)
    parts = pieces(text, most)
    assert parts
    assert all(units(part) <= most for part in parts)
    assert [sign for part in parts for sign in part if sign.isalnum()] == [sign for sign in text if sign.isalnum()]


@pytest.mark.parametrize(
    ("text", "most", "parts"),
    [
        ("一つ。二つ。三つ。", 7, ["一つ。二つ。", "三つ。"]),
        ("一行\n二行\n三行", 7, ["一行\n二行", "三行"]),
        ("一、二、三、四", 5, ["一、二、", "三、四"]),
        ("あ" * 7, 5, ["あ" * 5, "ああ"]),
        (FAMILY * 3, 25, [FAMILY * 2, FAMILY]),
        ("「はい。」と言う。", 6, ["「はい。」", "と言う。"]),
        ("short", 50, ["short"]),
        (" " * 60 + "x", 50, ["x"]),
    ],
    ids=["sentences", "lines", "pauses", "none", "families", "quotes", "fits", "blank part"],
)
def test_a_text_is_split_where_a_reader_would_pause(text: str, most: int, parts: list[str]) -> None:
    assert [part.strip() for part in pieces(text, most)] == parts


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("\ufff9協働\ufffaきょうどう\ufffbです", "協働(きょうどう)です"),
        ("\ufff9a\ufff9b\ufffac\ufffb\ufffa", "ab(c)"),
        ("a\x1b[31mb\x00\x07c", "a[31mbc"),
        ("一\r\n二\r三\u202e四", "一\n二\n三四"),
        ("\ud842", "\ufffd"),
        ("\t平文\n", "\t平文\n"),
    ],
    ids=["reading", "broken reading", "terminal codes", "line ends and turning", "half a letter", "plain"],
)
def test_what_is_shown_can_be_drawn_and_turns_nothing_around(text: str, drawn: str) -> None:
    assert shown(text) == drawn


@pytest.mark.parametrize("text", ["", " \n", "\u200b", "\u3000", "\x00", "\ufeff", "\u2066\u2069"], ids=repr)
def test_a_message_of_nothing_is_three_dots(text: str) -> None:
    assert worded(text) == "…"


@pytest.mark.parametrize("text", ["a", "。", "🍎", " \u200bx", "𠮷"], ids=repr)
def test_a_message_of_anything_is_left_alone(text: str) -> None:
    assert worded(text) == text
