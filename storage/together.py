"""Callers that wait at the same time share one piece of work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

A = TypeVar("A")
B = TypeVar("B")


class Together(Generic[A, B]):
    """Batching on one event loop: while one flush runs, callers gather; the next flush takes them all.

    `flush` gets the items in the order they came and gives as many results in that order; what it raises goes to every
    caller of that batch. A caller that is cancelled does not disturb the others. `rest_s` seconds lie between two
    flushes at least, for work whose callers come one by one and can wait; the first after a pause starts at once.
    """

    def __init__(self, flush: Callable[[list[A]], Awaitable[list[B]]], at_most: int = 256, rest_s: float = 0.0) -> None:
        self._flush = flush
        self._at_most = at_most
        self._rest_s = rest_s
        self._waiting: list[tuple[A, asyncio.Future[B]]] = []
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, item: A) -> B:
        """The result for `item`, once its batch is through."""
        done: asyncio.Future[B] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if self._running is None:
            self._running = asyncio.create_task(self._drain())
        return await done

    async def _drain(self) -> None:
        try:
            # One turn of the loop, so that callers who are ready at this moment share the first batch as well.
            await asyncio.sleep(0)
            while self._waiting:
                batch, self._waiting = self._waiting[: self._at_most], self._waiting[self._at_most :]
                await self._one(batch)
                if self._rest_s:
                    await asyncio.sleep(self._rest_s)
        finally:
            self._running = None
            # Only left over when the loop is being torn down: nobody may wait for ever.
            left, self._waiting = self._waiting, []
            for _, done in left:
                done.cancel()

    async def _one(self, batch: list[tuple[A, asyncio.Future[B]]]) -> None:
        try:
            results = await self._flush([item for item, _ in batch])
            answers = list(zip(batch, results, strict=True))
        except Exception as broken:  # noqa: BLE001 - it belongs to the callers, whatever it is
            for _, done in batch:
                if not done.done():
                    done.set_exception(broken)
            return
        except asyncio.CancelledError:
            for _, done in batch:
                done.cancel()
            raise
        for (_, done), result in answers:
            if not done.done():
                done.set_result(result)
