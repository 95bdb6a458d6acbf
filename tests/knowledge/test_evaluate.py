"""The measure is right: each kind of right and wrong is counted where it belongs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from knowledge.evaluate import Asked, evaluate, judge, main, read
from knowledge.search import Finder
from knowledge.shelf import load

ARTICLES = load()
COVERED = frozenset(article.topic for article in ARTICLES)
FINDER = Finder(ARTICLES, date(2026, 11, 22))


@pytest.mark.parametrize(
    ("question", "topic", "verdict"),
    [
        ("団体登録の条件は?", "T53", "right"),
        ("団体登録の条件は?", "T39", "wrong"),
        ("団体登録の条件は?", "NONE", "slipped"),
        ("団体登録の条件は?", "HUMAN", "slipped"),
        ("法人", "T14", "offered"),
        ("法人", "T39", "beside"),
        ("法人", "NONE", "offered elsewhere"),
        ("人と話したい", "HUMAN", "reached"),
        ("人と話したい", "T53", "missed"),
        ("あしたの天気は?", "NONE", "stepped aside"),
        ("あしたの天気は?", "HUMAN", "missed"),
    ],
)
def test_verdict(question: str, topic: str, verdict: str) -> None:
    assert judge(FINDER, Asked(question, topic, "ja"), COVERED).verdict == verdict


def test_shares_are_of_the_lines_they_are_about() -> None:
    questions = [
        Asked("団体登録の条件は?", "T53", "ja"),
        Asked("団体登録の条件は?", "T39", "ja"),
        Asked("団体登録の条件は?", "T05", "ja"),
        Asked("人と話したい", "HUMAN", "ja"),
        Asked("あしたの天気は?", "NONE", "ja"),
        Asked("法人", "NONE", "ja"),
    ]
    report, judged = evaluate(FINDER, questions, COVERED - {"T05"})
    assert report.wrong_answers == pytest.approx(0.5)
    assert report.helped == pytest.approx(0.5)
    assert report.wrong_answers_elsewhere == pytest.approx(1.0)
    assert report.reached_person == pytest.approx(1.0)
    assert report.answered_none == pytest.approx(0.5)
    assert report.decisions == {"answer": 3, "person": 1, "decline": 1, "choose": 1}
    assert report.microseconds > 0
    assert len(judged) == 6


def test_no_questions_no_shares() -> None:
    assert evaluate(FINDER, [], COVERED)[0].helped == 0.0


def test_a_file_of_questions_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "questions.jsonl"
    lines = [
        {"q": "団体登録の条件は?", "topic": "T39", "lang": "ja"},
        {"q": "NPO法人を作りたい", "topic": "T16", "lang": "ja"},
    ]
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    assert [one.topic for one in read(file)] == ["T39", "T16"]
    main(str(file))
    printed = capsys.readouterr().out
    assert "wrong_answers: 0.5" in printed
    assert "wrong    T39    団体登録の条件は? -> answer found T53 group-registration" in printed
