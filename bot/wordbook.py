"""The Japanese words for coordinators, from a file of sections beside the pages that say them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import tomli

from dialogs.words import shown


@dataclass(frozen=True)
class Wordbook:
    """One words.toml, read when its first word is asked for."""

    file: Path

    @cached_property
    def _book(self) -> dict[str, dict[str, str]]:
        with self.file.open("rb") as file:
            return tomli.load(file)

    def word(self, key: str, /, **values: str | int) -> str:
        """The words under `section.name`, their holes filled with display copies. KeyError when there are none."""
        section, _, name = key.partition(".")
        text = self._book[section][name]
        for hole, value in values.items():
            text = text.replace("{" + hole + "}", shown(str(value)))
        return text

    def known(self, section: str, name: str, otherwise: str = "other") -> str:
        """The words of an option that the database may name before the page does: else those of `otherwise`."""
        words = self._book[section]
        return words.get(name) or words[otherwise]
