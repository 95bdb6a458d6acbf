"""Says what is due relative to a date: once for ever, by its item as it is now; what is late waits for a person."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog
from sqlalchemy import Connection

from bot.bell import Bell
from bot.delivery import Postman
from bot.keeping_on import keep_on
from bot.mind import Mind
from bot.notices import Made, Pen, To, awake, reached, tell
from storage import later, people, reminders
from storage.engine import Store
from storage.reminders import LATE, Kind, Reminder, State

log = structlog.get_logger()
EVERY_S = 20.0
# What can wait for the morning; a date that somebody signed up for is told of in time, whatever the hour.
_RESTS = {Kind.GRANT, Kind.THANKS}

# What is said about an item now; None when there is nothing to say any more.
Teller = Callable[[Pen, Reminder], Made | None]


class Reminding:
    """Runs beside the other chores; several processes may, for each reminder is taken by one of them."""

    def __init__(
        self,
        store: Store,
        mind: Mind,
        tellers: Mapping[Kind, Teller],
        clock: Callable[[], datetime],
        heard: tuple[Bell, Postman] | None = None,
    ) -> None:
        self._store, self._mind, self._tellers, self._clock, self._heard = store, mind, tellers, clock, heard

    async def run(self) -> None:
        """Look every twenty seconds, for ever."""
        await keep_on(self.look, EVERY_S, "reminders wait for the database", "a reminder could not be said")

    async def look(self) -> int:
        """Say what is due now; how many were said."""
        now = self._clock()
        due = await asyncio.to_thread(self._store.read, lambda conn: reminders.due(conn, now))
        said = 0
        for one in due:
            said += await self._write(lambda conn, one=one: self._say(conn, one, now))  # type: ignore[misc]
        await self._write(lambda conn: _stop_overtaken(conn, now))
        if said and self._heard:
            self._heard[0].ring()
            self._heard[1].due.set()
        return said

    async def _write(self, job: Callable[[Connection], int]) -> int:
        return await asyncio.wrap_future(self._store.writer.submit(job))

    def _say(self, conn: Connection, one: Reminder, now: datetime) -> int:
        pen = Pen(conn, self._store.vault, self._mind, now)
        if now - one.when.due_at > LATE and now < one.when.good_until:
            if reminders.take(conn, one, State.LATE, now):
                log.warning("a reminder is late and waits for a person", reminder=one.id)
            return 0
        return say(pen, self._tellers, one)


def say(pen: Pen, tellers: Mapping[Kind, Teller], one: Reminder) -> int:
    """Say it now, unless it is of no use any more or somebody was quicker; how many were said."""
    if not people.hold(pen.conn, one.whose.person_id):
        return 0
    to = To(one.whose.person_id, one.whose.contact_id)
    made = tellers[one.whose.kind](pen, one) if pen.now < one.when.good_until else None
    if made is None or not reached(pen, to):
        reminders.take(pen.conn, one, State.DROPPED, pen.now)
        return 0
    if not reminders.take(pen.conn, one, State.SENT, pen.now):
        return 0
    rests = awake(pen, one.whose.person_id) if one.whose.kind in _RESTS else None
    reminders.goes(pen.conn, one, tell(pen, to, made, not_before=rests))
    return 1


def _stop_overtaken(conn: Connection, now: datetime) -> int:
    """Words that could not leave before their item began leave no more; a person sees that they did not."""
    waiting = [parcel for parcel, waits in reminders.overtaken(conn, now) if waits]
    later.too_late(conn, waiting, now)
    return len(waiting)
