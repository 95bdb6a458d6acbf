"""A whole Nakodo without a network: the real site, the real ear, and platforms that post what they like."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import httpx2
from sqlalchemy import func, select
from starlette.applications import Starlette

from bot import app
from bot.hearing import Ear
from bot.ingress import Ingress
from bot.ports import Outcome, Parcel
from bot.settings import Settings
from dialogs.saying import Message
from storage import Store, inbox, open_store, people, talk
from storage.people import Person
from storage.talk import Said
from storage.whole import metadata
from tests.channels.samples import (
    BOT_ID,
    HOOK_SECRET,
    LINE_SECRET,
    US,
    line_event,
    line_signature,
    telegram_message,
    update,
)
from tests.clock import Clock
from tests.conftest import SECRET
from tests.ours import mind

LINE, TELEGRAM = "/line/webhook", "/telegram/webhook"
NEVER = "http://127.0.0.1:9"  # nobody listens there


class Silent:
    """A channel that must not be used while something is received."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def open(self) -> object:
        raise AssertionError("the door opened a channel")

    async def send(self, parcel: Parcel) -> Outcome:
        raise AssertionError("the door sent something")

    async def close(self) -> None:
        return None


def settings(url: str, **more: str) -> Settings:
    """Both platforms set up, their hosts where nobody is."""
    values = {
        "database_url": url,
        "secret_key": SECRET,
        "public_url": "http://127.0.0.1",
        "line_channel_secret": LINE_SECRET,
        "line_access_token": "a" * 40,
        "line_api_base": NEVER,
        "line_data_api_base": NEVER,
        "line_gather_seconds": 0,  # clocks stand still here
        "undo_seconds": 0,
        "telegram_token": "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
        "telegram_webhook_secret": HOOK_SECRET,
        "telegram_api_base": NEVER,
    }
    return Settings.model_validate(values | more)


@dataclass
class Town:
    """One process of Nakodo, whose worker moves when it is told to."""

    parts: app.Parts
    clock: Clock
    app: Starlette
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def store(self) -> Store:
        """Its database."""
        return self.parts.store

    def web(self) -> httpx2.AsyncClient:
        """Whoever calls it from outside."""
        transport = httpx2.ASGITransport(self.app)
        return httpx2.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", headers={"sec-fetch-site": "same-origin"}
        )

    def event(self, who: str, text: str = "こんにちは", kind: str = "message", **fields: Any) -> dict[str, Any]:
        """A LINE event of this person, now."""
        number = next(self._numbers)
        message = {"type": "text", "id": f"{number:018d}", "quoteToken": "q", "text": text}
        common = {
            "source": {"type": "user", "userId": line_user(who)},
            "webhookEventId": f"01{number:024d}",
            "timestamp": int(self.clock.now.timestamp() * 1000) + number,
            "replyToken": f"reply-{number}",
            "message": message if kind == "message" else None,
        }
        return line_event(kind, **(common | fields))

    def tap(self, who: str, data: str) -> dict[str, Any]:
        """A touched button."""
        return self.event(who, kind="postback", postback={"data": data})

    async def line(self, *events: Any, body: bytes | None = None, signature: str | None = None) -> int:
        """LINE posts events, or a body as it is; the status of the answer."""
        whole = json.dumps({"destination": BOT_ID, "events": events}).encode() if body is None else body
        signed = {"x-line-signature": line_signature(whole) if signature is None else signature}
        async with self.web() as web:
            return (await web.post(LINE, content=whole, headers=signed)).status_code

    async def telegram(self, text: str, who: int = 1111111, number: int = 0) -> int:
        """Telegram posts words; the status of the answer."""
        number = number or next(self._numbers) + 1
        message = telegram_message(text=text, chat={"id": who, "type": "private"}, date=int(self.clock.now.timestamp()))
        body = json.dumps(update(update_id=number, message=message)).encode()
        secret = {"x-telegram-bot-api-secret-token": HOOK_SECRET}
        async with self.web() as web:
            return (await web.post(TELEGRAM, content=body, headers=secret)).status_code

    async def hear(self) -> None:
        """The worker hears everything that waits."""
        while (await self.parts.ear.round()).heard:
            continue

    async def agreed(self, *who: str) -> None:
        """These people have been greeted and have agreed."""
        for one in who:
            assert await self.line(self.event(one)) == 200
            assert await self.line(self.tap(one, "m:consent")) == 200
        await self.hear()

    async def person(self, who: str, channel: str = "line") -> Person:
        """Somebody, as kept."""
        pair = (channel, line_user(who) if channel == "line" else who)

        def find(conn: Any) -> Person:
            contact = people.known(conn, self.store.vault, [pair])[pair]
            return people.load(conn, self.store.vault, [contact.person_id])[contact.person_id]

        return await asyncio.to_thread(self.store.read, find)

    async def lines(self, who: str, channel: str = "line") -> list[Said]:
        """The talk with somebody, as kept."""
        person = await self.person(who, channel)
        return await asyncio.to_thread(self.store.read, lambda conn: talk.of_person(conn, self.store.vault, person.id))

    async def own_words(self, who: str, channel: str = "line") -> list[str]:
        """What somebody typed."""
        bodies = [line.body for line in await self.lines(who, channel) if line.way is talk.Way.IN]
        return [body["text"] for body in bodies if body and body["kind"] == "typed"]

    async def count(self, table: str) -> int:
        """How many rows a table has."""
        counted = select(func.count()).select_from(metadata.tables[table])
        number: int = await asyncio.to_thread(self.store.read, lambda conn: conn.execute(counted).scalar_one())
        return number

    async def waiting(self) -> int:
        """How many events wait to be heard."""
        return (await asyncio.to_thread(self.store.read, inbox.depth))["inbox"]


def line_user(who: str) -> str:
    """A LINE user id for a name."""
    return "U" + who.encode().hex().zfill(32)[-32:]


def said(line: Said) -> str:
    """The words of a line of the bot or a coordinator."""
    return Message.from_json(line.body).text if line.body else ""


@contextmanager
def town(url: str, now: datetime, patience_s: float | None = None) -> Iterator[Town]:
    """One process on this database; `patience_s` is how long it waits for others who write to an SQLite file."""
    clock = Clock(now)
    parts = app.assemble(settings(url), clock=clock, mind=mind())
    parts = replace(parts, channels={"line": Silent("line"), "telegram": Silent("telegram")})
    parts.known.update(US)
    if patience_s is not None:
        parts.store.close()
        store = open_store(url, SECRET, patience_s)
        parts = replace(
            parts, store=store, ingress=Ingress(store, clock), ear=Ear(store, parts.mind, parts.bell, clock)
        )
    try:
        yield Town(parts, clock, app.web(parts, worker=False))
    finally:
        parts.store.close()
