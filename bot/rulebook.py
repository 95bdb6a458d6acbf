"""What holds at the centre now: what was shipped, and over it what was set in the console, seen within two seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog
from sqlalchemy import Connection

from bot.keeping_on import keep_on
from dialogs.around import FREE, House
from dialogs.words import LANGUAGES, Phrase
from knowledge.parts import MODELS, BrokenPart, Part, read
from knowledge.rules import Rules, Shipped
from storage import settings
from storage.engine import Store
from storage.settings import Version

LOOK_S = 2.0
log = structlog.get_logger()


@dataclass(frozen=True)
class Passed:
    """A stored version that cannot be used and is passed over: what holds is the last good one before it."""

    part: Part
    number: int
    why: str


class Rulebook:
    """The one place that says what holds. `now` is put in its place whole: whoever reads it twice may see another."""

    def __init__(self, shipped: Shipped, house: House) -> None:
        parts = {**shipped.parts, Part.TOPICS: {"open": sorted(FREE)}}
        self._shipped = replace(shipped, parts=parts)
        self._bare = house
        self.passed: tuple[Passed, ...] = ()
        self.turn = 0  # another number whenever something was set
        self._seen = -1
        self._hold({})

    def _hold(self, own: Mapping[Part, Mapping[str, Any]]) -> None:
        rules = self._shipped.rules(own)
        names = {one: Phrase.of(rules.centre.names[one]).parts[0] for one in LANGUAGES}
        self.house = replace(self._bare, centre=names, free=rules.open_topics, tells="public" in rules.asked)
        self.now: Rules = rules

    def shipped(self, part: Part) -> Mapping[str, Any]:
        """A part as this release brings it."""
        return self._shipped.parts[part]

    def look(self, store: Store) -> bool:
        """Take what was set since the last look; whether it was anything."""
        newest = store.read(settings.newest)
        if newest == self._seen:
            return False
        self.take(store.read(settings.everything))
        self._seen = newest
        return True

    def take(self, versions: Mapping[str, Sequence[Version]]) -> None:
        """Let these versions hold, each part's newest that can be used."""
        own: dict[Part, Mapping[str, Any]] = {}
        passed: list[Passed] = []
        for part in Part:
            for one in versions.get(part.value, ()):
                if why := unfit(part, one.value):
                    passed.append(Passed(part, one.number, why))
                elif one.value is not None:
                    own[part] = one.value
                    break
        self._hold(own)
        self.passed, self.turn = tuple(passed), self.turn + 1
        for wrong in passed:
            log.warning(
                "a setting cannot be used; the last good one holds", part=wrong.part.value, version=wrong.number
            )

    async def follow(self, store: Store) -> None:
        """Look every two seconds, for ever: another process may have set something."""

        async def look() -> None:
            await asyncio.to_thread(self.look, store)

        await keep_on(look, LOOK_S, "the settings wait for the database", "the settings could not be read")


def unfit(part: Part, told: Mapping[str, Any] | None) -> str:
    """Why a part cannot be used, naming field and mend; empty when it can."""
    try:
        read(MODELS[part], told)
    except BrokenPart as broken:
        return str(broken)
    return ""


def plain(conn: Connection, book: Rulebook, part: Part) -> tuple[int, Mapping[str, Any]]:
    """The number of a part's newest version, and what holds of the part."""
    found = settings.everything(conn).get(part.value, [])
    good = next((one.value for one in found if one.value is not None and not unfit(part, one.value)), None)
    return (found[0].number if found else 0), good if good is not None else book.shipped(part)
