"""B-10: whoever carries a broadcast dies again and again: LINE none twice, none missing, Telegram each doubt shown."""

from __future__ import annotations

import asyncio
import random

import pytest

from storage.broadcasts import State
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
