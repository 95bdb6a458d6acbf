"""`make bench`: every figure in one run, as medians, compared with the last ones kept.

python -m tests.bench            print the table, and compare
python -m tests.bench --keep     and keep it: RESULTS.md and last.json
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench import receivers, turns, whole
from tests.postgres_shared import fresh_database
from tests.run_folder import close_run, open_run

FOLDER = Path(__file__).parent
LAST, RESULTS = FOLDER / "last.json", FOLDER / "RESULTS.md"
PACE, PACE_S = 300, 20
RECEIVERS = 300_000


@dataclass(frozen=True)
class Figure:
    """One measured thing; `goal` in words, `more_is_better` for the comparison."""

    name: str
    value: float
    unit: str
    goal: str = ""
    more_is_better: bool = True


def fsyncs_a_second(folder: Path, seconds: float = 1.0) -> float:
    """How often this disk makes 4 KB durable in a second: no commit rate can be higher than that times its group."""
    file = folder / "fsync"
    count, begun = 0, time.perf_counter()
    with file.open("wb", buffering=0) as out:
        while time.perf_counter() - begun < seconds:
            out.write(os.urandom(4096))
            os.fsync(out.fileno())
            count += 1
    return count / (time.perf_counter() - begun)


@contextmanager
def sqlite() -> Iterator[str]:
    """The address of an empty SQLite file."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'bench.db'}"


def median(runs: int, measure: Callable[[], float]) -> float:
    """The median of so many runs."""
    return statistics.median(measure() for _ in range(runs))


def heard_a_second(database: Callable[[], AbstractContextManager[str]], people: int) -> float:
    """Durable turns a second through hear()."""
    with database() as url:
        made, _, hearing = turns.run(url, people)
    return made / hearing


def measure(runs: int, people: int, say: Callable[[str], None]) -> list[Figure]:
    """Everything, one after another, on the same machine in the same run."""
    with tempfile.TemporaryDirectory() as folder:
        figures = [Figure("fsyncs of 4 KB", fsyncs_a_second(Path(folder)), "/s")]
    say("turns on SQLite")
    turned = median(runs, lambda: heard_a_second(sqlite, people))
    figures.append(Figure("turns through hear(), SQLite FULL", turned, "/s", "≥ 1,000"))
    say("turns on PostgreSQL")
    turned = median(runs, lambda: heard_a_second(fresh_database, people))
    figures.append(Figure("turns through hear(), PostgreSQL", turned, "/s"))
    say("the whole way over HTTP on SQLite")
    made = []
    for _ in range(runs):
        with sqlite() as url:
            made.append(whole.measure(url, "--people", str(people)))
    rate = statistics.median(one["replies"] / one["whole_s"] for one in made)
    figures.append(Figure("whole way over HTTP, SQLite FULL", rate, "/s", "≥ 600"))
    cpu = statistics.median(one["server_cpu_ms_per_event"] for one in made)
    figures.append(Figure("server CPU for one message, whole way", cpu, "ms", more_is_better=False))
    cpu = statistics.median(one["load_cpu_ms_per_event"] for one in made)
    figures.append(Figure("load generator's and double's CPU for the same", cpu, "ms", more_is_better=False))
    say(f"acknowledging {PACE} events a second")
    with sqlite() as url:
        paced = whole.measure(url, "--rate", str(PACE), "--seconds", str(PACE_S), "--people", str(people))
    figures.append(Figure(f"ack p50 at {PACE} events/s", paced["ack_p50_ms"], "ms", more_is_better=False))
    figures.append(Figure(f"ack p99 at {PACE} events/s", paced["ack_p99_ms"], "ms", "≤ 200", more_is_better=False))
    for name, database in (("SQLite", sqlite), ("PostgreSQL", fresh_database)):
        say(f"counting a segment of {RECEIVERS:,} people on {name}")
        with database() as url:
            spent = receivers.measure(url, RECEIVERS, datetime.now(UTC))
        named = f"segment preview p95 of {RECEIVERS:,}, {name}"
        figures.append(Figure(named, spent, "ms", "≤ 300", more_is_better=False))
    return figures


def machine() -> str:
    """What it ran on, in one line."""
    cores = os.cpu_count() or 0
    return f"{platform.system()} {platform.machine()}, {cores} cores, Python {platform.python_version()}"


def last() -> dict[str, float]:
    """The figures kept last, by name."""
    return json.loads(LAST.read_text("utf-8")) if LAST.exists() else {}


def compared(figure: Figure, before: dict[str, float]) -> str:
    """How it stands to the last one kept, as a ratio."""
    if figure.name not in before:
        return ""
    return f"×{figure.value / before[figure.name]:.2f}"


def keep(figures: list[Figure]) -> None:
    """Write the figures down, newest first."""
    LAST.write_text(json.dumps({one.name: one.value for one in figures}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    head = "# What was measured, newest first\n"
    old = RESULTS.read_text("utf-8").removeprefix(head) if RESULTS.exists() else ""
    rows = [f"| {one.name} | {one.value:,.1f} {one.unit} | {one.goal} |" for one in figures]
    when = f"{datetime.now(UTC):%Y-%m-%d}"
    section = ["", f"## {when}, {machine()}", "", "| figure (median) | value | goal |", "|---|---|---|", *rows, ""]
    RESULTS.write_text(head + "\n".join(section) + old, "utf-8")


def main() -> int:
    """Measure, print, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--people", type=int, default=1000)
    asked = parser.parse_args()
    console, before = Console(), last()
    open_run()
    try:
        figures = measure(asked.runs, asked.people, lambda what: console.print(f"… {what}"))
    finally:
        close_run()
    table = Table("figure (median)", "value", "goal", "last kept", title=machine())
    for one in figures:
        table.add_row(one.name, f"{one.value:,.1f} {one.unit}", one.goal, compared(one, before))
    console.print(table)
    console.print(
        f"This disk makes {figures[0].value:,.0f} commits a second durable; "
        "turns can be more than that only because many share one commit."
    )
    if asked.keep:
        keep(figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
