"""Makes the matching copies of a text, so that width, kana, case and punctuation do not matter; never for storing."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

import tomli

LOOKED_AT = (
    400  # characters; a question is said in its first lines, and a pasted book must cost no more than a question
)

_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
# Letters, marks and digits stay; everything else is a gap. The long vowel mark and 々 are letters to Unicode already.
_GAP = re.compile(r"[\W_]+")
_GAP_BESIDE_WIDE = re.compile(r"(?<=[^\x00-\x7f]) +| +(?=[^\x00-\x7f])")
# English as it is typed in a hurry: "dont" is don't, "im" is I'm.
_CLIPPED = re.compile(
    r"\b(?:(don|can|won|isn|aren|wasn|weren|didn|doesn|haven|hasn|couldn|wouldn|shouldn)(t)|(i)(m|ve)|(what|that|who|where)(s))\b"
)
_MARKED = re.compile(r"\{([^{}|]+)\|([^{}|]+)\}")


def bare(text: str) -> str:
    """The text without its readings: `{漢字|かんじ}` becomes 漢字."""
    # At a start twenty thousand texts are read, and few of them have readings.
    return _MARKED.sub(r"\1", text) if "{" in text else text


def annotated(text: str) -> str:
    """The text with each `{漢字|かんじ}` as U+FFF9 漢字 U+FFFA かんじ U+FFFB, for a channel to draw."""
    return _MARKED.sub("\ufff9\\1\ufffa\\2\ufffb", text)


def even(text: str) -> str:
    """NFKC, lower case, gaps for punctuation, no gaps beside wide characters; at most LOOKED_AT characters of it.

    What is clipped in English ("dont") reads as it would with its apostrophe ("don t").
    """
    widened = unicodedata.normalize("NFKC", text[:LOOKED_AT])[:LOOKED_AT].lower()
    gapped = _GAP.sub(" ", widened).strip()
    if gapped.isascii():
        return _CLIPPED.sub(_apart, gapped)
    return gapped if " " not in gapped else _GAP_BESIDE_WIDE.sub("", gapped)


def _apart(found: re.Match[str]) -> str:
    return " ".join(part for part in found.groups() if part)


def plain(text: str) -> str:
    """`even`, and katakana read as hiragana: for comparing words and phrases."""
    return even(text).translate(_KATAKANA_TO_HIRAGANA)


def folded(text: str) -> str:
    """`even`, and the spellings of `variants.toml` brought to one: for searching."""
    pattern, spelling = _variants()
    return pattern.sub(lambda found: spelling[found.group()], even(text))


@cache
def _variants() -> tuple[re.Pattern[str], dict[str, str]]:
    table = tomli.loads((Path(__file__).parent / "variants.toml").read_text(encoding="utf-8"))
    spelling = {even(variant): even(word) for word, variants in table.items() for variant in variants}
    longest_first = sorted(spelling, key=lambda variant: (-len(variant), variant))
    return re.compile("|".join(_whole_if_ascii(variant) for variant in longest_first)), spelling


def _whole_if_ascii(variant: str) -> str:
    return rf"(?<![a-z0-9]){re.escape(variant)}(?![a-z0-9])" if variant.isascii() else re.escape(variant)
