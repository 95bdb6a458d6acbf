"""What may still be pushed this month: words keep off the reserves, and what waited leaves when there is room."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Connection

from bot.filing import links_of
from bot.mind import Mind
from bot.ports import Channel, Counts
from dialogs.saying import Message
from storage import later, outbox, pushes
from storage.crypt import Key, Vault
from storage.engine import Store
from storage.pushes import Month
from storage.writer import StorageDown

log = structlog.get_logger()
COUNTED = "line"  # the one channel that counts pushes by the month
EVERY_S = 600.0
DAY = range(8, 20)  # hours on the centre's clock
_AT_ONCE = 50  # parcels that leave after all, at one look


@dataclass(frozen=True)
class Reserves:
    """Pushes of each month that are kept back: for emergencies, and for reminders that people asked for."""

    emergencies: int = 0
    reminders: int = 0

    def room(self, month: Month | None, lane: int = outbox.TALK) -> int | None:
        """How many more words of this lane may be pushed now; None for as many as there are, also while the platform
        has not told yet: then it refuses by itself. Emergencies have the whole rest, down to the last, and
        reminders what is not theirs.
        """
        left = None if month is None else month.left
        if left is None or lane == outbox.URGENT:
            return None
        kept = self.emergencies if lane == outbox.REMINDER else self.emergencies + self.reminders
        return max(left - kept, 0)


class Purse:
    """Asks the platform now and then, and whenever it refused; what it said is in the database, for every process."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        clock: Callable[[], datetime],
        reserves: Reserves,
        mind: Mind,
    ) -> None:
        self._store, self._clock, self.reserves, self._mind = store, clock, reserves, mind
        self._channel = channels.get(COUNTED)

    async def run(self, refused: asyncio.Event) -> None:
        """Look for ever: every ten minutes, and soon after a push was refused or held back."""
        while isinstance(self._channel, Counts):
            try:
                await self.look()
            except StorageDown:
                log.warning("the purse waits for the database")
            try:
                async with asyncio.timeout(EVERY_S):
                    await refused.wait()
                    await asyncio.sleep(1)  # many at once are one question
            except TimeoutError:
                pass
            refused.clear()

    async def look(self) -> int:
        """Ask once and write down; by day let go what waited and may leave now. How many parcels those were.

        A month begins at midnight, when nobody wants to be woken by words of last week.
        """
        if not isinstance(self._channel, Counts):
            return 0
        said = await self._channel.month()
        if said is None:
            return 0
        now, vault = self._clock(), self._store.vault

        def job(conn: Connection) -> int:
            pushes.told(conn, COUNTED, said.most, said.used, now)
            room = self.reserves.room(pushes.month(conn, COUNTED, now))
            by_day = self._mind.local(now).hour in DAY
            at_most = 0 if not by_day else _AT_ONCE if room is None else min(room, _AT_ONCE)
            return _let_go(conn, vault, self._mind.public_url, at_most, now)

        return await asyncio.wrap_future(self._store.writer.submit(job))


def _let_go(conn: Connection, vault: Vault, public_url: str, at_most: int, now: datetime) -> int:
    """The oldest of what waits goes back into the line, with links that live."""
    found = later.oldest(conn, vault, at_most) if at_most else {}
    fresh: list[tuple[later.Later, Key]] = []
    for one, key in found.values():
        messages = [Message.from_json(message) for message in one.messages]
        linked = links_of(conn, (one.person_id, one.contact_id), messages, public_url, now)
        whole = later.Later(one.id, one.person_id, one.contact_id, [message.to_json() for message in linked])
        fresh.append((whole, key))
    later.again(conn, vault, fresh, now)
    return len(fresh)
