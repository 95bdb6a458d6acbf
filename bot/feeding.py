"""Looks at followed feeds now and then: what is news becomes drafts and leads for a person, and nothing goes out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import aiohttp
import structlog
from sqlalchemy import Connection

from bot import event_in, grant_in
from bot.asking_out import Asking, Marks, Refused
from bot.keeping_on import keep_on
from bot.laddering import end_of
from knowledge.sifting import Clock, Limits, Offer, Sifted, Why, sift
from storage import event_imports, feeds, grant_imports
from storage.engine import Store
from storage.feeds import Feed, Item, Kind, Lead, Look

log = structlog.get_logger()
EVERY_S = 60.0


@dataclass(frozen=True)
class Found:
    """What a feed holds, whatever it tells of; `wrong` counts the entries that could not be read, `heavy` those of them
    that would have been too much work.
    """

    events: tuple[event_imports.Incoming, ...] = ()
    grants: tuple[grant_imports.Incoming, ...] = ()
    leads: tuple[Lead, ...] = ()
    wrong: int = 0
    heavy: int = 0

    def offers(self, zone: ZoneInfo) -> list[Offer]:
        """Each entry by the name under which it is remembered."""
        name = feeds.name
        found = [
            Offer(name(one.uid), one.mark, one.stamp, max((span.ends_at for span in one.spans), default=None))
            for one in self.events
        ]
        found += [Offer(name(one.uid), one.mark, ends=end_of(one.content, zone)) for one in self.grants]
        return found + [Offer(name(one.uid), one.mark, one.stamp) for one in self.leads]


class Brought(NamedTuple):
    """What a feed holds, with the name and hash of each entry: worked out before anybody has to wait for it."""

    found: Found
    offers: Sequence[Offer]


class Feeding:
    """Runs beside the other chores; several processes may, for each look is leased in the database."""

    def __init__(
        self, store: Store, zone: ZoneInfo, clock: Callable[[], datetime], asking: Asking | None = None
    ) -> None:
        self._store, self._zone, self._clock, self._asking = store, zone, clock, asking or Asking()

    async def run(self) -> None:
        """Look every minute whether one is due, for ever."""
        await keep_on(self.look, EVERY_S, "feeds wait for the database", "a feed could not be read")

    async def look(self) -> int:
        """Ask those that are due; how many were asked."""
        now = self._clock()
        due = await asyncio.wrap_future(self._store.writer.submit(lambda conn: feeds.due(conn, now)))
        for one in due:
            await self._one(one)
        return len(due)

    async def _one(self, one: Feed) -> None:
        now, marks = self._clock(), Marks(one.etag, one.modified)
        brought = Brought(Found(), ())
        how: Look | None = None
        try:
            body, marks = await self._asking.fetch(one.url, marks)
            if body is None:
                how = Look("ok", marks.etag, marks.modified)
            else:
                brought = await asyncio.to_thread(self._brought, one.kind, body, now)
        except Refused as why:
            how = Look(str(why), one.etag, one.modified, failed=True, again_s=why.again_s)
        except (aiohttp.ClientError, OSError, TimeoutError) as why:
            how = Look(type(why).__name__, one.etag, one.modified, failed=True)

        def job(conn: Connection) -> bool:
            return feeds.looked(conn, one, how or _take(conn, one, (brought, marks), now), now)

        if await asyncio.wrap_future(self._store.writer.submit(job)):
            log.warning("entries of a feed are kept back", feed=one.id)

    def _brought(self, kind: Kind, body: bytes, now: datetime) -> Brought:
        found = self._read(kind, body, now)
        return Brought(found, found.offers(self._zone))

    def _read(self, kind: Kind, body: bytes, now: datetime) -> Found:
        if kind is Kind.GRANTS:
            grants = grant_in.read(body)
            return Found(grants=grants.found, leads=grants.leads, wrong=grants.wrong)
        read = event_in.read(body, self._zone, now)
        heavy = sum(one.why == "heavy" for one in read.wrong)
        return Found(read.found, leads=read.leads, wrong=len(read.wrong) - len(read.leads), heavy=heavy)


def _take(conn: Connection, one: Feed, what: tuple[Brought, Marks], now: datetime) -> Look:
    """What is news becomes drafts and leads; what is kept back is counted."""
    (found, offers), marks = what
    settled, aged = feeds.known(conn, one)
    limits = Limits(timedelta(days=one.oldest_days), max(one.at_most, one.allowed), sure=one.allowed > 0)
    sifted = sift(offers, settled, aged, limits, Clock(now, one.checked_at))
    if len(settled) + len(aged) + len(sifted.fresh) + len(sifted.old) > feeds.REMEMBERED:
        sifted = Sifted(held=len(sifted.fresh), why=Why.MANY)
    hashes = {offer.uid: offer.mark for offer in offers}
    _propose(conn, one, found, (sifted, hashes), now)
    feeds.settle(conn, one, Item.OLD, {uid: hashes[uid] for uid in sorted(sifted.old)}, now)
    said = f"wrong {found.wrong} {found.heavy}" if found.wrong else "ok"
    waits = sifted.why in {Why.MANY, Why.CLOCK} or found.wrong  # it is read again, also if it is as before
    return Look(
        said,
        None if waits else marks.etag,
        None if waits else marks.modified,
        sifted.held,
        sifted.why and sifted.why.value,
    )


def _propose(conn: Connection, one: Feed, found: Found, what: tuple[Sifted, Mapping[str, str]], now: datetime) -> None:
    sifted, hashes = what
    events = [entry for entry in found.events if feeds.name(entry.uid) in sifted.fresh]
    grants = [entry for entry in found.grants if feeds.name(entry.uid) in sifted.fresh]
    here = feeds.name(one.url)[:12]  # what two feeds both call 1 is not the same
    named = [replace(entry, uid=f"{here}:{entry.uid}") for entry in events]
    event_imports.take(conn, named, one.staff_id, one.id, now)
    calls = [entry.model_copy(update={"uid": f"{here}:{entry.uid}"}) for entry in grants]
    grant_imports.take(conn, calls, one.staff_id, now)
    feeds.propose(conn, one, [lead for lead in found.leads if feeds.name(lead.uid) in sifted.fresh], now)
    taken = {feeds.name(entry.uid) for entry in events} | {feeds.name(entry.uid) for entry in grants}
    feeds.settle(conn, one, Item.TAKEN, {uid: hashes[uid] for uid in sorted(taken)}, now)
