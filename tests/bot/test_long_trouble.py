"""A platform in trouble for ten minutes: what waits is never called sent, and arrives once when it is over."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.channels.doubles.faults import Fault, Refuse, Reset
from storage import Store
from tests.bot.post import post_office
from tests.clock import Clock

pytestmark = pytest.mark.anyio


async def test_R05_ten_minutes_of_every_trouble_are_never_called_sent_and_then_it_arrives_once(
    store: Store, now: datetime
) -> None:
    async with post_office(store, Clock(now)) as post:
        troubles: list[Fault] = [Refuse(500), Refuse(429), Reset(accepted=False), Refuse(503), Refuse(401)]
        post.line.faults.next("push", *troubles, times=100)
        numbers = post.queue("待っていてください", "もうすぐです")
        for _ in range(60):
            await post.carry()
            assert post.states(*numbers) == ["queued", "queued"]  # what the console calls 送信待ち
            post.clock.on(seconds=10)
        assert len(post.line.ledger.of("push")) > 10
        post.line.faults.clear()
        await post.carry_for(180)
        assert post.states(*numbers) == ["sent", "sent"]
        assert post.shown() == ["待っていてください", "もうすぐです"]
