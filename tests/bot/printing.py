"""Reads a PDF of ours back: the codes on it, as dots of dark and light."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator

import segno

Matrix = tuple[tuple[bool, ...], ...]
_STREAM = re.compile(rb"obj\n([^!]*?)stream\n(.*?)~>endstream", re.DOTALL)
_SQUARE = re.compile(r"([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re")
_PATH = re.compile(r"n (?:[\d.]+ [\d.]+ [\d.]+ [\d.]+ re\s*)+f")


def matrix(link: str) -> Matrix:
    """The code of an address as any reader of codes knows it."""
    return tuple(tuple(bool(dot) for dot in row) for row in segno.make(link, error="m", micro=False).matrix)


def _streams(pdf: bytes) -> Iterator[str]:
    for head, body in _STREAM.findall(pdf):
        if b"/Image" not in head.replace(b"/ImageB /ImageC /ImageI", b""):
            yield zlib.decompress(base64.a85decode(body)).decode("latin-1")


def codes_in(pdf: bytes) -> list[Matrix]:
    """Every code that is drawn on its pages, from left to right."""
    return [_dots(path) for stream in _streams(pdf) for path in _PATH.findall(stream) if path.count("re") > 200]


def _dots(path: str) -> Matrix:
    squares = [tuple(map(float, found)) for found in _SQUARE.findall(path)]
    side = squares[0][2]
    left, low = min(one[0] for one in squares), min(one[1] for one in squares)
    dark = {(round((x - left) / side), round((y - low) / side)) for x, y, _, _ in squares}
    size = 1 + max(down for _, down in dark)
    return tuple(tuple((across, size - 1 - down) in dark for across in range(size)) for down in range(size))
