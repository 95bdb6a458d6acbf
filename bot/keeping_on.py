"""Does something again and again for as long as the process lives, whatever becomes of it once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from storage.writer import StorageDown

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
