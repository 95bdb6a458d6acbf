"""Which words of a residents' group are meant for us, on any platform: where we are named, and after our prefix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import normalize

_BETWEEN = " \t\r\n\u3000、，,：:。"


@dataclass(frozen=True)
class Called:
    """How a group calls us: our id and name on its platform ("" while nobody knows), and how a line for us begins."""

    id: str = ""
    name: str = ""
    prefix: str = ""


def meant(text: str, spans: Sequence[tuple[int, int]], prefix: str) -> str | None:
    """What is said to us, without our name and the prefix; None for words that are not meant for us.

    `spans` are the places where we are named: offset and length in UTF-16 units, as both platforms count.
    """
    if spans:
        return _without(text, spans).strip(_BETWEEN)
    begins = normalize("NFKC", prefix).casefold()
    if not begins:
        return None
    # Widths and capitals differ by keyboard; a folded prefix may be shorter or longer than what was typed.
    for end in range(1, min(len(text), 2 * len(prefix)) + 1):
        if normalize("NFKC", text[:end]).casefold() == begins:
            return text[end:].strip(_BETWEEN)
    return None


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    units = text.encode("utf-16-le", "surrogatepass")
    for offset, length in sorted(spans, reverse=True):
        units = units[: 2 * offset] + units[2 * (offset + length) :]
    return units.decode("utf-16-le", "replace")
