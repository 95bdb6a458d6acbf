"""Tells LINE that a person of the centre has read what somebody wrote: once, afterwards, while nobody waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.ports import Channel, ShowsRead
from storage import read_marks
from storage.engine import Store
from storage.read_marks import Due
from storage.writer import StorageDown

LOOK_S = 1.0
TROUBLE_S = 30.0
_AT_ONCE = 20


class Receipts:
    """Works beside hearing and delivery. What goes wrong here changes nothing else."""

    def __init__(self, store: Store, channels: Mapping[str, Channel], clock: Callable[[], datetime]) -> None:
        self._store, self._channel, self._clock = store, channels.get("line"), clock

    async def run(self) -> None:
        """Tell for ever."""
        while isinstance(self._channel, ShowsRead):
            try:
                well = await self.tell()
            except StorageDown:
                well = False
            await asyncio.sleep(LOOK_S if well else TROUBLE_S)

    async def tell(self) -> bool:
        """Use every mark that is due now; False when LINE could not be asked for some."""
        if not isinstance(self._channel, ShowsRead):
            return False
        vault = self._store.vault
        due = await asyncio.to_thread(self._store.read, lambda conn: read_marks.due(conn, vault, _AT_ONCE))
        if not due:
            return True
        told: list[Due] = [one for one in due if await self._channel.show_read(one.token)]
        now = self._clock()
        await asyncio.wrap_future(self._store.writer.submit(lambda conn: read_marks.told(conn, told, now)))
        return len(told) == len(due)
