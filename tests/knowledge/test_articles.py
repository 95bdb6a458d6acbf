"""What is on the shelf may be shown: complete in every language, sourced, dated, its figures equal everywhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from dialogs.flows import ALL
from knowledge.article import BRIEF, KEEPS_FOR, LANGUAGES, Article, Matter, Words
from knowledge.easy import hard
from knowledge.figures import figures
from knowledge.plain import bare, even
from knowledge.shelf import SHELF, BrokenArticle, load, read
from tests.each import each
from tests.ours import ARTICLES

# Facts that the collection itself holds for doubtful: they may not be stated.
DOUBTFUL = {
    *("F023", "F024", "F069", "F097", "F131", "F132", "F156", "F169", "F188"),
    *("F196", "F233", "F248", "F277", "F304", "F308", "F312", "F313"),
}
each_article = each("article", ARTICLES, ids=lambda article: article.id)


def shown(words: Words) -> list[str]:
    """Every text of an article in one language that a person may read."""
    cells = [cell for row in words.table for cell in row]
    return [words.title, words.question, words.short, words.details, words.next, *words.steps, *cells]


def test_every_topic_has_an_article() -> None:
    assert sorted({article.topic for article in ARTICLES}) == [f"T{number:02}" for number in range(1, 65)]


def test_there_are_as_many_articles_as_were_written() -> None:
    assert len(ARTICLES) >= 200


@each_article
def test_article_is_sourced_dated_and_asked_for(article: Article) -> None:
    assert article.sources
    assert article.facts
    assert article.checked < article.review_by
    assert (article.review_by - article.checked).days <= KEEPS_FOR[article.matter]
    assert len({even(ask) for ask in article.asks}) >= 12
    assert (SHELF / f"{article.id}.toml").is_file()


@each_article
def test_article_is_whole_in_three_languages_and_brief_in_two(article: Article) -> None:
    assert set(article.words) == {*LANGUAGES, *BRIEF}
    for language, words in article.words.items():
        assert all((words.title, words.question, words.short, words.next, words.asks)), language
        assert bool(words.details) == (language in LANGUAGES), language
    # A table or a step more in one language would be a fact more.
    shapes = {
        (len(words.steps), len(words.table)) for language, words in article.words.items() if language in LANGUAGES
    }
    assert len(shapes) == 1


@each_article
def test_no_doubtful_fact_is_stated(article: Article) -> None:
    assert not DOUBTFUL & set(article.facts)


@each_article
def test_figures_are_equal_in_every_language(article: Article) -> None:
    japanese = article.words["ja"]
    whole, brief = figures(*shown(japanese)[2:]), figures(japanese.short, japanese.next)
    said = {language: figures(*shown(article.words[language])[2:]) for language in LANGUAGES}
    said_briefly = {
        language: figures(article.words[language].short, article.words[language].next) for language in BRIEF
    }
    assert said == dict.fromkeys(LANGUAGES, whole)
    assert said_briefly == dict.fromkeys(BRIEF, brief)


@each_article
def test_readings_are_well_formed_and_only_in_easy_japanese(article: Article) -> None:
    for text in shown(article.words["ja-easy"]):
        assert not re.search(r"[{}|]", bare(text)), text
        for reading in re.findall(r"\|([^{}|]+)\}", text):
            assert re.fullmatch(r"[ぁ-んー]+", reading), reading
    for language in {*LANGUAGES, *BRIEF} - {"ja-easy"}:
        assert "{" not in " ".join(shown(article.words[language]))


@each_article
def test_easy_japanese_is_easy(article: Article) -> None:
    assert [line for text in shown(article.words["ja-easy"]) for line in hard(text)] == []


@each_article
def test_the_next_step_and_the_neighbours_are_there(article: Article) -> None:
    assert article.next_step in {None, "person", *ALL}
    assert set(article.related) <= {other.id for other in ARTICLES} - {article.id}


def test_no_wording_belongs_to_two_articles() -> None:
    owner: dict[str, str] = {}
    for article in ARTICLES:
        for ask in article.asks:
            assert owner.setdefault(even(ask), article.id) == article.id, ask


def test_no_two_articles_ask_the_same_question() -> None:
    for language in (*LANGUAGES, *BRIEF):
        asked = [even(bare(article.words[language].question)) for article in ARTICLES]
        assert sorted({one for one in asked if asked.count(one) > 1}) == [], language


@each_article
def test_nobody_is_told_a_phone_number(article: Article) -> None:
    """No source that we hold carries the centre's own phone; what others' pages carried ages unseen."""
    for words in article.words.values():
        text = unicodedata.normalize("NFKC", " ".join(shown(words)))
        assert not re.search(r"\d{2,4}[-‐–(]\d{2,4}[-‐–)]?\d{0,4}", text)


GOOD = re.sub("related = .*\n", "", (SHELF / "printing.toml").read_text(encoding="utf-8"))
TITLE = 'title = "Printing and copying"'
ENGLISH = GOOD[GOOD.index("[text.en]") : GOOD.index("[text.zh]")]
CHINESE = GOOD[GOOD.index("[text.zh]") : GOOD.index("[text.ko]")]
KOREAN = GOOD[GOOD.index("[text.ko]") :]


def put(old: str, new: str) -> Callable[[str], str]:
    """The change of an article's file that writes `new` for what the pattern `old` finds."""
    return lambda text: re.sub(
        old, lambda found: new.replace("{kept}", found.groupdict().get("kept") or ""), text, flags=re.DOTALL
    )


