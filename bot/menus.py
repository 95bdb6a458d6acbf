"""LINE's rich menus: which there are, by state, language and size, and which one a person should see."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dialogs.words import Words
from storage import line_menus

LARGER, SMALLER = SIZES = ("z:large", "z:plain")  # taps that change the menu itself and say nothing
CONSOLE = "z:console"  # answered with the way to the console, to coordinators alone
_WIDTH, _TALL, _LOW = 2500, 1686, 843
_DRAWN = 1  # counts up when the pictures are drawn otherwise


class Stage(StrEnum):
    """Where a person stands with us, as far as their menu is concerned."""

    NEW = "new"  # not agreed, or took it back
    MEMBER = "member"
    CASE = "case"  # waits for somebody
    TALK = "talk"  # talks with somebody
    STAFF = line_menus.STAFF  # a coordinator's own chat


# The words of a tile, and what a tap on it sends. The first three are what the large menu has.
TILES: Mapping[Stage, tuple[tuple[str, str], ...]] = {
    Stage.NEW: (
        ("tile.start", "m:menu"),
        ("tile.person", "m:person"),
        ("tile.language", "m:language"),
        ("tile.larger", LARGER),
    ),
    Stage.MEMBER: (
        ("tile.consultation", "m:consultation"),
        ("tile.person", "m:person"),
        ("tile.events", "m:events"),
        ("tile.grants", "m:grants"),
        ("tile.rooms", "m:rooms"),
        ("tile.help", "m:help"),
        ("tile.language", "m:language"),
        ("tile.larger", LARGER),
    ),
    Stage.CASE: (
        ("tile.menu", "m:menu"),
        ("tile.person", "m:person"),
        ("tile.rooms", "m:rooms"),
        ("tile.help", "m:help"),
        ("tile.language", "m:language"),
        ("tile.larger", LARGER),
    ),
    Stage.STAFF: (("tile.console", CONSOLE), ("tile.menu", "m:menu"), ("tile.larger", LARGER)),
    Stage.TALK: (("tile.bot", "m:bot"), ("tile.language", "m:language"), ("tile.larger", LARGER)),
}


@dataclass(frozen=True)
class Menu:
    """One menu. `tiles` are (words, tap, (left, top, width, height)); `key` is its name without the mark."""

    key: str
    language: str
    bar: str
    size: tuple[int, int]
    tiles: tuple[tuple[str, str, tuple[int, int, int, int]], ...]

    @property
    def name(self) -> str:
        """Key and mark: a menu of another wording or drawing has another name, so that two of one name are equal."""
        whole = json.dumps([_DRAWN, self.bar, self.size, self.tiles], ensure_ascii=False)
        return f"nakodo/{self.key}/{hashlib.sha256(whole.encode()).hexdigest()[:12]}"

    def request(self) -> dict[str, Any]:
        """As LINE's API wants it."""
        return {
            "size": {"width": self.size[0], "height": self.size[1]},
            "selected": True,
            "name": self.name,
            "chatBarText": self.bar,
            "areas": [_area(*tile) for tile in self.tiles],
        }


def key_of(stage: str, language: str, large: bool) -> str:
    """How a menu is called."""
    return f"{stage}/{language}/{'large' if large else 'plain'}"


def stage_of(consented: bool, held: bool | None) -> Stage:
    """Where somebody stands; `held` is None without an open case, else whether somebody holds it."""
    if held:
        return Stage.TALK
    if not consented:
        return Stage.NEW
    return Stage.MEMBER if held is None else Stage.CASE


def menus(library: Mapping[str, Words]) -> Iterator[Menu]:
    """Every menu there is to be: five stages in five languages, plain and large."""
    for stage, tiles in TILES.items():
        for language, words in library.items():
            said = [(words.say(word), tap) for word, tap in tiles]
            larger = [*said[: min(3, len(said) - 1)], (words.say("tile.smaller"), SMALLER)]
            bar = words.say("tile.bar")
            yield _laid(key_of(stage, language, False), language, bar, said)
            yield _laid(key_of(stage, language, True), language, bar, larger, stacked=True)


def _laid(key: str, language: str, bar: str, said: list[tuple[str, str]], stacked: bool = False) -> Menu:
    """Two, three or four tiles beside each other in one or two rows; stacked, each as wide as the menu."""
    columns = 1 if stacked else {3: 3, 6: 3, 8: 4}.get(len(said), 2)
    rows = len(said) // columns
    size = _WIDTH, _TALL if rows > 1 else _LOW
    lefts = [_WIDTH * column // columns for column in range(columns + 1)]
    tops = [size[1] * row // rows for row in range(rows + 1)]
    boxes = [
        (lefts[column], tops[row], lefts[column + 1] - lefts[column], tops[row + 1] - tops[row])
        for row in range(rows)
        for column in range(columns)
    ]
    tiles = tuple((words, tap, box) for (words, tap), box in zip(said, boxes, strict=True))
    return Menu(key, language, bar, size, tiles)


def _area(words: str, tap: str, box: tuple[int, int, int, int]) -> dict[str, Any]:
    shown = {} if tap in SIZES else {"displayText": words}
    bounds = dict(zip(("x", "y", "width", "height"), box, strict=True))
    return {"bounds": bounds, "action": {"type": "postback", "label": words, "data": tap, **shown}}
