"""The doors under pressure: the same event everywhere at once, and a database that goes away and comes back."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import signal
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from datetime import datetime

import pytest
from sqlalchemy import make_url

from storage import StorageDown
from tests.channels.samples import BOT_ID
from tests.faults.posting import post_many
from tests.faults.town import Town, town
from tests.postgres import Server

pytestmark = pytest.mark.anyio


def crowd(place: Town) -> Executor:
    """Several servers on PostgreSQL; on SQLite, where there is one process, several threads with a line each."""
    if place.store.dialect == "sqlite":
        return ThreadPoolExecutor(4)
    return ProcessPoolExecutor(2, multiprocessing.get_context("spawn"))


async def test_W10_the_same_event_fifty_times_at_once_is_one_message_and_one_reply(
    either: Town, database_url: str
) -> None:
    await either.agreed("hanako")
    parcels = await either.count("outbox")
    body = json.dumps({"destination": BOT_ID, "events": [either.event("hanako", "メニュー")]}).encode()
    with crowd(either) as others:
        loop = asyncio.get_running_loop()
        runs = [loop.run_in_executor(others, post_many, database_url, body, 10) for _ in range(4)]
        here = await asyncio.gather(*(either.line(body=body) for _ in range(10)))
        there = await asyncio.gather(*runs)
    assert here + [status for _, statuses in there for status in statuses] == [200] * 50
    await either.hear()
    assert await either.own_words("hanako") == ["メニュー"]
    assert await either.count("outbox") == parcels + 1


@pytest.mark.long
async def test_W21_ten_minutes_of_posts_without_a_worker_are_taken_fast_and_then_drained(either: Town) -> None:
    names = [f"neighbour {number}" for number in range(50)]
    await either.agreed(*names)
    took: list[float] = []

    async def post(number: int) -> None:
        event = either.event(names[number % 50], str(number))
        begun = time.perf_counter()
        assert await either.line(event) == 200
        took.append(time.perf_counter() - begun)

    for second in range(600):  # twenty a second, as fast as they are taken
        either.clock.on(seconds=1)
        await asyncio.gather(*(post(second * 20 + place) for place in range(20)))
    assert await either.waiting() == len(took) == 12_000
    assert sorted(took)[int(len(took) * 0.99)] < 0.2
    await either.hear()
    for place, name in enumerate(names):
        assert await either.own_words(name) == [str(number) for number in range(place, 12_000, 50)]


@pytest.fixture
def away(postgres: Server, now: datetime) -> Iterator[tuple[Town, Server]]:
    """A town whose PostgreSQL can be stopped."""
    with town(postgres.url(), now) as one:
        yield one, postgres


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["stopped", "crashed"])
async def test_W20_S03_while_postgresql_is_away_nothing_is_acknowledged_and_nothing_is_lost(
    away: tuple[Town, Server], how: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    place, server = away
    await place.agreed("hanako")
    texts = [f"canary {number}" for number in range(6)]
    events = [place.event("hanako", text) for text in texts]
    acked = [text for text, event in zip(texts[:2], events[:2], strict=True) if await place.line(event) == 200]
    await asyncio.to_thread(server.stop, how)
    assert await asyncio.gather(*(place.line(event) for event in events)) == [503] * 6
    assert await place.telegram("やあ") == 503
    async with place.web() as web:
        assert (await web.get("/health")).status_code == 503
    with pytest.raises(StorageDown):
        await place.hear()
    await asyncio.to_thread(server.start)
    # The platform posts again what was not acknowledged, in any order, and some of it twice.
    assert [await place.line(event) for event in (*reversed(events[2:]), *events)] == [200] * 10
    async with place.web() as web:
        assert (await web.get("/health")).status_code == 200
    await place.hear()
    assert await place.own_words("hanako") == texts
    assert acked == texts[:2]
    logged = capsys.readouterr()
    assert "StorageDown" in logged.out + logged.err
    assert "canary" not in logged.out + logged.err


async def test_S08_W20_a_lock_held_for_a_moment_is_waited_for_and_a_longer_one_is_503(
    sqlite_url: str, now: datetime
) -> None:
    with (
        town(sqlite_url, now, patience_s=0.3) as place,
        closing(sqlite3.connect(str(make_url(sqlite_url).database), isolation_level=None)) as tool,
    ):
        tool.execute("BEGIN IMMEDIATE")
        event = place.event("hanako")
        assert await place.line(event) == 503
        waiting = asyncio.create_task(place.line(event))
        await asyncio.sleep(0.05)
        tool.execute("ROLLBACK")
        assert await waiting == 200
        await place.hear()
        assert (await place.count("inbox"), await place.count("outbox")) == (1, 1)
