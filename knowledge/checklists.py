"""What is to be thought of in a case, by topic: the centre's own lists, read from a file it can change."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tomli

LISTS = Path(__file__).with_name("checklists.toml")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LONGEST = 80  # signs of one item


class WrongList(Exception):
    """The file cannot be used; the message names the section, the item and the mend."""


@dataclass(frozen=True)
class Item:
    """One thing to think of: its key stays when its words change."""

    key: str
    text: str


@dataclass(frozen=True)
class Lists:
    """The items for every case, and those of each topic."""

    every: tuple[Item, ...]
    topics: Mapping[str, tuple[Item, ...]]

    def of(self, topics: tuple[str, ...]) -> list[Item]:
        """The list of a case with these topics, each item once."""
        found = [*self.every, *(item for topic in topics for item in self.topics.get(topic, ()))]
        return list({item.key: item for item in found}.values())


@cache
def lists(path: Path = LISTS) -> Lists:
    """The lists of the file. Raises WrongList."""
    data = tomli.loads(path.read_text(encoding="utf-8"))
    found = {topic: tuple(_item(topic, key, text) for key, text in items.items()) for topic, items in data.items()}
    return Lists(found.pop("every", ()), found)


def _item(topic: str, key: str, text: object) -> Item:
    if not _KEY.fullmatch(key):
        raise WrongList(f"{LISTS.name} [{topic}] {key}: use small letters, digits and _ as the key")
    if not isinstance(text, str) or not text.strip() or len(text) > _LONGEST:
        raise WrongList(f"{LISTS.name} [{topic}] {key}: write what is to be done, in at most {_LONGEST} signs")
    return Item(key, text)
