"""Reads what the chat page posted: a key, and words, a tap or a picked value; nothing else is taken."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from bot.channels.payload import words
from dialogs.heard import Heard, Picked, Tapped, Typed

MOST_SIGNS = 5000  # of one message: what LINE allows too
MOST_BYTES = 64 * 1024
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
_PICKED = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d)?|\d\d:\d\d")


@dataclass(frozen=True)
class Said:
    """What the page posted: `key` makes a repetition harmless."""

    key: str
    heard: Heard


@dataclass(frozen=True)
class Unfit:
    """What the page posted cannot be taken."""

    why: str
    status: int = 422


async def read(request: Request) -> Said | Unfit:
    """What was posted, as JSON or as a form."""
    if int(request.headers.get("content-length") or 0) > MOST_BYTES:
        return Unfit("too_long", 413)
    try:
        if request.headers.get("content-type", "").startswith("application/json"):
            data: Any = json.loads(await request.body())
        else:
            data = dict(await request.form())
    except (ValueError, RecursionError):
        return Unfit("unreadable", 400)
    fields = {name: data.get(name) for name in ("key", "text", "tap", "value")} if isinstance(data, dict) else {}
    if not fields or not all(value is None or isinstance(value, str) for value in fields.values()):
        return Unfit("unreadable", 400)
    return _said(fields)


def _said(fields: dict[str, str | None]) -> Said | Unfit:
    key, text, tap, value = (fields[name] for name in ("key", "text", "tap", "value"))
    if not key or not _KEY.fullmatch(key):
        return Unfit("key", 400)
    if text is not None and tap is None:
        if not text.strip():
            return Unfit("empty")
        return Unfit("too_long") if len(text) > MOST_SIGNS else Said(key, Typed(words(text)))
    if tap is None or text is not None or not tap.isascii() or not 0 < len(tap) <= 64:
        return Unfit("unreadable", 400)
    if value is None:
        return Said(key, Tapped(tap))
    return Said(key, Picked(tap, value)) if _PICKED.fullmatch(value) else Unfit("value")
