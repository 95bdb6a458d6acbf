"""A flow drawn for people: as text to read aloud at a meeting, and as a Mermaid chart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from dialogs.flow import Flow
from dialogs.question import Question, Scene
from dialogs.several import Slot
from dialogs.words import Words, bare

_NO_DAY = datetime.min.replace(tzinfo=UTC)  # a drawing shows no dates


def text(flow: type[Flow], words: Words) -> str:
    """Every question in order with its kind, its options, when it is asked, and what leaves the chat."""
    scene = Scene(words, _NO_DAY, flow.name)
    lines = [f"{_said(words, flow.name, 'title')} ({flow.name}, revision {flow.revision})"]
    for number, question in enumerate(flow.questions, 1):
        lines += ["", f"{number:>2}  {_said(words, flow.name, question.key, 'ask')}"]
        lines += [f"    {part}" for part in _facts(flow, question, scene)]
    return "\n".join(lines)


def _facts(flow: type[Flow], question: Question[Any], scene: Scene) -> Iterator[str]:
    may_pass = ", may be passed over" if question.optional else ""
    yield f"{question.key}: {type(question).__name__}{may_pass}"
    if question.when:
        yield f"only if {question.when}"
    if question.private:
        yield "on the centre's own page " + ("always" if question.personal else "when the talk is private")
    if question.was:
        yield f"earlier called {', '.join(question.was)}"
    if labels := _options(question, scene):
        yield "  ".join(f"[{label}]" for label in labels)
    for option, reason in _stops(flow, question, scene):
        yield f"[{option}] ends it: {_said(scene.words, flow.name, f'stop_{reason}')}"


def _options(question: Question[Any], scene: Scene) -> list[str]:
    if isinstance(question, Slot):
        return [f"… {question.of} …"]
    return [bare(question.label(option, scene)) for option in question.options(scene)]


def _stops(flow: type[Flow], question: Question[Any], scene: Scene) -> Iterator[tuple[str, str]]:
    """The options that end the flow with nothing filed, each with its reason."""
    for option in question.options(scene):
        if reason := flow.stop({question.key: question.tapped(option, scene)}):
            yield bare(question.label(option, scene)), reason


def _said(words: Words, *key: str) -> str:
    return bare(words.say(".".join(key)))


# ---------------------------------------------------------------------------------------------------------------------
# Mermaid


def mermaid(flow: type[Flow], words: Words) -> str:
    """The same as a chart: a diamond where the path parts, a double border where the centre's own page takes over."""
    scene = Scene(words, _NO_DAY, flow.name)
    lines = ["flowchart TD", f"  start([{_quoted(_said(words, flow.name, 'title'))}])"]
    loose = ["start -->"]  # arrows that still look for where they lead
    for number, (condition, group) in enumerate(groupby(flow.questions, lambda one: str(one.when or ""))):
        passing: list[str] = []
        if condition:
            lines.append(f"  if{number}{{{_quoted(condition)}}}")
            lines += [f"  {arrow} if{number}" for arrow in loose]
            loose, passing = [f"if{number} -- yes -->"], [f"if{number} -- no -->"]
        for question in group:
            lines.append(f"  {_node(question, words, flow.name)}")
            lines += [f"  {arrow} {question.key}_" for arrow in loose]
            loose = [f"{question.key}_ -->"]
            for label, reason in _stops(flow, question, scene):
                lines.append(f"  {question.key}_ -- {_quoted(label)} --> stop_{reason}([nothing is kept])")
        loose += passing
    lines.append("  check_[/check page/]")
    lines += [f"  {arrow} check_" for arrow in loose]
    return "\n".join([*lines, "  check_ --> sent_([sent])"])


def _node(question: Question[Any], words: Words, flow: str) -> str:
    label = _quoted(f"{_said(words, flow, question.key, 'label')}<br>{question.key}: {type(question).__name__}")
    return f"{question.key}_[[{label}]]" if question.private else f"{question.key}_[{label}]"


def _quoted(label: str) -> str:
    return '"' + label.replace('"', "#quot;") + '"'
