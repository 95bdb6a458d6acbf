"""Words that everybody will read, as they may be kept: one line or a block, without signs that cannot be seen."""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import BeforeValidator, StringConstraints

_JOINERS = "\u200c\u200d"  # unseen as well, but they belong to letters and emoji


def _seen(text: object) -> object:
    """Without controls, marks of direction and halves of letters: they break files, and turn around what follows."""
    if not isinstance(text, str) or text.replace("\n", "").isprintable():
        return text
    kept = (one for one in text.replace("\r\n", "\n").replace("\r", "\n") if one == "\n" or _may_stay(one))
    return "".join(kept)


def _may_stay(sign: str) -> bool:
    return sign in _JOINERS or unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} or _tag(sign)


def _tag(sign: str) -> bool:
    return "\U000e0020" <= sign <= "\U000e007f"  # flags of regions


def _one_line(text: object) -> object:
    seen = _seen(text)
    return " ".join(seen.split()) if isinstance(seen, str) else seen


Line = Annotated[str, BeforeValidator(_one_line), StringConstraints(strip_whitespace=True, max_length=200)]
Block = Annotated[str, BeforeValidator(_seen), StringConstraints(strip_whitespace=True, max_length=1000)]
