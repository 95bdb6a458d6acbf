"""Knows the words that never get a search answer: danger (urgent), a person's matter (person), not ours (decline)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import tomli

from knowledge.plain import LOOKED_AT, plain

WORDINGS = Path(__file__).parent / "safety.toml"
FARTHEST = 5_000  # characters; a message of a platform is not longer
_OVERLAP = 60  # characters of one piece of a long text that are heard with the next, too
_REACH = 14  # characters that may lie between the parts of a phrase around "…"
_FIRST_WORD = re.compile(r"[a-z0-9]+")


class Care(StrEnum):
    """What a wording calls for, the gravest first."""

    URGENT = "urgent"
    PERSON = "person"
    DECLINE = "decline"


_GRAVEST_FIRST = list(Care)


@dataclass(frozen=True)
class Alarm:
    """What was heard in a text: the care it calls for and why (the group's name in safety.toml)."""

    care: Care
    reason: str


class _Part(StrEnum):
    """What a phrase of a group is for."""

    PHRASES = "phrases"  # raises the alarm
    UNLESS = "unless"  # is blanked first
    WHO = "who"  # raises it together with one of `does` after it
    DOES = "does"


@dataclass(frozen=True)
class _Wording:
    """A phrase of the list: which group it is of, and what it is for there."""

    group: int
    part: _Part
    source: str

    @property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when first met: thousands at the start would take most of a second."""
        return _pattern(self.source)


class Wordings:
    """Every group of wordings, found by their first letters, so that a text is not compared with all of them."""

    def __init__(self, table: dict[str, dict[str, Any]]) -> None:
        groups = sorted(table.items(), key=lambda group: _GRAVEST_FIRST.index(Care(group[1]["care"])))
        self._alarms = [Alarm(Care(group["care"]), reason) for reason, group in groups]
        self._quiet = {number for number, (_, group) in enumerate(groups) if group.get("only_if_unknown", False)}
        self._starting: dict[str, list[_Wording]] = {}
        for number, (_, group) in enumerate(groups):
            for part in _Part:
                for phrase in group.get(part.value, ()):
                    key, source = _read(phrase)
                    self._starting.setdefault(key, []).append(_Wording(number, part, source))

    def alarm(self, text: str, unknown: bool = False) -> Alarm | None:
        """The gravest alarm in a plain text; of two as grave, the one that stands first in the file.

        With `unknown`, only the groups that are asked when nothing was found; else all the others.
        """
        groups: dict[int, list[_Wording]] = {}
        for key in _keys(text) & self._starting.keys():
            for wording in self._starting[key]:
                if (wording.group in self._quiet) is unknown:
                    groups.setdefault(wording.group, []).append(wording)
        for number in sorted(groups):
            if _raised(text, groups[number]):
                return self._alarms[number]
        return None


def _raised(text: str, wordings: list[_Wording]) -> bool:
    if all(wording.part is _Part.UNLESS for wording in wordings) or not _said(text, wordings):
        return False
    cleared = text
    unless = [wording.pattern for wording in wordings if wording.part is _Part.UNLESS]
    for pattern in sorted(unless, key=lambda one: (-len(one.pattern), one.pattern)):  # a long one may hold a short one
        cleared = pattern.sub("  ", cleared)
    return cleared == text or _said(cleared, wordings)


def _said(text: str, wordings: list[_Wording]) -> bool:
    if any(wording.part is _Part.PHRASES and wording.pattern.search(text) for wording in wordings):
        return True
    whos = [found.end() for w in wordings if w.part is _Part.WHO and (found := w.pattern.search(text))]
    return bool(whos) and any(w.part is _Part.DOES and w.pattern.search(text, min(whos)) for w in wordings)


def alarm(text: str) -> Alarm | None:
    """The gravest alarm that the words of a text raise, or None; of two as grave, the first.

    A long text is heard to its end (FARTHEST characters), piece by piece: danger is often said last, and politely.
    """
    heard = [found for part in _pieces(text) if (found := wordings().alarm(plain(part))) is not None]
    return min(heard, key=lambda one: _GRAVEST_FIRST.index(one.care), default=None)


def _pieces(text: str) -> Iterator[str]:
    for at in range(0, max(1, min(len(text), FARTHEST) - _OVERLAP), LOOKED_AT - _OVERLAP):
        yield text[at : at + LOOKED_AT]


def unease(text: str) -> Alarm | None:
    """What to make of a text that nothing was found for: an alarm where it speaks of trouble, else None."""
    return wordings().alarm(plain(text), unknown=True)


@cache
def wordings() -> Wordings:
    """The wordings of safety.toml; raises ValueError naming a phrase that is written wrongly."""
    return Wordings(tomli.loads(WORDINGS.read_text(encoding="utf-8")))


def _read(phrase: str) -> tuple[str, str]:
    parts = [plain(part) for part in phrase.removeprefix("=").split("…")]
    if not all(parts):
        raise ValueError(f"phrase {phrase!r}: has nothing beside its …; write words on both sides")
    inner = f".{{0,{_REACH}}}?".join(_piece(part) for part in parts)
    return _key(parts[0]), f"^{inner}$" if phrase.startswith("=") else inner


@cache
def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source)


def _keys(text: str) -> set[str]:
    """The beginnings that a phrase found in this plain text can have: letters, pairs of letters, and whole words."""
    pairs = {text[at : at + 2] for at in range(len(text) - 1)}
    return pairs.union(text, _FIRST_WORD.findall(text))


def _key(part: str) -> str:
    word = _FIRST_WORD.match(part)
    return word.group() if word else part[:2]


def _piece(part: str) -> str:
    # Not \\b: between a Latin and a Japanese letter there is none, as both are letters to it.
    before = "(?<![a-z0-9])" if part[0].isascii() else ""
    after = "(?![a-z0-9])" if part[-1].isascii() else ""
    return before + re.escape(part) + after
