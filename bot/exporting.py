"""Makes the files of cases that coordinators asked for: in the background, part by part, going on where it was left."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.keeping_on import keep_on
from bot.web.console.sheet import Stamp, case_rows, head_of, talk_rows
from dialogs.around import House
from knowledge.csv_file import BOM, lines
from storage import cases, export_parts, sight, staff, talk
from storage.engine import Store
from storage.export_parts import Lease, Piece
from storage.exports import Export, Span, Wanted
from storage.may import Deed, Reach, may
from storage.staff import Member

T = TypeVar("T")
EVERY_S = 2.0
LEASE = timedelta(seconds=60)  # of one part: whoever takes longer is dead
AT_ONCE = 300  # cases, or lines of a talk, in memory at a time


def span_of(wanted: Wanted, zone: ZoneInfo) -> Span:
    """The days of a file as moments."""
    start, last = wanted.since, wanted.until
    midnight = partial(datetime.combine, time=time(), tzinfo=zone)
    return Span(
        None if start is None else midnight(start).astimezone(UTC),
        None if last is None else midnight(last + timedelta(days=1)).astimezone(UTC),
    )


class Exporter:
    """Runs beside the other chores; several processes may, for each file is made by one at a time."""

    def __init__(self, store: Store, house: House, zone: ZoneInfo, clock: Callable[[], datetime]) -> None:
        self._store, self._house, self._zone, self._clock = store, house, zone, clock
        self._mine = str(uuid.uuid4())

    async def run(self) -> None:
        """Look every two seconds, for ever."""
        waits, breaks = "files of cases wait for the database", "a file of cases could not be made"
        await keep_on(self.look, EVERY_S, waits, breaks)

    async def look(self) -> int:
        """Make what waits, and let go what is over; how many files were made."""
        made = 0
        await self._write(self._expire)
        while (one := await self._write(self._claim)) is not None:
            made += await self._make(one)
        return made

    async def _make(self, one: Export) -> bool:
        """All parts of a file that are missing; False when it is not ours to make any more."""
        going: Export | None = one
        while going is not None:
            piece = await asyncio.to_thread(self._store.read, partial(self._next, going))
            if piece is None:
                await self._write(partial(self._stop, going))
                return False
            if not piece.data:
                return await self._write(partial(self._ready, going))
            going = await self._write(partial(self._put, going, piece))
        return False

    def _expire(self, conn: Connection) -> int:
        return export_parts.expire(conn, self._clock())

    def _claim(self, conn: Connection) -> Export | None:
        return export_parts.claim(conn, self._store.vault, self._lease())

    def _put(self, one: Export, piece: Piece, conn: Connection) -> Export | None:
        return export_parts.put(conn, self._store.vault, one, self._lease(), piece)

    def _ready(self, one: Export, conn: Connection) -> bool:
        return export_parts.ready(conn, one, self._lease())

    def _stop(self, one: Export, conn: Connection) -> None:
        export_parts.stop(conn, one, self._lease())

    def _lease(self) -> Lease:
        now = self._clock()
        return Lease(self._mine, now, now + LEASE)

    def _next(self, one: Export, conn: Connection) -> Piece | None:
        """The next part as bytes, empty at the end; None when the asker may not have it any more."""
        member = staff.get(conn, one.staff_id)
        if member is None or not allowed(member, one.wanted):
            return None
        stamp, sees, wanted = Stamp(one, self._zone), sight.of(conn, member), one.wanted
        if wanted.case_id is None:
            left = min(AT_ONCE, one.cases - one.written)  # never more than were counted, and agreed to
            found = export_parts.chunk(conn, self._store.vault, one, (span_of(wanted, self._zone), sees), left)
            rows, ids = case_rows(found, self._house, stamp), tuple(case.head.id for case in found)
            return _piece(one, rows, ids, max(ids, default=0))
        case = cases.get(conn, self._store.vault, wanted.case_id)
        if case is None or case.head.person_id is None or not sees.sees(case.head):
            return None
        said = talk.of_case(conn, self._store.vault, case.head.id, one.after_id, AT_ONCE)
        rows = talk_rows(case, said, self._house, stamp)
        ids = (case.head.id,) if one.parts == 0 else ()
        return _piece(one, rows, ids, max((line.id for line in said), default=one.after_id))

    async def _write(self, job: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self._store.writer.submit(job))


def _piece(one: Export, rows: Sequence[Sequence[str]], case_ids: tuple[int, ...], after_id: int) -> Piece:
    head = BOM.encode() + lines([head_of(one.wanted)]) if one.parts == 0 else b""
    return Piece(head + lines(rows), case_ids, after_id)


def allowed(member: Member, wanted: Wanted) -> bool:
    """Whether this member may have such a file now."""
    may_have = may(member.role, Deed.EXPORT) is not Reach.NONE
    return member.active and may_have and (not wanted.secrets or may(member.role, Deed.SECRETS) is not Reach.NONE)
