"""What is shown carries its source, the day it was checked, and where it holds, in the person's language."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from knowledge.answer import compose, day_in_words
from knowledge.article import LANGUAGES, Area, Article, Confidence
from knowledge.shelf import load

ARTICLES = {article.id: article for article in load()}
CHECKED = {"ja": "確かめた日:2026年11月22日", "ja-easy": "2026年11月22日", "en": "Checked: 22 November 2026"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("article", ARTICLES.values(), ids=ARTICLES)
def test_N11_every_answer_shows_source_and_day_checked(article: Article, language: str) -> None:
    composed = compose(article, language)
    assert composed.text.endswith(composed.source_line)
    assert article.sources[0].publisher in composed.source_line
    assert CHECKED[language] in composed.source_line
    for source in article.sources:
        assert source.publisher in composed.details
        assert source.url is None or source.url in composed.details
    assert "{" not in composed.text + composed.details + composed.title + composed.question


def test_an_example_from_elsewhere_is_called_one() -> None:
    assert "台東区の決まりではありません" in compose(ARTICLES["printing"], "ja").text
    assert "not rules of Taito" in compose(ARTICLES["printing"], "en").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_area_and_doubt_are_said_in_words(language: str) -> None:
    article = ARTICLES["npo-requirements"]
    texts = {area: compose(replace(article, area=area), language).text for area in Area}
    assert len(set(texts.values())) == len(Area)
    doubtful = compose(replace(article, confidence=Confidence.MIDDLE), language).text
    assert len(doubtful.splitlines()) == len(compose(article, language).text.splitlines()) + 1


def test_a_guessed_date_and_a_missing_one_are_said_so() -> None:
    assert "台東区:協働の指針 第Ⅳ章(2013年ごろ)" in compose(ARTICLES["ward-policy"], "ja").text
    assert "(日付なし)" in compose(ARTICLES["npo-requirements"], "ja").text
    assert "no date given" in compose(ARTICLES["npo-requirements"], "en").text


def test_steps_are_numbered() -> None:
    details = compose(ARTICLES["npo-setup-steps"], "ja").details
    assert re.findall(r"^\d+(?=\. )", details, flags=re.MULTILINE) == [str(n) for n in range(1, 8)]


def test_readings_are_marked_for_the_channel() -> None:
    assert "\ufff9相談\ufffaそうだん\ufffb" in compose(ARTICLES["consultation-booking"], "ja-easy").title


def test_an_unknown_language_is_answered_in_japanese() -> None:
    assert compose(ARTICLES["printing"], "ko") == compose(ARTICLES["printing"], "ja")


@pytest.mark.parametrize(
    ("day", "japanese", "english"),
    [
        ("2026-11-22", "2026年11月22日", "22 November 2026"),
        ("2021-04", "2021年4月", "April 2021"),
        ("2013", "2013年", "2013"),
    ],
)
def test_day_in_words(day: str, japanese: str, english: str) -> None:
    assert day_in_words(day, "ja") == japanese
    assert day_in_words(day, "ja-easy") == japanese
    assert day_in_words(day, "en") == english
