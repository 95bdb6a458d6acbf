"""A question in Chinese or Korean is known as one, and Japanese and English are never taken for either."""

from __future__ import annotations

import pytest

from knowledge.tongue import tongue
from tests.each import each
from tests.ours import ARTICLES

ASKS = {
    language: [ask for article in ARTICLES for ask in article.words[language].asks]
    for language in ("ja", "ja-easy", "en", "zh", "ko")
}


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
def test_the_wordings_of_our_languages_are_neither(language: str) -> None:
    assert [ask for ask in ASKS[language] if tongue(ask)] == []


def test_every_korean_wording_is_korean() -> None:
    assert [ask for ask in ASKS["ko"] if tongue(ask) != "ko"] == []


def test_chinese_wordings_are_chinese_but_for_those_that_could_be_japanese() -> None:
    known = [ask for ask in ASKS["zh"] if tongue(ask) == "zh"]
    assert len(known) / len(ASKS["zh"]) > 0.85
    assert {tongue(ask) for ask in ASKS["zh"]} <= {"zh", None}


@each(
    ("text", "language"),
    [
        ("怎样成立NPO法人?", "zh"),
        ("有會議室嗎", "zh"),
        ("회의실은 얼마예요", "ko"),
        ("NPO 법인", "ko"),
        ("会議室料金", None),
        ("協働事業提案制度", None),
        ("没収", None),
        ("吗って何の字", None),
        ("", None),
        ("🙂", None),
    ],
)
def test_tongue(text: str, language: str | None) -> None:
    assert tongue(text) == language
