"""Lets so many calls a second go, however many wait: evenly, in the order in which they came."""

from __future__ import annotations

import asyncio


class Pacer:
    """For one event loop."""

    def __init__(self, rate: float) -> None:
        self._step, self._next = 1 / rate, 0.0

    async def take(self) -> None:
        """Wait for one's turn."""
        now = asyncio.get_running_loop().time()
        turn = max(self._next, now)
        self._next = turn + self._step
        if turn > now:
            await asyncio.sleep(turn - now)
