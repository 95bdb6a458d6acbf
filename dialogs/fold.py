"""Bring what a person typed into one plain form before it is read: narrow letters, hiragana, digits for numbers."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DASHES = "‐‑‒–—―−─━﹘⁃➖"
_TABLE = (
    {ord(sign): "-" for sign in _DASHES}
    | {ord("’"): "'", ord("〜"): "~"}
    | {code: chr(code - 0x60) for code in range(ord("ァ"), ord("ヶ") + 1)}
)
_LONG_MARK = re.compile(r"(?<=[0-9〇零一二三四五六七八九)])\s*ー\s*(?=[0-9〇零一二三四五六七八九(])")
_SPACES = re.compile(r"\s+")
# A sign with what is set upon it: marks, the narrow voicing marks, Korean written in parts, which form of a kanji.
_UPON = "\u0300-\u036f\u1161-\u11ff\u3099\u309a\uff9e\uff9f"
_FORM = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_SIGN = re.compile(f"[^{_UPON}{_FORM}][{_UPON}{_FORM}]*|[{_UPON}{_FORM}]+", re.DOTALL)
_FORMS = re.compile(f"[{_FORM}]")

_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "壱": 1, "弐": 2, "参": 3}
_TENS = {"十": 10, "拾": 10, "百": 100, "千": 1000}
_KANJI_NUMBER = re.compile(f"[{''.join([*_DIGITS, *_TENS])}]+")


def fold(text: str) -> str:
    """A copy for reading only: NFKC, lower case, hiragana, one kind of dash and of space, nothing invisible."""
    visible = text if text.isascii() else "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    plain = unicodedata.normalize("NFKC", visible).lower().translate(_TABLE)
    return _SPACES.sub(" ", _LONG_MARK.sub("-", plain)).strip()


def kanji_number(signs: str) -> int | None:
    """The value of 二十四, 二〇二六, 千九百; None when it is not well formed or is said loosely.

    Two neighbours (二三) mean "two or three" more often than twenty-three, and are not read.
    """
    if not 0 < len(signs) <= 8:
        return None
    if not any(sign in _TENS for sign in signs):
        digits = [_DIGITS[sign] for sign in signs]
        if len(digits) == 2 and digits[1] == digits[0] + 1 and digits[0] > 0:
            return None
        return int("".join(map(str, digits)))
    total, waiting, ceiling = 0, 0, 10_000
    for sign in signs:
        if sign in _DIGITS:
            if waiting or not _DIGITS[sign]:
                return None
            waiting = _DIGITS[sign]
        elif _TENS[sign] >= ceiling:
            return None
        else:
            ceiling = _TENS[sign]
            total, waiting = total + (waiting or 1) * ceiling, 0
    return total + waiting


def _digits(match: re.Match[str]) -> str:
    signs = match.group()
    value = kanji_number(signs)
    if value is None:
        return signs
    return str(value) if any(sign in _TENS for sign in signs) else str(value).zfill(len(signs))


def with_digits(text: str) -> str:
    """The text with its kanji numbers written in digits, those that are well formed."""
    return _KANJI_NUMBER.sub(_digits, text)


def run_on(text: str) -> tuple[str, list[int]]:
    """The text folded sign by sign without any spaces, for finding; and where each of its signs began in `text`.

    People put spaces and line ends between Japanese words as they please, so they part nothing here.
    """
    signs: list[str] = []
    places: list[int] = []
    for found in _SIGN.finditer(text):
        even = _even(found.group())
        signs.append(even)
        places += [found.start()] * len(even)
    return "".join(signs), places


@lru_cache(maxsize=8192)
def _even(sign: str) -> str:
    return fold(_FORMS.sub("", sign)).replace(" ", "")
