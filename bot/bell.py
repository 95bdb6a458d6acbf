"""A bell inside one process: rung after a commit, so that live pages need not wait for their next look."""

from __future__ import annotations

import asyncio


class Bell:
    """Everyone who waits is woken by the next ring; one that nobody waits for is forgotten: the database remembers."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake all who wait now. Call inside the event loop."""
        rung, self._rung = self._rung, asyncio.Event()
        rung.set()

    async def wait(self, seconds: float) -> bool:
        """Wait for the next ring, at most so long; whether it rang."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        return True
