"""Begins broadcasts at their moment, or leaves them to a person where something is not as it was agreed to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from bot.broadcasting import Crier
from bot.keeping_on import each, keep_on
from bot.purse import COUNTED, Reserves
from knowledge.offsets import rests_until
from knowledge.segment import Refusal
from storage import broadcasts, chunks, crowd, leftovers, pushes, segments
from storage.broadcasts import Broadcast, Draft, Held
from storage.crowd import Cap, Packed, Quiet
from storage.engine import Store
from storage.outbox import URGENT

T = TypeVar("T")
log = structlog.get_logger()
EVERY_S = 0.25
LATE = timedelta(minutes=10)  # older than that a person decides: never an old alert in the night
OFTEN, WITHIN = 3, timedelta(minutes=10)  # so many to one person in that time, and a person looks
TENTH = 0.1


@dataclass(frozen=True)
class Limits:
    """What broadcasts leave of LINE's month, and how many one person is sent within a time."""

    reserves: Reserves = field(default_factory=Reserves)
    cap: Cap = field(default_factory=Cap)


class Herald:
    """Runs beside the other chores; several processes may, for each broadcast is begun by one of them."""

    def __init__(
        self, store: Store, crier: Crier, limits: Limits, zone: ZoneInfo, clock: Callable[[], datetime]
    ) -> None:
        self._store, self._crier, self._limits, self._zone, self._clock = store, crier, limits, zone, clock

    async def rescue(self) -> None:
        """At the start, before anything else."""
        await self._crier.rescue()

    async def idle(self) -> None:
        """Wait until nothing more can go now."""
        await self._crier.idle()

    async def put_down(self) -> None:
        """At the end."""
        await self._crier.put_down()

    async def run(self) -> None:
        """Look four times a second, for ever."""
        waits, breaks = "broadcasts wait for the database", "a look at the broadcasts broke off"
        await keep_on(self.look, EVERY_S, waits, breaks)

    async def look(self) -> None:
        """Begin what is due, end what is over, and let the crier go on."""
        now = self._clock()
        due, over, past, left = await asyncio.to_thread(self._store.read, partial(_found, now=now))
        await each(due, self._begin, "a broadcast could not begin")
        for one in past:
            await self._write(partial(broadcasts.stop, one_id=one, staff_id=None, now=now, why="expired"))
        if over:
            await self._write(partial(broadcasts.end, ids=over, now=now))
        if left:
            await self._write(partial(leftovers.settle, now=now))
        if await asyncio.to_thread(self._store.read, broadcasts.running):
            self._crier.go_on()

    async def _begin(self, one: Broadcast) -> None:
        now, cap = self._clock(), self._limits.cap
        packed = await asyncio.to_thread(
            self._store.read, partial(packed_for, one=one.draft, quiet=self._quiet(one, now), cap=cap, now=now)
        )
        why, room = await asyncio.to_thread(self._store.read, partial(self._wrong, one, packed, now))
        if why is not None:
            if await self._write(partial(broadcasts.hold, one=one, why=why)):
                log.warning("a broadcast waits for a person", broadcast=one.id, why=why.value)
            return

        def job(conn: Connection) -> bool:
            if not broadcasts.start(conn, one, now):
                return False
            chunks.freeze(conn, (one.id, one.draft.lane), packed, room, now)
            return True

        if await self._write(job):
            log.info("a broadcast begins", broadcast=one.id, count=packed.total)

    def _wrong(self, one: Broadcast, packed: Packed, now: datetime, conn: Connection) -> tuple[Held | None, int | None]:
        """Why it must wait for a person, or how many of LINE's people it may reach (None: all)."""
        agreed = max(one.draft.due_at or now, one.approved_at or now)
        changed = abs(packed.total - one.expected) > one.expected * TENTH
        lately = broadcasts.lately(conn, now - WITHIN)
        room = self._limits.reserves.room(pushes.month(conn, COUNTED, now), one.draft.lane)
        short = room is not None and packed.on(COUNTED) > room
        held: dict[Held, bool] = {
            Held.EXPIRED: one.draft.expires_at is not None and one.draft.expires_at <= now,
            Held.LATE: now - agreed > LATE,
            Held.NOBODY: packed.total == 0,
            Held.CHANGED: changed,
            Held.ROOM: short and not one.draft.partly,
            Held.OFTEN: not one.often and crowd.crowded(conn, packed, lately, OFTEN) > 0,
        }
        return next((why for why, so in held.items() if so), None), room if short else None

    def _quiet(self, one: Broadcast, now: datetime) -> Quiet:
        """Until when somebody with such quiet hours is left alone by this one; urgent words and corrections wake."""
        here = now.astimezone(self._zone)

        def until(begins: int, ends: int) -> datetime | None:
            wakes = one.draft.lane == URGENT or one.draft.corrects_id is not None
            return None if wakes else rests_until(here, (begins, ends))

        return until

    async def _write(self, job: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self._store.writer.submit(job))


def nobody_rests(_begins: int, _ends: int) -> datetime | None:
    """For counting alone: when somebody's quiet hours end does not matter."""
    return None


def packed_for(conn: Connection, one: Draft, quiet: Quiet, cap: Cap, now: datetime) -> Packed:
    """Everybody it is for at this moment, at rest who had enough; nobody where its segment means nothing any more."""
    if one.corrects_id is not None:
        return crowd.reached(conn, one.corrects_id)
    kept = None if one.segment_id is None else segments.version(conn, one.segment_id)
    if kept is None or isinstance(kept.means, Refusal):
        return Packed()
    packed = crowd.meant(conn, kept.means, quiet, now)
    if one.lane == URGENT or one.beyond:
        return packed
    return crowd.spare(conn, packed, broadcasts.lately(conn, now - cap.within), cap.most)


Found = tuple[list[Broadcast], Sequence[int], Sequence[int], bool]


def _found(conn: Connection, now: datetime) -> Found:
    return broadcasts.due(conn, now), broadcasts.over(conn), broadcasts.expired(conn, now), leftovers.left(conn, now)
