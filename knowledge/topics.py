"""The topics people ask about; those without an article yet are known too, so that they are not taken for others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tomli

from knowledge.plain import plain

CATALOGUE = Path(__file__).parent / "topics.toml"
CALM = Path(__file__).parent / "calm.toml"
FOR_A_PERSON = "HUMAN"
NOT_OURS = "NONE"
IN_PASSING = "CALM"
DANGER = f"{FOR_A_PERSON}#!"  # how the subjects of danger begin in an index


@dataclass(frozen=True)
class Topic:
    """A topic: its code (T01 …, HUMAN, NONE), its name per language, and wordings that belong to it.

    `danger` are those of HUMAN that tell of somebody in danger now.
    `unless` are words that mean a neighbour of it: of a question that says one, its articles are not *the* answer.
    """

    code: str
    names: dict[str, str]
    asks: tuple[str, ...]
    unless: tuple[str, ...] = ()
    danger: tuple[str, ...] = ()


@cache
def topics() -> dict[str, Topic]:
    """Every topic of topics.toml by its code."""
    table = tomli.loads(CATALOGUE.read_text(encoding="utf-8"))
    return {
        code: Topic(
            code,
            {key: value for key, value in entry.items() if key not in ("asks", "unless", "danger")},
            tuple(entry.get("asks", ())),
            tuple(plain(word) for word in entry.get("unless", ())),
            tuple(entry.get("danger", ())),
        )
        for code, entry in table.items()
    }


@cache
def calm() -> tuple[str, ...]:
    """Ordinary questions and plans in which words of trouble are only mentioned; no one article answers them."""
    return tuple(tomli.loads(CALM.read_text(encoding="utf-8"))["said"])
