"""B-10: whoever carries a broadcast dies again and again: LINE none twice, none missing, Telegram each doubt shown."""

from __future__ import annotations

import asyncio
import random
import sys
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
    line, tele = there.line.ledger, there.telegram.ledger
    enough_line = len(line.of("multicast")) + draw.randrange(6)
    enough_tele = len(tele.of("sendMessage")) + draw.randrange(40)
    with suppress(TimeoutError):  # whatever is left may be less
        async with asyncio.timeout(20):
            while len(line.of("multicast")) < enough_line and len(tele.of("sendMessage")) < enough_tele:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    await asyncio.sleep(draw.uniform(0, 0.05))


async def _killed(there: Abroad, number: int, kills: int, seed: int) -> int:
    """kill -9 whoever carries it, again and again; how many still waited when that was over."""
    draw = random.Random(seed)  # noqa: S311 - when to kill is no secret
    await anyio.to_thread.run_sync(there.alone.start)
    for _ in range(kills):
        await _some_calls(there, draw)
        await anyio.to_thread.run_sync(there.alone.kill)
        assert (await there.sums(number)).queued in (0, len(there.contacts))
        await anyio.to_thread.run_sync(there.alone.start)
    return (await there.sums(number)).waiting


@pytest.mark.long
async def test_B10_killed_two_hundred_times_on_the_way_to_three_hundred_thousand(database_url: str) -> None:
    kills, seed, begun = 200, 10, time.monotonic()
    async with abroad(database_url) as there:
        there.crowd("line", 300_000)
        there.crowd("telegram", 4_000)
        filled, number = time.monotonic(), there.agreed()
        left = await _killed(there, number, kills, seed)
        killed = time.monotonic()
        await there.ended(number, 1_800)
        sums, ended = await there.sums(number), time.monotonic()
        await there.as_told(number)
        calls = there.line.ledger.of("multicast")
        again = sum(call.status == 409 for call in calls)
    sys.stdout.write(
        f"seed {seed}, {kills} kills: {sums}, of whom {left:,} still waited after the last one; "
        f"{len(calls)} multicasts, {again} of them known to LINE already; "
        f"filled in {filled - begun:.0f} s, killed for {killed - filled:.0f} s, then {ended - killed:.0f} s more"
    )
    assert (sums.queued, sums.waiting, sums.failed, sums.skipped) == (304_000, 0, 0, 0)
    assert sums.unknown <= 5 * kills
