"""Which lines of a stretch hold a pair of signs: a list of numbers while they are few, else one bit each."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Sequence

SPAN = 1 << 15  # numbers in one stretch
_BYTES = SPAN // 8
_FEW = _BYTES // 2  # up to here a list of two bytes each is shorter than the bits
_LIST, _BITS = b"\x01", b"\x02"


def packed(places: Iterable[int]) -> bytes:
    """Numbers from 0 to SPAN - 1, each once, as bytes."""
    inside = sorted(set(places))
    if len(inside) <= _FEW:
        return _LIST + _even(array("H", inside)).tobytes()
    bits = bytearray(_BYTES)
    for place in inside:
        bits[place >> 3] |= 1 << (place & 7)
    return _BITS + bytes(bits)


def unpacked(data: bytes) -> set[int]:
    """The inverse of `packed`."""
    if data[:1] == _LIST:
        return set(_listed(data))
    return {8 * at + bit for at, byte in enumerate(data[1:]) if byte for bit in range(8) if byte >> bit & 1}


def in_all(blocks: Sequence[bytes]) -> list[int]:
    """The numbers that are in every one of these, the greatest first."""
    lists = sorted((one for one in blocks if one[:1] == _LIST), key=len)
    bits = [one[1:] for one in blocks if one[:1] == _BITS]
    if lists:
        found = set(_listed(lists[0])).intersection(*(_listed(one) for one in lists[1:]))
        kept = [place for place in found if all(one[place >> 3] >> (place & 7) & 1 for one in bits)]
    else:
        together = int.from_bytes(bits[0], "little")
        for one in bits[1:]:
            together &= int.from_bytes(one, "little")
        kept = list(unpacked(_BITS + together.to_bytes(_BYTES, "little")))
    return sorted(kept, reverse=True)


def _listed(data: bytes) -> array[int]:
    numbers = array("H")
    numbers.frombytes(data[1:])
    return _even(numbers)


def _even(numbers: array[int]) -> array[int]:
    """Little-endian in the database, whatever the machine."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
