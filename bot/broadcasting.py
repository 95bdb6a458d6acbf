"""Carries broadcasts to the platforms, chunk by chunk: urgent ones first, nothing twice, stopped within a moment."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar, assert_never

import structlog
from sqlalchemy import Connection

from bot.announcer import Announcer
from bot.attempts import Attempt, Fates, everybody, of_many, some, without_the_gone
from bot.bell import Bell
from bot.pacer import Pacer
from bot.ports import CarriesMany, Channel, GaveUp, Many, Outcome, Parcel, Sent, TryLater, Unknown
from bot.purse import COUNTED
from storage import broadcasts, chunks, people, pushes, talk
from storage.chunks import Claimed, Finished, Taker
from storage.engine import Store
from storage.fates import Fate
from storage.outbox import BULK, URGENT
from storage.recipients import Recipient, recipients
from storage.talk import Author, Line, Way
from storage.writer import StorageDown

T = TypeVar("T")
log = structlog.get_logger()
WEB = "web"
FLOWS = [(channel, lane) for lane in (URGENT, BULK) for channel in (COUNTED, "telegram", WEB)]
PLACES: Mapping[str, int] = {COUNTED: 8, "telegram": 1, WEB: 1}  # chunks under way of one lane
# Calls a second: LINE takes 200 multicasts, Telegram 30 messages, of which five are left to people's talks.
RATES: Mapping[str, float] = {COUNTED: 195.0, "telegram": 25.0}
MADE_UP: Mapping[str, int] = {COUNTED: 4}  # turns of a moment when none was ready, still within the 200
_UNSET = 60.0
AGAIN_S = 0.25  # until a database that takes nothing is asked again
Said = dict[str, Any]


class Crier:
    """Carries what runs. Several processes may: leases keep them apart."""

    def __init__(
        self, store: Store, channels: Mapping[str, Channel], bell: Bell, clock: Callable[[], datetime],
        announcer: Announcer,
    ) -> None:  # fmt: skip
        self._store, self._channels, self._bell, self._clock = store, channels, bell, clock
        self._announcer = announcer
        self._owner = uuid.uuid4().hex
        self._looking = asyncio.Lock()  # two looks at once would only take the interpreter from each other
        self._paces = {name: Pacer(rate, MADE_UP.get(name, 0)) for name, rate in RATES.items()}
        self._flows: dict[tuple[str, int], asyncio.Task[None]] = {}
        self._written: dict[tuple[int, str], Said] = {}
        self._begun = set[int]()  # chunks that were begun here, until it is written what came of them
        self._busy = set[int]()  # chunks that are being carried at this moment

    async def rescue(self) -> None:
        """On SQLite no other process can be alive: what a dead one held is free at once."""
        if self._store.dialect == "sqlite":
            now = self._clock()
            await asyncio.wrap_future(self._store.writer.submit(lambda conn: chunks.rescue(conn, now)))

    def go_on(self) -> None:
        """Something may be on its way: every channel and lane looks, unless it is at it already."""
        for key in FLOWS:
            if key not in self._flows or self._flows[key].done():
                self._flows[key] = asyncio.create_task(self._flow(*key))

    async def idle(self) -> None:
        """Wait until nothing more can go now."""
        await asyncio.gather(*self._flows.values())

    async def put_down(self) -> None:
        """At the end: what is under way is repeated under its key, or told as unknown, by whoever comes next."""
        flows = list(self._flows.values())
        for one in flows:
            one.cancel()
        await asyncio.gather(*flows, return_exceptions=True)

    async def _flow(self, channel: str, lane: int) -> None:
        try:
            await self._carry(channel, lane)
        except Exception as broken:  # noqa: BLE001 - the next look starts it anew
            log.error("a broadcast could not be carried", channel=channel, why=type(broken).__name__)

    async def _carry(self, channel: str, lane: int) -> None:
        """Claim and send until nothing is due."""
        places, under_way = PLACES[channel], set[asyncio.Task[None]]()
        try:
            while True:
                if len(under_way) <= places // 2:
                    claimed = await self._claim((channel, lane), places - len(under_way))
                    under_way |= {asyncio.create_task(self._one(one)) for one in claimed}
                if not under_way:
                    return
                done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                for one in done:
                    one.result()
        finally:
            for one in under_way:
                one.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    async def _claim(self, by: tuple[str, int], at_most: int) -> list[Claimed]:
        """The next chunks. Where the line broke and nobody knows what the last attempt took, that waits again first."""
        asked = False

        def job(conn: Connection) -> list[Claimed]:
            nonlocal asked
            if asked:
                chunks.put_back(conn, self._owner, by, list(self._begun))
            asked = True
            return chunks.claim(conn, Taker(self._owner, tuple(self._busy)), by, self._clock(), at_most)

        return await self._write(job)

    async def _one(self, one: Claimed) -> None:
        self._busy.add(one.id)
        try:
            await self._send(one)
        finally:
            self._busy.discard(one.id)

    async def _send(self, one: Claimed) -> None:
        """One attempt at a chunk, and what came of it."""
        vault = self._store.vault
        self._begun.add(one.id)
        async with self._looking:
            there = await self._read(lambda conn: recipients(conn, vault, one))
        speak = {person.at: person.language for person in there if person.language != one.language}
        if speak and not one.tried:  # what may have been taken under its key is asked about with the same words
            await self._write(partial(chunks.reword, one=one, owner=self._owner, speak=speak, now=self._clock()))
            self._begun.discard(one.id)
            return
        fates = without_the_gone(one, there)
        said = await self._said(one)
        attempt = await self._attempt(one, there, fates, said)
        await self._write(partial(self._end, one, attempt, (there, said)))
        self._begun.discard(one.id)
        if one.channel == WEB:
            self._bell.ring()

    async def _attempt(self, one: Claimed, there: list[Recipient], fates: Fates, said: Said) -> Attempt:
        lost = one.spent or (one.tried > 0 and one.channel == "telegram")
        if not there:
            return Attempt(fates, why=None if one.tried else "not there any more")
        if lost:
            return Attempt(everybody(fates, Fate.UNKNOWN), why="whoever carried it died")
        if one.channel == WEB:
            return Attempt(everybody(fates, Fate.ACCEPTED))
        channel = self._channels.get(one.channel)
        if channel is None:
            return Attempt(fates, _UNSET, f"channel {one.channel} is not set up")
        if isinstance(channel, CarriesMany) and one.channel == COUNTED:
            await self._paces[one.channel].take()
            many = Many([person.address for person in there], [said], one.retry_key)
            return of_many(one, fates, await channel.send_many(many))
        return await self._each(channel, one, there, (fates, said))

    async def _each(self, channel: Channel, one: Claimed, there: list[Recipient], words: tuple[Fates, Said]) -> Attempt:
        """Where the platform takes them one by one, each is asked for once."""
        fates, said = words

        async def say(person: Recipient) -> Outcome:
            await self._paces[one.channel].take()
            key = f"{one.retry_key}:{person.contact_id}"
            return await channel.send(Parcel(one.id, one.channel, person.address, [said], key, language=one.language))

        outcomes = await asyncio.gather(*(say(person) for person in there))
        blocked, whys, now = list[int](), set[str](), list[tuple[int, Fate]]()
        again: float | None = None
        why: str | None
        for person, outcome in zip(there, outcomes, strict=True):
            match outcome:
                case Sent():
                    now.append((person.at, Fate.ACCEPTED))
                case GaveUp(why, is_blocked):
                    now.append((person.at, Fate.FAILED))
                    blocked += [person.contact_id] if is_blocked else []
                    whys.add(why)
                case Unknown(why):
                    now.append((person.at, Fate.UNKNOWN))
                    whys.add(why)
                case TryLater(seconds, why):
                    again = max(again or 0.0, seconds)
                    whys.add(why)
                case _:
                    assert_never(outcome)
        why = ", ".join(sorted(whys)) or None
        return Attempt(some(fates, now), again, why, blocked=tuple(blocked))

    def _end(self, one: Claimed, attempt: Attempt, to: tuple[list[Recipient], Said], conn: Connection) -> None:
        """Write it down; in a web chat that is also where it arrives."""
        there, said = to
        now, fates = self._clock(), attempt.fates
        if attempt.split:
            chunks.split(conn, replace(one, fates=fates), self._owner, now)
            return
        next_at = None if attempt.again_s is None else now + timedelta(seconds=attempt.again_s)
        ended = Finished(one, self._owner, fates, now, next_at, attempt.why, attempt.attempts)
        if not chunks.finish(conn, ended):
            return
        new = fates.count(Fate.ACCEPTED) - one.fates.count(Fate.ACCEPTED)
        if one.channel == COUNTED:
            pushes.spent(conn, COUNTED, new, now)
        for contact_id in attempt.blocked:
            people.set_reachable(conn, contact_id, False)
        if one.channel == WEB and new:
            lines = [
                Line(person.person_id, person.key, now, Way.OUT, Author.BOT, said, contact_id=person.contact_id)
                for person in there
            ]
            talk.write(conn, self._store.vault, lines)

    async def _said(self, one: Claimed) -> Said:
        """The words of a broadcast in the language of a chunk, drawn up once."""
        known = (one.broadcast_id, one.language)
        if known not in self._written:
            found = await self._read(lambda conn: broadcasts.find(conn, one.broadcast_id))
            if found is None:
                raise LookupError("a chunk without its broadcast")
            if len(self._written) > 50:
                self._written.clear()
            self._written[known] = self._announcer.said(found.id, found.draft, one.language).to_json()
        return self._written[known]

    async def _write(self, job: Callable[[Connection], T]) -> T:
        return await _patiently(lambda: asyncio.wrap_future(self._store.writer.submit(job)))

    async def _read(self, look: Callable[[Connection], T]) -> T:
        return await _patiently(lambda: asyncio.to_thread(self._store.read, look))


async def _patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """Wait for the database as long as it takes: what a platform said of people must not be thrown away meanwhile.

    Each question may be asked twice: a fence keeps what was finished from being finished again.
    """
    while True:
        try:
            return await ask()
        except StorageDown:
            await asyncio.sleep(AGAIN_S)
