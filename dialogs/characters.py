"""Count the characters a person sees, and know a text in which nothing can be seen."""

from __future__ import annotations

import unicodedata

_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # letters and signs by category, yet unseen


def anything_seen(text: str) -> bool:
    """Whether the text shows anything at all: spaces of every width, controls and joiners alone do not."""
    return any(
        unicodedata.category(sign)[0] not in "CZ" and sign not in _BLANKS and not _continues(sign) for sign in text
    )


def _continues(sign: str) -> bool:
    """Whether the sign belongs to the one before it: accents, 濁点, variation selectors, skin tones, joiners, tags."""
    if sign < "\u0300":
        return False
    return (
        unicodedata.category(sign) in ("Mn", "Me", "Mc")
        or sign in "\u200d\uff9e\uff9f"
        or "\U0001f3fb" <= sign <= "\U0001f3ff"
        or "\U000e0020" <= sign <= "\U000e007f"
        or "\u1160" <= sign <= "\u11ff"
    )


def characters(text: str) -> int:
    """How many characters a person sees: a simple form of Unicode's grapheme clusters (UAX 29).

    Flags are counted in pairs, joined emoji as one, CR LF as one; Indian conjuncts are not joined.
    """
    count, flags, before = 0, 0, ""
    for sign in text:
        flag = "\U0001f1e6" <= sign <= "\U0001f1ff"
        flags = flags + 1 if flag else 0
        joined = _continues(sign) or before == "\u200d" or (before == "\r" and sign == "\n")
        count += not (joined and before) and not (flag and flags % 2 == 0)
        before = sign
    return count
