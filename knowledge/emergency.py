"""What is said at once on words of danger: one calm sentence and the numbers to call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tomli

from knowledge.parts import BrokenPart, EmergencyFile, EmergencyPart, LinePart, Names, read
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


def of_part(part: EmergencyPart, words: Mapping[str, dict[str, str]]) -> Emergency:
    """The numbers and lines of a part, with the calm words beside them."""
    return Emergency(
        numbers=tuple(Line(one.number, _texts(one)) for one in part.numbers),
        lines=tuple(Line(one.number, _texts(one)) for one in part.lines),
        checked=part.checked.isoformat(),
        lines_checked=part.lines_checked,
        words=dict(words),
    )


@cache
def load(path: Path = NUMBERS) -> Emergency:
    """The numbers and words from their file. Raises BrokenEmergency; the centre's own lines may be Japanese alone."""
    try:
        file = read(EmergencyFile, tomli.loads(path.read_text(encoding="utf-8")))
    except BrokenPart as broken:
        raise BrokenEmergency(f"{path.name}: {broken}") from broken
    return of_part(file, {reason: _texts(texts) for reason, texts in file.words.items()})


def _texts(told: Names | LinePart) -> dict[str, str]:
    texts = told.model_dump(by_alias=True, exclude={"number"})
    return {language: text for language, text in texts.items() if text}


def _in(texts: dict[str, str], language: str) -> str:
    return texts.get(language, texts["ja"])