def lost(language: str, field: str) -> Callable[[str], str]:
    """The change that takes one field out of the words of one language."""
    body = r"\[.*?\n\]" if field == "asks" else r"[^\n]*"
    return put(rf"(?<=\[text\.{language}\]\n)(?P<kept>.*?)(?<=\n){field} = {body}\n", "{kept}")


BROKEN: dict[str, tuple[Callable[[str], str], str]] = {
    "not_toml": (lambda text: text + "\n= 3", "copy.toml: is not TOML"),
    "no_sources": (put(r"\[\[sources\]\][^\[]*", ""), "copy.toml: sources: "),
    "unknown_field": (lambda text: "colour = 1\n" + text, "copy.toml: colour: .*remove it or mend its spelling"),
    "wrong_topic": (put("T39", "T99"), "copy.toml: topic: "),
    "wrong_fact": (put('"F012"', '"12"'), r"copy.toml: facts\.0: "),
    "wrong_url": (put(r"(?<=publisher = )", '"P"\nurl = "ftp://p"#'), r"copy.toml: sources\.0\.url: "),
    "late_review": (put("review_by = 2027", "review_by = 2028"), "copy.toml: review_by: is .* choose 1 to 366"),
    "money_soon_checked": (put('"way"', '"money"'), "copy.toml: review_by: is 363 days .* choose 1 to 184"),
    "no_english": (lambda text: text.replace(ENGLISH, ""), r"copy.toml: text\.en: is missing; write .*, details"),
    "no_chinese": (lambda text: text.replace(CHINESE, ""), r"copy.toml: text\.zh: is missing; write title, .*asks in"),
    "no_korean": (lambda text: text.replace(KOREAN, ""), r"copy.toml: text\.ko: is missing; write title, .*asks in"),
    **{
        f"no_{field}_in_{language}": (lost(language, field), rf"copy.toml: text\.{language}\.{field}: .*; add it")
        for language in ("ja", "ja-easy", "en", "zh", "ko")
        for field in ("title", "question", "short", "next", "asks")
    },
    "no_details": (lost("en", "details"), r"copy.toml: text\.en\.details: is missing; write what"),
    "details_nobody_sees": (
        put(r"(?<=\[text\.ko\]\n)", 'details = "a"\n'),
        r"copy.toml: text\.ko: has details, steps or a table, which nobody is shown; remove them",
    ),
    "empty_asks": (put(r"asks = \[.*?\]", "asks = []"), r"copy.toml: text\.ja\.asks: "),
    "ragged_table": (
        put(r"(?<=\[text\.en\]\n)", 'table = [["a", "b"], ["c"]]\n'),
        r"text\.en: .*rows differ in length",
    ),
    "four_neighbours": (lambda text: 'related = ["aaa", "bbb", "ccc", "ddd"]\n' + text, "copy.toml: related: "),
    "lost_neighbour": (
        lambda text: 'related = ["nowhere"]\n' + text,
        "printing.toml: related: there is no other article 'nowhere'; name one of the shelf or remove it",
    ),
    "its_own_neighbour": (lambda text: 'related = ["printing"]\n' + text, "related: there is no other article 'print"),
    "strange_language": (
        lambda text: text + ENGLISH.replace("[text.en]", "[text.fr]"),
        r"copy.toml: text\.fr: is not a language",
    ),
    "empty_title": (put(TITLE, 'title = " "'), r"copy.toml: text\.en\.title: "),
    "long_short": (put('short = "印刷機', 'short = "あ。い。う。印'), r"text\.ja\.short: has more than 3 sentences"),
    "few_asks": (put(r"asks = \[.*?\]", 'asks = ["a"]'), "5 wordings; write at least 12"),
}


@each("what", BROKEN)
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
    assert article.matter is Matter.WAY
    assert not article.expired(date(2027, 11, 20))
    assert article.expired(date(2027, 11, 21))


def test_a_neighbour_that_cannot_be_read_is_not_called_missing(tmp_path: Path) -> None:
    (tmp_path / "copy.toml").write_text('related = ["broken"]\n' + GOOD, encoding="utf-8")
    (tmp_path / "broken.toml").write_text("x = 1", encoding="utf-8")
    with pytest.raises(BrokenArticle) as refused:
        load(tmp_path)
    assert "no other article" not in str(refused.value)
