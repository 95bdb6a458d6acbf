"""Knows the words that never get a search answer: danger (urgent), a person's matter (person), not ours (decline)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.plain import plain

WORDINGS = Path(__file__).parent / "safety.toml"
_REACH = 14  # characters that may lie between the parts of a phrase around "…"
_FIRST_WORD = re.compile(r"[a-z0-9]+")


class Care(StrEnum):
    """What a wording calls for, the gravest first."""

    URGENT = "urgent"
    PERSON = "person"
    DECLINE = "decline"


@dataclass(frozen=True)
class Alarm:
    """What was heard in a text: the care it calls for and why (the group's name in safety.toml)."""

    care: Care
    reason: str


@dataclass(frozen=True)
class _Wording:
    """A phrase of the list: which group it is of, and whether it clears the text (`unless`) or raises the alarm."""

    group: int
    clears: bool
    pattern: re.Pattern[str]


class Wordings:
    """Every group of wordings, found by their first letters, so that a text is not compared with all of them."""

    def __init__(self, table: dict[str, dict[str, Any]]) -> None:
        gravest_first = list(Care)
        groups = sorted(table.items(), key=lambda group: gravest_first.index(Care(group[1]["care"])))
        self._alarms = [Alarm(Care(group["care"]), reason) for reason, group in groups]
        self._starting: dict[str, list[_Wording]] = {}
        for number, (_, group) in enumerate(groups):
            for field, clears in (("phrases", False), ("unless", True)):
                for phrase in group.get(field, ()):
                    key, pattern = _compiled(phrase)
                    self._starting.setdefault(key, []).append(_Wording(number, clears, pattern))

    def alarm(self, text: str) -> Alarm | None:
        """The gravest alarm in a plain text; of two as grave, the one that stands first in the file."""
        possible = [one for key in _keys(text) & self._starting.keys() for one in self._starting[key]]
        raised = {one.group for one in possible if not one.clears and one.pattern.search(text)}
        for group in sorted(raised):
            cleared = text
            for one in possible:
                if one.clears and one.group == group:
                    cleared = one.pattern.sub("  ", cleared)
            if any(one.pattern.search(cleared) for one in possible if one.group == group and not one.clears):
                return self._alarms[group]
        return None


def alarm(text: str) -> Alarm | None:
    """The gravest alarm that the words of a text raise, or None.

    Only the first characters are looked at, see `knowledge.plain.LOOKED_AT`.
    """
    return wordings().alarm(plain(text))


@cache
def wordings() -> Wordings:
    """The wordings of safety.toml; raises ValueError naming a phrase that is written wrongly."""
    return Wordings(tomllib.loads(WORDINGS.read_text(encoding="utf-8")))


def _compiled(phrase: str) -> tuple[str, re.Pattern[str]]:
    parts = [plain(part) for part in phrase.removeprefix("=").split("…")]
    if not all(parts):
        raise ValueError(f"phrase {phrase!r}: has nothing beside its …; write words on both sides")
    inner = f".{{0,{_REACH}}}?".join(_piece(part) for part in parts)
    return _key(parts[0]), re.compile(f"^{inner}$" if phrase.startswith("=") else inner)


def _keys(text: str) -> set[str]:
    """The beginnings that a phrase found in this plain text can have: pairs of letters, and whole words."""
    pairs = {text[at : at + 2] for at in range(len(text) - 1)}
    return pairs.union(_FIRST_WORD.findall(text))


def _key(part: str) -> str:
    word = _FIRST_WORD.match(part)
    return word.group() if word else part[:2]


def _piece(part: str) -> str:
    # Not \\b: between a Latin and a Japanese letter there is none, as both are letters to it.
    before = "(?<![a-z0-9])" if part[0].isascii() else ""
    after = "(?![a-z0-9])" if part[-1].isascii() else ""
    return before + re.escape(part) + after
