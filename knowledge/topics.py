"""The topics people ask about; those without an article yet are known too, so that they are not taken for others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tomli

from knowledge.plain import plain

CATALOGUE = Path(__file__).parent / "topics.toml"
FOR_A_PERSON = "HUMAN"
NOT_OURS = "NONE"


@dataclass(frozen=True)
class Topic:
    """A topic: its code (T01 …, HUMAN, NONE), its name per language, and wordings that belong to it.

    `unless` are words that mean a neighbour of it: of a question that says one, its articles are not *the* answer.
    """

    code: str
    names: dict[str, str]
    asks: tuple[str, ...]
    unless: tuple[str, ...] = ()


@cache
def topics() -> dict[str, Topic]:
    """Every topic of topics.toml by its code."""
    table = tomli.loads(CATALOGUE.read_text(encoding="utf-8"))
    return {
        code: Topic(
            code,
            {key: value for key, value in entry.items() if key not in ("asks", "unless")},
            tuple(entry.get("asks", ())),
            tuple(plain(word) for word in entry.get("unless", ())),
        )
        for code, entry in table.items()
    }
