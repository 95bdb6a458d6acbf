"""B-10: whoever carries a broadcast dies again and again: LINE none twice, none missing, Telegram each doubt shown."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import suppress

import anyio
import pytest

from storage.broadcasts import State
from tests.broadcast.abroad import Abroad, abroad
from tests.broadcast.square import Square

pytestmark = pytest.mark.anyio
DEATHS = 8


async def test_B10_killed_at_any_point_nobody_gets_it_twice_and_nobody_is_forgotten(either: Square) -> None:
    draw = random.Random(either.store.dialect)  # noqa: S311 - when somebody dies
    line, tele = either.crowd("line", 4_100), either.crowd("telegram", 60)
    one = either.approved()
    for _ in range(DEATHS):
        await either.herald.look()
        await asyncio.sleep(draw.random() * 0.3)
        await either.herald.put_down()  # whatever was under way is not told any more
        either.herald = either.another()
        either.clock.on(seconds=31)  # what the dead one held is free again
    for _ in range(30):  # a slow machine got less far between the deaths
        await either.run()
        either.clock.on(seconds=31)
        if either.one(one.id).state is State.DONE:
            break
    assert either.one(one.id).state is State.DONE
    sums = either.sums(one)
    assert (sums.queued, sums.waiting, sums.failed, sums.skipped) == (4_160, 0, 0, 0)
    assert either.on_line() == dict.fromkeys(line, 1)
    told = [len(either.post.telegram.delivered(int(address))) for address in tele]
    assert max(told) == 1
    assert sum(told) >= 60 - sums.unknown
    assert sums.accepted + sums.unknown == 4_160


async def _some_calls(there: Abroad, draw: random.Random) -> None:
    """Wait until a platform got so many calls more, none at all perhaps, and for a part of the next one."""
    ledger, method, most = draw.choice(
        [(there.line.ledger, "multicast", 5), (there.telegram.ledger, "sendMessage", 30)]
    )
    enough = len(ledger.of(method)) + draw.randrange(most)
    with suppress(TimeoutError):  # whatever is left may be less
        async with asyncio.timeout(8):
            while len(ledger.of(method)) < enough:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    await asyncio.sleep(draw.uniform(0, 0.05))


async def _killed(url: str, crowd: tuple[int, int], kills: int, seed: int) -> None:
    """kill -9 at random moments of a send; what the platforms and the record then say of everybody."""
    draw = random.Random(seed)  # noqa: S311 - when to kill is no secret
    async with abroad(url) as there:
        there.crowd("line", crowd[0])
        there.crowd("telegram", crowd[1])
        number, dead = there.agreed(), 0
        begun = time.monotonic()
        await anyio.to_thread.run_sync(there.server.start)
        while dead < kills:
            await _some_calls(there, draw)
            await anyio.to_thread.run_sync(there.server.kill)
            dead += 1
            assert (await there.sums(number)).queued in (0, sum(crowd))
            await anyio.to_thread.run_sync(there.server.start)
        left = await there.sums(number)
        await there.ended(number, 600)
        sums, spent = await there.sums(number), time.monotonic() - begun
        await there.as_told(number)
        calls = there.line.ledger.of("multicast")
        again = sum(call.status == 409 for call in calls)
        print(
            f"seed {seed}, {kills} kills, {spent:.0f} s: {sums}; when the last came {left.waiting} still waited;",
            end="",
        )
        print(f" {len(calls)} multicasts, of which LINE knew {again} already")
    assert (sums.queued, sums.waiting, sums.failed, sums.skipped) == (sum(crowd), 0, 0, 0)
    assert sums.unknown <= 5 * kills


@pytest.mark.long
async def test_B10_killed_two_hundred_times_on_the_way_to_three_hundred_thousand(database_url: str) -> None:
    await _killed(database_url, (300_000, 4_000), 200, seed=10)
