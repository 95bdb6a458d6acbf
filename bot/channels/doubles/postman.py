"""Carries a platform's events to the bot's webhook: at once, or held back, shuffled, packed together and repeated."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import aiohttp

Event = dict[str, Any]


class Order(StrEnum):
    """In which order held events go out."""

    KEPT = "kept"
    REVERSED = "reversed"
    SHUFFLED = "shuffled"


@dataclass(frozen=True)
class Habit:
    """How held events are carried: `batch` in one POST, each POST `copies` times, `delay` seconds before each.

    `together` sends all POSTs at the same moment instead of one after the other.
    """

    order: Order = Order.KEPT
    batch: int = 1
    copies: int = 1
    delay: float = 0.0
    together: bool = False


_AS_IT_COMES = Habit()


@dataclass(frozen=True)
class Posted:
    """One POST to the webhook. `status` is None when no answer came in time; `why` then names the reason."""

    events: tuple[Event, ...]
    status: int | None
    seconds: float
    why: str = ""

    @property
    def ok(self) -> bool:
        """Whether the bot took it."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def event(self) -> Event:
        """The first event, for the usual POST that holds only one."""
        return self.events[0]


class Postman:
    """Posts bodies to one URL. `wrap` makes the bytes of some events, `seal` the headers that belong to those bytes."""

    def __init__(
        self,
        url: str,
        wrap: Callable[[Sequence[Event]], bytes],
        seal: Callable[[bytes], dict[str, str]],
        deadline: float,
    ) -> None:
        self.url, self.deadline = url, deadline
        self._wrap, self._seal = wrap, seal
        self._session: aiohttp.ClientSession | None = None
        self._held: list[Event] | None = None
        self.chance = random.Random(0)  # noqa: S311 - which order to shuffle into is no secret
        self.posts: list[Posted] = []
        self.failed: list[Event] = []

    async def carry(self, *events: Event) -> Posted:
        """Post these events in one request, or keep them while events are held (`why` is then "held")."""
        if self._held is not None:
            self._held.extend(events)
            return Posted(events, None, 0.0, "held")
        return await self.post(self._wrap(events), events)

    async def post(self, body: bytes, events: Sequence[Event] = (), headers: dict[str, str] | None = None) -> Posted:
        """Post these bytes; `headers` replaces the seal that belongs to them."""
        if not self.url:
            self.failed.extend(events)
            return Posted(tuple(events), None, 0.0, "no webhook is set")
        started = time.perf_counter()
        status, why = None, ""
        sealed = {
            "content-type": "application/json; charset=utf-8",
            **(self._seal(body) if headers is None else headers),
        }
        try:
            async with self._open().post(self.url, data=body, headers=sealed) as answer:
                await answer.read()
                status = answer.status
        except TimeoutError:
            why = "request_timeout"
        except aiohttp.ClientError as broken:
            why = type(broken).__name__
        posted = Posted(tuple(events), status, time.perf_counter() - started, why)
        self.posts.append(posted)
        if not posted.ok:
            self.failed.extend(events)
        return posted

    @contextlib.asynccontextmanager
    async def held(self, habit: Habit = _AS_IT_COMES) -> AsyncIterator[None]:
        """Hold back what happens inside, and carry it by `habit` at the end."""
        held: list[Event] = []
        self._held = held
        try:
            yield
        finally:
            self._held = None
        match habit.order:
            case Order.REVERSED:
                held.reverse()
            case Order.SHUFFLED:
                self.chance.shuffle(held)
            case Order.KEPT:
                pass
        packs = [held[at : at + habit.batch] for at in range(0, len(held), habit.batch)]
        trips = [self._trip(pack, habit.delay) for pack in packs for _ in range(habit.copies)]
        if habit.together:
            await asyncio.gather(*trips)
        else:
            for trip in trips:
                await trip

    async def retry(self, again: Callable[[Event], Event]) -> list[Posted]:
        """Post once more, one by one, what the bot did not take; `again` marks an event as repeated."""
        failed, self.failed = self.failed, []
        return [await self.carry(again(event)) for event in failed]

    async def _trip(self, pack: list[Event], delay: float) -> None:
        if delay:
            await asyncio.sleep(delay)
        await self.post(self._wrap(pack), pack)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),
                timeout=aiohttp.ClientTimeout(total=self.deadline),
                auto_decompress=False,
            )
        return self._session

    async def close(self) -> None:
        """Give back the connections."""
        if self._session is not None:
            await self._session.close()
