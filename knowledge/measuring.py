"""Measures a ranking on questions whose right answers are known, with the usual figures of retrieval."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.index import Entry

DEEP = 100  # places that are looked at for MRR, MAP and nDCG

Rank = Callable[[str, int], Sequence[str]]  # the best subjects for a question, at most so many


class UnreadableLine(ValueError):
    """A line that is not what it should be; the message names file, line and mend."""


@dataclass(frozen=True)
class Query:
    """A question and how right each answer is; the higher the grade, the better, 0 for wrong."""

    id: str
    text: str
    grades: Mapping[str, float]


@dataclass(frozen=True)
class Figures:
    """Shares of 0 to 1 over all questions: a right answer at place 1, within 3, within 5, and so on; times in ms."""

    queries: int
    sr_at_1: float
    sr_at_3: float
    sr_at_5: float
    mrr: float
    map: float
    p_at_5: float
    ndcg: float
    p50_ms: float
    p99_ms: float


def read_corpus(path: Path) -> list[Entry]:
    """Entries of a jsonl file of {"id", "question", "answer"}; raises UnreadableLine."""
    entries: list[Entry] = []
    for line, data in _lines(path):
        try:
            entries += [
                Entry(str(data["id"]), str(data["question"])),
                Entry(str(data["id"]), str(data["answer"]), asked=False),
            ]
        except KeyError as missing:
            raise UnreadableLine(f"{path.name}, line {line}: has no {missing}; give id, question, answer") from None
    return entries


def read_queries(path: Path) -> list[Query]:
    """Queries of a jsonl file of {"id", "query", "rel": {"id": grade}}; raises UnreadableLine."""
    queries: list[Query] = []
    for line, data in _lines(path):
        try:
            grades = {str(one): float(grade) for one, grade in data["rel"].items()}
            queries.append(Query(str(data.get("id", line)), str(data["query"]), grades))
        except (KeyError, AttributeError, TypeError, ValueError):
            raise UnreadableLine(f'{path.name}, line {line}: give id, query, and rel as {{"id": grade}}') from None
    return queries


def _lines(path: Path) -> Iterable[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except ValueError:
            data = None
        if not isinstance(data, dict):
            raise UnreadableLine(f"{path.name}, line {number}: is not a JSON object; write one on each line")
        yield number, data


def measure(rank: Rank, queries: Sequence[Query]) -> Figures:
    """The figures of a way to rank."""
    took: list[float] = []
    sums = dict.fromkeys(("sr_at_1", "sr_at_3", "sr_at_5", "mrr", "map", "p_at_5", "ndcg"), 0.0)
    for query in queries:
        began = time.perf_counter()
        places = rank(query.text, DEEP)
        took.append((time.perf_counter() - began) * 1e3)
        for name, value in _of_one(places, query.grades).items():
            sums[name] += value
    took.sort()
    size = max(1, len(queries))
    return Figures(
        queries=len(queries),
        **{name: round(value / size, 4) for name, value in sums.items()},
        p50_ms=round(took[len(took) // 2], 3) if took else 0.0,
        p99_ms=round(took[min(len(took) - 1, int(len(took) * 0.99))], 3) if took else 0.0,
    )


def _of_one(places: Sequence[str], grades: Mapping[str, float]) -> dict[str, float]:
    right = {subject for subject, grade in grades.items() if grade > 0}
    hits = [place for place, subject in enumerate(places, 1) if subject in right]
    first = hits[0] if hits else 0
    gains = [(2 ** grades.get(subject, 0.0) - 1) / math.log2(place + 1) for place, subject in enumerate(places, 1)]
    ideal = sorted((2**grade - 1 for grade in grades.values() if grade > 0), reverse=True)[:DEEP]
    best = sum(gain / math.log2(place + 1) for place, gain in enumerate(ideal, 1))
    return {
        **{f"sr_at_{deep}": float(0 < first <= deep) for deep in (1, 3, 5)},
        "mrr": 1 / first if first else 0.0,
        "map": sum(number / place for number, place in enumerate(hits, 1)) / len(right) if right else 0.0,
        "p_at_5": sum(place <= 5 for place in hits) / 5,
        "ndcg": sum(gains) / best if best else 0.0,
    }
