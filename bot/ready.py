"""Ready words with holes, in the same grammar as our words files: which holes there are, and how they are filled."""

from __future__ import annotations

from collections.abc import Mapping

from dialogs.words import Phrase, bracketed
from knowledge import holes

HOLES = ("ref", "staff", "centre", "topic", "opened")  # all that a case can say of itself without a guess


def wrong_hole(text: str) -> str:
    """The first hole that a case cannot fill (see knowledge.holes). Empty when all is well."""
    return holes.wrong_hole(text, HOLES)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The words with their holes filled; readings stand in brackets, as a reply has no ruby. KeyError: `wrong_hole`."""
    return bracketed(Phrase.of(text).fill(values))
