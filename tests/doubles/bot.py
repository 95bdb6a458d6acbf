"""A bot that only listens, and a clock moved by hand: the two ends the doubles are tested between."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from telegram import Bot

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
TOKEN = "line-access-token"
TELEGRAM_TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
HOOK_SECRET = "hook-secret_1"

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Clock:
    """The platform's time: stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **amount: float) -> None:
        """Let time pass; takes what `timedelta` takes."""
        self.now += timedelta(**amount)


@dataclass
class Got:
    """One POST that reached the bot."""

    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        """The parsed body."""
        return json.loads(self.body)


@dataclass
class ListeningBot:
    """Takes every webhook and answers with the next of `answers`, else 200; None means never."""

    got: list[Got] = field(default_factory=list)
    answers: list[int | None] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def events(self) -> list[dict[str, Any]]:
        """LINE's events in the order they came."""
        return [event for got in self.got for event in got.data["events"]]

    @property
    def updates(self) -> list[dict[str, Any]]:
        """Telegram's updates in the order they came."""
        return [got.data for got in self.got]

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message.get("more_body", False)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.got.append(Got(headers, body))
        self.came.set()
        status = self.answers.pop(0) if self.answers else 200
        if status is None:
            await asyncio.wait_for(_gone(receive), 10)
            return
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})


async def _live(receive: Receive, send: Send) -> None:
    for _ in range(2):
        message = await receive()
        await send({"type": message["type"] + ".complete"})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


def telegram_bot(base: str, token: str = TELEGRAM_TOKEN) -> Bot:
    """python-telegram-bot's Bot for a platform at `base`."""
    return Bot(token, f"{base}/bot", f"{base}/file/bot")
