"""Draws the pictures of LINE's rich menus: few tiles, one plain word each, as large as it fits."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFont

from bot.fonts import NoFont, face

MOST_BYTES = 1_000_000
_GAP, _ASIDE, _ABOVE, _ROUND, _LARGEST = 24, 70, 36, 56, 260  # dots of the full size
_PAPER, _INK, _TILES = "#F4F1EA", "#FFFFFF", ("#1F5C4A", "#24507A", "#7A3B1E", "#4A4A55", "#5B3A78", "#2F5D2F")
_SHADES = 16  # from the paper of a tile to the ink on it


@dataclass(frozen=True)
class Tile:
    """A word and where it stands, in dots of the full size: left, top, width, height."""

    label: str
    box: tuple[int, int, int, int]


def picture(tiles: Sequence[Tile], size: tuple[int, int], font: Path, language: str, scale: float = 1.0) -> bytes:
    """A PNG of these tiles. Raises NoFont when the font cannot write one of the words.

    Each dot is a shade of the colour of its tile: painted as numbers of a palette, a menu takes a sixth of the time of
    painting in full colour and looking for the best sixty-four afterwards.
    """
    wide, high = round(size[0] * scale), round(size[1] * scale)
    ground, ink = Image.new("L", (wide, high)), Image.new("L", (wide, high))
    papers, pen, letters = ImageDraw.Draw(ground), ImageDraw.Draw(ink), _Letters(font, language)
    for number, tile in enumerate(tiles):
        letters.check(tile.label)
        left, top, width, height = (side * scale for side in tile.box)
        gap = _GAP * scale / 2
        frame = (left + gap, top + gap, left + width - gap, top + height - gap)
        papers.rounded_rectangle(frame, _ROUND * scale, fill=_SHADES * (1 + number % len(_TILES)))
        room = width - 2 * _ASIDE * scale, height - 2 * _ABOVE * scale
        lines, face = letters.fitted(tile.label, room, _LARGEST * scale)
        middle = (left + width / 2, top + height / 2)
        pen.multiline_text(middle, lines, fill=255, font=face, anchor="mm", align="center", spacing=face.size * 0.3)
    sheet = ImageChops.add(ground, ink.point([shade * _SHADES // 256 for shade in range(256)]))
    sheet.putpalette(_palette())
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


@cache
def _palette() -> bytes:
    """The shades of each tile after those of the paper around them, three bytes each."""
    ink = ImageColor.getrgb(_INK)[:3]
    mixed = bytearray()
    for colour in (_PAPER, *_TILES):
        ground = ImageColor.getrgb(colour)[:3]
        for shade in range(_SHADES):
            mixed += bytes(
                round(low + (full - low) * shade / (_SHADES - 1)) for low, full in zip(ground, ink, strict=True)
            )
    return bytes(mixed)


class _Letters:
    """One font file, in the face of a language."""

    def __init__(self, path: Path, language: str) -> None:
        self._path, self._language = path, language

    def _sized(self, size: float) -> ImageFont.FreeTypeFont:
        return face(self._path, max(round(size), 8), self._language)

    def check(self, label: str) -> None:
        """Raise NoFont when a sign of the label would come out as an empty box."""
        drawn = self._sized(40)
        missing = bytes(drawn.getmask("\uffff"))
        for sign in label:
            if not sign.isspace() and bytes(drawn.getmask(sign)) == missing:
                raise NoFont(
                    f"フォント {self._path.name} では「{label}」({self._language})が書けません。"
                    "`fonts-noto-cjk` を入れるか、NAKODO_MENU_FONT に別のフォントを書いてください。"
                )

    def fitted(self, label: str, room: tuple[float, float], largest: float) -> tuple[str, ImageFont.FreeTypeFont]:
        """The label in one line, or in two where it has a space and so becomes larger, and the face that fits."""
        ways = [label, *(f"{label[:at]}\n{label[at + 1 :]}" for at, sign in enumerate(label) if sign == " ")]
        return max(((way, self._largest(way, room, largest)) for way in ways), key=lambda one: one[1].size)

    def _largest(self, lines: str, room: tuple[float, float], largest: float) -> ImageFont.FreeTypeFont:
        rows = lines.split("\n")
        wide = max(self._sized(100).getlength(row) for row in rows) / 100
        return self._sized(min(largest, room[0] / wide, room[1] / (1.35 * len(rows))))
