"""The webhook events of LINE, in the official format."""

from __future__ import annotations

import base64
import hashlib
import hmac
import random
from collections.abc import Mapping
from datetime import datetime
from typing import Any

Event = dict[str, Any]

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
STICKER = {"packageId": "446", "stickerId": "1988", "stickerResourceType": "STATIC", "keywords": ["こんにちは"]}
PLACE = {"title": "台東区役所", "address": "東京都台東区東上野4丁目5番6号", "latitude": 35.7126, "longitude": 139.78}
# What each kind of message carries besides its id and tokens, unless told otherwise.
THINGS: dict[str, Mapping[str, Any]] = {
    "sticker": STICKER,
    "image": {"contentProvider": {"type": "line"}},
    "video": {"duration": 60_000, "contentProvider": {"type": "line"}},
    "audio": {"duration": 60_000, "contentProvider": {"type": "line"}},
    "file": {"fileName": "file.txt", "fileSize": 2138},
    "location": PLACE,
}
QUOTABLE = frozenset({"text", "sticker", "image", "video"})


def sign(secret: str, body: bytes) -> str:
    """The value of x-line-signature for these bytes."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def millis(at: datetime) -> int:
    """Milliseconds since the epoch."""
    return int(at.timestamp() * 1000)


def ulid(at: datetime, chance: random.Random) -> str:
    """An identifier of 26 letters that sorts by time."""
    number = (millis(at) << 80) | chance.getrandbits(80)
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))


def source(user: str, group: str | None = None) -> Event:
    """Who it came from: a person alone, or a person in a group or a room; "" where LINE does not name them there."""
    who = {"userId": user} if user else {}
    if not group:
        return {"type": "user", **who}
    return {"type": "room", "roomId": group, **who} if group[:1] == "R" else {"type": "group", "groupId": group, **who}


def event(kind: str, where: Mapping[str, Any], at: datetime, event_id: str) -> Event:
    """What every event has; the caller adds what its kind has."""
    return {
        "type": kind,
        "mode": "active",
        "timestamp": millis(at),
        "source": dict(where),
        "webhookEventId": event_id,
        "deliveryContext": {"isRedelivery": False},
    }


def content(kind: str, message_id: str, tokens: Mapping[str, str], fields: Mapping[str, Any]) -> Event:
    """The message inside a message event; `tokens` holds quoteToken and markAsReadToken."""
    kept = {name: token for name, token in tokens.items() if name != "quoteToken" or kind in QUOTABLE}
    return {"id": message_id, "type": kind, **kept, **fields}


def again(old: Event) -> Event:
    """The same event, delivered once more."""
    return {**old, "deliveryContext": {"isRedelivery": True}}
