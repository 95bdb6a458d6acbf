"""A post office for the tests: the real adapters, both platforms in miniature on loopback, and a clock to be moved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select

from bot.bell import Bell
from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.line.platform import Terms
from bot.channels.doubles.serve import serving
from bot.channels.doubles.telegram import TelegramPlatform
from bot.channels.doubles.telegram.platform import Terms as TelegramTerms
from bot.channels.line import LineChannel
from bot.channels.telegram import TelegramChannel
from bot.delivery import Postman
from bot.ports import Channel
from dialogs.saying import Message
from storage import Store, outbox, people
from storage.outbox import Outgoing
from storage.people import Person
from storage.tables import outbox as table
from tests.channels.samples import HANAKO, LINE_SECRET, LINE_TOKEN, TELEGRAM_TOKEN
from tests.clock import Clock

TARO = 1111111
PATIENCE_S = 0.5  # of the adapters here, so that silence is soon over


@dataclass
class Post:
    """Hanako on LINE and Taro on Telegram, what is queued for them, and the postman who carries it."""

    store: Store
    clock: Clock
    line: LinePlatform
    line_base: str
    telegram: TelegramPlatform
    channels: dict[str, Channel]
    postman: Postman

    def another(self) -> Postman:
        """A postman of another process on the same database."""
        return Postman(self.store, self.channels, Bell(), self.clock)

    def person(self, channel: str = "line") -> Person:
        """Hanako or Taro."""
        pair = (channel, HANAKO if channel == "line" else str(TARO))

        def job(conn: Connection) -> Person:
            contact = people.contacts_for(conn, self.store.vault, [pair], self.clock())[pair]
            return people.load(conn, self.store.vault, [contact.person_id])[contact.person_id]

        return self.store.writer.submit(job).result(20)

    def queue(self, *texts: str, channel: str = "line", token: str = "", case_id: int | None = None) -> list[int]:
        """One parcel for each text; the reply token goes with the first."""
        who, now = self.person(channel), self.clock()
        rows = [
            Outgoing(
                person_id=who.id,
                contact_id=who.contacts[0].id,
                channel=channel,
                key=who.key,
                messages=[Message(text).to_json()],
                reply_token=token if number == 0 else "",
                reply_until=now + timedelta(seconds=50) if token and number == 0 else None,
                case_id=case_id,
            )
            for number, text in enumerate(texts)
        ]
        return self.store.writer.submit(lambda conn: outbox.put(conn, self.store.vault, rows, now)).result(20)

    async def token(self) -> str:
        """A living reply token of Hanako's."""
        return str((await self.line.follow(HANAKO)).event["replyToken"])

    async def carry(self, postman: Postman | None = None) -> None:
        """Everything that can go now."""
        carrier = postman or self.postman
        while await carrier.carry():
            await carrier.idle()

    async def carry_for(self, seconds: float) -> None:
        """Time passes and the postman keeps looking."""
        for _ in range(int(seconds // 2) + 1):
            await self.carry()
            self.clock.on(seconds=2)
        await self.carry()

    def row(self, number: int) -> Any:
        """What is kept of one parcel."""
        return self.store.read(lambda conn: conn.execute(select(table).where(table.c.id == number)).one())

    def states(self, *numbers: int) -> list[str]:
        """How parcels ended."""
        return [self.row(number).state for number in numbers]

    async def arrived(self) -> None:
        """Wait until something of ours shows on Hanako's phone."""
        async with asyncio.timeout(10):
            await self.line.changed(HANAKO)

    def shown(self) -> list[str]:
        """What Hanako's phone shows of us, a bubble each."""
        return ["\n".join(face["texts"]) for face in self.line.screen(HANAKO) if face["from"] == "bot"]

    def told(self) -> list[str]:
        """What Taro's phone shows of us."""
        return [message["text"] for message in self.telegram.delivered(TARO)]

    def calls(self) -> list[str]:
        """The calls LINE got, in order."""
        return [call.endpoint for call in self.line.ledger]


@asynccontextmanager
async def post_office(
    store: Store, clock: Clock, quota: int | None = 200, *, flood: bool = True, patience: float = PATIENCE_S
) -> AsyncIterator[Post]:
    """Open, with both platforms at work and both people known to them; `flood` off lifts Telegram's pace.

    `patience` is that of the adapters, in seconds.
    """
    line = LinePlatform(LINE_SECRET, LINE_TOKEN, "", clock=clock, quota=quota, terms=Terms(rates={}))
    telegram = TelegramPlatform(TELEGRAM_TOKEN, "hook", "", clock=clock, terms=TelegramTerms(flood=flood))
    async with AsyncExitStack() as stack:
        line_base = await stack.enter_async_context(serving(line.app, grace=0.05))
        telegram_base = await stack.enter_async_context(serving(telegram.app, grace=0.05))
        by_line = LineChannel(line_base, LINE_TOKEN, clock, patience=patience)
        by_telegram = TelegramChannel(telegram_base, TELEGRAM_TOKEN, patience=patience)
        channels: dict[str, Channel] = {"line": by_line, "telegram": by_telegram}
        await line.follow(HANAKO)
        await telegram.start(TARO)
        await asyncio.gather(by_line.open(), by_telegram.open())
        yield Post(store, clock, line, line_base, telegram, channels, Postman(store, channels, Bell(), clock))
        await asyncio.gather(by_line.close(), by_telegram.close())
