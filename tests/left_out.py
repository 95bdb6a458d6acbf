"""What a run had to leave out, said aloud at its end, also when other processes ran the tests."""

from __future__ import annotations

import sys

import pytest

_SAID = pytest.StashKey[list[str]]()
_KEY = "left_out"


def note(config: pytest.Config, words: str) -> None:
    """Remember for the end of the report, once however many processes say so."""
    said = config.stash.setdefault(_SAID, [])
    if words and words not in said:
        said.append(words)


def hand_over(config: pytest.Config) -> None:
    """At the end of a process: what its judges missed; a worker passes all on to the process that leads the run."""
    oracle = sys.modules.get("tests.doubles.oracle")
    if oracle is not None:
        note(config, oracle.left_out())
    if hasattr(config, "workeroutput"):
        config.workeroutput[_KEY] = config.stash.get(_SAID, [])


def take_over(config: pytest.Config, output: dict[str, list[str]]) -> None:
    """What a worker passed on."""
    for words in output.get(_KEY, []):
        note(config, words)


def say(reporter: pytest.TerminalReporter) -> None:
    """Where nobody can miss it."""
    for words in reporter.config.stash.get(_SAID, []):
        reporter.write_line(words, red=True, bold=True)
