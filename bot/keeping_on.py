"""Does something again and again, or to one after the other, whatever becomes of it once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import TypeVar

import structlog

from storage.writer import StorageDown

T = TypeVar("T")
log = structlog.get_logger()


async def keep_on(look: Callable[[], Awaitable[object]], every_s: float, waits: str, breaks: str) -> None:
    """Call `look`, rest for so many seconds, and so on for ever.

    `waits` is what the log says while the database takes nothing, `breaks` when a mistake of ours ended one look: the
    next one must come all the same.
    """
    while True:
        try:
            await look()
        except StorageDown:
            log.warning(waits)
        except Exception as broken:  # noqa: BLE001 - one case that breaks a look must not end it for all others
            log.error(breaks, why=type(broken).__name__)
        await asyncio.sleep(every_s)


async def each(things: Iterable[T], step: Callable[[T], Awaitable[object]], breaks: str) -> list[T]:
    """Do the step to each of them; the ones that broke it, by a mistake of ours, hold up none behind them.

    Raises StorageDown, since that is no fault of any one of them.
    """
    broken = []
    for thing in things:
        try:
            await step(thing)
        except StorageDown:
            raise
        except Exception as wrong:  # noqa: BLE001 - the others must have their turn
            log.error(breaks, why=type(wrong).__name__)
            broken.append(thing)
    return broken


@asynccontextmanager
async def beside(chore: Coroutine[None, None, None], name: str) -> AsyncIterator[None]:
    """Let a chore run as long as one is inside."""
    task = asyncio.create_task(chore, name=name)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
