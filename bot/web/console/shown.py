"""What a member is shown of cases is written down before they see it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future

import structlog

from bot.web.room import Room
from storage import audit
from storage.audit import Entry, What
from storage.writer import StorageDown

_log = structlog.get_logger()
_PATIENCE_S = 2.0


async def write(room: Room, entries: Sequence[Entry]) -> None:
    """Write down; a database that takes nothing now must not blind those who help, so a line in the log stands in."""
    if not entries:
        return
    for entry in entries:
        if entry.what is What.MANY:
            _log.warning("very many cases opened", staff=entry.staff_id, count=audit.MANY)
    now, vault = room.clock(), room.store.vault
    try:
        job = room.store.writer.submit(lambda conn: audit.add(conn, vault, entries, now))
        job.add_done_callback(_heed)
        await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(job)), _PATIENCE_S)
    except (StorageDown, TimeoutError):
        for entry in entries:
            _log.warning("not in the audit yet", staff=entry.staff_id, kind=entry.what.value, cases=list(entry.cases))


def _heed(job: Future[None]) -> None:
    """One that comes to nothing after we stopped waiting is in the log already."""
    if not job.cancelled():
        job.exception()
