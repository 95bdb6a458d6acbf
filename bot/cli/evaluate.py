"""`nakodo evaluate`: how well our ranking finds the right answer in any set of questions and answers."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path

import typer

from knowledge.evaluate import curve, drawn, evaluate, own, read
from knowledge.index import Index
from knowledge.learning import Learned
from knowledge.measuring import UnreadableLine, measure, read_corpus, read_queries


def run(corpus: Path, queries: Path, judged: Path | None, *, as_json: bool) -> int:
    """Print the figures; 2 when a file cannot be read."""
    try:
        entries, asked = read_corpus(corpus), read_queries(queries)
        past = read_queries(judged) if judged else []
    except (OSError, UnicodeDecodeError, UnreadableLine) as problem:
        typer.echo(f"nakodo: {problem}", err=True)
        return 2
    began = time.perf_counter()
    if past:
        learned = Learned(entries, past)
        index, rank = learned.index, learned.rank
    else:
        index = Index(entries)
        rank = index.subjects
    ready = time.perf_counter() - began
    for query in asked[:20]:
        rank(query.text, 10)  # the first questions fetch the dictionary of words from disk
    figures = {
        "entries": len(index.bound.subjects),
        "judged": len(past),
        **asdict(measure(rank, asked)),
        "index_seconds": round(ready, 3),
        "index_mb": round(index.bound.size / 2**20, 1),
        "peak_mb": round(_status("VmHWM") - _status("RssFile"), 1),  # the dictionary of words is mapped from disk
        "mapped_mb": round(_status("RssFile"), 1),
    }
    typer.echo(json.dumps(figures) if as_json else "\n".join(f"{name:15} {value}" for name, value in figures.items()))
    return 0


def run_own(questions: Path, *, as_json: bool) -> int:
    """Print how our own content does on questions whose topic is known, and its curve; 2 when they cannot be read."""
    try:
        asked = list(read(questions))
    except (OSError, ValueError, KeyError, TypeError) as problem:
        typer.echo(f"nakodo: {questions.name} is no file of questions ({type(problem).__name__})", err=True)
        return 2
    finder, covered = own()
    report, points = evaluate(finder, asked, covered)[0], curve(finder, asked, covered)
    if as_json:
        typer.echo(json.dumps({**asdict(report), "curve": [asdict(point) for point in points]}))
        return 0
    for name, value in asdict(report).items():
        typer.echo(f"{name:23} {round(value, 3) if isinstance(value, float) else value}")
    typer.echo(drawn(points))
    return 0


def _status(name: str) -> float:
    """A figure of this process in MB as Linux tells it; 0 elsewhere."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:")), 0.0)
