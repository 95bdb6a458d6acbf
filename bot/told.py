"""What a resident told in a form, as coordinators read it: in Japanese, whatever language it was answered in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dialogs.around import House
from dialogs.question import Scene
from dialogs.questions import Listed
from dialogs.words import ORIGINAL, Words
from storage.casefile import Case

TELLING = ("story", "words")
# That somebody agreed and was asked more tells nothing about what they need.
_EMPTY = frozenset({"consent", "more"})


def in_japanese(case: Case, house: House) -> list[tuple[str, str, str]]:
    """The rows of a case as the coordinators read them, whatever language they were answered in: key, label, answer.

    What the record no longer explains, such as an option of an earlier release, stays as the resident saw it.
    """
    words, flow = house.library[ORIGINAL], house.flows.get(case.head.flow)
    record = case.record if isinstance(case.record, dict) else {}

    def read(key: str, label: str, value: str) -> tuple[str, str, str]:
        question = flow.find(key) if flow else None
        if flow is None or question is None:
            return key, words.say("person.words") if key == "words" else label, value
        raw = record.get(key)
        known = raw is not None and not question.passed(raw) and question.load(raw) is not None
        known = known and not isinstance(question, Listed)  # what it was called then is told, not its number
        said = question.show(raw, Scene(words, case.head.opened_at, flow.name)) if known else value
        return key, words.say(f"{flow.name}.{key}.label"), said

    return [read(str(key), str(label), str(value)) for key, label, value in case.rows or ()]


def answered(
    rows: Sequence[tuple[Any, Any, Any]] | None, books: Mapping[str, Words], but: Sequence[str] = ()
) -> list[tuple[str, str]]:
    """(label, answer) of everything that was answered, but these keys; what was passed over is left out."""
    passed = {book.say("common.passed") for book in books.values()}
    return [
        (str(label), str(value))
        for key, label, value in rows or ()
        if key not in _EMPTY and key not in but and str(value) not in passed
    ]
