"""Measures text the way the platforms count it, and cuts, splits and cleans it without breaking a letter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

ELLIPSIS = "…"
_JOINER = "\u200d"
# Longer runs of marks are no language's letter: Unicode's stream-safe text format (UAX 15) draws the line at 30.
_LONGEST_LETTER = 32
_READING = re.compile("\ufff9([^\ufff9-\ufffb]*)\ufffa([^\ufff9-\ufffb]*)\ufffb")
# Controls, lone surrogates, stray annotation marks, and the overrides that turn a line of text around.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ufff9-\ufffb\ud800-\udfff]")
_ENDS = re.compile(r"(?:[。！？!?][」』）)]*|\.\s|\n)")
_PAUSES = re.compile(r"[、，,\s]")


def units(text: str) -> int:
    """The length in UTF-16 code units: how LINE and Telegram count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def shown(text: str) -> str:
    """Text as a channel without ruby shows it: readings in brackets, and nothing that cannot be drawn.

    U+FFF9 base U+FFFA reading U+FFFB becomes base(reading); a lone surrogate becomes U+FFFD; other controls go.
    """
    if not _UNFIT.search(text):
        return text
    text = _READING.sub(r"\1(\2)", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _UNFIT.sub(lambda found: "\ufffd" if "\ud800" <= found[0] <= "\udfff" else "", text)


def worded(text: str) -> str:
    """What is shown, or "…" when nothing would be seen: the platforms refuse a message without words."""
    words = shown(text)
    return words if _seen(words) else ELLIPSIS


def _seen(text: str) -> bool:
    return text[:1].isalnum() or any(unicodedata.category(sign)[0] in "LNPS" for sign in text)


def _pictures(left: str, right: str) -> bool:
    return unicodedata.category(left) == "So" and unicodedata.category(right) == "So"


def _extends(sign: str) -> bool:
    """Whether a sign belongs to the letter before it (UAX 29: marks, joiner, skin tones, tags).

    Half-width sound marks count as letters here: counting one too many is safe, one too few is a refused message.
    """
    if sign < "\u0300":
        return False
    return (
        unicodedata.category(sign)[0] == "M"
        or sign == _JOINER
        or "\U0001f3fb" <= sign <= "\U0001f3ff"
        or "\U000e0020" <= sign <= "\U000e007f"
    )


def _joined(text: str, at: int) -> bool:
    """Whether the signs on both sides of an index are one letter (the rules of UAX 29 that residents can meet)."""
    before, after = text[at - 1], text[at]
    if before == "\r" and after == "\n":
        return True
    if before < "\u0300" and after < "\u0300":
        return False
    if _extends(after) and before != "\n":
        return True
    if before == _JOINER:
        base = at - 2
        while base >= 0 and at - base < _LONGEST_LETTER and _extends(text[base]):
            base -= 1
        return base >= 0 and _pictures(text[base], after)
    if "\U0001f1e6" <= before <= "\U0001f1ff" and "\U0001f1e6" <= after <= "\U0001f1ff":
        flags = 0
        while flags < at and "\U0001f1e6" <= text[at - 1 - flags] <= "\U0001f1ff":
            flags += 1
        return flags % 2 == 1
    return "\u1100" <= before <= "\u11ff" and "\u1160" <= after <= "\u11ff"


def letters(text: str) -> Iterator[str]:
    """The grapheme clusters of a text: what a reader calls one letter, LINE's unit for labels."""
    start = 0
    for at in range(1, len(text)):
        if not _joined(text, at) or at - start >= _LONGEST_LETTER:
            yield text[start:at]
            start = at
    if text:
        yield text[start:]


def cut(text: str, most: int, measure: Callable[[str], int] | None = None) -> str:
    """The text with at most so many letters (or so much by `measure`), with "…" where something was left out."""
    if measure is None:
        if len(text) <= most:
            return text
        measure = _one
    elif measure(text) <= most:
        return text
    room, kept, size, last = most - measure(ELLIPSIS), 0, 0, 0
    for letter in letters(text):
        size += measure(letter)
        if size > most:
            return text[:last] + ELLIPSIS
        kept += len(letter)
        if size <= room:
            last = kept
    return text


def _one(_letter: str) -> int:
    return 1


def _reach(text: str, most: int) -> int:
    """How many signs of a text fit into so many UTF-16 units without breaking a letter; at least one sign."""
    end = min(len(text), most)
    while end > 1 and units(text[:end]) > most:
        end -= max(1, (units(text[:end]) - most) // 2)
    lowest = max(1, end - _LONGEST_LETTER)
    whole = end
    while lowest < whole < len(text) and _joined(text, whole):
        whole -= 1
    return whole if whole > lowest else end


def pieces(text: str, most: int) -> list[str]:
    """A text as parts of at most so many UTF-16 units, split at line and sentence ends where there are any.

    Parts in which nothing would be seen are left out; a text that fits is left as it is.
    """
    out: list[str] = []
    while units(text) > most:
        end = _reach(text, most)
        window = text[:end]
        for border in (_ENDS, _PAUSES):
            ends = [found.end() for found in border.finditer(window, end // 2)]
            if ends:
                end = ends[-1]
                break
        if _seen(text[:end]):
            out.append(text[:end].rstrip())
        text = text[end:].lstrip("\n")
    if not out or _seen(text):
        out.append(text)
    return out
