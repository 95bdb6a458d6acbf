"""Posters and cards with QR codes as a PDF that prints the same anywhere, the Japanese type drawn into it."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import segno
from PIL import Image, ImageDraw

from bot.fonts import face

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_MM = 72 / 25.4
_DPI = 600  # what office printers print
_NAMED = "HeiseiKakuGo-W5"  # of Adobe's Japanese pack: named in the file, not held by it
_QUIET = 4  # modules of white around a code (ISO/IEC 18004)
_NEVER_FIRST = "、。」』)）・ー〜!?！？ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
# After a blank or a mark, before a bracket, and where the writing changes as it does after a particle.
_WORD_ENDS = re.compile(r"[\s、。・」)]|.[(「]|[ぁ-ん][^ぁ-ん]")
_CARD = (91.0, 55.0)  # millimetres; ten of them on A4 as the usual sheets of cards are cut
_CARDS = [(14 + 91 * (n % 2), 11 + 55 * (n // 2)) for n in range(10)]
_GREEN = (0.12, 0.36, 0.29)


class Sheet(StrEnum):
    """What is printed: one sheet for a wall, or ten cards to take away."""

    A4 = "a4"
    CARD = "card"


@dataclass(frozen=True)
class Poster:
    """What stands on it. `codes` are a name and the address behind it; `foot` says small where it hangs."""

    title: str
    facts: tuple[str, ...]
    call: str
    more: str
    centre: str
    foot: str
    codes: tuple[tuple[str, str], ...]


def printed(of: Poster, sheet: Sheet, font: Path | None) -> bytes:
    """The PDF, one page of A4. Words are also there unseen, to be searched, copied and read aloud."""
    # It takes a while to import, and few processes ever need it.
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfgen.canvas import Canvas

    registerFont(UnicodeCIDFont(_NAMED))
    out = io.BytesIO()
    page = Canvas(out, pagesize=(210 * _MM, 297 * _MM), invariant=True, pageCompression=1, lang="ja")
    page.setTitle(f"{of.title} – {of.centre}")
    page.setAuthor(of.centre)
    pen = _Pen(page, font)
    if sheet is Sheet.A4:
        _wall(pen, of)
    else:
        page.beginForm("card", 0, 0, _CARD[0] * _MM, _CARD[1] * _MM)
        _card(pen, of)
        page.endForm()
        for left, top in _CARDS:
            page.saveState()
            page.translate(left * _MM, (297 - top - _CARD[1]) * _MM)
            page.doForm("card")
            page.restoreState()
        _cuts(page)
    page.save()
    return out.getvalue()


def _wall(pen: _Pen, of: Poster) -> None:
    pen.bar(0, 287, 210, 10)
    below = pen.block(of.title, (18, 270, 174, 66), 50)
    below = pen.block("\n".join(of.facts), (18, below - 8, 174, 52), 24)
    side = {1: 80, 2: 72}.get(len(of.codes), 57)
    top = min(below - 10, 86 + side + (below - 96 - side) / 2)
    pen.codes(of.codes, (105, top), (side, 2 if len(of.codes) > 2 else 12), 20)
    pen.block(of.call, (18, 66, 174, 24), 19)
    pen.block(of.more, (18, 40, 174, 8), 13)
    pen.block(of.centre, (18, 30, 174, 12), 22)
    pen.block(of.foot, (18, 15, 174, 6), 10)
    pen.bar(0, 0, 210, 5)


def _card(pen: _Pen, of: Poster) -> None:
    side = 26 if len(of.codes) < 3 else 25
    below = pen.block(of.title, (4, 51.5, 83, 11), 12)
    if of.facts:
        pen.block(of.facts[0], (4, below - 0.8, 83, 5), 8)
    pen.codes(of.codes, (45.5, 36), (side, 2), 7.5)
    pen.block(f"{of.centre}  {of.foot}".strip(), (4, 5.5, 83, 4), 7)


def _cuts(page: Canvas) -> None:
    """Short marks outside the cards, where to cut."""
    page.setLineWidth(0.3)
    for x in (14, 105, 196):
        for low in (4, 287):
            page.line(x * _MM, low * _MM, x * _MM, (low + 6) * _MM)
    for y in (11 + 55 * n for n in range(6)):
        for left in (5, 198):
            page.line(left * _MM, y * _MM, (left + 7) * _MM, y * _MM)


def _break_of(line: str) -> int:
    """Where a line that its last sign makes too long best ends: in its second half after a word, else at the last."""
    for at in range(len(line) - 1, len(line) // 2, -1):
        if line[at] not in _NEVER_FIRST and _WORD_ENDS.match(line[at - 1 : at + 1]):
            return at
    return len(line) - 1


class _Pen:
    """Writes on a page; places are millimetres from its lower left corner, sizes of type points."""

    def __init__(self, page: Canvas, font: Path | None) -> None:
        self._page, self._font = page, font

    def bar(self, x: float, y: float, width: float, height: float) -> None:
        """A bar of colour."""
        self._page.setFillColorRGB(*_GREEN)
        self._page.rect(x * _MM, y * _MM, width * _MM, height * _MM, stroke=0, fill=1)
        self._page.setFillGray(0)

    def block(self, text: str, box: tuple[float, float, float, float], largest: float) -> float:
        """Words in the middle of a box (left, top, width, height), as large as fit; how far down they reach."""
        left, top, width, height = box
        size, lines = largest, self._wrapped(text, largest, width)
        while size > 5 and len(lines) * size * 1.4 > height * _MM:
            size -= 0.5
            lines = self._wrapped(text, size, width)
        narrower = width - 2
        while len(lines) > 1 and "\n" not in text and len(tried := self._wrapped(text, size, narrower)) == len(lines):
            lines, narrower = tried, narrower - 2  # lines of even length are read more easily
        for row, line in enumerate(lines):
            self._line(line, left + width / 2, top * _MM - size * (1.05 + 1.4 * row), size)
        return top - len(lines) * size * 1.4 / _MM

    def codes(
        self, codes: tuple[tuple[str, str], ...], top: tuple[float, float], sizes: tuple[float, float], type_: float
    ) -> None:
        """Codes side by side, `top` the middle of their upper edge, each with its name below; `sizes`: side and gap."""
        (middle, upper), (side, gap) = top, sizes
        left = middle - (len(codes) * (side + gap) - gap) / 2
        for number, (name, link) in enumerate(codes):
            at = left + number * (side + gap)
            self._code(link, at, upper - side, side)
            self._line(name, at + side / 2, (upper - side) * _MM - type_ * 0.95, type_)

    def _code(self, link: str, x: float, y: float, side: float) -> None:
        rows = [list(row) for row in segno.make(link, error="m", micro=False).matrix]
        dot = side * _MM / (len(rows) + 2 * _QUIET)
        path = self._page.beginPath()
        for down, row in enumerate(rows):
            for across, dark in enumerate(row):
                if dark:
                    lower = y * _MM + side * _MM - (down + _QUIET + 1) * dot
                    path.rect(x * _MM + (across + _QUIET) * dot, lower, dot, dot)
        self._page.drawPath(path, stroke=0, fill=1)

    def _line(self, text: str, middle: float, base: float, size: float) -> None:
        """One line around a middle (millimetres), its base in points."""
        if not text.strip():
            return
        left = middle * _MM - self._wide(text, size) / 2
        said = self._page.beginText(left, base)
        said.setFont(_NAMED, size)
        said.setTextRenderMode(0 if self._font is None else 3)
        said.textOut(text)
        said.setTextRenderMode(0)
        self._page.drawText(said)
        if self._font is not None:
            self._drawn(self._font, text, (left, base), size)

    def _drawn(self, font: Path, text: str, at: tuple[float, float], size: float) -> None:
        from reportlab.lib.utils import ImageReader

        type_ = face(font, round(size * _DPI / 72), "ja")
        above, under = type_.getmetrics()
        seen = Image.new("L", (round(type_.getlength(text)) + 4, above + under), 255)
        ImageDraw.Draw(seen).text((0, above), text, fill=0, font=type_, anchor="ls")
        scale = 72 / _DPI
        low = at[1] - under * scale
        self._page.drawImage(ImageReader(seen), at[0], low, seen.width * scale, seen.height * scale)

    def _wide(self, text: str, size: float) -> float:
        if self._font is not None:
            return face(self._font, 100, "ja").getlength(text) * size / 100
        from reportlab.pdfbase.pdfmetrics import stringWidth

        return float(stringWidth(text, _NAMED, size))

    def _wrapped(self, text: str, size: float, width: float) -> list[str]:
        """Lines that fit; none begins with a sign that may not stand first."""
        lines = []
        for part in text.split("\n"):
            line = ""
            for sign in part:
                if self._wide(line + sign, size) > width * _MM and sign not in _NEVER_FIRST:
                    at = _break_of(line + sign)
                    lines.append(line[:at])
                    line = line[at:]
                line += sign
            lines.append(line)
        return [line for line in lines if line.strip()]
