"""The process that speaks to the platforms: it carries, may die, is started again, and never outlives its master."""

from __future__ import annotations

import asyncio
import os
import signal
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import anyio
import pytest

from bot.channels.doubles.faults import Hang
from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.line.platform import BOT_ID
from bot.channels.doubles.serve import serving
from bot.outside import Outside, outside
from bot.ports import Fetched, Itself, NotYet, Outcome, Parcel, Sent, Unknown
from tests.serving import SECRET, TOKEN, Server

pytestmark = pytest.mark.anyio
WHO = "U" + "a1" * 16


@pytest.fixture
async def line(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LinePlatform]:
    """A LINE platform with one friend, which a carrier started now will speak to."""
    platform = LinePlatform(SECRET, TOKEN, "", clock=lambda: datetime.now(UTC), quota=None)
    platform.meet(WHO, "住民").friend = True
    async with serving(platform.app, grace=0.05) as base:
        monkeypatch.setenv("NAKODO_LINE_ACCESS_TOKEN", TOKEN)
        monkeypatch.setenv("NAKODO_LINE_API_BASE", base)
        monkeypatch.setenv("NAKODO_LINE_DATA_API_BASE", base)
        yield platform


@pytest.fixture
async def channel(line: LinePlatform) -> AsyncIterator[Outside]:
    """LINE, spoken to by a carrier."""
    made = outside(["line"])["line"]
    yield made
    await made.close()


def _parcel(words: str) -> Parcel:
    return Parcel(1, "line", WHO, ({"text": words},), str(uuid.uuid4()))


def _carriers(of: int) -> list[int]:
    """The living children of a process that are carriers."""
    found: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1])
            if parent == of and b"bot.carrier" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


def _alive(carriers: list[int]) -> list[int]:
    """Those that still run: one that waits to be buried by its parent has no command any more."""
    living: list[int] = []
    for pid in carriers:
        with suppress(OSError):
            if (Path("/proc") / str(pid) / "cmdline").read_bytes():
                living.append(pid)
    return living


async def _under_way(line: LinePlatform, channel: Outside) -> asyncio.Task[Outcome]:
    """A parcel that has reached LINE, which keeps silent."""
    assert await channel.itself()
    line.faults.next("push", Hang(accepted=False))
    sending = asyncio.create_task(channel.send(_parcel("とちゅう")))
    while not line.ledger.of("push"):  # noqa: ASYNC110 - the double tells nobody
        await asyncio.sleep(0.02)
    return sending


async def test_words_go_out_through_the_carrier_and_it_ends_with_us(line: LinePlatform, channel: Outside) -> None:
    outcomes = [await channel.send(_parcel(f"その{number}")) for number in range(3)]
    assert all(isinstance(outcome, Sent) for outcome in outcomes)
    assert len(line.delivered(WHO)) == 3
    assert await channel.itself() == Itself(BOT_ID, "@nakodo")
    assert len(_carriers(os.getpid())) == 1
    await channel.close()
    assert _carriers(os.getpid()) == []


async def test_pictures_and_large_files_come_in_through_the_carrier(line: LinePlatform, channel: Outside) -> None:
    picture = await line.send(WHO, "image")
    large = b"%PDF-1.7" + os.urandom(15_000_000)
    file = await line.send(WHO, "file", data=large)
    fetched = await channel.fetch(picture.event["message"]["id"])
    assert isinstance(fetched, Fetched)
    assert fetched.form == "jpeg"
    assert await channel.fetch(file.event["message"]["id"]) == Fetched("pdf", large)


async def test_S01_a_carrier_that_is_killed_while_it_fetches_says_so(line: LinePlatform, channel: Outside) -> None:
    number = (await line.send(WHO, "image")).event["message"]["id"]
    assert await channel.itself()
    line.faults.next("content", Hang(accepted=False))
    fetching = asyncio.create_task(channel.fetch(number))
    while not line.ledger.of("content"):  # noqa: ASYNC110 - the double tells nobody
        await asyncio.sleep(0.02)
    os.kill(_carriers(os.getpid())[0], signal.SIGKILL)
    content = await fetching
    assert isinstance(content, NotYet)
    assert content.ended
    assert isinstance(await channel.fetch(number), Fetched)


async def test_many_parcels_are_under_way_at_the_same_time(line: LinePlatform, channel: Outside) -> None:
    slow = await _under_way(line, channel)
    assert isinstance(await channel.send(_parcel("速い")), Sent)
    assert not slow.done()
    slow.cancel()


async def test_S20_a_parcel_that_breaks_the_drawing_costs_itself_alone(line: LinePlatform, channel: Outside) -> None:
    outcome = await channel.send(replace(_parcel(""), written=(None,)))  # type: ignore[arg-type]
    assert outcome == Unknown("our own mistake (AttributeError)")
    assert isinstance(await channel.send(_parcel("つぎ")), Sent)
    assert len(line.delivered(WHO)) == 1


async def test_S01_a_carrier_that_is_killed_leaves_a_doubt_and_comes_back(line: LinePlatform, channel: Outside) -> None:
    sending = await _under_way(line, channel)
    os.kill(_carriers(os.getpid())[0], signal.SIGKILL)
    outcome = await sending
    assert isinstance(outcome, Unknown)
    assert outcome.again
    assert isinstance(await channel.send(_parcel("もう一度")), Sent)


async def test_S01_no_carrier_outlives_a_killed_server(line: LinePlatform, sqlite_url: str) -> None:
    server = Server(sqlite_url, os.environ["NAKODO_LINE_API_BASE"])
    await anyio.to_thread.run_sync(server.start)
    with anyio.fail_after(10):
        while not (carriers := _carriers(server.pid)):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)
    await anyio.to_thread.run_sync(server.kill)
    with anyio.fail_after(20):
        while _alive(carriers):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)
    assert _alive(carriers) == []
