"""Words that mean about the same in matters of a ward: what people say, and what its pages say."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import tomli

LIST = Path(__file__).parent / "synonyms.toml"


def groups_of(word: str) -> tuple[str, ...]:
    """The groups of synonyms.toml that a word (normal form, or an English stem) belongs to."""
    return _groups().get(word, ())


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = tomli.loads(LIST.read_text(encoding="utf-8"))
    groups: dict[str, tuple[str, ...]] = {}
    for name, words in table.items():
        for word in words:
            groups[word] = (*groups.get(word, ()), name)
    return groups
