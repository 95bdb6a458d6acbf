"""Reads what Telegram tells a page that it opened itself, and whether it was said to our bot, lately, of a person."""

from __future__ import annotations

import hmac
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl

CHANNEL = "telegram"
MOST_SIGNS = 4096  # our own; what Telegram sends has some five hundred
LASTS = timedelta(minutes=10)  # our own; a page posts it the moment it is opened
_EARLY = timedelta(minutes=1)  # so far two clocks may differ
_MOST_FIELDS = 32
_HASH = re.compile("[0-9a-f]{64}")
_MOMENT = re.compile("[0-9]{1,12}")


@dataclass(frozen=True)
class Opener:
    """Who opened the page: the number of a Telegram user, as a contact's address."""

    address: str


class Doubt(StrEnum):
    """Why nobody is proven to have opened it."""

    FALSE = "false"  # Telegram never said this to our bot
    OLD = "old"  # it did, too long ago to say who holds the phone now


def opener(token: str, told: str, now: datetime) -> Opener | Doubt:
    """Whom `initData` names. Without a token nothing is ever right.

    Source: core.telegram.org/bots/webapps, "Validating data received via the Mini App": HMAC-SHA256 over all fields but
    `hash`, sorted, a line each, under HMAC-SHA256 of the bot's token with the key "WebAppData".
    """
    fields = _fields(told) if token else None
    if fields is None or not _from_telegram(token, fields):
        return Doubt.FALSE
    number, moment = _number(fields.get("user", "")), fields.get("auth_date", "")
    if number is None or not _MOMENT.fullmatch(moment):
        return Doubt.FALSE
    age = now.timestamp() - int(moment)
    if age < -_EARLY.total_seconds():
        return Doubt.FALSE
    return Doubt.OLD if age > LASTS.total_seconds() else Opener(str(number))


def _fields(told: str) -> dict[str, str] | None:
    """The fields, each once; None for what cannot be read in one way only."""
    if len(told) > MOST_SIGNS:
        return None
    try:
        pairs = parse_qsl(
            told, keep_blank_values=True, strict_parsing=True, max_num_fields=_MOST_FIELDS, errors="strict"
        )
    except ValueError:
        return None
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) and _HASH.fullmatch(fields.get("hash", "")) else None


def _from_telegram(token: str, fields: dict[str, str]) -> bool:
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields) if name != "hash")
    key = hmac.digest(b"WebAppData", token.encode(), "sha256")
    right = hmac.digest(key, lines.encode("utf-8", "surrogatepass"), "sha256").hex()
    return hmac.compare_digest(right, fields["hash"])


def _number(user: str) -> int | None:
    try:
        told: Any = json.loads(user)
    except (ValueError, RecursionError):
        return None
    number = told.get("id") if isinstance(told, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) and number > 0 else None
