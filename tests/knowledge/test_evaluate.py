"""The measure is right: each kind of right and wrong is counted where it belongs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import cli
from knowledge.evaluate import BARS, Asked, Point, curve, drawn, evaluate, judge, main, read
from knowledge.weighing import weights
from tests.each import each
from tests.ours import ARTICLES, finder

PARAPHRASES = Path(__file__).parent / "paraphrases.jsonl"
COVERED = frozenset(article.topic for article in ARTICLES)


@each(
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
    assert judge(finder(), Asked(question, topic, "ja"), COVERED).verdict == verdict


def test_shares_are_of_the_lines_they_are_about() -> None:
    questions = [
        Asked("団体登録の条件は?", "T53", "ja"),
        Asked("団体登録の条件は?", "T39", "ja"),
        Asked("団体登録の条件は?", "T05", "ja"),
        Asked("人と話したい", "HUMAN", "ja"),
        Asked("あしたの天気は?", "NONE", "ja"),
        Asked("法人", "NONE", "ja"),
    ]
    report, judged = evaluate(finder(), questions, COVERED - {"T05"})
    assert report.wrong_answers == pytest.approx(0.5)
    assert report.helped == pytest.approx(0.5)
    assert report.wrong_answers_elsewhere == pytest.approx(1.0)
    assert report.reached_person == pytest.approx(1.0)
    assert report.answered_none == pytest.approx(0.5)
    assert report.decisions == {"answer": 3, "person": 1, "decline": 1, "choose": 1}
    assert report.microseconds > 0
    assert len(judged) == 6


def test_no_questions_no_shares() -> None:
    assert evaluate(finder(), [], COVERED)[0].helped == 0.0


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


def test_what_is_answered_less_is_less_often_wrong() -> None:
    asked = list(read(PARAPHRASES))[::2]
    often, seldom = curve(finder(), asked, COVERED, (0.1, 0.98))
    assert often.answered > 3 * seldom.answered > 0.2
    assert often.wrong > 0.01 > seldom.wrong


@pytest.mark.parametrize("as_json", [False, True])
def test_the_command_measures_our_own_content(tmp_path: Path, as_json: bool) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps({"q": "団体登録の条件は?", "topic": "T53", "lang": "ja"}), encoding="utf-8")
    run = CliRunner().invoke(cli, ["evaluate", "--questions", str(file), *(["--json"] if as_json else [])])
    assert run.exit_code == 0
    if as_json:
        printed = json.loads(run.stdout)
        assert printed["helped"] == 1.0
        assert {"bar": 0.9, "answered": 1.0, "wrong": 0.0} in printed["curve"]
    else:
        assert "helped                  1.0" in run.stdout
        assert "0.87* |  100.0%" in run.stdout


@pytest.mark.parametrize("line", ["no json", '{"q": "団体登録"}', "[1]"])
def test_the_command_refuses_what_is_no_file_of_questions(tmp_path: Path, line: str) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(line, encoding="utf-8")
    run = CliRunner().invoke(cli, ["evaluate", "--questions", str(file)])
    assert run.exit_code == 2
    assert "団体" not in run.output


def test_the_command_wants_something_to_measure() -> None:
    assert CliRunner().invoke(cli, ["evaluate"]).exit_code == 2


def test_the_curve_is_drawn_with_the_bar_in_use_marked() -> None:
    used = weights().bars["answer"]
    assert used in BARS
    lines = drawn([Point(0.5, 0.5, 0.2), Point(used, 0.25, 0.0)]).splitlines()
    assert lines[1:] == [
        "         0.50  |   50.0%  |   20.0%  ################xxxx",
        "         0.87* |   25.0%  |    0.0%  ##########",
    ]
