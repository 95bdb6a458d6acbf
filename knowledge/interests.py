"""The codes of what people want to receive and of their groups, each with the number of its bit, kept for ever."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

import tomli

FILE = Path(__file__).parent / "interests.toml"
KINDS = ("topic", "area", "role")
GROUP = ("form", "base", "field")  # what a group says of itself: all three in one mask
_BITS = range(63)  # a signed 64-bit column


class WrongInterests(Exception):
    """The file of codes cannot be used; the message names kind and code."""


@cache
def codes(file: Path = FILE) -> Mapping[str, Mapping[str, int]]:
    """Per kind, the bit of each code. Raises WrongInterests where a number is shared, missing or does not fit."""
    found: Mapping[str, Mapping[str, int]] = tomli.loads(file.read_text("utf-8"))
    if tuple(found) != KINDS + GROUP:
        raise WrongInterests(f"{file.name} needs exactly these sections: {', '.join(KINDS + GROUP)}")
    shared = [bit for kind in GROUP for bit in found[kind].values()]
    if len(set(shared)) < len(shared):
        raise WrongInterests(
            f"{file.name}: form, base and field share one mask, so no number of theirs may stand twice"
        )
    for kind, bits in found.items():
        for code, bit in bits.items():
            if bit not in _BITS or list(bits.values()).count(bit) > 1:
                raise WrongInterests(f"{file.name}: {kind}.{code} needs a number of its own between 0 and 62")
    return found


def mask(kind: str, chosen: Collection[str]) -> int:
    """The bits of these codes; one that nobody knows any more counts for nothing."""
    bits = codes()[kind]
    return sum(1 << bits[code] for code in set(chosen) & bits.keys())


def chosen(kind: str, mask: int) -> frozenset[str]:
    """The codes behind a mask."""
    return frozenset(code for code, bit in codes()[kind].items() if mask >> bit & 1)
