"""B-22: the database takes nothing in the middle of a send: it pauses, then goes on by itself, and doubles nothing."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress

import anyio
import pytest
from sqlalchemy import text

from bot import broadcasting
from bot.channels.doubles.faults import Slow
from storage import StorageDown, migrate, open_store
from storage.broadcasts import State
from storage.fates import Sums
from tests.broadcast.abroad import abroad
from tests.broadcast.square import Square, square
from tests.clock import Clock
from tests.conftest import SECRET
from tests.faults.test_disk import no_room
from tests.postgres import start_any

pytestmark = pytest.mark.anyio
CUT = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


async def test_B22_a_full_disk_is_waited_for_and_nobody_gets_it_twice_or_is_left_in_doubt(sqlite_url: str) -> None:
    async with abroad(sqlite_url) as there:
        there.crowd("line", 2_100)
        there.crowd("telegram", 40)
        there.line.faults.next("multicast", Slow(0.5), times=5)  # what LINE says of all of them meets the full disk
        number, calls = there.agreed(), there.telegram.ledger
        await anyio.to_thread.run_sync(there.server.start)
        async with asyncio.timeout(200):
            while len(calls.of("sendMessage")) < 8:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            with no_room(there.server):
                before, quiet = len(calls), 0
                while quiet < 10:  # what was under way, and no more
                    await asyncio.sleep(0.05)
                    before, quiet = len(calls), quiet + 1 if len(calls) == before else 0
                paused = await there.sums(number)
        assert len(calls.of("sendMessage")) <= 20
        assert paused.waiting > 2_000
        await there.ended(number, 200)
        assert await there.sums(number) == Sums(2_140, 2_140)
        await there.as_told(number)
        assert len(there.line.ledger.of("multicast")) == 5


async def _sent_in_spite_of(here: Square, trouble: Callable[[], None], times: int) -> None:
    """A send in which this happens so often; the herald looks as it does in the server, whatever becomes of a look."""
    line, tele = here.crowd("line", 6_100), here.crowd("telegram", 40)
    one = here.approved()
    left = times
    async with asyncio.timeout(200):
        while True:
            with suppress(StorageDown):
                await here.herald.look()
                if here.one(one.id).state is State.DONE:
                    break
            if left:
                await asyncio.to_thread(trouble)
                left -= 1
            await asyncio.sleep(0.04)
    assert left <= times // 2  # a send may be over before the last
    assert here.sums(one) == Sums(6_140, 6_140)
    assert here.on_line() == dict.fromkeys(line, 1)
    assert {len(here.post.telegram.delivered(int(address))) for address in tele} == {1}


async def test_B22_lines_to_postgresql_that_are_cut_again_and_again_hold_up_and_double_nothing(
    postgres_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcasting, "AGAIN_S", 0.02)
    store, other = open_store(postgres_url, SECRET), open_store(postgres_url, SECRET)

    def cut() -> None:
        other.writer.submit(lambda conn: conn.execute(CUT).all()).result(30)

    async with square(store, clock, patience=60) as here:
        await _sent_in_spite_of(here, cut, 25)
    store.close()
    other.close()


@pytest.mark.long
async def test_B22_postgresql_that_crashes_and_starts_again_holds_up_and_doubles_nothing(clock: Clock) -> None:
    server = start_any(brisk=False)
    migrate(server.url())
    store = open_store(server.url(), SECRET)

    def crash() -> None:
        server.stop(signal.SIGQUIT)
        server.start()

    async with square(store, clock, patience=60) as here:
        await _sent_in_spite_of(here, crash, 5)
    store.close()
    server.remove()
