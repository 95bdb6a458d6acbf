"""The form in which an answer is written: read into what is kept, and laid out again with every word that was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.requests import Request

from knowledge.article import EVERY, LANGUAGES
from knowledge.edited import MOST, Edited
from storage.plain import clean

_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")
_FRAME = ("topic", "area", "mode", "matter", "confidence", "next_step")
_SOURCE = ("title", "publisher", "url", "date")
_PLAIN = ("title", "question", "short", "details", "next")
_LISTS = ("steps", "asks")
MOST_BYTES = 400_000  # of a whole form; the longest article that is allowed takes a third of it


async def typed(request: Request) -> dict[str, str]:
    """The fields of the form as they were typed, without signs that nobody sees."""
    form: FormData = await request.form(max_fields=200)
    return {
        name: _HIDDEN.sub("", clean(value.replace("\r\n", "\n"), MOST_BYTES))
        for name, value in form.items()
        if isinstance(value, str)
    }


def read(told: Mapping[str, str], facts: tuple[str, ...] = ()) -> Edited | list[tuple[str, str]]:
    """What was written; or where and why it cannot be kept: (field, "long" or "form")."""
    if sum(map(len, told.values())) > MOST_BYTES:
        return [("", "long")]
    sources = [
        {name: told.get(f"source-{number}-{name}", "").strip() for name in _SOURCE}
        | {"about": bool(told.get(f"source-{number}-about"))}
        for number in range(1, MOST["sources"] + 1)
    ]
    data: dict[str, Any] = {name: told.get(name, "").strip() for name in _FRAME} | {
        "checked": told.get("checked") or None,
        "review_by": told.get("review_by") or None,
        "related": [one for name in ("related-1", "related-2", "related-3") if (one := told.get(name, "").strip())],
        "named": _lines(told.get("named", "")),
        "tests": _lines(told.get("tests", "")),
        "facts": facts,
        "sources": [one for one in sources if any(value for name, value in one.items() if name != "about")],
        "text": {language: words for language in EVERY if (words := _words(told, language))},
    }
    try:
        return Edited.model_validate(data)
    except ValidationError as wrong:
        return [(".".join(map(str, one["loc"])), "long" if "long" in one["type"] else "form") for one in wrong.errors()]


def laid_out(edited: Edited) -> dict[str, str]:
    """The fields of the form for what was kept."""
    told = {name: str(getattr(edited, name)) for name in _FRAME}
    told |= {name: day.isoformat() if (day := getattr(edited, name)) else "" for name in ("checked", "review_by")}
    told |= {f"related-{number}": one for number, one in enumerate(edited.related, 1)}
    told |= {"named": "\n".join(edited.named), "tests": "\n".join(edited.tests)}
    for number, source in enumerate(edited.sources, 1):
        told |= {f"source-{number}-{name}": str(getattr(source, name)) for name in _SOURCE}
        told |= {f"source-{number}-about": "yes"} if source.about else {}
    for language in EVERY:
        words = edited.of(language)
        told |= {f"{language}-{name}": str(getattr(words, name)) for name in _PLAIN}
        told |= {f"{language}-{name}": "\n".join(getattr(words, name)) for name in _LISTS}
        told[f"{language}-table"] = "\n".join("|".join(row) for row in words.table)
    return told


def _words(told: Mapping[str, str], language: str) -> dict[str, Any]:
    words: dict[str, Any] = {name: told.get(f"{language}-{name}", "").strip() for name in _PLAIN}
    words |= {name: _lines(told.get(f"{language}-{name}", "")) for name in _LISTS}
    if language in LANGUAGES:
        rows = _lines(told.get(f"{language}-table", ""))
        words["table"] = [_cells(row) for row in rows]
    return words if any(words.values()) else {}


def _cells(row: str) -> list[str]:
    """The cells of a row, parted by upright lines; that of a reading parts nothing."""
    return [cell.strip() for cell in re.split(r"[|\uff5c](?![^{}]*\})", row)]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]
