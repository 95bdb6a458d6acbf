"""What LINE finds wrong with a request, collected as the `details` of its error answer."""

from __future__ import annotations

from typing import Any, TypeGuard

from bot.channels.doubles.counting import more_than, too_long


class Complaints(list[dict[str, str]]):
    """Findings in the order they were made. Every check below returns nothing and adds what it finds."""

    def say(self, where: str, why: str) -> None:
        """Note one finding at a property path."""
        self.append({"message": why, "property": where})

    def text(self, value: Any, where: str, limit: int, *, clusters: bool = False) -> None:
        """`value` must be a text of 1 to `limit` UTF-16 units, or grapheme clusters."""
        if not isinstance(value, str) or not value:
            self.say(where, "May not be empty")
        elif (more_than if clusters else too_long)(value, limit):
            self.say(where, f"Length must be between 0 and {limit}")

    def optional(self, value: Any, where: str, limit: int, *, clusters: bool = False) -> None:
        """Like `text`, but it may be missing."""
        if value is not None:
            self.text(value, where, limit, clusters=clusters)

    def https(self, value: Any, where: str, limit: int = 2000) -> None:
        """`value` must be an https address."""
        self.text(value, where, limit)
        if isinstance(value, str) and value and not value.startswith("https://"):
            self.say(where, "invalid uri scheme")

    def number(self, value: Any, where: str, kinds: type | tuple[type, ...] = (int, float)) -> None:
        """`value` must be a number; true and false are none."""
        if not isinstance(value, kinds) or isinstance(value, bool):
            self.say(where, "must be specified")

    def one_of(self, value: Any, where: str, allowed: frozenset[str]) -> None:
        """`value` must be one of these words."""
        if not isinstance(value, str) or value not in allowed:
            self.say(where, "invalid property")

    def size(self, value: Any, where: str, least: int, most: int) -> TypeGuard[list[Any]]:
        """`value` must be a list of so many things; True when it is a list at all worth looking into."""
        if not isinstance(value, list) or not least <= len(value) <= most:
            self.say(where, f"Size must be between {least} and {most}")
            return False
        return True
