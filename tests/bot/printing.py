"""Reads a PDF of ours back: the codes on it as dots of dark and light, and a sheet as it will be seen on paper."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator

import segno
from PIL import Image, ImageDraw

Matrix = tuple[tuple[bool, ...], ...]
_STREAM = re.compile(rb"(\d+) 0 obj\n<<((?:(?!endobj).)*?)stream\n(.*?)~>endstream", re.DOTALL)
_SQUARE = re.compile(r"([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re")
_N = r"([\d.]+)"
_PATH = re.compile(r"n (?:[\d.]+ [\d.]+ [\d.]+ [\d.]+ re\s*)+f")
_DRAWN = re.compile(rf"{_N} {_N} {_N} rg|{_N} g\b|({_PATH.pattern})|{_N} 0 0 {_N} {_N} {_N} cm\s+/(\S+) Do")
_A4 = (595.276, 841.89)  # points


def matrix(link: str) -> Matrix:
    """The code of an address as any reader of codes knows it."""
    return tuple(tuple(bool(dot) for dot in row) for row in segno.make(link, error="m", micro=False).matrix)


def _streams(pdf: bytes) -> Iterator[str]:
    for _, head, body in _STREAM.findall(pdf):
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


def seen(pdf: bytes, dots: int = 100) -> Image.Image:
    """A sheet for a wall as it is on paper, so many dots to the inch: bars, codes, and the words as they were drawn."""
    scale, pictures = dots / 72, _pictures(pdf)
    page = Image.new("RGB", (round(_A4[0] * scale), round(_A4[1] * scale)), "white")
    pen, ink = ImageDraw.Draw(page), (0, 0, 0)

    def box(x: float, y: float, width: float, height: float) -> tuple[float, float, float, float]:
        return x * scale, (_A4[1] - y - height) * scale, (x + width) * scale, (_A4[1] - y) * scale

    for red, green, blue, gray, path, width, height, x, y, name in _DRAWN.findall("".join(_streams(pdf))):
        if red:
            ink = (round(float(red) * 255), round(float(green) * 255), round(float(blue) * 255))
        elif gray:
            ink = (round(float(gray) * 255),) * 3
        elif path:
            for square in _SQUARE.findall(path):
                pen.rectangle(box(*map(float, square)), fill=ink)
        else:
            left, top, right, low = map(round, box(float(x), float(y), float(width), float(height)))
            page.paste(pictures[name].resize((right - left, low - top)), (left, top))
    return page


def _pictures(pdf: bytes) -> dict[str, Image.Image]:
    """Each picture by the name that the page calls it."""
    numbered = {}
    for number, head, body in _STREAM.findall(pdf):
        wide, high = (re.search(rb"/" + side + rb" (\d+)", head) for side in (b"Width", b"Height"))
        if wide and high:
            data = zlib.decompress(base64.a85decode(body))
            numbered[number] = Image.frombytes("L", (int(wide[1]), int(high[1])), data)
    called = re.findall(rb"/(FormXob\.\w+)\s+(\d+) 0 R", pdf)
    return {name.decode(): numbered[number] for name, number in called if number in numbered}
