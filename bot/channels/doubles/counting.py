"""How long a text is, in the units the platforms count: UTF-16 code units and grapheme clusters."""

from __future__ import annotations

import unicodedata

_ZWJ = "\u200d"
_MARKS = frozenset({"Mn", "Me", "Mc"})


def units(text: str) -> int:
    """UTF-16 code units; a lone surrogate counts as one."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def too_long(text: str, limit: int) -> bool:
    """Whether `text` has more than `limit` UTF-16 code units; cheap for what is clearly short."""
    return len(text) * 2 > limit and units(text) > limit


def graphemes(text: str) -> int:
    """User-perceived characters, near enough to UAX 29: marks, joiners, skin tones, flags and jamo are counted in.

    Rare rules of the annex (Indic conjuncts, prepend marks) are left out; there the count is too high, never too low.
    """
    count, flags, joined = 0, 0, False
    previous = ""
    for char in text:
        flag = "\U0001f1e6" <= char <= "\U0001f1ff"
        extends = (joined and char >= "\u203c") or char == _ZWJ or _extends(char) or _continues_hangul(previous, char)
        if previous == "\r" and char == "\n":
            extends = True
        if count == 0 or not (extends or (flag and flags % 2 == 1)):
            count += 1
        flags = flags + 1 if flag else 0
        joined = char == _ZWJ
        previous = char
    return count


def more_than(text: str, limit: int) -> bool:
    """Whether `text` has more than `limit` grapheme clusters; cheap for what is clearly short."""
    return len(text) > limit and graphemes(text) > limit


def _extends(char: str) -> bool:
    if char < "\u0300":
        return False
    return (
        unicodedata.category(char) in _MARKS
        or "\ufe00" <= char <= "\ufe0f"
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
    )


def _continues_hangul(previous: str, char: str) -> bool:
    if not "\u1160" <= char <= "\u11ff":
        return False
    return "\u1100" <= previous <= "\u11ff" or "\uac00" <= previous <= "\ud7a3"
