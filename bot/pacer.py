"""Lets so many calls a second go, however many wait: evenly, in the order in which they came."""

from __future__ import annotations

import asyncio


class Pacer:
    """For one event loop. So many turns that nobody took in time may be made up for at once: within any second no more
    than `rate` and `made_up` calls go.
    """

    def __init__(self, rate: float, made_up: int = 0) -> None:
        self._step, self._next = 1 / rate, 0.0
        self._late = made_up * self._step

    async def take(self) -> None:
        """Wait for one's turn."""
        now = asyncio.get_running_loop().time()
        turn = max(self._next, now - self._late)
        self._next = turn + self._step
        if turn > now:
            await asyncio.sleep(turn - now)
