"""What is said at once on words of danger: one calm sentence and the numbers to call."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tomli

from knowledge.article import EVERY
from knowledge.plain import annotated

NUMBERS = Path(__file__).parent / "emergency.toml"


class BrokenEmergency(ValueError):
    """Emergency words that may not be shown; the message names file, field and mend."""


@dataclass(frozen=True)
class Line:
    """A number to call and what it is for, per language."""

    number: str
    purpose: dict[str, str]


@dataclass(frozen=True)
class Emergency:
    """The numbers for everyone, the centre's own lines, the days both were checked ("" for never), and the words."""

    numbers: tuple[Line, ...]
    lines: tuple[Line, ...]
    checked: str
    lines_checked: str
    words: dict[str, dict[str, str]]


def urgent_text(reason: str, language: str, emergency: Emergency | None = None) -> str:
    """The message for an urgent decision's `reason`; readings as U+FFF9 base U+FFFA reading U+FFFB."""
    known = emergency or load()
    words = known.words.get(reason, known.words["accident"])
    lines = [f"{line.number} {_in(line.purpose, language)}" for line in (*known.numbers, *known.lines)]
    return annotated("\n".join([_in(words, language), *lines]))


@cache
def load(path: Path = NUMBERS) -> Emergency:
    """The numbers and words from their file. Raises BrokenEmergency; the centre's own lines may be Japanese alone."""
    table = tomli.loads(path.read_text(encoding="utf-8"))
    named = {f"numbers.{entry['number']}": entry for entry in table["numbers"]}
    for field, texts in (named | {f"words.{reason}": texts for reason, texts in table["words"].items()}).items():
        if missing := [language for language in EVERY if not texts.get(language)]:
            raise BrokenEmergency(f"{path.name}: {field}.{missing[0]}: is missing; write it in this language")
    return Emergency(
        numbers=tuple(_line(entry) for entry in table["numbers"]),
        lines=tuple(_line(entry) for entry in table.get("lines", ())),
        checked=table["checked"].isoformat(),
        lines_checked=table["lines_checked"],
        words=table["words"],
    )


def _line(entry: dict[str, str]) -> Line:
    return Line(entry["number"], {language: text for language, text in entry.items() if language != "number"})


def _in(texts: dict[str, str], language: str) -> str:
    return texts.get(language, texts["ja"])
