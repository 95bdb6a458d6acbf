"""Carries words from the outbox to the channels: in order for each person, with a lease, a fence and an outcome."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

import structlog
from sqlalchemy import Connection

from bot.bell import Bell
from bot.ports import Channel, GaveUp, Outcome, Parcel, Sent, TryLater, Unknown
from bot.purse import COUNTED, Reserves
from storage import bundling, outbox, people, pushes, quotes
from storage.bundling import MOST
from storage.engine import Store
from storage.outbox import Claimed, Delivery, Finished
from storage.pushes import Month
from storage.together import Together
from storage.writer import StorageDown

log = structlog.get_logger()
AT_ONCE = 192  # parcels under way to one platform: while it is silent, those to the others go on
FEW = {"telegram": 24}  # what a killed process had under way there stays in doubt for ever
GATHERING_S = 0.03  # between two times that outcomes are written: each costs a commit, however few they are
FAREWELLS, SOON = 3, 2.0  # attempts, and the seconds that a platform may ask us to wait
PAUSE_S = 2.0  # between them
PUSH = "push"  # how a channel that counts its pushes says that it was one
NOTHING = Reserves()
PATIENCE = timedelta(hours=20)  # a retry key of LINE lives 24 hours; after that a repeat could double


class Postman:
    """One process's carrier. Several may run on one PostgreSQL: leases keep them apart."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        bell: Bell,
        clock: Callable[[], datetime],
        reserves: Reserves = NOTHING,
    ) -> None:
        self._store = store
        self._reserves = reserves
        self._month: Month | None = None
        self._pushing = 0
        self.refused = asyncio.Event()
        self._channels = channels
        self._bell = bell
        self._clock = clock
        self._owner = uuid.uuid4().hex
        self._finish: Together[tuple[Claimed, Outcome], bool] = Together(self._write_outcomes, rest_s=GATHERING_S)
        self._under_way: set[asyncio.Task[None]] = set()
        self._load: Counter[str] = Counter()
        self._full: set[str] = set()  # until half of their places are free: few claims of many cost least
        self.due = asyncio.Event()

    async def rescue(self) -> None:
        """On SQLite no other process can be alive: what a dead one held is free at once."""
        if self._store.dialect == "sqlite":
            now = self._clock()
            await asyncio.wrap_future(self._store.writer.submit(lambda conn: outbox.rescue(conn, now)))

    async def run(self) -> None:
        """Carry for ever; look again at least every half second, at once when there is something new."""
        while True:
            self.due.clear()
            carried = 0
            try:
                carried = await self.carry()
            except StorageDown:
                log.warning("delivery waits for the database")
            except Exception as broken:  # noqa: BLE001 - a postman who dies of one parcel would carry nothing any more
                log.error("nothing could be carried", why=type(broken).__name__)
            if not carried:
                await self._rest()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(0.5):
                await self.due.wait()
        except TimeoutError:
            pass

    async def carry(self) -> int:
        """Claim what can go now and start carrying it; how many parcels that was."""
        open_to = self._channels.keys() - self._full
        if self._full and not open_to:
            return 0
        full, now = sorted(self._full), self._clock()
        room = min((_places(name) - self._load[name] for name in open_to), default=AT_ONCE)

        def claim(conn: Connection) -> list[Claimed]:
            found = outbox.claim(conn, self._store.vault, self._owner, now, at_most=room, full=full)
            if any(one.channel == COUNTED for one in found):
                self._month = pushes.month(conn, COUNTED, now)
            return bundling.bundled(conn, self._store.vault, found, (COUNTED,))

        claimed = await asyncio.wrap_future(self._store.writer.submit(claim))
        for one in claimed:
            self._take_place(one.channel)
            self._start(self._carry_one(one))
        return len(claimed)

    def _start(self, errand: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(errand)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    def _take_place(self, channel: str) -> None:
        self._load[channel] += 1
        if self._load[channel] > _places(channel) // 2:
            self._full.add(channel)

    def _leave_place(self, channel: str) -> None:
        self._load[channel] -= 1
        if channel in self._full and self._load[channel] <= _places(channel) // 2:
            self._full.discard(channel)
            self.due.set()

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def put_down(self, seconds: float) -> None:
        """At the end: let what is under way end, but not for ever. The lease of the rest ends by itself."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=seconds)
        left = list(self._under_way)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _attempt(self, one: Claimed) -> Outcome:
        channel = self._channels.get(one.channel)
        if not one.reachable:
            return GaveUp("the person has blocked us", blocked=True)
        if channel is None:
            return TryLater(60, f"channel {one.channel} is not set up")
        try:
            return await channel.send(_parcel(one, self._may_push(one)))
        except Exception as broken:  # noqa: BLE001 - our own mistake: tried for ever, it would hold up the person's line
            log.error("a parcel could not be sent", outbox=one.id, channel=one.channel, why=type(broken).__name__)
            return Unknown(f"our own mistake ({type(broken).__name__})")

    def _may_push(self, one: Claimed) -> bool:
        """Whether this month has room for it, beside what is being pushed now. A push that may have arrived already
        is repeated in any case: if it did, it costs nothing more.
        """
        room = self._reserves.room(self._month, one.lane) if one.channel == COUNTED else None
        return room is None or one.tried > 0 or room >= self._pushing + bool(one.reply_token)

    async def _carry_one(self, one: Claimed) -> None:
        counted = one.channel == COUNTED and not one.reply_token
        self._pushing += counted
        try:
            try:
                outcome = await self._attempt(one)
            finally:
                self._leave_place(one.channel)
            kept = await self._finish((one, outcome))
        except StorageDown:
            return  # the lease ends by itself; the retry key makes the next attempt harmless
        finally:
            self._pushing -= counted
        if isinstance(outcome, TryLater) and outcome.no_push:
            self.refused.set()
        if not kept:
            log.warning("a lease was lost", outbox=one.id)
        self.due.set()
        self._bell.ring()

    async def _write_outcomes(self, ended: list[tuple[Claimed, Outcome]]) -> list[bool]:
        now = self._clock()
        rows = [finished(one, outcome, self._owner, now) for one, outcome in ended]
        named = [known for one, outcome in ended if (known := _named(one, outcome))]
        blocked = [one.contact_id for one, outcome in ended if isinstance(outcome, GaveUp) and outcome.blocked]

        def job(conn: Connection) -> list[bool]:
            for contact_id in blocked:
                people.set_reachable(conn, contact_id, False)
            kept = outbox.finish(conn, rows)
            pushed = sum(row.via == PUSH and mine for row, mine in zip(rows, kept, strict=True))
            pushes.spent(conn, COUNTED, pushed, now)
            quotes.arrived(conn, self._store.vault, named)
            return kept

        return await asyncio.wrap_future(self._store.writer.submit(job))

    def carry_fleeting(self, parcels: Sequence[Parcel]) -> None:
        """Words that nothing is kept of, such as a farewell: a few attempts from memory, and nobody waits for them."""
        for parcel in parcels:
            if channel := self._channels.get(parcel.channel):
                self._start(_fleeting(channel, parcel))


async def _fleeting(channel: Channel, parcel: Parcel) -> None:
    for _ in range(FAREWELLS):
        match await channel.send(parcel):
            case Unknown(again=True, token_spent=spent):
                parcel = replace(parcel, tried=parcel.tried + 1, reply_token="" if spent else parcel.reply_token)
            case TryLater(seconds) if seconds <= SOON:
                pass
            case _:
                return
        await asyncio.sleep(PAUSE_S)


def _places(channel: str) -> int:
    return FEW.get(channel, AT_ONCE)


def _parcel(one: Claimed, may_push: bool) -> Parcel:
    return Parcel(
        id=one.id,
        channel=one.channel,
        address=one.address,
        written=one.messages,
        retry_key=one.retry_key,
        reply_token=one.reply_token,
        reply_until=one.reply_until,
        tried=one.tried,
        language=one.language,
        may_push=may_push,
    )


def finished(one: Claimed, outcome: Outcome, owner: str, now: datetime) -> Finished:
    """How an attempt is written down; what may be tried again is, with growing patience, until it could double."""
    fresh = now - one.created_at < PATIENCE
    match outcome:
        case Sent(via):
            return Finished(one.id, owner, Delivery.SENT, now, via=via, attempts=1)
        case GaveUp(why):
            return Finished(one.id, owner, Delivery.GAVE_UP, now, why=why)
        case TryLater(why=why, token_spent=spent, no_push=True):
            # Not in the way of what comes after it: the next free reply takes it along.
            return Finished(one.id, owner, Delivery.WAITING_PERSON, now, why=why, token_spent=spent)
        case TryLater(seconds, why, spent) if fresh or not one.tried:
            later = now + timedelta(seconds=max(seconds, _patience(now - one.created_at)))
            return Finished(one.id, owner, Delivery.QUEUED, now, why=why, next_at=later, token_spent=spent)
        case Unknown(why, again=True, token_spent=spent) if fresh:
            later = now + timedelta(seconds=_patience(now - one.created_at))
            return Finished(one.id, owner, Delivery.QUEUED, now, why=why, next_at=later, attempts=1, token_spent=spent)
        case TryLater(why=why) | Unknown(why=why):
            return Finished(one.id, owner, Delivery.UNKNOWN, now, why=why, attempts=1)
        case _:
            assert_never(outcome)


def _named(one: Claimed, outcome: Outcome) -> quotes.Arrived | None:
    """How the platform calls what it took, where each message became one of its own; five may have been joined."""
    ids = outcome.platform_ids if isinstance(outcome, Sent) else ()
    if one.case_id is None or not ids or len(ids) != len(one.messages) or len(ids) >= MOST:
        return None
    return quotes.Arrived(one.case_id, one.id, one.contact_id, one.channel, ids)


def _patience(age: timedelta) -> float:
    """Seconds until the next attempt: a fifth of the time already waited, between one second and ten minutes."""
    return min(max(age.total_seconds() / 5, 1.0), 600.0)
