"""Things with the world as it really is: a server that is killed with its carrier, and Telegram from end to end."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import datetime

import anyio
import pytest
from sqlalchemy import Connection

from bot import app
from bot.channels.doubles.faults import Hang
from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.serve import serving
from bot.channels.doubles.telegram import TelegramPlatform
from storage import Store, cases, inbox, open_store, people, talk, things
from storage.things import Thing
from tests.channels.samples import HOOK_SECRET, TELEGRAM_TOKEN
from tests.clock import Clock
from tests.faults.living import HANAKO, PATIENCE_S
from tests.faults.showing import RECEIVED
from tests.faults.town import settings
from tests.ours import mind
from tests.serving import Server

pytestmark = pytest.mark.anyio
TARO = 1111111


def things_of(store: Store, pair: tuple[str, str]) -> list[Thing]:
    """The things of somebody's open case."""

    def look(conn: Connection) -> list[Thing]:
        person = people.known(conn, store.vault, [pair])[pair].person_id
        case = cases.of_person_open(conn, [person])[person]
        return list(things.of_case(conn, case.id).values())

    return store.read(look)


async def touched(line: LinePlatform, label: str) -> None:
    """Hanako touches a button as soon as her phone shows it."""
    after = 0
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                await line.touch(HANAKO, label)
            except LookupError:
                faces = await line.changed(HANAKO, after)
                after = max(face["seq"] for face in faces)
            else:
                return


async def test_S01_a_server_killed_between_ack_and_fetch_fetches_at_its_next_start(
    served: tuple[LinePlatform, Server], sqlite_url: str
) -> None:
    line, server = served
    await line.follow(HANAKO)
    for label in ("同意する", "人と話したい"):
        await touched(line, label)
    line.faults.next("content", Hang(accepted=False), times=9)
    posted = await line.send(HANAKO, "image")
    assert posted.status == 200
    async with asyncio.timeout(PATIENCE_S):
        while not line.ledger.of("content"):  # noqa: ASYNC110 - the double tells nobody
            await asyncio.sleep(0.02)
    await anyio.to_thread.run_sync(server.kill)
    line.faults.clear()
    await anyio.to_thread.run_sync(server.start)
    async with asyncio.timeout(PATIENCE_S):
        while not any(call.accepted for call in line.ledger.of("content")):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)
    async with asyncio.timeout(PATIENCE_S):
        while True:
            store = await anyio.to_thread.run_sync(open_store, sqlite_url, "s" * 48)
            [thing] = things_of(store, ("line", HANAKO))
            store.close()
            if thing.state is things.State.KEPT:
                break
            await asyncio.sleep(0.05)
    assert thing.form == "jpeg"


async def test_pictures_with_words_and_voices_come_from_telegram(sqlite_url: str, now: datetime) -> None:
    clock = Clock(now)
    telegram = TelegramPlatform(TELEGRAM_TOKEN, HOOK_SECRET, "", clock=clock)
    async with AsyncExitStack() as stack:
        host = await stack.enter_async_context(serving(telegram.app, grace=0.05))
        chosen = settings(sqlite_url, telegram_api_base=host, line_access_token="")
        parts = app.assemble(chosen, clock=clock, mind=mind())
        base = await stack.enter_async_context(serving(app.web(parts), grace=0.1))
        telegram.hook_url = f"{base}/telegram/webhook"

        async def heard() -> None:
            async with asyncio.timeout(PATIENCE_S):
                while (await asyncio.to_thread(parts.store.read, inbox.depth))["inbox"]:
                    await parts.bell.wait(0.05)
            clock.on(seconds=5)

        await telegram.start(TARO)
        for data in ("m:consent", "m:person"):
            await heard()
            await telegram.tap(TARO, data)
        await heard()
        await telegram.send(TARO, "photo", caption="この看板です")
        await telegram.send(TARO, "voice")
        await telegram.send(TARO, "document", data=b"%PDF-1.7", file_name="会則.pdf")
        await heard()
        parts.fetcher.due.set()
        async with asyncio.timeout(PATIENCE_S):
            while [one.state for one in things_of(parts.store, ("telegram", str(TARO)))] != [things.State.KEPT] * 3:
                await parts.bell.wait(0.05)
        kept = things_of(parts.store, ("telegram", str(TARO)))
        pair = ("telegram", str(TARO))
        contact = await asyncio.to_thread(parts.store.read, lambda conn: people.known(conn, parts.store.vault, [pair]))
        lines = await asyncio.to_thread(
            parts.store.read, lambda conn: talk.of_person(conn, parts.store.vault, contact[pair].person_id)
        )
        texts = [line.body.get("text") for line in lines if line.body]
    assert sorted(one.form for one in kept) == ["jpeg", "m4a", "pdf"]
    assert "この看板です" in texts
    assert texts.count(RECEIVED) == 3
