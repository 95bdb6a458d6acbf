"""A question gets the right answer, a fair choice, a person, or an honest no; and nothing makes the finder raise."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.article import Article
from knowledge.decision import Found, Kind
from knowledge.evaluate import Asked, evaluate, read
from knowledge.plain import even
from knowledge.search import Finder
from tests.each import each
from tests.knowledge.thin import few_strangers
from tests.ours import ARTICLES, DAY, finder
from tests.stopwatch import quickest

FEW = [article for article in ARTICLES if article.topic in {"T16", "T38", "T39", "T53", "T57"}]  # soon indexed
QUESTIONS = tuple(read(Path(__file__).parent / "paraphrases.jsonl"))


def test_almost_never_wrong_and_usually_helpful() -> None:
    covered = frozenset(article.topic for article in ARTICLES)
    report = evaluate(finder(), QUESTIONS, covered)[0]
    assert report.wrong_answers <= 0.015
    assert report.helped >= 0.94
    assert report.reached_person >= 0.98
    assert report.answered_none <= 0.03
    assert report.decisions["answer"] >= 0.3 * len(QUESTIONS)  # it does not hide behind choices


@pytest.mark.parametrize(
    ("language", "share"), [("ja", 0.93), ("ja-easy", 0.9), ("en", 0.92), ("zh", 0.92), ("ko", 0.92)]
)
def test_every_language_is_helped(language: str, share: float) -> None:
    covered = frozenset(article.topic for article in ARTICLES)
    asked = [one for one in QUESTIONS if one.language == language]
    assert evaluate(finder(), asked, covered)[0].helped >= share


def test_every_topic_has_questions_to_be_measured_by() -> None:
    asked = Counter(one.topic for one in QUESTIONS)
    assert [topic for topic in sorted({article.topic for article in ARTICLES}) if asked[topic] < 4] == []


def test_the_questions_are_not_the_wordings_of_the_articles() -> None:
    """They are other words for the same things, or they would measure nothing."""
    wordings = {even(ask) for article in ARTICLES for ask in article.asks}
    assert [asked.question for asked in QUESTIONS if even(asked.question) in wordings] == []


@each(
    ("question", "language", "kind", "topic"),
    [
        ("NPO法人を作りたい", "ja", Kind.ANSWER, "T16"),
        ("かいぎしつを かりたい", "ja", Kind.ANSWER, "T38"),
        ("ボランティアを したいです", "ja-easy", Kind.ANSWER, "T57"),
        ("We want to print flyers", "en", Kind.ANSWER, "T39"),
        ("我想咨询", "zh", Kind.CHOOSE, "T54"),
        ("상담을 예약하고 싶은데요", "ko", Kind.CHOOSE, "T54"),
        ("印刷", "ja", Kind.CHOOSE, "T39"),
        ("ボランテイアほけんはいくら", "ja", Kind.ANSWER, "T25"),
        ("一般社団法人の設立費用", "ja", Kind.ANSWER, "T19"),
        ("あしたの天気は?", "ja", Kind.DECLINE, "NONE"),
        ("会長に怒鳴られました", "ja", Kind.PERSON, "HUMAN"),
        ("死にたい", "ja", Kind.URGENT, "HUMAN"),
    ],
    ids=[
        "plain",
        "kana",
        "easy",
        "english",
        "chinese",
        "korean",
        "one_word",
        "typo_and_kana",
        "neighbour",
        "weather",
        "person",
        "danger",
    ],
)
def test_question_gets(question: str, language: str, kind: Kind, topic: str) -> None:
    decision = finder().decide(question, language)
    assert decision.kind is kind, decision
    assert topic in decision.topics


def test_an_answer_names_its_article_and_version() -> None:
    (found,) = finder().decide("団体登録の条件は?", "ja").articles
    assert (found.id, found.topic) == ("group-registration", "T53")
    assert 0 < found.score <= 1.5001
    article = finder().article(found.id)
    assert article is not None
    assert (article.id, article.version) == (found.id, found.version)
    assert finder().article("nothing") is None


def test_a_choice_holds_at_most_three_living_articles_best_first() -> None:
    decision = finder().decide("法人", "ja")
    assert decision.kind is Kind.CHOOSE
    assert 2 <= len(decision.articles) <= 3
    assert [found.score for found in decision.articles] == sorted((f.score for f in decision.articles), reverse=True)


def test_N11_an_expired_article_is_not_stated() -> None:
    printing = next(article for article in ARTICLES if article.id == "printing")
    decision = finder().on(printing.review_by + timedelta(days=1)).decide("チラシを印刷したい", "ja")
    assert (decision.kind, decision.reason) == (Kind.PERSON, "expired")
    assert [found.id for found in decision.articles] == ["printing"]
    assert finder().decide("チラシを印刷したい", "ja").kind is Kind.ANSWER


def test_N11_an_expired_article_is_not_offered_in_a_choice() -> None:
    first, *_ = offered = finder().decide("法人", "ja").articles
    assert len(offered) > 1
    second = next(article for article in ARTICLES if article.id == offered[1].id)
    aged = [
        replace(article, review_by=DAY - timedelta(days=1)) if article is second else article for article in ARTICLES
    ]
    now = Finder(aged, DAY).decide("法人", "ja")
    assert now.kind is Kind.CHOOSE
    assert second.id not in {found.id for found in now.articles}
    assert first.id in {found.id for found in now.articles}


@pytest.mark.parametrize(
    "noise",
    ["{{7*7}}", "asdf", "asdf jkl", "%s%n", "123456", "ｄｆｇｈ", "${jndi:ldap://x}", "' OR 1=1 --", "ㅋㅋㅋ"],
)
def test_noise_gets_a_kind_no_and_no_choice(noise: str) -> None:
    assert finder().decide(noise, "ja").kind is Kind.DECLINE


def test_how_to_write_the_rules_of_a_group_is_answered() -> None:
    assert finder().decide("会則の書き方を教えてください", "ja").articles[0].id == "group-rules"


def test_a_topic_without_an_article_is_known_but_not_answered(tmp_path: Path) -> None:
    without_printing = [article for article in FEW if article.topic != "T39"]
    with few_strangers():
        decision = Finder(without_printing, DAY, tmp_path).decide("コピー機はありますか", "ja")
    assert decision.kind is not Kind.ANSWER


def test_no_articles_no_answers(tmp_path: Path) -> None:
    with few_strangers():
        decision = Finder([], DAY, tmp_path).decide("NPO法人を作りたい", "ja")
    assert decision.kind is Kind.DECLINE


@pytest.mark.parametrize("text", ["", "   ", "。。。", "\u200b", "😀😀", "\x00", "\u202e"])
def test_nothing_said_is_nothing_found(text: str) -> None:
    decision = finder().decide(text, "ja")
    assert (decision.kind, decision.articles) == (Kind.DECLINE, ())


@pytest.mark.parametrize("text", ["{{7*7}}", "%s%n", "' OR 1=1 --", "𠮷野家", "\ud800", "\x1b[31mred", "🏳️‍🌈"])
def test_hostile_text_is_no_article(text: str) -> None:
    assert finder().decide(text, "ja").kind in {Kind.DECLINE, Kind.CHOOSE}


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet=st.characters(codec=None), max_size=200), st.sampled_from(["ja", "ja-easy", "en", "zh", "", "xx"])
)
def test_any_text_gets_a_decision_in_time(text: str, language: str) -> None:
    decision = finder().decide(text, language)
    assert quickest(lambda: finder().decide(text, language)) < 0.05
    match decision.kind:
        case Kind.ANSWER:
            assert len(decision.articles) == 1
        case Kind.CHOOSE:
            assert 1 <= len(decision.articles) <= 3
        case Kind.PERSON:
            assert (decision.reason == "expired") == bool(decision.articles)
        case Kind.URGENT | Kind.DECLINE:
            assert decision.articles == ()


@pytest.mark.parametrize(
    "text",
    ["会議室を借りたい" * 12_500, "a " * 50_000, "\ufdfa" * 100_000, "会長" * 50_000, "漢字😀" * 25_000],
    ids=["japanese", "latin", "expanding", "gap_phrases", "emoji"],
)
def test_a_hundred_thousand_characters_cost_little(text: str) -> None:
    """Generous; it takes a few milliseconds."""
    assert quickest(lambda: finder().decide(text, "ja")) < 0.25


def test_the_same_question_is_decided_the_same_whatever_the_order_of_the_articles(tmp_path: Path) -> None:
    with few_strangers():
        forwards, backwards = Finder(FEW, DAY, tmp_path), Finder(FEW[::-1], DAY, tmp_path)
    for asked in QUESTIONS[::3]:
        assert _gist(backwards, asked) == _gist(forwards, asked)


def _gist(finder: Finder, asked: Asked) -> tuple[object, ...]:
    """What a question gets; the shares behind it are sums of floats, which know the order of their parts."""
    got = finder.decide(asked.question, asked.language)
    return got.kind, got.reason, got.topics, {found.id for found in got.articles}


def test_the_version_of_the_article_is_told(tmp_path: Path) -> None:
    other: Article = replace(FEW[0], version=7)
    with few_strangers():
        found = Finder([other, *FEW[1:]], DAY, tmp_path).decide(other.words["ja"].asks[0], "ja").articles
    assert 7 in {one.version for one in found}


def test_one_house_among_many_is_the_answer_only_to_a_question_that_names_it() -> None:
    unnamed = finder().decide("部屋の予約はどうすればいいですか", "ja")
    assert unnamed.kind is Kind.CHOOSE
    assert "ryusen-booking" in {found.id for found in unnamed.articles}
    named = finder().decide("竜泉の抽選はいつ申し込むのですか", "ja")
    assert (named.kind, named.articles[0].id) == (Kind.ANSWER, "ryusen-booking")


def test_more_of_the_last_answer_is_that_answer_as_it_stands() -> None:
    article = next(one for one in ARTICLES if one.id == "printing")
    got = finder().decide("もっと詳しく", "ja", after="printing")
    assert (got.kind, got.reason, got.topics) == (Kind.ANSWER, "more", ("T39",))
    assert got.articles == (Found("printing", article.version, "T39", 1.0),)
    assert finder().decide("もっと詳しく", "ja").kind is Kind.DECLINE
    late = finder().on(article.review_by + timedelta(days=1))
    assert late.decide("もっと詳しく", "ja", after="printing").kind is Kind.DECLINE


@pytest.mark.parametrize("question", ["費用は?", "いつまで?", "how much", "费用呢"])
def test_what_hangs_on_nothing_is_never_answered(question: str) -> None:
    assert finder().decide(question, "ja").kind in {Kind.CHOOSE, Kind.DECLINE}
    assert finder().decide(question, "ja", after="no such article").kind in {Kind.CHOOSE, Kind.DECLINE}


def test_a_wording_of_one_article_only_is_answered_by_it() -> None:
    whose: dict[str, set[str]] = {}
    for article in ARTICLES:
        for ask in article.asks:
            whose.setdefault(even(ask), set()).add(article.id)
    answered = 0
    for ask in sorted(ask for ask in whose if len(ask) > 8)[::40]:
        got = finder().decide(ask, "ja")
        if got.kind is Kind.ANSWER and got.reason == "found" and len(whose[ask]) == 1:
            assert {got.articles[0].id} == whose[ask], ask
            answered += 1
    assert answered > 80
