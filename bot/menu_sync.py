"""Brings LINE's rich menus to what they should be: makes what is missing, leaves what is right, takes away the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.menus import Menu, Stage, key_of, menus
from dialogs.words import ORIGINAL, Words

OURS = "nakodo/"  # what other people made in the channel is theirs
MOST_MADE = 100  # an hour


class Wire(Protocol):
    """What can be asked of LINE about menus."""

    async def all(self) -> dict[str, list[str]]:
        """The ids of the channel's menus, by name."""
        ...

    async def filled(self, menu_id: str) -> bool:
        """Whether a menu has its picture."""
        ...

    async def make(self, request: dict[str, Any], picture: bytes) -> str:
        """Make a menu with its picture; its id."""
        ...

    async def drop(self, menu_id: str) -> None:
        """Take a menu away."""
        ...

    async def usual(self, menu_id: str) -> None:
        """Show a menu to everybody who has none of their own."""
        ...


@dataclass(frozen=True)
class Plan:
    """What is to be done: menus to make, ids to take away, and how many are right."""

    make: tuple[Menu, ...]
    drop: tuple[str, ...]
    right: int


async def plan(wire: Wire, library: Mapping[str, Words]) -> Plan:
    """Compare what there should be with what there is, by name and picture."""
    there = {name: ids for name, ids in (await wire.all()).items() if name.startswith(OURS)}
    make, drop, right = list[Menu](), list[str](), 0
    for menu in menus(library):
        ids = there.pop(menu.name, [])
        whole = [one for one in ids if await wire.filled(one)]
        drop += [one for one in ids if one not in whole[:1]]
        right += bool(whole)
        make += [] if whole else [menu]
    return Plan(tuple(make), (*drop, *(one for ids in there.values() for one in ids)), right)


async def carry_out(wire: Wire, todo: Plan, drawn: Callable[[Menu], bytes], tell: Callable[[str], None]) -> bool:
    """Make first, then take away, so that nobody is without a menu; whether anything was changed."""
    usual = key_of(Stage.NEW, ORIGINAL, large=False)
    for menu in todo.make[:MOST_MADE]:
        made = await wire.make(menu.request(), drawn(menu))
        if menu.key == usual:
            await wire.usual(made)
        tell(menu.name)
    for one in todo.drop[:MOST_MADE]:
        await wire.drop(one)
    return bool(todo.make or todo.drop)
