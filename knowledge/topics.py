"""The topics people ask about; those without an article yet are known too, so that they are not taken for others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tomli

CATALOGUE = Path(__file__).parent / "topics.toml"
FOR_A_PERSON = "HUMAN"
NOT_OURS = "NONE"


@dataclass(frozen=True)
class Topic:
    """A topic: its code (T01 …, HUMAN, NONE), its name per language, and wordings that belong to it."""

    code: str
    names: dict[str, str]
    asks: tuple[str, ...]

    def name(self, language: str) -> str:
        """Its name in `language`, or in Japanese where there is none."""
        return self.names.get(language, self.names["ja"])


@cache
def topics() -> dict[str, Topic]:
    """Every topic of topics.toml by its code."""
    table = tomli.loads(CATALOGUE.read_text(encoding="utf-8"))
    return {
        code: Topic(code, {key: value for key, value in entry.items() if key != "asks"}, tuple(entry.get("asks", ())))
        for code, entry in table.items()
    }
