"""A word is explained in one sentence with its source, in every language, and only when its meaning is asked."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.article import EVERY, Area
from knowledge.easy import hard
from knowledge.figures import figures
from knowledge.glossary import FILE, BrokenGlossary, Term, explain, load
from knowledge.phrases import PHRASES
from knowledge.plain import bare
from tests.each import each
from tests.ours import BY_ID, GLOSSARY

each_term = each("term", GLOSSARY.terms.values(), ids=lambda term: term.id)


def test_there_are_the_words_a_resident_stumbles_over() -> None:
    names = {term.names["ja"] for term in GLOSSARY.terms.values()}
    assert len(names) >= 40
    assert names > {"協働", "中間支援組織", "定款", "認定NPO法人", "源泉徴収", "後援", "共催", "任意団体"}


@each_term
def test_a_term_is_one_short_explanation_in_every_language(term: Term) -> None:
    assert set(term.names) == set(term.said) == set(EVERY)
    assert len({frozenset(figures(text)) for text in term.said.values()}) == 1
    assert all(len(re.findall("。", bare(term.said[language]))) <= 2 for language in ("ja", "ja-easy", "zh"))
    assert not any("{" in term.names[one] + term.said[one] for one in EVERY if one != "ja-easy")


@each_term
def test_a_term_is_easy_in_easy_japanese(term: Term) -> None:
    assert [*hard(term.names["ja-easy"]), *hard(term.said["ja-easy"])] == []


@each_term
def test_an_explanation_carries_its_source(term: Term) -> None:
    article = BY_ID[term.articles[0]]
    for language in EVERY:
        said = explain(term, article, language)
        assert article.sources[0].publisher in said
        assert "2026" in said
        assert "{" not in said
        assert PHRASES[language].unchecked in said
    assert explain(term, article, "xx") == explain(term, article, "ja")


def test_a_meaning_taken_from_another_place_says_so() -> None:
    term, article = GLOSSARY.terms["term-koen"], BY_ID["support-name-meaning"]
    assert "台東区の決まりではありません" in explain(term, replace(article, area=Area.EXAMPLE), "ja")
    assert "台東区の決まりではありません" not in explain(term, replace(article, area=Area.TAITO), "ja")


@each(
    ("question", "term"),
    [
        ("定款とは", "term-teikan"),
        ("定款って何", "term-teikan"),
        ("ていかんってなに?", "term-teikan"),
        ("「定款」とはどういう意味ですか。", "term-teikan"),
        ("定款の意味を教えてください", "term-teikan"),
        ("what is teikan", "term-teikan"),
        ("What does gensen mean?", "term-gensen"),
        ("縦覧って", "term-juran"),
        ("PSTとは何ですか", "term-pst"),
        ("什么是协働？", "term-kyodo"),
        ("章程是什么意思", "term-teikan"),
        ("정관이 뭐예요?", "term-teikan"),
        ("원천징수란 무슨 뜻이에요", "term-gensen"),
        ("정관", None),
        ("怎样成立NPO法人", None),
        ("定款", None),
        ("定款には何を書くの", None),
        ("協働とはどう進めるもの", None),
        ("宇宙とは", None),
        ("what is the weather", None),
        ("とは", None),
        ("", None),
    ],
)
def test_only_a_question_for_the_meaning_is_heard_as_one(question: str, term: str | None) -> None:
    found = GLOSSARY.asked(question)
    assert (found.id if found else None) == term


def test_every_spelling_leads_to_its_term() -> None:
    for term in GLOSSARY.terms.values():
        for name in (bare(term.names["ja"]), bare(term.names["ja-easy"]), *term.also):
            assert GLOSSARY.asked(f"{name}とは何ですか") is term, name


GOOD = """
[teikan]
name = {ja = "定款", ja-easy = "定款", en = "teikan"}
also = ["ていかん"]
said = {ja = "決まり。", ja-easy = "決まり。", en = "Rules."}
articles = ["printing"]
"""
BROKEN = {
    "not_toml": (GOOD + "= 3", "words.toml: is not TOML"),
    "unknown_field": (GOOD + "colour = 1", r"words.toml: teikan\.colour: .*; mend it"),
    "no_source": (GOOD.replace('"printing"', ""), r"words.toml: teikan\.articles: "),
    "lost_article": (GOOD.replace("printing", "gone"), r"teikan\.articles: there is no article 'gone'; name one"),
    "no_english_name": (GOOD.replace(', en = "teikan"', ""), r"teikan\.name\.en: is missing; write it"),
    "no_english_sentence": (GOOD.replace(', en = "Rules."', ""), r"teikan\.said\.en: is missing; write it"),
    "strange_language": (GOOD.replace('en = "Rules."', 'en = "R.", fr = "R."'), r"teikan\.said\.fr: is not a language"),
    "too_long": (GOOD.replace("Rules.", "R" * 301), r"teikan\.said\.en: "),
    "empty": (GOOD.replace("Rules.", " "), r"teikan\.said\.en: "),
    "spelt_twice": (GOOD + GOOD.replace("[teikan]", "[other]"), r"other\.also: 'ていかん' is used twice"),
}


@each("what", BROKEN)
def test_a_broken_glossary_is_refused_with_file_field_and_mend(what: str, tmp_path: Path) -> None:
    written, said = BROKEN[what]
    (tmp_path / "words.toml").write_text(written, encoding="utf-8")
    with pytest.raises(BrokenGlossary, match=said):
        load(BY_ID, tmp_path / "words.toml")


def test_the_whole_file_is_read() -> None:
    assert len(GLOSSARY.terms) == len(tomllib.loads(FILE.read_text(encoding="utf-8")))
