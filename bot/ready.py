"""Ready words with holes, in the same grammar as our words files: which holes there are, and how they are filled."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dialogs.words import Phrase, bracketed

HOLES = ("ref", "staff", "centre", "topic", "opened")  # all that a case can say of itself without a guess
_READING = re.compile(r"\{[^{}|]+\|[^{}|]+\}")
_BRACED = re.compile(r"\{([^{}]*)\}")
_SHORT = 20


def wrong_hole(text: str) -> str:
    """The first hole that nothing fills, as it was typed, or a brace without its other half. Empty when all is well."""
    bare = _READING.sub("", text)
    for found in _BRACED.finditer(bare):
        if found[1] not in HOLES:
            return found[0][:_SHORT]
    left = re.search(r"[{}].*", _BRACED.sub("", bare))
    return left[0][:_SHORT] if left else ""


def filled(text: str, values: Mapping[str, str]) -> str:
    """The words with their holes filled; readings stand in brackets, as a reply has no ruby. KeyError: `wrong_hole`."""
    return bracketed(Phrase.of(text).fill(values))
