"""What goes on with the last answer, and what is asked in the same breath, gets its own answer and no other's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from knowledge.decision import Kind
from tests.ours import ARTICLES, finder


@pytest.mark.parametrize(
    ("after", "more", "expected"),
    [
        ("npo-setup-steps", "費用は?", "npo-setup-time-and-cost"),
        ("npo-setup-steps", "ひようは?", "npo-setup-time-and-cost"),
        ("npo-setup-steps", "どのくらいかかりますか", "npo-setup-time-and-cost"),
        ("npo-setup-steps", "書類は?", "npo-setup-papers"),
        ("npo-setup-steps", "多少钱?", "npo-setup-time-and-cost"),
        ("printing", "いくら?", "printing-price"),
        ("group-rules", "役員は", "group-officers"),
        ("chokai-incorporate-conditions", "書類は?", "chokai-incorporate-steps"),
        ("centre-rooms", "費用は?", "room-fees-elsewhere"),
        ("centre-rooms", "だれが使えますか", "room-unregistered"),
    ],
)
def test_a_short_question_goes_on_with_the_last_answer(after: str, more: str, expected: str) -> None:
    decision = finder().decide(more, "ja", after=after)
    assert (decision.kind, decision.articles[0].id) == (Kind.ANSWER, expected), decision


@pytest.mark.parametrize(("after", "more"), [("grants-kinds", "NPO"), ("npo-setup-steps", "会議室は?")])
def test_a_short_question_about_something_else_does_not_go_on(after: str, more: str) -> None:
    assert finder().decide(more, "ja", after=after) == finder().decide(more, "ja")


def test_what_the_last_answer_says_itself_is_told_in_full() -> None:
    whole = finder().decide("条件は?", "ja", after="chokai-incorporate-conditions")
    assert (whole.kind, whole.reason, whole.articles[0].id) == (Kind.ANSWER, "more", "chokai-incorporate-conditions")


def test_words_that_nobody_has_used_go_on_with_nothing() -> None:
    assert finder().decide("zzz qqq", "ja", after="printing") == finder().decide("zzz qqq", "ja")


@pytest.mark.parametrize(
    "said", ["いつまでですか", "どこに申し込みますか", "how long does it take?", "多少钱", "얼마예요"]
)
def test_a_question_that_names_no_matter_is_no_answer_by_itself(said: str) -> None:
    assert finder().decide(said, "ja").kind is Kind.CHOOSE


def test_a_question_about_the_last_answer_is_not_answered_with_another_matter() -> None:
    """「いつまでですか」 alone looks most like the tax return's day, which nobody asked about here."""
    decision = finder().decide("いつまでですか", "ja", after="group-registration")
    assert (decision.kind, decision.reason) == (Kind.DECLINE, "unknown")


@pytest.mark.parametrize(
    "said", ["くわしく", "詳しく", "もっと詳しく教えて", "詳しくお願いします", "more", "Tell me more", "详细", "자세히"]
)
def test_the_word_of_the_details_button_typed_asks_for_all_of_the_last_answer(said: str) -> None:
    decision = finder().decide(said, "ja", after="group-rules")
    assert (decision.kind, decision.reason, decision.articles[0].id) == (Kind.ANSWER, "more", "group-rules")
    alone = finder().decide(said, "ja")
    assert (alone.kind, alone.reason) == (Kind.DECLINE, "unknown")


def test_N11_details_of_an_answer_that_has_expired_since_are_not_told() -> None:
    late = max(article.review_by for article in ARTICLES) + timedelta(days=1)
    assert finder().on(late).decide("もっと詳しく", "ja", after="group-rules").articles == ()


@pytest.mark.parametrize("more", ["死にたい", "天気は?", "会長に怒鳴られた"])
def test_the_last_answer_makes_nothing_answerable(more: str) -> None:
    decision = finder().decide(more, "ja", after="npo-setup-steps")
    assert decision.kind is finder().decide(more, "ja").kind
    assert decision.articles == ()


@pytest.mark.parametrize(
    ("said", "first", "other"),
    [
        ("印刷機を使えますか?それとボランティア保険はどこで入れますか?", "printing", "volunteer-insurance"),
        ("会議室を借りたいです。あと、チラシも印刷できますか?", "centre-rooms", "printing"),
        ("NPO法人を作りたい。費用と期間も知りたい", "npo-setup-steps", "npo-setup-time-and-cost"),
        ("How do we register our group? And can we print flyers?", "group-registration", "printing"),
        ("想登记团体。会议室能借吗?", "group-registration", "centre-rooms"),
    ],
    ids=["questions", "a_wish_and_a_question", "the_second_goes_on", "english", "chinese"],
)
def test_of_several_questions_the_first_is_answered_and_the_others_are_offered(
    said: str, first: str, other: str
) -> None:
    decision = finder().decide(said, "ja")
    assert (decision.kind, decision.reason) == (Kind.ANSWER, "questions")
    assert ([one.id for one in decision.articles], [one.id for one in decision.also]) == ([first], [other])


def test_one_question_in_several_sentences_has_nothing_beside_its_answer() -> None:
    decision = finder().decide("こんにちは。町会に入りたいのですが、会費はいくらですか。どこに申し込みますか。", "ja")
    assert ([one.id for one in decision.articles], decision.also) == (["chokai-join"], ())


def test_a_persons_matter_among_several_questions_is_for_a_person() -> None:
    decision = finder().decide("会議室は借りられますか?会長がこわくて行けません、どうしたらいいですか?", "ja")
    assert decision.kind is Kind.PERSON


def test_danger_in_one_of_several_sentences_comes_first() -> None:
    assert finder().decide("印刷機を使えますか? もう死にたいです。", "ja").kind is Kind.URGENT
