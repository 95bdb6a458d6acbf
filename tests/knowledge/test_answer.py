"""What is shown carries its source, the day it was checked, and where it holds, in the person's language."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from knowledge.answer import compose, day_in_words
from knowledge.article import BRIEF, LANGUAGES, Area, Article, Confidence
from knowledge.phrases import PHRASES
from knowledge.plain import annotated
from tests.each import each
from tests.ours import BY_ID

EVERY = (*LANGUAGES, *BRIEF)
CHECKED = {
    "ja": "確かめた日:2026年11月22日",
    "ja-easy": "2026年11月22日",
    "en": "Checked: 22 November 2026",
    "zh": "确认日期:2026年11月22日",
    "ko": "확인한 날: 2026년 11월 22일",
}
UNCHECKED = {"zh": "本译文尚未经人工校对", "ko": "이 번역은 아직 사람이 확인하지 않았습니다"}


@pytest.mark.parametrize("language", EVERY)
def test_N11_every_answer_shows_source_and_day_checked(language: str) -> None:
    for article in BY_ID.values():
        _sourced(article, language)


def _sourced(article: Article, language: str) -> None:
    composed = compose(article, language)
    assert composed.text.endswith(composed.source_line)
    assert article.sources[0].publisher in composed.source_line
    assert CHECKED[language] in composed.source_line
    for source in article.sources:
        assert source.publisher in composed.details
        assert source.url is None or source.url in composed.details
    assert CHECKED[language] in composed.details
    assert "{" not in composed.text + composed.details + composed.title + composed.question


@pytest.mark.parametrize("language", EVERY)
def test_every_answer_says_what_to_do_next(language: str) -> None:
    for article in BY_ID.values():
        words = article.words[language]
        first, second, *_ = compose(article, language).text.split("\n")
        assert first == annotated(words.short)
        assert second.endswith(annotated(words.next))
        assert second != annotated(words.next)


@pytest.mark.parametrize("language", BRIEF)
def test_a_translation_nobody_has_read_says_so_and_its_details_are_japanese(language: str) -> None:
    for article in BY_ID.values():
        composed = compose(article, language)
        assert UNCHECKED[language] in composed.text.split("\n")
        title, note, details, *_ = composed.details.split("\n\n")
        assert (title, note) == (article.words[language].title, PHRASES[language].in_japanese)
        assert details == article.words["ja"].details


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_checked_translation_is_not_called_unchecked(language: str) -> None:
    composed = compose(BY_ID["printing"], language)
    assert not [note for note in UNCHECKED.values() if note in composed.text]


def test_an_example_from_elsewhere_is_called_one() -> None:
    example = replace(BY_ID["printing"], area=Area.EXAMPLE)
    assert "台東区の決まりではありません" in compose(example, "ja").text
    assert "台東区の決まりではありません" in compose(example, "ja").details
    assert "not rules of Taito" in compose(example, "en").text


def test_a_table_reads_as_a_block_of_lines_for_each_row() -> None:
    words = replace(BY_ID["printing"].words["ja"], table=(("形", "人数"), ("任意団体", "決まりなし"), ("NPO", "10人")))
    details = compose(replace(BY_ID["printing"], words={"ja": words}), "ja").details
    assert "\n\n形:任意団体\n人数:決まりなし\n\n形:NPO\n人数:10人\n\n" in details


@each("article", [one for one in BY_ID.values() if one.words["ja"].table], ids=lambda one: one.id)
def test_no_cell_of_a_table_is_left_out(article: Article) -> None:
    for language in EVERY:
        lines = compose(article, language).details.split("\n")
        whole = article.words[language if language in LANGUAGES else "ja"]
        heads, *rows = whole.table
        colon = ": " if language == "en" else ":"
        wanted = [annotated(f"{head}{colon}{cell}") for row in rows for head, cell in zip(heads, row, strict=True)]
        assert [line for line in wanted if line not in lines] == []


@pytest.mark.parametrize("language", EVERY)
def test_area_and_doubt_are_said_in_words(language: str) -> None:
    article = BY_ID["npo-requirements"]
    texts = {area: compose(replace(article, area=area), language).text for area in Area}
    assert len(set(texts.values())) == len(Area)
    doubtful = compose(replace(article, confidence=Confidence.MIDDLE), language).text
    assert len(doubtful.splitlines()) == len(compose(article, language).text.splitlines()) + 1


def test_a_guessed_date_and_a_missing_one_are_said_so() -> None:
    assert "台東区:協働の指針 第Ⅳ章(2013年ごろ)" in compose(BY_ID["ward-policy"], "ja").text
    undated = replace(BY_ID["printing"].sources[0], date="")
    article = replace(BY_ID["printing"], sources=(undated,))
    assert "(日付なし)" in compose(article, "ja").text
    assert "no date given" in compose(article, "en").text


def test_steps_are_numbered() -> None:
    details = compose(BY_ID["npo-setup-steps"], "ja").details
    steps = BY_ID["npo-setup-steps"].words["ja"].steps
    assert re.findall(r"^\d+\. .*", details, flags=re.MULTILINE) == [f"{n}. {step}" for n, step in enumerate(steps, 1)]


def test_readings_are_marked_for_the_channel() -> None:
    assert "\ufff9相談\ufffaそうだん\ufffb" in compose(BY_ID["consultation-booking"], "ja-easy").title


def test_an_unknown_language_is_answered_in_japanese() -> None:
    assert compose(BY_ID["printing"], "fr") == compose(BY_ID["printing"], "ja")


@pytest.mark.parametrize(
    ("day", "japanese", "english", "korean"),
    [
        ("2026-11-22", "2026年11月22日", "22 November 2026", "2026년 11월 22일"),
        ("2021-04", "2021年4月", "April 2021", "2021년 4월"),
        ("2013", "2013年", "2013", "2013년"),
    ],
)
def test_day_in_words(day: str, japanese: str, english: str, korean: str) -> None:
    assert day_in_words(day, "ja") == japanese
    assert day_in_words(day, "ja-easy") == japanese
    assert day_in_words(day, "zh") == japanese
    assert day_in_words(day, "en") == english
    assert day_in_words(day, "ko") == korean
