"""The measures the platforms count with: UTF-16 units, grapheme clusters, and buckets of calls."""

from __future__ import annotations

import pytest

from bot.channels.doubles.buckets import Bucket
from bot.channels.doubles.counting import graphemes, more_than, too_long, units
from tests.doubles.bot import Clock
from tests.each import each

CLUSTERS = {
    "empty": ("", 0),
    "kana": ("あいう", 3),
    "voiced by mark": ("か\u3099き", 2),
    "family": ("\U0001f468\u200d\U0001f469\u200d\U0001f467", 1),
    "skin tone": ("\U0001f44d\U0001f3fd", 1),
    "flags": ("\U0001f1ef\U0001f1f5\U0001f1ef\U0001f1f5", 2),
    "keycap": ("1\ufe0f\u20e3", 1),
    "hangul jamo": ("\u1112\u1161\u11ab", 1),
    "line end": ("\r\n", 1),
    "joiner between letters": ("a\u200db", 2),
    "mark alone": ("\u3099", 1),
    "kanji with selector": ("葛\U000e0100", 1),
    "four byte kanji": ("𠮷野家", 3),
}


@each(("text", "count"), CLUSTERS.values(), ids=list(CLUSTERS))
def test_clusters(text: str, count: int) -> None:
    assert graphemes(text) == count
    assert more_than(text, count) is False
    assert count == 0 or more_than(text, count - 1) is True


@pytest.mark.parametrize(("text", "count"), [("あ", 1), ("\U0001f34e", 2), ("\ud800", 1), ("", 0)])
def test_units(text: str, count: int) -> None:
    assert units(text) == count
    assert too_long(text, count) is False
    assert count == 0 or too_long(text, count - 1) is True


def test_a_bucket_empties_and_fills(clock: Clock) -> None:
    bucket = Bucket(clock, rate=2, burst=3)
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    assert bucket.wait() == 0.5
    clock.pass_by(seconds=0.5)
    assert (bucket.take(), bucket.take()) == (True, False)
    clock.pass_by(seconds=60)
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


def test_a_clock_that_goes_back_gives_nothing(clock: Clock) -> None:
    bucket = Bucket(clock, rate=1, burst=1)
    assert bucket.take()
    clock.pass_by(hours=-1)
    assert not bucket.take()
    clock.pass_by(seconds=1)
    assert bucket.take()
