"""Made-up secrets, people, events and messages that the channel tests share."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hmac import digest
from typing import Any

from bot.ports import Itself
from dialogs.saying import Button, Message, Weight

LINE_SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
LINE_TOKEN = "line-access-token"
BOT_ID = "U8e742f61d673b39c7fff3cecb7536ef0"
US = {"line": Itself(BOT_ID, "@nakodo"), "telegram": Itself("110201543", "nakodo_bot")}
HANAKO = "U4af4980629a2b4c1d5e6f708192a3b4c"
TELEGRAM_TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
HOOK_SECRET = "hook-secret_1"
NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)

WORDS = Message("ありがとうございます。")
QUESTION = Message(
    "ご相談は何ですか。",
    (
        Button("団体をつくりたい", "c1:topic:start"),
        Button("お金のこと", "c1:topic:money"),
        Button("送る", "c1:send", Weight.MAIN),
        Button("もどる", "c1:back", Weight.WAY),
        Button("人と話す", "person", Weight.WAY),
    ),
)


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


def line_event(kind: str = "message", **fields: Any) -> dict[str, Any]:
    """A LINE event in the official format; a field given as None is left out."""
    event: dict[str, Any] = {
        "type": kind,
        "mode": "active",
        "timestamp": int(NOW.timestamp() * 1000),
        "source": {"type": "user", "userId": HANAKO},
        "webhookEventId": "01FZ74A0TDDPYRVKNK77XKC3ZR",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": "nHuyWiB7yP5Zw52FIkcQobQuGDXCTA",
    }
    if kind == "message":
        event["message"] = {"type": "text", "id": "468789577898262530", "quoteToken": "q", "text": "こんにちは"}
    event |= fields
    return {key: value for key, value in event.items() if value is not None}


def line_body(*events: Any, destination: str = BOT_ID) -> bytes:
    """The body of a LINE POST."""
    return json.dumps({"destination": destination, "events": events}).encode()


def line_signature(body: bytes, secret: str = LINE_SECRET) -> str:
    """What LINE puts into x-line-signature."""
    return b64encode(digest(secret.encode(), body, "sha256")).decode()


def update(**fields: Any) -> dict[str, Any]:
    """A Telegram update."""
    return {"update_id": 10000, **fields}


def telegram_message(**fields: Any) -> dict[str, Any]:
    """A Telegram message in a private chat, without content."""
    return {
        "message_id": 1365,
        "date": int(NOW.timestamp()),
        "chat": {"id": 1111111, "type": "private", "first_name": "花子"},
        "from": {"id": 1111111, "is_bot": False, "first_name": "花子", "language_code": "ja"},
        **fields,
    }
