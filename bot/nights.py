"""What goes by time goes at night, class by class and once a night; what a manager ordered goes within seconds."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from bot.keeping_on import each, keep_on
from storage import deletions, keeping, sweeps
from storage.engine import Store
from storage.keeping import Kind

log = structlog.get_logger()
T = TypeVar("T")
EVERY_S, ORDERS_EVERY_S = 300.0, 1.0
NIGHT = 3  # the hour on the centre's clock in which nobody minds a slow minute


def night_of(now: datetime, zone: ZoneInfo) -> date:
    """The night whose work is due: that of today from three o'clock on, else that of yesterday."""
    return (now.astimezone(zone) - timedelta(hours=NIGHT)).date()


def edge(night: date, days: int, zone: ZoneInfo) -> datetime:
    """What happened before this moment goes in that night: a midnight of the centre, so many days earlier."""
    return datetime.combine(night - timedelta(days=days), time(), zone).astimezone(UTC)


@dataclass(frozen=True)
class Line:
    """One class: how long it is kept, when it was last gone through, and how many are next."""

    kind: Kind
    value: keeping.Value
    last: sweeps.Sweep | None
    next: int


class Nights:
    """Runs beside the other chores; several processes may, for each class of a night is gone through by one."""

    def __init__(self, store: Store, zone: ZoneInfo, clock: Callable[[], datetime]) -> None:
        self._store, self._zone, self._clock = store, zone, clock

    async def run(self) -> None:
        """Look every five minutes, for ever: who was down at night does it later."""
        await keep_on(self.look, EVERY_S, "what goes by time waits for the database", "what goes by time could not go")

    async def orders(self) -> None:
        """Look every second, for ever, for what managers ordered."""
        waits, breaks = "what is to be deleted waits for the database", "what is to be deleted could not be"
        await keep_on(self.obey, ORDERS_EVERY_S, waits, breaks)

    async def look(self) -> int:
        """Go through the classes that this night has not seen; how many things went."""
        night, gone = night_of(self._clock(), self._zone), Counter[str]()
        await each(Kind, partial(self._go_through, night, gone), "a class of what goes by time could not go")
        if gone.total():
            log.info("gone by time", count=gone.total())
        return gone.total()

    async def obey(self) -> int:
        """Do what is ordered, step by step; how many steps."""
        numbers, steps = await self._read(partial(deletions.due, now=self._clock())), Counter[int]()

        async def do(number: int) -> None:
            going = True
            while going:
                keys = await self._read(partial(deletions.left, number=number))
                going = await self._write(partial(self._obey, number, keys))
                steps[number] += going

        await each(numbers, do, "an order to delete could not be done")
        return steps.total()

    async def _go_through(self, night: date, gone: Counter[str], kind: Kind) -> None:
        if await self._write(partial(self._begin, kind, night)):
            while keys := await self._read(partial(sweeps.left, night=night.isoformat(), kind=kind)):
                went = [await self._write(partial(self._step, kind, night, some)) for some in keeping.steps(kind, keys)]
                if not any(went):  # what is found and stays is not looked for for ever
                    break
            await self._write(partial(self._step, kind, night, ()))
            last = await self._read(partial(sweeps.last, kind=kind))
            gone[kind] += last.gone if last else 0

    def _begin(self, kind: Kind, night: date, conn: Connection) -> bool:
        before = edge(night, keeping.value(conn, kind).days, self._zone)
        return sweeps.begin(conn, night.isoformat(), kind, before, self._clock())

    def _step(self, kind: Kind, night: date, keys: Sequence[Any], conn: Connection) -> int:
        return sweeps.step(conn, self._store.vault, (night.isoformat(), kind), keys, self._clock())

    def _obey(self, number: int, keys: Sequence[Any], conn: Connection) -> bool:
        return deletions.step(conn, self._store.vault, number, keys, self._clock())

    async def _read(self, look: Callable[[Connection], T]) -> T:
        return await asyncio.to_thread(self._store.read, look)

    async def _write(self, job: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self._store.writer.submit(job))


def lines(conn: Connection, now: datetime, zone: ZoneInfo, at_most: int) -> list[Line]:
    """Every class as it stands, with what the next night would take; counted no further than `at_most`."""
    night = night_of(now, zone) + timedelta(days=1)
    found = []
    for kind in Kind:
        value = keeping.value(conn, kind)
        next_ = keeping.due(conn, kind, edge(night, value.days, zone), at_most)
        found.append(Line(kind, value, sweeps.last(conn, kind), next_))
    return found
