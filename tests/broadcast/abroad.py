"""Both platforms in miniature, a real server in a process of its own between them, and many people to be told."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

import anyio
from sqlalchemy import Connection, insert

from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.line.platform import user_id
from bot.channels.doubles.serve import serving
from bot.channels.doubles.telegram import TelegramPlatform
from storage import Store, broadcasts, fates, open_store
from storage.broadcasts import State
from storage.fates import Fate, Sums
from storage.people import Pair
from storage.receive_tables import receiver
from storage.tables import contact, person
from tests.broadcast.alone import Alone
from tests.broadcast.newsletter import newsletter_to_all
from tests.channels.samples import TELEGRAM_TOKEN
from tests.serving import SECRET, TOKEN, Server

T = TypeVar("T")
KEY = "s" * 48  # the server's
AT_ONCE = 5_000


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


@dataclass
class Abroad:
    """The server, or a carrier `alone`, and what is around it; `store` is another process's look at its database."""

    line: LinePlatform
    telegram: TelegramPlatform
    server: Server
    alone: Alone
    store: Store
    contacts: dict[Pair, int] = field(default_factory=dict)

    async def read(self, look: Callable[[Connection], T]) -> T:
        """Look into its database."""
        return await anyio.to_thread.run_sync(self.store.read, look)

    def crowd(self, channel: str, count: int) -> None:
        """So many people who receive there, known to the platform."""
        for first in range(0, count, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, count))
            names = [(channel, user_id(str(one)) if channel == "line" else str(5_000_000 + one)) for one in numbers]
            for _, address in names:
                if channel == "line":
                    self.line.meet(address, "住民").friend = True
                else:
                    self.telegram.meet(int(address), "住民")
            self.store.writer.submit(partial(self._receive, channel, names)).result(120)

    def _receive(self, channel: str, names: list[Pair], conn: Connection) -> None:
        """Rows as `people.contacts_for` makes them, without looking for each whether it is there already."""
        first, vault, at = len(self.contacts) + 1, self.store.vault, now()
        made = list(enumerate(names, first))
        wrapped = vault.new_person_key()[1]
        conn.execute(
            insert(person), [{"id": of, "wrapped_key": wrapped, "created_at": at, "seen_at": at} for of, _ in made]
        )
        conn.execute(
            insert(contact),
            [
                {
                    "id": of,
                    "person_id": of,
                    "channel": channel,
                    "address": vault.seal(vault.house, "contact.address", address),
                    "address_index": vault.index("contact.address/" + channel, address),
                }
                for of, (_, address) in made
            ],
        )
        usual = {"channel": channel, "language": "ja", "often": "at_once", "quiet_from": 0, "quiet_to": 0}
        conn.execute(insert(receiver), [{"person_id": of, "contact_id": of, **usual} for of, _ in made])
        self.contacts |= {pair: of for of, pair in made}

    def agreed(self) -> int:
        """A newsletter to everybody that was agreed to; its number."""
        return self.store.writer.submit(partial(newsletter_to_all, count=len(self.contacts))).result(60)

    async def sums(self, number: int) -> Sums:
        """How far it is."""
        return await self.read(lambda conn: fates.of(conn, number))

    async def ended(self, number: int, within_s: float) -> None:
        """Wait until it is done."""
        async with asyncio.timeout(within_s):
            while await self.read(partial(_state, number)) is not State.DONE:  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    def on_line(self) -> Counter[str]:
        """How often each phone on LINE got it."""
        calls = [call for call in self.line.ledger.of("multicast") if call.accepted and call.body]
        return Counter(address for call in calls for address in call.body["to"])

    async def as_told(self, number: int) -> None:
        """Everybody on LINE got it once; on Telegram nobody twice, and whoever got it or may have is named so."""
        parts = await self.read(lambda conn: list(fates.of_all(conn, number)))
        fate = {of: how for part in parts for of, how in part.people}
        on_line = self.on_line()
        for (channel, address), of in self.contacts.items():
            if channel == "line":
                assert (on_line[address], fate[of]) == (1, Fate.ACCEPTED)
            else:
                times, how = len(self.telegram.delivered(int(address))), fate[of]
                assert how in (Fate.ACCEPTED, Fate.UNKNOWN)
                assert times == 1 if how is Fate.ACCEPTED else times <= 1
        assert len(fate) == len(self.contacts)


def _state(number: int, conn: Connection) -> State | None:
    found = broadcasts.find(conn, number)
    return None if found is None else found.state


@asynccontextmanager
async def abroad(url: str) -> AsyncIterator[Abroad]:
    """Both platforms are open, at their own paces; nothing is started yet, and all is killed at the end."""
    line = LinePlatform(SECRET, TOKEN, "", clock=now, quota=None)
    telegram = TelegramPlatform(TELEGRAM_TOKEN, "hook", "", clock=now)
    async with AsyncExitStack() as stack:
        line_base = await stack.enter_async_context(serving(line.app, grace=0.05))
        telegram_base = await stack.enter_async_context(serving(telegram.app, grace=0.05))
        more = {
            "NAKODO_TELEGRAM_TOKEN": TELEGRAM_TOKEN,
            "NAKODO_TELEGRAM_API_BASE": telegram_base,
            "NAKODO_TELEGRAM_WEBHOOK_SECRET": "hook",
        }
        store = open_store(url, KEY)
        stack.callback(store.close)
        server = Server(url, line_base, more=more)
        stack.callback(server.kill)
        alone = Alone(url, KEY, {"line": line_base, "telegram": telegram_base})
        stack.callback(alone.kill)
        yield Abroad(line, telegram, server, alone, store)
