"""Measures the finder on questions whose topic is known: how often right, wrong, or left to a person.

Run as `python -m knowledge.evaluate QUESTIONS.jsonl`; each line holds {"q", "topic", "lang"}.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.decision import Decision, Kind
from knowledge.search import Finder
from knowledge.shelf import load
from knowledge.topics import FOR_A_PERSON, NOT_OURS
from knowledge.weighing import weights


@dataclass(frozen=True)
class Asked:
    """A question, the topic it is about (T01 …, HUMAN or NONE) and its language."""

    question: str
    topic: str
    language: str


@dataclass(frozen=True)
class Judged:
    """A question, what it got, and how that is to be called: "right", "offered", "wrong", "missed", "slipped" …"""

    asked: Asked
    decision: Decision
    verdict: str


@dataclass(frozen=True)
class Report:
    """Counts, and shares of 0 to 1 (of the lines each is about; 0 where there are none)."""

    decisions: dict[str, int]
    verdicts: dict[str, int]
    wrong_answers: float  # of the lines about topics with an article: another topic shown as the answer
    helped: float  # of these: the right topic answered or among the choices
    wrong_answers_elsewhere: float  # of the lines about topics without an article: something shown as the answer
    reached_person: float  # of the HUMAN lines: person or urgent
    answered_none: float  # of the NONE lines: answered, or given a choice
    microseconds: float  # per question, the median


def read(path: Path) -> Iterator[Asked]:
    """The questions of a jsonl file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        entry: dict[str, Any] = json.loads(line)
        yield Asked(entry["q"], entry["topic"], entry["lang"])


def judge(finder: Finder, asked: Asked, covered: frozenset[str]) -> Judged:
    """What a question got, and whether that was good."""
    decision = finder.decide(asked.question, asked.language)
    topics = {found.topic for found in decision.articles}
    match decision.kind:
        case Kind.PERSON | Kind.URGENT if asked.topic == FOR_A_PERSON:
            verdict = "reached"
        case Kind.ANSWER | Kind.CHOOSE if asked.topic not in covered:
            verdict = "slipped" if decision.kind is Kind.ANSWER else "offered elsewhere"
        case Kind.ANSWER:
            verdict = "right" if asked.topic in topics else "wrong"
        case Kind.CHOOSE:
            verdict = "offered" if asked.topic in topics else "beside"
        case _:
            verdict = "missed" if asked.topic in covered | {FOR_A_PERSON} else "stepped aside"
    return Judged(asked, decision, verdict)


def evaluate(finder: Finder, questions: Iterable[Asked], covered: frozenset[str]) -> tuple[Report, list[Judged]]:
    """The report on these questions, and each judgement."""
    judged: list[Judged] = []
    took: list[float] = []
    for asked in questions:
        began = time.perf_counter()
        judged.append(judge(finder, asked, covered))
        took.append((time.perf_counter() - began) * 1e6)
    ours = [one for one in judged if one.asked.topic in covered]
    elsewhere = [one for one in judged if one.asked.topic not in covered | {FOR_A_PERSON, NOT_OURS}]
    human = [one for one in judged if one.asked.topic == FOR_A_PERSON]
    none = [one for one in judged if one.asked.topic == NOT_OURS]
    report = Report(
        decisions=dict(Counter(one.decision.kind.value for one in judged)),
        verdicts=dict(Counter(one.verdict for one in judged)),
        wrong_answers=_share(ours, "wrong"),
        helped=_share(ours, "right", "offered"),
        wrong_answers_elsewhere=_share(elsewhere, "slipped"),
        reached_person=_share(human, "reached"),
        answered_none=_share(none, "slipped", "offered elsewhere"),
        microseconds=sorted(took)[len(took) // 2] if took else 0.0,
    )
    return report, judged


BARS = (0.3, 0.5, 0.6, 0.7, 0.75, 0.8, 0.83, 0.85, 0.87, 0.9, 0.95, 0.98)
_WIDTH = 40  # characters of a whole bar


@dataclass(frozen=True)
class Point:
    """What comes of answering from a chance on: the share of questions answered, and of these answers the wrong."""

    bar: float
    answered: float
    wrong: float


def curve(
    finder: Finder, questions: Sequence[Asked], covered: frozenset[str], bars: Sequence[float] = BARS
) -> list[Point]:
    """Risk and coverage for each bar: what is answered less is also less often wrong."""
    points = []
    for bar in bars:
        surely = finder.surely(bar)
        verdicts = Counter(judge(surely, asked, covered).verdict for asked in questions)
        wrong = verdicts["wrong"] + verdicts["slipped"]
        answers = wrong + verdicts["right"]
        points.append(Point(bar, answers / max(1, len(questions)), wrong / max(1, answers)))
    return points


def drawn(points: Sequence[Point]) -> str:
    """The curve as a table with a bar for each share answered; the bar in use is marked."""
    used = weights().bars["answer"]
    lines = ["from chance on | answered | of these wrong"]
    for point in points:
        mark = "*" if point.bar == used else " "
        wrong = round(point.answered * point.wrong * _WIDTH)
        drawing = "#" * (round(point.answered * _WIDTH) - wrong) + "x" * wrong
        lines.append(f"{point.bar:13.2f}{mark} | {point.answered:7.1%}  | {point.wrong:7.1%}  {drawing}")
    return "\n".join(lines)


def own() -> tuple[Finder, frozenset[str]]:
    """Our own content as it was when it was last checked, and the topics it covers."""
    articles = load()
    day = max(article.checked for article in articles)  # must not depend on when it is run
    return Finder(articles, day), frozenset(article.topic for article in articles)


def _share(judged: list[Judged], *verdicts: str) -> float:
    return sum(one.verdict in verdicts for one in judged) / len(judged) if judged else 0.0


def main(path: str) -> None:
    """Print the report on the questions in a file, then every line that went wrong."""
    finder, covered = own()
    report, judged = evaluate(finder, read(Path(path)), covered)
    for name, value in vars(report).items():
        sys.stdout.write(f"{name}: {round(value, 3) if isinstance(value, float) else value}\n")
    for one in judged:
        if one.verdict in {"wrong", "slipped", "missed", "beside", "offered elsewhere"}:
            found = ", ".join(f"{article.id} {article.score}" for article in one.decision.articles)
            got = f"{one.decision.kind.value} {one.decision.reason} {','.join(one.decision.topics)}"
            sys.stdout.write(f"{one.verdict:8} {one.asked.topic:6} {one.asked.question} -> {got} {found}\n")


if __name__ == "__main__":
    main(sys.argv[1])
