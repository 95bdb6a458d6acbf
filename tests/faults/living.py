"""A Nakodo that lives: LINE in miniature, the real server and worker, a resident with a phone and a browser."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import httpx2
from sqlalchemy import Connection

from bot import app
from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.line.platform import Terms, user_id
from bot.channels.doubles.serve import serving
from bot.channels.line import LineChannel
from bot.channels.telegram import TelegramChannel
from bot.ports import Channel
from storage import inbox, open_store, outbox, people, staff
from storage.people import Person
from storage.staff import Member, Role
from tests.channels.samples import LINE_SECRET, LINE_TOKEN
from tests.clock import Clock
from tests.faults.town import settings
from tests.ours import mind
from tests.web.talking import Json, labels, past

T = TypeVar("T")
PATIENCE_S = 30
HANAKO = user_id("hanako")


@dataclass
class Living:
    """Hanako's phone, the centre behind it, and what can be asked of it."""

    parts: app.Parts
    line: LinePlatform
    base: str
    clock: Clock

    async def write(self, job: Callable[[Connection], T]) -> T:
        """Write to the store and wait for the commit."""
        return await asyncio.wrap_future(self.parts.store.writer.submit(job))

    async def read(self, look: Callable[[Connection], T]) -> T:
        """Look into the store."""
        return await asyncio.to_thread(self.parts.store.read, look)

    async def quiet(self) -> None:
        """Wait until everything was heard and carried."""
        async with asyncio.timeout(PATIENCE_S):
            while (await self.read(inbox.depth))["inbox"] or await self.read(outbox.depth):
                await self.parts.bell.wait(0.05)

    async def touch(self, *names: str) -> None:
        """Hanako touches buttons, one after the other."""
        for name in names:
            self.clock.on(seconds=2)
            assert not isinstance(await self.line.touch(HANAKO, name), str)
            await self.quiet()

    async def say(self, words: str) -> list[str]:
        """Hanako writes on LINE; what shows because of it."""
        before = len(self.shown())
        self.clock.on(seconds=2)
        await self.line.say(HANAKO, words)
        await self.quiet()
        return self.shown()[before:]

    def shown(self) -> list[str]:
        """Everything of ours on her phone."""
        return ["\n".join(face["texts"]) for face in self.line.screen(HANAKO) if face["from"] == "bot"]

    async def follow_link(self, name: str) -> str:
        """Touch a link on the phone; the path it leads to."""
        address = await self.line.touch(HANAKO, name)
        assert isinstance(address, str)
        return "/p/" + address.rpartition("/p/")[2]

    def browser(self) -> httpx2.AsyncClient:
        """A browser without a cookie yet."""
        return httpx2.AsyncClient(base_url=self.base, headers={"sec-fetch-site": "same-origin"})

    async def person(self) -> Person | None:
        """Hanako, as kept."""
        vault = self.parts.store.vault
        found = await self.read(lambda conn: people.known(conn, vault, [("line", HANAKO)]))
        if not found:
            return None
        number = found["line", HANAKO].person_id
        return (await self.read(lambda conn: people.load(conn, vault, [number])))[number]

    async def member(self, login: str) -> Member:
        """A coordinator."""

        def job(conn: Connection) -> Member | None:
            staff.add(conn, login, login.title(), Role.COORDINATOR, self.clock())
            return staff.by_login(conn, login)

        member = await self.write(job)
        assert isinstance(member, Member)
        return member

    async def signed_in(self, member: Member) -> httpx2.AsyncClient:
        """A coordinator's browser."""
        day = timedelta(hours=12)
        token = await self.write(lambda conn: staff.start_session(conn, member.id, self.clock(), day))
        browser = self.browser()
        browser.cookies.set("nakodo", str(token))
        return browser

    def sent(self) -> str:
        """Everything LINE ever got from us."""
        return "\n".join(f"{call.path} {dict(call.headers)} {call.body}" for call in self.line.ledger)


@dataclass
class PrivatePage:
    """The page a one-time link opened, on one device."""

    of: Living
    device: httpx2.AsyncClient
    base: str

    async def _post(self, **said: str) -> None:
        self.of.clock.on(seconds=2)
        answer = await self.device.post(f"{self.base}/say", json={"key": uuid.uuid4().hex, **said})
        assert answer.status_code == 202
        await self.of.quiet()

    async def say(self, words: str) -> None:
        """Write on the page."""
        await self._post(text=words)

    async def tap(self, name: str) -> None:
        """Tap the newest button of this name."""
        offered = {label: button["tap"] for line in await self.lines() for label, button in named(line)}
        await self._post(tap=offered[name])

    async def lines(self) -> list[Json]:
        """What the page shows."""
        return await past(self.device, self.base)


def coordinator(url: str) -> str:
    """The session of a coordinator who is signed in; by a server that runs under its own key."""
    store = open_store(url, "s" * 48)

    def job(conn: Connection) -> str:
        number = staff.add(conn, "sato", "佐藤", Role.COORDINATOR, datetime.now(UTC))
        assert number is not None
        return str(staff.start_session(conn, number, datetime.now(UTC), timedelta(hours=1)))

    try:
        return store.writer.submit(job).result(20)
    finally:
        store.close()


def named(line: Json) -> list[tuple[str, Any]]:
    """The buttons of a line with their names."""
    return list(zip(labels(line), line.get("buttons", []), strict=True))


@asynccontextmanager
async def opened(of: Living, path: str) -> AsyncIterator[PrivatePage]:
    """Press the button behind a one-time link."""
    async with of.browser() as device:
        answer = await device.post(path)
        assert answer.status_code == 303
        await of.quiet()
        yield PrivatePage(of, device, answer.headers["location"])


@asynccontextmanager
async def living(url: str, clock: Clock, telegram: TelegramChannel | None = None, **more: str) -> AsyncIterator[Living]:
    """Everything at work, with `more` settings and perhaps a way to Telegram; Hanako has added the account."""
    terms = Terms(rates={}, hook_seconds=20)  # a machine that does much besides is slow
    line = LinePlatform(LINE_SECRET, LINE_TOKEN, "", clock=clock, quota=None, terms=terms)
    async with AsyncExitStack() as stack:
        host = await stack.enter_async_context(serving(line.app, grace=0.05))
        on_line = {"line_access_token": LINE_TOKEN, "line_api_base": host, "line_data_api_base": host}
        chosen = settings(url, **on_line | {"telegram_token": ""} | more)
        by_line = LineChannel(host, LINE_TOKEN, clock)  # a token lives by the same clock on both sides
        channels: dict[str, Channel] = {"line": by_line} | ({"telegram": telegram} if telegram else {})
        parts = app.assemble(chosen, clock=clock, mind=mind(), channels=channels)
        base = await stack.enter_async_context(serving(app.web(parts), grace=0.1))
        line.hook_url = f"{base}/line/webhook"
        one = Living(parts, line, base, clock)
        await line.follow(HANAKO)
        await one.quiet()
        yield one
