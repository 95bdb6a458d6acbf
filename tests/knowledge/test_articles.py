"""What is on the shelf may be shown: complete in every language, sourced, dated, its figures equal everywhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from knowledge.article import KEEPS_FOR, LANGUAGES, Article, Matter, Words
from knowledge.plain import bare, even
from knowledge.shelf import SHELF, BrokenArticle, load, read

ARTICLES = load()
COVERED = [
    "T08",
    "T11",
    "T14",
    "T15",
    "T16",
    "T38",
    "T39",
    "T42",
    "T43",
    "T53",
    "T54",
    "T57",
    "T61",
    "T62",
    "T63",
    "T64",
]
# Facts that the collection itself holds for doubtful: they may not be stated.
DOUBTFUL = {"F023", "F024", "F069", "F097", "F131", "F132", "F156", "F169", "F188", "F196", "F233", "F248", "F277"}
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
each_article = pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.id)


def figures(words: Words) -> set[str]:
    """Every number of an article's text, with 11万2千 and 112,000 the same, and months as numbers."""
    text = unicodedata.normalize("NFKC", bare(" ".join([words.short, words.details, *words.steps])))
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub("|".join(MONTHS), lambda found: str(MONTHS.index(found.group()) + 1), text)
    text = re.sub(r"(\d+)万(\d+)千", lambda found: str(int(found[1]) * 10000 + int(found[2]) * 1000), text)
    text = re.sub(r"(\d+)万", lambda found: str(int(found[1]) * 10000), text)
    text = re.sub(r"(\d+)千", lambda found: str(int(found[1]) * 1000), text)
    return set(re.findall(r"\d+", text))


def test_every_topic_of_the_first_cut_has_an_article() -> None:
    assert sorted({article.topic for article in ARTICLES}) == COVERED


@each_article
def test_article_is_sourced_dated_and_asked_for(article: Article) -> None:
    assert article.sources
    assert article.facts
    assert article.checked < article.review_by
    assert (article.review_by - article.checked).days <= KEEPS_FOR[article.matter]
    assert len(set(article.asks)) >= 12
    assert all(article.words[language].asks for language in LANGUAGES)


@each_article
def test_no_doubtful_fact_is_stated(article: Article) -> None:
    assert not DOUBTFUL & set(article.facts)


@each_article
def test_figures_are_equal_in_every_language(article: Article) -> None:
    japanese = figures(article.words["ja"])
    assert {language: figures(article.words[language]) for language in LANGUAGES} == dict.fromkeys(LANGUAGES, japanese)


@each_article
def test_readings_are_well_formed_and_only_in_easy_japanese(article: Article) -> None:
    easy = article.words["ja-easy"]
    shown = [easy.title, easy.question, easy.short, easy.details, *easy.steps]
    for text in shown:
        assert not re.search(r"[{}|]", bare(text)), text
        for reading in re.findall(r"\|([^{}|]+)\}", text):
            assert re.fullmatch(r"[ぁ-んー]+", reading), reading
    for language in ("ja", "en"):
        words = article.words[language]
        assert "{" not in " ".join([words.title, words.question, words.short, words.details, *words.steps])


@each_article
def test_easy_japanese_has_short_sentences_and_no_bare_kanji(article: Article) -> None:
    easy = article.words["ja-easy"]
    for text in (easy.short, easy.details, *easy.steps):
        assert not re.search(r"[一-龠]", re.sub(r"\{[^{}]+\}", "", text)), text
        for sentence in re.split(r"[。:]", bare(text)):
            assert len(sentence) <= 60, sentence


def test_no_wording_belongs_to_two_articles() -> None:
    owner: dict[str, str] = {}
    for article in ARTICLES:
        for ask in article.asks:
            assert owner.setdefault(even(ask), article.id) == article.id, ask


def test_nobody_is_told_a_phone_number_or_price_of_the_ward() -> None:
    """No source that we hold carries the centre's own phone, price or hours."""
    for article in ARTICLES:
        for words in article.words.values():
            text = unicodedata.normalize("NFKC", " ".join([words.short, words.details, *words.steps]))
            assert not re.search(r"\d{2,4}-\d{2,4}-?\d{0,4}", text), article.id


GOOD = (SHELF / "printing.toml").read_text(encoding="utf-8")
TITLE = 'title = "Printing and copying"'
ENGLISH = GOOD[GOOD.index("[text.en]") :]


def put(old: str, new: str) -> Callable[[str], str]:
    """The change of an article's file that writes `new` for what the pattern `old` finds."""
    return lambda text: re.sub(old, lambda _: new, text, flags=re.DOTALL)


BROKEN: dict[str, tuple[Callable[[str], str], str]] = {
    "not_toml": (lambda text: text + "\n= 3", "copy.toml: is not TOML"),
    "no_sources": (put(r"\[\[sources\]\][^\[]*", ""), "copy.toml: sources: "),
    "unknown_field": (lambda text: "colour = 1\n" + text, "copy.toml: colour: .*remove it or mend its spelling"),
    "wrong_topic": (put("T39", "T99"), "copy.toml: topic: "),
    "wrong_fact": (put('"F012"', '"12"'), r"copy.toml: facts\.0: "),
    "wrong_url": (put("https://", "ftp://"), r"copy.toml: sources\.1\.url: "),
    "late_review": (put("2027-05-20", "2028-05-20"), "copy.toml: review_by: is .* choose 1 to 184"),
    "missing_language": (lambda text: text.split("[text.en]")[0], r"copy.toml: text\.en: is missing; write"),
    "strange_language": (
        lambda text: text + ENGLISH.replace("[text.en]", "[text.fr]"),
        r"copy.toml: text\.fr: is not a language",
    ),
    "no_title": (put(TITLE, ""), r"copy.toml: text\.en\.title: .*add it"),
    "empty_title": (put(TITLE, 'title = " "'), r"copy.toml: text\.en\.title: "),
    "long_short": (put('short = "印刷機', 'short = "あ。い。う。印'), r"text\.ja\.short: has more than 3 sentences"),
    "few_asks": (put(r"asks = \[.*?\]", 'asks = ["a"]'), "3 wordings; write at least 12"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_broken_article_is_refused_with_file_field_and_mend(what: str, tmp_path: Path) -> None:
    break_it, said = BROKEN[what]
    (tmp_path / "copy.toml").write_text(break_it(GOOD), encoding="utf-8")
    with pytest.raises(BrokenArticle, match=said):
        load(tmp_path)


def test_every_broken_article_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("x = 1", encoding="utf-8")
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BrokenArticle) as broken:
        load(tmp_path)
    assert {line.split(":")[0] for line in str(broken.value).splitlines()} == {"a.toml", "b.toml"}


def test_one_id_twice_is_refused(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    with pytest.raises(BrokenArticle, match="'printing' is used twice"):
        load(tmp_path)


def test_an_article_lasts_through_its_review_day(tmp_path: Path) -> None:
    (tmp_path / "copy.toml").write_text(GOOD, encoding="utf-8")
    article = read(tmp_path / "copy.toml")
    assert article.matter is Matter.MONEY
    assert not article.expired(date(2027, 5, 20))
    assert article.expired(date(2027, 5, 21))


def test_a_language_without_words_is_answered_in_japanese() -> None:
    assert ARTICLES[0].in_language("ko") == ARTICLES[0].words["ja"]
