"""A whole running centre for tests of the residents' pages: real server, real worker, devices that read along."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
from sqlalchemy import Connection, func, select

from bot import app
from bot.channels.doubles.serve import serving
from bot.mind import Mind
from bot.ports import Arrived
from bot.settings import Settings
from dialogs.heard import Heard
from storage import pages, people, staff, tables
from storage.pages import Link, NewLink, Purpose
from storage.staff import Member, Role
from storage.whole import metadata
from tests.clock import Clock
from tests.conftest import SECRET

PATIENCE_S = 20.0
GOOD = {"key": "good-key-1", "text": "こんにちは"}
Json = dict[str, Any]


@dataclass
class Event:
    """One server-sent event."""

    name: str
    data: Any
    id: str


@dataclass
class Place:
    """A running centre and the ways into it."""

    parts: app.Parts
    base: str
    clock: Clock

    def device(self) -> httpx2.AsyncClient:
        """Somebody's browser, without a cookie yet. Redirects are not followed."""
        return httpx2.AsyncClient(base_url=self.base, headers={"sec-fetch-site": "same-origin"})

    @asynccontextmanager
    async def visitor(self) -> AsyncIterator[httpx2.AsyncClient]:
        """A browser that has pressed 「はじめる」."""
        async with self.device() as device:
            assert (await device.post("/chat/start")).status_code == 303
            yield device

    @asynccontextmanager
    async def agreed(self) -> AsyncIterator[httpx2.AsyncClient]:
        """A browser whose person has agreed to the purpose."""
        async with self.visitor() as device:
            answer = await device.post("/chat/say", json={"key": "consent-1", "tap": "m:consent"})
            assert answer.status_code == 202
            await self.quiet()
            yield device

    async def write(self, job: Callable[[Connection], Any]) -> Any:
        """Write to the store and wait for the commit."""
        return await asyncio.wrap_future(self.parts.store.writer.submit(job))

    async def read(self, look: Callable[[Connection], Any]) -> Any:
        """Look into the store."""
        return await asyncio.to_thread(self.parts.store.read, look)

    async def hears(self, who: str, *said: Heard, channel: str = "line") -> int:
        """Somebody writes on a platform and the bot has heard all of it; the person's number."""
        for number, heard in enumerate(said):
            event = f"{who}-{number}-{self.clock().isoformat()}"
            await self.parts.ingress.receive([Arrived(channel, event, who, self.clock(), heard)])
        await self.quiet()
        pair = (channel, who)
        found = await self.read(lambda conn: people.known(conn, self.parts.store.vault, [pair]))
        person_id: int = found[pair].person_id
        return person_id

    async def quiet(self) -> None:
        """Wait until nothing is left to be heard."""
        waiting = select(func.count()).where(tables.inbox.c.state == "waiting")
        async with asyncio.timeout(PATIENCE_S):
            while await self.read(lambda conn: conn.execute(waiting).scalar_one()):
                await self.parts.bell.wait(0.05)

    async def link(self, person_id: int, purpose: Purpose = Purpose.ANSWER, channel: str = "") -> str:
        """The path of a one-time link, given on a channel of the person's if one is named."""

        def job(conn: Connection) -> str:
            person = people.load(conn, self.parts.store.vault, [person_id])[person_id]
            given = next((one.id for one in person.contacts if one.channel == channel), None)
            return pages.make(conn, NewLink(person_id, purpose, timedelta(days=3), contact_id=given), self.clock())

        return f"/p/{await self.write(job)}"

    async def look(self, path: str) -> Link | None:
        """What the store knows of a link."""
        found: Link | None = await self.read(lambda conn: pages.look(conn, path[3:], self.clock()))
        return found

    async def count(self, table: str) -> int:
        """How many rows a table has."""
        counted = select(func.count()).select_from(metadata.tables[table])
        number: int = await self.read(lambda conn: conn.execute(counted).scalar_one())
        return number

    async def member(self, login: str) -> Member:
        """A coordinator."""

        def job(conn: Connection) -> Member | None:
            staff.add(conn, login, login.title(), Role.COORDINATOR, self.clock())
            return staff.by_login(conn, login)

        member = await self.write(job)
        assert isinstance(member, Member)
        return member


@asynccontextmanager
async def running(url: str, mind: Mind, clock: Clock, **more: str) -> AsyncIterator[Place]:
    """A centre that serves on loopback; `more` settings."""
    bare = {"database_url": url, "secret_key": SECRET, "public_url": "http://127.0.0.1", "undo_seconds": "0"}
    values = bare | more
    settings = Settings.model_validate(values)
    parts = app.assemble(settings, clock=clock, mind=mind)
    async with serving(app.web(parts)) as base:
        yield Place(parts, base, clock)


async def follow(
    device: httpx2.AsyncClient, path: str, headers: dict[str, str] | None = None
) -> AsyncGenerator[Event, None]:
    """The events of a stream, as a browser would get them, for as long as the caller listens."""
    name, data, number = "message", "", ""
    async with asyncio.timeout(PATIENCE_S), device.stream("GET", path, headers=headers) as answer:
        assert answer.status_code == 200
        async for line in answer.aiter_lines():
            field, _, value = line.partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                data = value
            elif field == "id":
                number = value
            elif not line and data:
                yield Event(name, json.loads(data), number)
                name, data = "message", ""


async def past(device: httpx2.AsyncClient, base: str = "/chat", after: int = 0) -> list[Json]:
    """The lines that are there already."""
    found: list[Json] = []
    stream = follow(device, f"{base}/events?after={after}")
    async for event in stream:
        if event.name == "ready":
            break
        if event.name == "line":
            found.append(event.data)
    await stream.aclose()
    return found


async def until(device: httpx2.AsyncClient, words: str, base: str = "/chat") -> list[Json]:
    """The lines up to the first one that holds these words."""
    found: list[Json] = []
    stream = follow(device, f"{base}/events")
    async for event in stream:
        if event.name == "line":
            found.append(event.data)
            if words in text(event.data):
                break
    await stream.aclose()
    return found


def text(line: Json) -> str:
    """The words of a line without readings."""
    return "".join(base for base, _ in line.get("text", []))


def labels(line: Json) -> list[str]:
    """What the buttons of a line say."""
    return ["".join(base for base, _ in button["label"]) for button in line.get("buttons", [])]


def own_words(lines: list[Json]) -> list[str]:
    """What the person wrote, without what they tapped."""
    return [text(line) for line in lines if line["who"] == "me" and "text" in line]
