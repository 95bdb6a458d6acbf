"""The holes that text edited by staff may have, `{name}` and readings `{漢字|かんじ}`: never a template."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

_READING = re.compile(r"\{[^{}|]+\|[^{}|]+\}")
_BRACED = re.compile(r"\{([^{}]*)\}")
_SHORT = 20


def wrong_hole(text: str, holes: Collection[str]) -> str:
    """The first hole that nothing fills, as it was typed, or a brace without its other half. Empty when all is well."""
    bare = _READING.sub("", text)
    for found in _BRACED.finditer(bare):
        if found[1] not in holes:
            return found[0][:_SHORT]
    left = re.search(r"[{}].*", _BRACED.sub("", bare))
    return left[0][:_SHORT] if left else ""


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its holes filled, once: what is filled in is not looked at again. Readings stay as they are."""
    return _BRACED.sub(lambda found: values.get(found[1], found[0]), text) if "{" in text else text
