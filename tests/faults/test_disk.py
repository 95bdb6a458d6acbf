"""The disk is full or broken: nothing is acknowledged, reading goes on, and all recovers by itself."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import anyio
import httpx2
import pytest
from sqlalchemy import make_url

from bot.channels.doubles.line import LinePlatform
from storage import StorageDown, migrate, open_store
from tests.conftest import SECRET as KEY
from tests.faults.living import HANAKO, coordinator
from tests.serving import Server

pytestmark = pytest.mark.anyio


@contextmanager
def no_room(server: Server) -> Iterator[None]:
    """No file of this process may grow any more: what a full disk, a used-up quota or a broken one looks like to it."""
    before = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (1, before[1]))
    yield
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, before)


async def test_S06_S07_W20_without_room_nothing_is_acknowledged_and_afterwards_nothing_is_lost(
    served: tuple[LinePlatform, Server],
) -> None:
    line, server = served
    await line.follow(HANAKO)
    await shows(line, 2)
    session = await anyio.to_thread.run_sync(coordinator, server.database_url)
    async with httpx2.AsyncClient(base_url=server.base, cookies={"nakodo": session}) as web:
        with no_room(server):
            posted = await line.tap(HANAKO, "m:consent")
            assert posted.status == 503
            assert (await line.say(HANAKO, "使い方")).status == 503
            assert (await web.get("/console")).status_code == 200  # what is there can still be read
        assert {again.status for again in await line.redeliver_failed()} == {200}
    await shows(line, 5)


async def shows(line: LinePlatform, count: int) -> None:
    """Wait for so many bubbles of ours."""
    async with asyncio.timeout(30):
        while len(line.delivered(HANAKO)) < count:
            newest = max((face["seq"] for face in line.screen(HANAKO)), default=0)
            await line.changed(HANAKO, newest)


@pytest.mark.parametrize("part", ["head", "first page"])
def test_S22_a_damaged_file_stops_the_start_instead_of_being_worked_with(sqlite_url: str, part: str) -> None:
    open_store(sqlite_url, KEY).close()
    file = Path(str(make_url(sqlite_url).database))
    whole = bytearray(file.read_bytes())
    where = 0 if part == "head" else 100
    whole[where : where + 60] = b"\xa5" * 60
    file.write_bytes(bytes(whole))
    for begin in (migrate, lambda url: open_store(url, KEY)):
        with pytest.raises(StorageDown):
            begin(sqlite_url)
