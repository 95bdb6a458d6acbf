"""Deals the tests out to the workers of a run: to each its part of the slow files, and these first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

# Seconds that a file takes by itself, where it is many; measured on 2 cores, and only their order matters.
SLOW = {
    "tests/browser/test_resident_chat.py": 60,
    "tests/browser/test_resident_journey.py": 55,
    "tests/faults/test_kills.py": 50,
    "tests/browser/test_console_looks.py": 35,
    "tests/browser/test_demo_journey.py": 37,
    "tests/browser/test_console_work.py": 37,
    "tests/faults/test_life.py": 37,
    "tests/bot/test_handover_races.py": 37,
    "tests/bot/test_delivery.py": 30,
    "tests/forum/test_troubles.py": 40,
    "tests/forum/test_topic.py": 15,
    "tests/faults/test_things_outside.py": 16,
    "tests/faults/test_carrier.py": 26,
    "tests/faults/test_two_servers.py": 21,
    "tests/storage/test_processes.py": 19,
    "tests/house/test_left_out.py": 15,
    "tests/faults/test_commands.py": 15,
    "tests/dialogs/test_walk.py": 12,
    "tests/web/console/test_console_signin.py": 13,
    "tests/knowledge/test_search.py": 13,
    "tests/faults/test_logs.py": 11,
    "tests/browser/test_console_surprises.py": 11,
}


def deal(tests: Sequence[T], file_of: Callable[[T], str], workers: int) -> list[T]:
    """All tests in a new order: `workers` runs of equal length, each with its part of the slow files at its head.

    Every worker begins with one such run (pytest-xdist's worksteal) and takes from the others what is left at the end.
    """
    slow: dict[str, list[T]] = {}
    quick: list[T] = []
    for test in tests:
        file = file_of(test)
        slow.setdefault(file, []).append(test) if file in SLOW else quick.append(test)
    heads: list[list[str]] = [[] for _ in range(workers)]
    seconds = [0] * workers
    for file in sorted(slow, key=lambda one: -SLOW[one]):
        least = seconds.index(min(seconds))
        heads[least].append(file)
        seconds[least] += SLOW[file]
    dealt: list[T] = []
    for number, files in enumerate(heads):
        # Those for the browser follow one another: it stays open between them.
        head = [test for file in sorted(files, key=lambda one: "/browser/" not in one) for test in slow[file]]
        length = (len(tests) * (number + 1)) // workers - len(dealt)
        fill = max(0, length - len(head))
        dealt += [*head, *quick[:fill]]
        quick = quick[fill:]
    return dealt + quick
