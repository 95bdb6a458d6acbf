"""Two ways of writing the same thing have the same matching copy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.plain import LOOKED_AT, annotated, bare, even, folded, plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ボランティア", "ぼらんてぃあ"),
        ("ボランティア", "ボランティア"),
        ("NPO法人", "npo 法人"),
        ("助成金、ありますか?", "助成金ありますか"),
        ("会議 室", "会議\u3000室"),
        ("Meeting ROOM!", "meeting room"),
        ("かいぎしつ\u200b", "かいぎしつ"),
    ],
    ids=["kana", "half_width", "full_width", "punctuation", "gaps", "case", "zero_width"],
)
def test_same_when_plain(one: str, other: str) -> None:
    assert plain(one) == plain(other)


def test_english_words_stay_apart() -> None:
    assert plain("I'd like a room.") == "i d like a room"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("えぬぴーおーほうじん", "npo法人"),
        ("じょせいきん", "助成金"),
        ("보조금", "助成金"),
        ("立ちあげ", "立ち上げ"),
        ("セミナー", "講座"),
    ],
)
def test_spellings_are_brought_to_one(typed: str, meant: str) -> None:
    assert folded(typed) == meant


def test_latin_spellings_are_only_whole_words() -> None:
    assert folded("npo corporations") == "npo法人"
    assert folded("xnpo corporations") == "xnpo corporations"


@given(st.text(max_size=60))
def test_plain_is_stable(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize("text", ["あ" * 100_000, "\ufdfa" * 100_000, "a " * 50_000])
def test_long_text_is_looked_at_only_in_its_beginning(text: str) -> None:
    assert len(even(text)) <= LOOKED_AT


def test_readings_are_taken_out_or_marked() -> None:
    assert bare("{相談|そうだん}したい") == "相談したい"
    assert annotated("{相談|そうだん}したい") == "\ufff9相談\ufffaそうだん\ufffbしたい"
