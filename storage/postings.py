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
    inside = set(places)
    return _list(inside) if len(inside) <= _FEW else _bits(bytearray(_BYTES), inside)


def unpacked(data: bytes) -> set[int]:
    """The inverse of `packed`."""
    if data[:1] == _LIST:
        return set(_listed(data))
    return {8 * at + bit for at, byte in enumerate(data[1:]) if byte for bit in range(8) if byte >> bit & 1}


def with_more(data: bytes, places: Iterable[int]) -> bytes:
    """The same numbers and these; bits stay bits, however many there are."""
    if data[:1] == _BITS:
        return _bits(bytearray(data[1:]), places)
    return packed({*_listed(data), *places})


def without(data: bytes, places: Iterable[int]) -> bytes:
    """The same numbers but these; empty when nothing is left."""
    if data[:1] == _LIST:
        left = set(_listed(data)).difference(places)
        return _list(left) if left else b""
    bits = bytearray(data[1:])
    for place in places:
        bits[place >> 3] &= ~(1 << (place & 7)) & 255
    return _BITS + bytes(bits) if any(bits) else b""


def holds_any(data: bytes, places: Iterable[int]) -> bool:
    """Whether at least one of these is among them."""
    if data[:1] == _LIST:
        return not set(_listed(data)).isdisjoint(places)
    return any(data[1 + (place >> 3)] >> (place & 7) & 1 for place in places)


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


def _list(inside: set[int]) -> bytes:
    return _LIST + _even(array("H", sorted(inside))).tobytes()


def _bits(bits: bytearray, places: Iterable[int]) -> bytes:
    for place in places:
        bits[place >> 3] |= 1 << (place & 7)
    return _BITS + bytes(bits)


def _listed(data: bytes) -> array[int]:
    numbers = array("H")
    numbers.frombytes(data[1:])
    return _even(numbers)


def _even(numbers: array[int]) -> array[int]:
    """Little-endian in the database, whatever the machine."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
