"""The Japanese words of the coordinators' group, from words.toml beside this file."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from dialogs.words import shown

_FILE = Path(__file__).with_name("words.toml")


@cache
def _book() -> dict[str, dict[str, str]]:
    with _FILE.open("rb") as file:
        return tomllib.load(file)


def word(key: str, /, **values: str | int) -> str:
    """The words under `section.name`, their holes filled with display copies. KeyError when there are none."""
    section, _, name = key.partition(".")
    text = _book()[section][name]
    for hole, value in values.items():
        text = text.replace("{" + hole + "}", shown(str(value)))
    return text
