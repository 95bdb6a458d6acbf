"""What of a feed becomes a proposal, what is too old, and when everything is kept back until a person has looked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from knowledge.sifting import AHEAD, Clock, Limits, Offer, Sifted, Why, sift

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
MONTH = timedelta(days=30)
BY = Limits(oldest=MONTH, at_most=2)
CLOCK = Clock(NOW, NOW - timedelta(hours=1))
ONE = Offer("a", "1", NOW - timedelta(days=1))
INSTANT = timedelta(microseconds=1)


def names(*uids: str) -> frozenset[str]:
    return frozenset(uids)


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (ONE, Sifted(fresh=names("a"))),
        (Offer("a", "1"), Sifted(fresh=names("a"))),
        (replace(ONE, stamp=NOW - MONTH), Sifted(fresh=names("a"))),
        (replace(ONE, stamp=NOW - MONTH - INSTANT), Sifted(old=names("a"), held=1, why=Why.OLD)),
        (replace(ONE, ends=NOW + INSTANT), Sifted(fresh=names("a"))),
        (replace(ONE, ends=NOW), Sifted(old=names("a"), held=1, why=Why.OLD)),
        (Offer("a", "1", None, NOW - MONTH), Sifted(old=names("a"), held=1, why=Why.OLD)),
        (replace(ONE, stamp=NOW + AHEAD), Sifted(fresh=names("a"))),
        (replace(ONE, stamp=NOW + AHEAD + INSTANT), Sifted(held=1, why=Why.CLOCK)),
        (replace(ONE, stamp=NOW + 2 * AHEAD, ends=NOW), Sifted(old=names("a"), held=1, why=Why.OLD)),
    ],
)
def test_an_entry_is_news_until_it_is_old_or_over_and_not_before_its_day(one: Offer, found: Sifted) -> None:
    assert sift([one], {}, {}, BY, CLOCK) == found


def test_what_was_settled_comes_again_only_when_it_says_something_else() -> None:
    assert sift([ONE], {"a": "1"}, {}, BY, CLOCK) == Sifted()
    assert sift([ONE], {"a": "0"}, {}, BY, CLOCK) == Sifted(fresh=names("a"))


def test_of_what_is_old_people_are_told_once() -> None:
    old = replace(ONE, stamp=NOW - 2 * MONTH)
    assert sift([old], {}, {"a": "1"}, BY, CLOCK) == Sifted()
    assert sift([old], {}, {"a": "0"}, BY, CLOCK) == Sifted(old=names("a"), held=1, why=Why.OLD)
    beside = Offer("b", "1", NOW)
    assert sift([old, beside], {}, {}, BY, CLOCK) == Sifted(names("b"), names("a"), 1, Why.OLD)


def test_more_at_once_than_anybody_writes_waits_for_a_person() -> None:
    many = [replace(ONE, uid=uid) for uid in "abc"]
    assert sift(many[:2], {}, {}, BY, CLOCK) == Sifted(fresh=names("a", "b"))
    assert sift(many, {}, {}, BY, CLOCK) == Sifted(held=3, why=Why.MANY)


def test_while_a_clock_is_wrong_nothing_new_comes_unless_a_person_said_so() -> None:
    back = Clock(NOW, NOW + INSTANT)
    assert sift([ONE, replace(ONE, uid="b")], {}, {}, BY, back) == Sifted(held=2, why=Why.CLOCK)
    assert sift([ONE], {"a": "1"}, {}, BY, back) == Sifted()
    assert sift([ONE], {}, {}, BY, Clock(NOW, NOW)) == Sifted(fresh=names("a"))
    assert sift([ONE], {}, {}, BY, Clock(NOW)) == Sifted(fresh=names("a"))
    assert sift([ONE], {}, {}, replace(BY, sure=True), back) == Sifted(fresh=names("a"))
    ahead = replace(ONE, uid="b", stamp=NOW + 2 * AHEAD)
    assert sift([ONE, ahead], {}, {}, BY, CLOCK) == Sifted(names("a"), frozenset(), 1, Why.CLOCK)
    assert sift([ahead], {}, {}, replace(BY, sure=True), CLOCK) == Sifted(fresh=names("b"))
