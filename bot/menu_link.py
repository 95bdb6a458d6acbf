"""Tells LINE which rich menu a person has, once for each change and never while anybody waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from bot.menu_sync import OURS
from bot.menus import key_of
from bot.ports import Channel, ShowsMenus
from storage import line_menus
from storage.engine import Store
from storage.line_menus import Due
from storage.writer import StorageDown

log = structlog.get_logger()
LOOK_S = 1.0
TROUBLE_S = 30.0
NAMES_LAST = timedelta(minutes=10)
_AT_ONCE = 20


class Linker:
    """Works beside hearing and delivery; where no menus were made it does nothing."""

    def __init__(self, store: Store, channels: Mapping[str, Channel], clock: Callable[[], datetime]) -> None:
        self._store, self._channel, self._clock = store, channels.get("line"), clock
        self._ids: Mapping[str, str] = {}
        self._asked: datetime | None = None

    async def run(self) -> None:
        """Link for ever."""
        while isinstance(self._channel, ShowsMenus):
            try:
                well = await self.link()
            except StorageDown:
                well = False
            await asyncio.sleep(LOOK_S if well else TROUBLE_S)

    async def link(self) -> bool:
        """Tell LINE what is due now; False when it did not take it, or there are no menus."""
        if not isinstance(self._channel, ShowsMenus):
            return False
        due = await asyncio.to_thread(self._store.read, lambda conn: line_menus.due(conn, self._store.vault, _AT_ONCE))
        if not due:
            return True
        ids = await self._known(self._channel)
        here = [(one, ids[key]) for one in due if (key := key_of(one.stage, one.language, one.large)) in ids]
        told: list[Due] = []
        for one, menu_id in here:
            if not await self._channel.link(one.address, menu_id):
                self._asked = None  # perhaps the menus were made anew
                break
            told.append(one)
        await asyncio.wrap_future(self._store.writer.submit(lambda conn: line_menus.told(conn, told)))
        return len(told) == len(due)

    async def _known(self, channel: ShowsMenus) -> Mapping[str, str]:
        """The menus' ids by key, asked of LINE every ten minutes."""
        now = self._clock()
        if self._asked is None or now - self._asked > NAMES_LAST:
            names = await channel.menus()
            if names is not None:
                ours = {name.removeprefix(OURS): id_ for name, id_ in names.items() if name.startswith(OURS)}
                self._ids, self._asked = {name.rpartition("/")[0]: id_ for name, id_ in ours.items()}, now
        return self._ids
