"""Judged questions help whoever asks the like; they are learnt in seconds, put away at once, open no closed door."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.decision import Kind
from knowledge.index import Entry, Index
from knowledge.learnable import LONGEST, VAGUE, learnable
from knowledge.learning import FEWEST, Learned
from knowledge.measuring import Query, measure, read_corpus, read_queries
from knowledge.plain import bare
from tests.ours import ARTICLES, finder

ENTRIES = [
    entry
    for article in ARTICLES
    for entry in (
        Entry(article.id, bare(article.words["ja"].question)),
        Entry(article.id, bare(article.words["ja"].short), asked=False),
    )
]
QUESTIONS = [
    Query(f"{article.id}#{at}", bare(ask), {article.id: 3.0})
    for article in ARTICLES
    for at, ask in enumerate(article.words["ja"].asks)
]


def parted(judged: int, asked: int) -> tuple[list[Query], list[Query]]:
    """So many questions that were judged, and others that nobody has asked before."""
    mixed = QUESTIONS.copy()
    random.Random(3).shuffle(mixed)  # noqa: S311 - the same mixture each time
    return mixed[:judged], mixed[judged : judged + asked]


# What a made-up city answers, what its people asked, how right each answer is; and what others asked later.
CITY = Path(__file__).parent / "city"
JUDGED = 374  # questions, as many as a benchmark of this kind gives


def asked_of_the_city(file: str) -> list[Query]:
    """The questions of a file; right is what answers or helps, not what is only near."""
    asked = [
        replace(query, grades={one: grade for one, grade in query.grades.items() if grade >= 2})
        for query in read_queries(CITY / file)
    ]
    return [query for query in asked if query.grades]


def test_of_all_that_a_city_answers_the_right_entry_is_found() -> None:
    index = Index(read_corpus(CITY / "faq.jsonl"))
    for file, first, fifth, rank in (("queries.jsonl", 0.71, 0.92, 0.80), ("queries-2.jsonl", 0.67, 0.91, 0.77)):
        figures = measure(index.subjects, asked_of_the_city(file))
        assert figures.sr_at_1 >= first
        assert figures.sr_at_5 >= fifth
        assert figures.mrr >= rank


def test_what_was_judged_helps_those_who_ask_otherwise_and_is_learnt_in_seconds() -> None:
    entries, mixed, later = (
        read_corpus(CITY / "faq.jsonl"),
        asked_of_the_city("queries.jsonl"),
        asked_of_the_city("queries-2.jsonl"),
    )
    random.Random(0).shuffle(mixed)  # noqa: S311 - the same mixture each time
    judged, others = mixed[:JUDGED], mixed[JUDGED:]
    index = Index(entries)
    before, before_later = measure(index.subjects, others), measure(index.subjects, later)
    began = time.process_time()
    learned = Learned(entries, judged)
    assert time.process_time() - began < 20
    weighed, weighed_later = measure(learned.rank, others), measure(learned.rank, later)
    learned._weights = None  # as with weighing off, and learnt only once
    aliases, aliases_later = measure(learned.rank, others), measure(learned.rank, later)
    assert weighed.mrr > aliases.mrr > before.mrr + 0.01
    assert weighed.sr_at_1 > before.sr_at_1 + 0.02
    assert weighed.sr_at_5 >= before.sr_at_5
    assert aliases_later.mrr > before_later.mrr + 0.03
    assert weighed_later.mrr > before_later.mrr + 0.05
    assert weighed_later.sr_at_1 > before_later.sr_at_1 + 0.06


def test_a_past_question_is_answered_as_it_was_judged() -> None:
    judged, _ = parted(60, 0)
    figures = measure(Learned(ENTRIES, judged).rank, judged)
    assert figures.sr_at_1 >= 0.95
    assert measure(Learned(ENTRIES, []).rank, judged).sr_at_1 < 0.7


@pytest.mark.parametrize(
    ("judged", "weighing", "weighed"), [(FEWEST, True, True), (FEWEST - 1, True, False), (FEWEST, False, False)]
)
def test_how_to_weigh_is_learnt_from_enough_questions_and_can_be_switched_off(
    judged: int, weighing: bool, weighed: bool
) -> None:
    past, others = parted(judged, 40)
    aliases = Learned(ENTRIES, past, weighing=False)
    learned = Learned(ENTRIES, past, weighing=weighing)
    asked = [query.text for query in others]
    assert ([learned.rank(one, 5) for one in asked] != [aliases.rank(one, 5) for one in asked]) is weighed


def test_without_the_judged_questions_everything_is_as_it_was() -> None:
    plain, forgotten = Index(ENTRIES), Learned(ENTRIES, [])
    for query in parted(0, 60)[1]:
        assert forgotten.rank(query.text, 5) == plain.subjects(query.text, 5)


def test_a_question_of_many_right_answers_teaches_the_best_of_them() -> None:
    judged = [Query("1", "鍵をどこかにやった", {"lockers": 3.0, "free-space": 1.0, "printing": 0.0})]
    ranked = Learned(ENTRIES, judged).rank("鍵をどこかにやった", 5)
    assert ranked[0] == "lockers"
    assert ranked.index("lockers") < ranked.index("free-space")
    assert "printing" not in ranked[:2]


@pytest.mark.parametrize(
    "question",
    [
        "会長が会費を使い込んでいるようです",
        "死にたいです。助けてください",
        "人と話したいのですが",
        "会員の住所を教えてください",
    ],
)
def test_no_judgement_makes_a_sensitive_question_answerable(question: str) -> None:
    assert not learnable(question)
    before = finder().decide(question, "ja")
    after = finder().decide(question, "ja", learnt=lambda _: "lockers")
    assert after.kind is before.kind
    assert after.kind in {Kind.PERSON, Kind.URGENT, Kind.DECLINE}


@pytest.mark.parametrize(
    ("question", "may"),
    [
        ("会" * VAGUE, False),
        ("ロッカーの借り方", True),
        ("借" * LONGEST, True),
        ("借" * (LONGEST + 1), False),
        ("費用はいくらですか", False),
        ("もっと詳しく教えて", False),
        ("とても不安で困っています", False),
    ],
)
def test_only_whole_harmless_questions_are_learnt(question: str, may: bool) -> None:
    assert learnable(question) is may


def test_what_people_confirmed_settles_a_choice_and_nothing_else() -> None:
    choice = finder().decide("団体の会議室と印刷機のこと", "ja")
    assert choice.kind is Kind.CHOOSE
    settled = finder().decide("団体の会議室と印刷機のこと", "ja", learnt=lambda _: "printing")
    assert (settled.kind, settled.reason, settled.articles[0].id) == (Kind.ANSWER, "learnt", "printing")
    assert finder().decide("団体の会議室と印刷機のこと", "ja", learnt=lambda _: "nothing of ours").kind is Kind.CHOOSE
    assert finder().decide("あしたの天気は?", "ja", learnt=lambda _: "printing").kind is Kind.DECLINE
