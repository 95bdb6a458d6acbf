"""Gathers what is new for each who wants it together: one message at their day and hour, only where there is news."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.bell import Bell
from bot.billboard import happening, seen_now
from bot.delivery import Postman
from bot.keeping_on import keep_on
from bot.mind import Mind
from bot.notices import Pen, To, awake, reached, tell
from dialogs.digest import Digest, New, digest
from dialogs.saying import Message
from dialogs.words import Words
from knowledge.event import What
from knowledge.slots import next_slot
from storage import digests, events, people
from storage.digests import Due
from storage.engine import Store
from storage.events import DateState, State
from storage.outbox import BULK

EVERY_S = 60.0
FURTHEST = timedelta(days=31)  # what is older is news to nobody
LATE = timedelta(hours=12)  # then it waits for its next day: nothing comes at a time that nobody chose
AT_ONCE = 200  # found with one look
TOGETHER = 25  # in one transaction, some 40 ms: whoever writes to us waits no longer


@dataclass(frozen=True)
class Fresh:
    """Something new: under which topic it comes, and since when everybody may see it."""

    topic: str
    since: datetime
    new: New


class Digesting:
    """Runs beside the other chores; several processes may, for each digest is taken by one of them."""

    def __init__(
        self, store: Store, mind: Mind, clock: Callable[[], datetime], heard: tuple[Bell, Postman] | None = None
    ) -> None:
        self._store, self._mind, self._clock, self._heard = store, mind, clock, heard

    async def run(self) -> None:
        """Look every minute, for ever."""
        await keep_on(self.look, EVERY_S, "digests wait for the database", "a digest could not be made")

    async def look(self) -> int:
        """Send what is due now; how many were sent."""
        now, said = self._clock(), 0
        fresh: tuple[Fresh, ...] | None = None
        while due := await asyncio.to_thread(self._store.read, lambda conn: digests.due(conn, now, AT_ONCE)):
            if fresh is None:
                fresh = await asyncio.to_thread(self._store.read, lambda conn: self._fresh(conn, now))
            for first in range(0, len(due), TOGETHER):
                said += await self._some(due[first : first + TOGETHER], fresh, now)
            if len(due) < AT_ONCE:
                break
        if said and self._heard:
            self._heard[0].ring()
            self._heard[1].due.set()
        return said

    async def _some(self, due: Sequence[Due], fresh: Sequence[Fresh], now: datetime) -> int:
        def job(conn: Connection) -> int:
            pen = Pen(conn, self._store.vault, self._mind, now)
            return sum(self._one(pen, one, fresh) for one in due)

        return await asyncio.wrap_future(self._store.writer.submit(job))

    def _one(self, pen: Pen, one: Due, fresh: Sequence[Fresh]) -> int:
        here, to = pen.mind.local(pen.now), To(one.person_id, one.contact_id)
        since = max(one.last or pen.now - FURTHEST, pen.now - FURTHEST)
        mine = tuple(item.new for item in fresh if item.topic in one.topics and item.since > since)
        late = one.at is None or pen.now - one.at > LATE
        sends = not late and mine and people.hold(pen.conn, one.person_id) and reached(pen, to)
        last = pen.now if sends else one.last
        following = next_slot(here, one.when, last, monthly=one.monthly)
        if not digests.take(pen.conn, one, following, pen.now if sends else None) or not sends:
            return 0
        pages = Digest(mine, f"{pen.mind.public_url}/events", f"{pen.mind.public_url}/grants")

        def made(words: Words) -> list[Message]:
            return [digest(pages, words)]

        tell(pen, to, made, BULK, awake(pen, one.person_id))
        return 1

    def _fresh(self, conn: Connection, now: datetime) -> tuple[Fresh, ...]:
        """What became known within the longest time that anybody looks back, and is still to come."""
        zone, url = self._mind.zone, self._mind.public_url
        of_events, of_grants = digests.news(conn, now - FURTHEST)
        found: dict[int, Fresh] = {}
        for of, date in seen_now(events.published(conn, now), zone, now):
            if of.id in of_events and of.state is State.PUBLISHED and date.state is DateState.ON:
                topic = "courses" if of.content.what is What.COURSE else "events"
                new = New(of.content.title, happening(of, date, zone, url, now))
                found.setdefault(of.id, Fresh(topic, of_events[of.id], new))
        calls = (one for one in self._mind.grants.open_now(conn, now) if one.id in of_grants)
        return (
            *found.values(),
            *(Fresh("grants", of_grants[one.id], New(one.content.name, one.content.closes)) for one in calls),
        )
