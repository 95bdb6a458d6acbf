"""An answer written in the console is held to what shipped ones are held to, and told in data what it lacks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dialogs.flows import ALL
from knowledge.answer import compose
from knowledge.article import EVERY, Article, Confidence
from knowledge.checking import Beside, lacks
from knowledge.edited import EDITED_FROM, Edited, Origin, Unreadable, made, mark, opened, read
from tests.each import each
from tests.knowledge.crows import CROWS, EASY, JAPANESE, beside
from tests.ours import ARTICLES, BY_ID, DAY


def grave(edited: Edited, among: Beside | None = None) -> list[str]:
    """The keys of what keeps an answer from residents, with the place each is about."""
    return [
        f"{one.language}.{one.place} {one.key}".lstrip(".") for one in lacks(edited, among or beside()) if one.grave
    ]


def ja(**words: object) -> Edited:
    """The answer with other Japanese words."""
    return CROWS.model_copy(update={"text": {"ja": JAPANESE.model_copy(update=words)}})


def easy(**words: object) -> Edited:
    """The answer with Easy Japanese beside."""
    return CROWS.model_copy(update={"text": {"ja": JAPANESE, "ja-easy": EASY.model_copy(update=words)}})


def other(**values: object) -> Edited:
    """The answer with another frame."""
    return CROWS.model_copy(update=values)


@each("article", ARTICLES, ids=lambda article: article.id)
def test_what_is_shipped_lacks_nothing_and_comes_back_as_it_was(article: Article) -> None:
    near = [BY_ID[one] for one in article.related]
    kept = read(opened(article).model_dump_json())
    assert grave(kept, Beside(article.checked, (), tuple(ALL), near)) == []
    assert made(kept, article.id, article.version, {}) == article


def test_an_answer_in_japanese_alone_is_enough() -> None:
    assert grave(CROWS) == []
    assert grave(easy()) == []


LACKING = {
    "no_topic": (other(topic=""), ["topic topic"]),
    "no_source": (other(sources=()), ["sources source"]),
    "nameless_source": (other(sources=(Origin(title="a"),)), ["sources source_name"]),
    "odd_address": (other(sources=(Origin(title="a", publisher="b", url="javascript:1"),)), ["sources source_url"]),
    "odd_day": (other(sources=(Origin(title="a", publisher="b", date="昨日"),)), ["sources source_date"]),
    "no_thirteenth_month": (
        other(sources=(Origin(title="a", publisher="b", date="2026-13"),)),
        ["sources source_date"],
    ),
    "unchecked": (other(checked=None), ["checked checked"]),
    "checked_tomorrow": (other(checked=DAY + timedelta(days=1)), ["checked checked"]),
    "reviewed_too_late": (other(review_by=DAY + timedelta(days=400)), ["review_by review_by"]),
    "past": (other(checked=DAY - timedelta(days=9), review_by=DAY - timedelta(days=1)), ["review_by past"]),
    "no_such_flow": (other(next_step="booking"), ["next_step next_step"]),
    "no_such_neighbour": (other(related=("printing",)), ["related related"]),
    "no_title": (ja(title=" "), ["ja.title missing"]),
    "no_details": (ja(details=""), ["ja.details missing"]),
    "four_sentences": (ja(short="あ。い。う。え。"), ["ja.short sentences"]),
    "few_ways": (ja(asks=("カラス",)), ["ja.asks few"]),
    "hole": (ja(short="{{ 7*7 }}"), ["ja.short hole"]),
    "unset_hole": (ja(next="{mail}へ"), ["ja.next hole"]),
    "reading_in_japanese": (ja(title="{巣|す}"), ["ja.title no_reading"]),
    "ragged": (ja(table=(("a", "b"), ("c",))), ["ja.table ragged"]),
    "half_a_language": (easy(next="", details=""), ["ja-easy.next missing", "ja-easy.details missing"]),
    "bare_kanji": (easy(title="からすの巣"), ["ja-easy.title hard"]),
    "odd_reading": (easy(title="からすの{巣|ス}"), ["ja-easy.title reading"]),
    "another_figure": (easy(short="3つの{巣|す}です。"), ["ja-easy.short figures"]),
    "another_step": (easy(steps=("{見|み}ます。",)), ["ja-easy.steps shape"]),
}


@pytest.mark.parametrize("what", LACKING)
def test_each_lack_is_named_with_its_place(what: str) -> None:
    edited, said = LACKING[what]
    assert grave(edited) == said


def test_a_way_of_asking_and_a_question_belong_to_one_answer() -> None:
    printing = BY_ID["printing"]
    words = printing.words["ja"]
    twice = ja(asks=(*JAPANESE.asks, words.asks[0]), question=words.question)
    among = replace(beside(), others=(printing,))
    assert grave(twice, among) == ["ja.asks taken", "ja.question same"]


def test_a_telephone_is_advised_against_and_the_centres_own_is_filled_in() -> None:
    told = [one.key for one in lacks(ja(short="03-1234-5678です。"), beside())]
    assert told == ["phone", "more_asks"]
    article = made(ja(short="電話は{phone}です。"), "own-1", EDITED_FROM, {"phone": "03-{mail}"})
    assert article.words["ja"].short == "電話は03-{mail}です。"  # what is filled in is not read again


@pytest.mark.parametrize("language", [one for one in EVERY if one != "ja"])
def test_a_language_that_was_not_written_falls_back_to_japanese_and_says_so(language: str) -> None:
    article = made(CROWS, "own-1", EDITED_FROM, {})
    shown, plain = compose(article, language), compose(article, "ja")
    assert plain.text in shown.text
    assert len(shown.text.removesuffix(plain.text).strip()) > 5
    assert shown.details != plain.details


@pytest.mark.parametrize(
    "kept", ["", "{", "[]", '{"topic": 7}', '{"text": {"ja": {"colour": 1}}}', '{"mode": "shout"}']
)
def test_what_cannot_be_read_is_named_without_its_words(kept: str) -> None:
    with pytest.raises(Unreadable):
        read(kept)


@pytest.mark.parametrize("less", [other(checked=None), other(sources=()), ja(asks=()), ja(title="")])
def test_half_an_answer_is_never_made_one(less: Edited) -> None:
    with pytest.raises(Unreadable):
        made(less, "own-1", EDITED_FROM, {})


def test_a_shipped_article_is_known_again_until_a_release_changes_it() -> None:
    printing = BY_ID["printing"]
    assert mark(printing) == mark(replace(printing))
    assert mark(printing) != mark(replace(printing, confidence=Confidence.HIGH, review_by=date(2030, 1, 1)))
    assert mark(None) == ""


def test_a_lack_says_which_of_many_and_how_much() -> None:
    good = Origin(title="a", publisher="b")
    bad = Origin(title="a", url="javascript:1", date="昨日")
    found = {one.key: one.values for one in lacks(other(sources=(good, bad)), beside())}
    assert found["source_name"] == found["source_url"] == found["source_date"] == {"n": 2}
    (lost,) = [one for one in lacks(other(related=("nowhere", "nor here")), beside()) if one.key == "related"]
    assert lost.values == {"name": "nowhere"}
    (late,) = [one for one in lacks(other(review_by=DAY + timedelta(days=3_000)), beside()) if one.key == "review_by"]
    assert late.values == {"n": 366}


@pytest.mark.parametrize(
    ("days", "keys"), [(0, ["review_by review_by"]), (1, []), (366, []), (367, ["review_by review_by"])]
)
def test_the_day_of_the_next_check_is_between_tomorrow_and_a_year_hence(days: int, keys: list[str]) -> None:
    assert grave(other(review_by=DAY + timedelta(days=days))) == keys


def test_an_answer_holds_until_the_day_it_was_to_be_checked_again_and_not_after() -> None:
    ends = other(review_by=DAY + timedelta(days=10))
    assert grave(ends, beside(DAY + timedelta(days=10))) == []
    assert grave(ends, beside(DAY + timedelta(days=11))) == ["review_by past"]
