"""The figures of a ranking are those of the textbooks, and `nakodo evaluate` prints them for any corpus."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.__main__ import cli
from knowledge.learning import FEWEST, Learned
from knowledge.measuring import Query, UnreadableLine, measure, read_corpus, read_queries

CORPUS = [
    {"id": "hall", "question": "会館の部屋を借りるには?", "answer": "窓口で申し込んでください。一時間三百円です。"},
    {"id": "waste", "question": "粗大ごみの出し方", "answer": "電話で申し込み、券を貼って出します。"},
    {"id": "bees", "question": "蜂の巣の駆除", "answer": "業者をご紹介します。"},
    {"id": "card", "question": "図書館カードをなくしたとき", "answer": "窓口で新しく作ります。"},
]


def written(path: Path, lines: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


def test_the_figures_are_those_of_the_textbook() -> None:
    ranked = {"a": ["x", "r1", "y", "r2"], "b": ["r3"], "c": ["x", "y"]}
    queries = [Query("1", "a", {"r1": 3, "r2": 1}), Query("2", "b", {"r3": 2}), Query("3", "c", {"r4": 3})]
    figures = measure(lambda text, most: ranked[text][:most], queries)
    assert (figures.queries, figures.sr_at_1, figures.sr_at_3) == (3, 0.3333, 0.6667)
    assert figures.mrr == pytest.approx((1 / 2 + 1 + 0) / 3, abs=1e-4)
    assert figures.map == pytest.approx(((1 / 2 + 2 / 4) / 2 + 1) / 3, abs=1e-4)
    assert figures.p_at_5 == pytest.approx((2 + 1) / 5 / 3, abs=1e-4)
    assert figures.ndcg == pytest.approx(((7 / 1.58496 + 1 / 2.32193) / (7 + 1 / 1.58496) + 1) / 3, abs=1e-4)


def test_no_queries_no_figures() -> None:
    assert measure(lambda *_: [], []).mrr == 0.0


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "1"}', '{"query": "x", "rel": ["a"]}'])
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text("\n" + line, encoding="utf-8")
    with pytest.raises(UnreadableLine, match=r"lines.jsonl, line 2"):
        read_corpus(path)
    with pytest.raises(UnreadableLine, match=r"lines.jsonl, line 2"):
        read_queries(path)


def test_nakodo_evaluate_prints_the_figures(tmp_path: Path) -> None:
    corpus = written(tmp_path / "corpus.jsonl", CORPUS)
    asked = [
        ("部屋を予約したい", "hall"),
        ("スズメバチがいる", "bees"),
        ("ごみを捨てたい", "waste"),
        ("カードを紛失した", "card"),
    ]
    queries = written(tmp_path / "queries.jsonl", [{"id": one, "query": text, "rel": {one: 3}} for text, one in asked])
    call = ["evaluate", "--corpus", str(corpus), "--queries", str(queries)]
    figures = json.loads(CliRunner().invoke(cli, [*call, "--json"]).stdout)
    assert (figures["entries"], figures["queries"], figures["sr_at_1"]) == (4, 4, 1.0)
    assert figures["p99_ms"] > 0
    assert figures["index_seconds"] > 0
    past = written(tmp_path / "past.jsonl", [{"id": "1", "query": "鍵を忘れた", "rel": {"hall": 3}}])
    assert json.loads(CliRunner().invoke(cli, [*call, "--judged", str(past), "--json"]).stdout)["judged"] == 1
    assert "sr_at_1" in CliRunner().invoke(cli, call).stdout
    broken = CliRunner().invoke(cli, [*call[:3], "--queries", str(corpus)])
    assert broken.exit_code == 2


@pytest.fixture
def corpus(tmp_path: Path) -> Any:
    return read_corpus(written(tmp_path / "corpus.jsonl", CORPUS))


def test_a_judged_question_is_an_alias_at_once(corpus: Any) -> None:
    judged = [Query("1", "鍵を忘れた", {"hall": 3, "card": 0})]
    assert Learned(corpus, []).rank("鍵を忘れた", 3)[:1] != ["hall"]
    assert Learned(corpus, judged).rank("鍵を忘れた", 3)[0] == "hall"


def test_what_was_judged_wrong_is_no_alias(corpus: Any) -> None:
    assert "card" not in Learned(corpus, [Query("1", "鍵を忘れた", {"card": 0})]).rank("鍵を忘れた", 3)[:1]


def test_weights_are_learnt_from_enough_questions_only_and_always_the_same(corpus: Any) -> None:
    texts = {"hall": "部屋を予約 {}", "waste": "ごみを捨てる {}", "bees": "虫の駆除 {}", "card": "カード紛失 {}"}
    judged = [Query(str(n), texts[one].format(n), {one: 3}) for n in range(FEWEST // 4 + 1) for one in texts]
    assert Learned(corpus, judged[: FEWEST - 1])._weights is None
    assert Learned(corpus, judged, weighing=False)._weights is None
    first, second = Learned(corpus, judged), Learned(corpus, judged)
    assert first._weights is not None
    assert first._weights.tolist() == second._weights.tolist()  # type: ignore[union-attr]
    assert [first.rank(texts[one].format("急ぎ"), 1) for one in texts] == [[one] for one in texts]
