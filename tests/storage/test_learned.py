"""What helped enough people is known again, by a blind index; one person alone teaches nothing."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import text

from storage import Store, learned, people
from tests.storage.house import do, someone

ASKED = "会則のお手本みたいなものありますか"


def say(store: Store, now: datetime, who: str, article: str, *, helped: bool = True) -> None:
    verdict = learned.Verdict(someone(store, now, who).id, ASKED, article, helped)
    do(store, lambda conn: learned.keep(conn, store.vault, verdict))


def known(store: Store, asked: str = ASKED) -> str | None:
    return store.read(lambda conn: learned.article_of(conn, store.vault, asked))


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([], None),
        ([("U1", "a", True)], None),
        ([("U1", "a", True)] * 3, None),
        ([("U1", "a", True), ("U2", "a", True)], "a"),
        ([("U1", "a", True), ("U2", "b", True)], None),
        ([("U1", "a", True), ("U2", "a", True), ("U3", "a", False)], None),
        ([("U1", "a", True), ("U2", "a", True), ("U3", "a", True), ("U4", "a", False)], "a"),
        ([("U1", "a", True), ("U2", "a", True), ("U1", "a", False)], None),
        ([(who, article, True) for article in "ab" for who in ("U1", "U2")], None),
        ([(who, article, True) for article in "ab" for who in ("U1", "U2")] + [("U3", "b", True)], "b"),
    ],
    ids=[
        "nobody",
        "one",
        "one_who_taps_and_taps",
        "two",
        "two_of_two_minds",
        "one_says_no",
        "more_say_yes",
        "a_change_of_mind",
        "level",
        "the_better_of_two",
    ],
)
def test_two_more_must_have_been_helped_than_not(
    store: Store, now: datetime, verdicts: list[tuple[str, str, bool]], expected: str | None
) -> None:
    for who, article, helped in verdicts:
        say(store, now, who, article, helped=helped)
    assert known(store) == expected
    assert known(store, ASKED + "!") is None


def test_P01_no_word_of_the_question_is_kept(store: Store, now: datetime) -> None:
    say(store, now, "U1", "group-rules")
    (row,) = store.read(lambda conn: conn.execute(text("SELECT * FROM learned")).all())
    assert ASKED not in repr(tuple(row))
    (index,) = store.read(lambda conn: conn.execute(text("SELECT asked_index FROM learned")).scalars().all())
    assert len(index) == 16


def test_P08_whoever_is_forgotten_takes_their_word_along(store: Store, now: datetime) -> None:
    for who in ("U1", "U2"):
        say(store, now, who, "group-rules")
    assert store.read(learned.confirmed) == ["group-rules"]
    gone = someone(store, now, "U1").id
    assert do(store, lambda conn: people.forget(conn, gone, now))
    assert known(store) is None


def test_everything_is_unlearnt_in_one_step(store: Store, now: datetime) -> None:
    for who in ("U1", "U2"):
        say(store, now, who, "group-rules")
    assert do(store, learned.forget_all) == 2
    assert (known(store), store.read(learned.confirmed), do(store, learned.forget_all)) == (None, [], 0)
