"""The pace of calls: even, in order, and never more within any second than a platform takes."""

from __future__ import annotations

from typing import Self

import pytest

from bot.broadcasting import MADE_UP, RATES
from bot.pacer import Pacer

pytestmark = pytest.mark.anyio
LIMITS = {"line": 200, "telegram": 30}  # calls a second that each platform takes


class Hours:
    """A clock that goes on only when somebody sleeps or works."""

    def __init__(self) -> None:
        self.now = 0.0

    def get_running_loop(self) -> Self:
        """The loop, of which the pacer asks the time alone."""
        return self

    def time(self) -> float:
        """This moment."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let it go on."""
        self.now += seconds


@pytest.fixture
def hours(monkeypatch: pytest.MonkeyPatch) -> Hours:
    """The clock of the pacer."""
    made = Hours()
    monkeypatch.setattr("bot.pacer.asyncio", made)
    return made


@pytest.mark.parametrize("channel", LIMITS)
async def test_no_second_has_more_calls_than_the_platform_takes(hours: Hours, channel: str) -> None:
    pacer, went = Pacer(RATES[channel], MADE_UP.get(channel, 0)), list[float]()
    for call in range(1_000):
        if call % 400 == 0:
            hours.now += 0.3  # none was ready
        await pacer.take()
        went.append(hours.now)
    most = max(sum(one <= other < one + 1 for other in went) for one in went)
    assert RATES[channel] * 0.9 < most <= LIMITS[channel]


async def test_turns_of_a_moment_are_made_up_for_and_no_more(hours: Hours) -> None:
    pacer = Pacer(10, 2)
    await pacer.take()
    hours.now += 5
    went = list[float]()
    for _ in range(5):
        await pacer.take()
        went.append(round(hours.now - 5, 6))
    assert went == [0.0, 0.0, 0.0, 0.1, 0.2]
