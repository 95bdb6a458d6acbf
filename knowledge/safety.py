"""Knows the words that must never get a search answer: danger (urgent), a person's matter (person), not ours (decline)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

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
class Group:
    """Wordings with one reason; what `unless` names is blanked before they are looked for."""

    alarm: Alarm
    phrases: Phrases
    unless: Phrases


class Phrases:
    """A set of phrases, found in a text by their first letters; see safety.toml for how they are written."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._starting: dict[str, list[re.Pattern[str]]] = {}
        for phrase in phrases:
            parts = [plain(part) for part in phrase.removeprefix("=").split("…")]
            if not all(parts):
                raise ValueError(f"phrase {phrase!r}: has nothing beside its …; write words on both sides")
            gap = f".{{0,{_REACH}}}?"
            inner = gap.join(_piece(part) for part in parts)
            pattern = re.compile(f"^{inner}$" if phrase.startswith("=") else inner)
            self._starting.setdefault(_key(parts[0]), []).append(pattern)

    def among(self, keys: frozenset[str]) -> list[re.Pattern[str]]:
        """The patterns that can occur in a text with these `keys_of`."""
        return [pattern for key in keys & self._starting.keys() for pattern in self._starting[key]]

    def found(self, text: str, keys: frozenset[str]) -> bool:
        """Whether one of the phrases is in the plain text."""
        return any(pattern.search(text) for pattern in self.among(keys))

    def blanked(self, text: str, keys: frozenset[str]) -> str:
        """The plain text with every phrase of this set replaced by a gap."""
        for pattern in self.among(keys):
            text = pattern.sub("  ", text)
        return text


def keys_of(text: str) -> frozenset[str]:
    """The beginnings that a phrase found in this plain text can have: pairs of letters, and whole words."""
    pairs = {text[at : at + 2] for at in range(len(text) - 1)}
    return frozenset(pairs.union(_FIRST_WORD.findall(text)))


def _key(part: str) -> str:
    word = _FIRST_WORD.match(part)
    return word.group() if word else part[:2]


def _piece(part: str) -> str:
    return (r"\b" if part[0].isascii() else "") + re.escape(part) + (r"\b" if part[-1].isascii() else "")


def alarm(text: str) -> Alarm | None:
    """The gravest alarm that the words of a text raise, or None.

    Only the first characters are looked at, see `knowledge.plain.LOOKED_AT`.
    """
    even = plain(text)
    keys = keys_of(even)
    for group in groups():
        heard = group.unless.blanked(even, keys)
        if group.phrases.found(heard, keys):
            return group.alarm
    return None


@cache
def groups() -> tuple[Group, ...]:
    """The groups of safety.toml, the gravest care first, in the order of the file within one care."""
    table = tomllib.loads(WORDINGS.read_text(encoding="utf-8"))
    found = [
        Group(Alarm(Care(entry["care"]), reason), Phrases(entry["phrases"]), Phrases(entry.get("unless", ())))
        for reason, entry in table.items()
    ]
    gravest_first = list(Care)
    return tuple(sorted(found, key=lambda group: gravest_first.index(group.alarm.care)))
