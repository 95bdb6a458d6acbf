"""Draws the pictures of LINE's rich menus: few tiles, one plain word each, as large as it fits."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFont

MOST_BYTES = 1_000_000
_GAP, _ASIDE, _ABOVE, _ROUND, _LARGEST = 24, 70, 36, 56, 260  # dots of the full size
_PAPER, _INK, _TILES = "#F4F1EA", "#FFFFFF", ("#1F5C4A", "#24507A", "#7A3B1E", "#4A4A55", "#5B3A78", "#2F5D2F")
_SHADES = 16  # from the paper of a tile to the ink on it
# Fonts that can write all five languages, where the packages of Debian, Ubuntu, Fedora and Arch put them.
_PLACES = tuple(
    Path(place) / "NotoSansCJK-Bold.ttc"
    for place in (
        "/usr/share/fonts/opentype/noto",
        "/usr/share/fonts/google-noto-cjk",
        "/usr/share/fonts/google-noto-sans-cjk-fonts",
        "/usr/share/fonts/noto-cjk",
    )
)
_FACES = {"zh": "SC", "ko": "KR"}  # of a collection: the letters as each language writes them


class NoFont(Exception):
    """No font that can write the menus; the message says how to mend it."""


@dataclass(frozen=True)
class Tile:
    """A word and where it stands, in dots of the full size: left, top, width, height."""

    label: str
    box: tuple[int, int, int, int]


def find_font(named: str) -> Path:
    """The operator's font file, or one that the system has. Raises NoFont."""
    if named:
        if Path(named).is_file():
            return Path(named)
        raise NoFont(f"NAKODO_MENU_FONT の {named} がありません。フォントのファイルの場所を確かめてください。")
    found = next((place for place in _PLACES if place.is_file()), None)
    if found is None:
        raise NoFont(
            "メニューの絵に使うフォントがありません。`sudo apt-get install fonts-noto-cjk` で入れるか、"
            "日本語・中国語・韓国語を書けるフォントのファイルを NAKODO_MENU_FONT に書いてください。"
        )
    return found


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


def face_of(path: Path, language: str) -> int:
    """The number of the face of a font file that writes as this language does; the first of a file of one face."""
    return _face(path, _FACES.get(language, "JP"))


class _Letters:
    """One font file, in the face of a language."""

    def __init__(self, path: Path, language: str) -> None:
        self._path, self._index, self._language = path, face_of(path, language), language

    def _sized(self, size: float) -> ImageFont.FreeTypeFont:
        return _font(self._path, max(round(size), 8), self._index)

    def check(self, label: str) -> None:
        """Raise NoFont when a sign of the label would come out as an empty box."""
        face = self._sized(40)
        missing = bytes(face.getmask("\uffff"))
        for sign in label:
            if not sign.isspace() and bytes(face.getmask(sign)) == missing:
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


@lru_cache(64)
def _font(path: Path, size: int, index: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size, index=index)


@cache
def _face(path: Path, ending: str) -> int:
    """Which face of a collection; the first of any other file."""
    for index in range(16):
        try:
            name = ImageFont.truetype(str(path), 10, index=index).getname()[0] or ""
        except OSError:
            break
        if name.endswith(ending):
            return index
    return 0
