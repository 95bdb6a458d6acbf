"""How far the people of a broadcast are: a letter for each, and sums that always add up."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, bindparam, delete, func, select, update

from storage.broadcast_tables import broadcast, chunk, unpacked

_c = chunk.c
_NAMES = ("people", "accepted", "failed", "unknown", "skipped")
_SUMS = (
    select(_c.channel, *(func.sum(_c[name]) for name in _NAMES))
    .where(_c.broadcast_id == bindparam("of"))
    .group_by(_c.channel)
    .order_by(_c.channel)
)
_QUIET = (
    select(_c.next_at, func.sum(_c.people))
    .where(_c.broadcast_id == bindparam("of"), _c.state == "queued", _c.why.is_(None), _c.next_at > bindparam("now"))
    .group_by(_c.next_at)
    .order_by(_c.next_at)
)
_WHYS = (
    select(_c.why, func.sum(_c.failed + _c.unknown + _c.skipped))
    .where(_c.broadcast_id == bindparam("of"), _c.why.is_not(None), _c.state.in_(("done", "lost")))
    .group_by(_c.why)
    .order_by(_c.why)
)
_ALL = (
    select(_c.channel, _c.language, _c.contacts, _c.fates, _c.state)
    .where(_c.broadcast_id == bindparam("of"))
    .order_by(_c.id)
    .execution_options(yield_per=100)
)


_CAME_TO = select(broadcast.c.came_to).where(broadcast.c.id == bindparam("of"))
_KEEP = update(broadcast).where(broadcast.c.id == bindparam("of")).values(came_to=bindparam("sums"))
_GONE = delete(chunk).where(chunk.c.broadcast_id == bindparam("of"))


class Fate(StrEnum):
    """How far one person is, as a letter of the chunk's."""

    WAITS = "q"
    ACCEPTED = "a"
    FAILED = "f"
    UNKNOWN = "u"
    SKIPPED = "s"


# Whoever still waited in a chunk that ended as a whole.
_ENDED = {"done": Fate.SKIPPED, "lost": Fate.UNKNOWN}


_ARRIVED = bytes(letter in b"au" for letter in range(256))
_ARRIVED_LOST = bytes(letter in b"auq" for letter in range(256))


@dataclass(frozen=True)
class Sums:
    """How far a broadcast is, in people: `queued` are all of them."""

    queued: int = 0
    accepted: int = 0
    failed: int = 0
    unknown: int = 0
    skipped: int = 0

    @property
    def waiting(self) -> int:
        """Whoever's turn has not come; nobody once it has ended."""
        return self.queued - self.accepted - self.failed - self.unknown - self.skipped

    def __add__(self, other: Sums) -> Sums:
        """Both together."""
        return Sums(
            self.queued + other.queued,
            self.accepted + other.accepted,
            self.failed + other.failed,
            self.unknown + other.unknown,
            self.skipped + other.skipped,
        )


@dataclass(frozen=True)
class Part:
    """The people of one chunk with their fates."""

    channel: str
    language: str
    people: tuple[tuple[int, Fate], ...]


def by_channel(conn: Connection, broadcast_id: int) -> dict[str, Sums]:
    """The sums of each channel, for ever."""
    came_to = conn.execute(_CAME_TO, {"of": broadcast_id}).scalar()
    found = json.loads(came_to) if came_to else conn.execute(_SUMS, {"of": broadcast_id}).all()
    return {channel: Sums(*map(int, sums)) for channel, *sums in found}


def let_go(conn: Connection, broadcast_id: int) -> None:
    """Nobody is kept of one that has ended, only its sums: no correction can reach them any more."""
    sums = [[channel, *astuple(one)] for channel, one in by_channel(conn, broadcast_id).items()]
    conn.execute(_KEEP, {"of": broadcast_id, "sums": json.dumps(sums)})
    conn.execute(_GONE, {"of": broadcast_id})


def of(conn: Connection, broadcast_id: int) -> Sums:
    """The sums of it all."""
    return sum(by_channel(conn, broadcast_id).values(), Sums())


def quiet(conn: Connection, broadcast_id: int, now: datetime) -> dict[datetime, int]:
    """How many are left alone until when: their quiet hours. Not those whom something went wrong with."""
    return {until: int(people) for until, people in conn.execute(_QUIET, {"of": broadcast_id, "now": now})}


def whys(conn: Connection, broadcast_id: int) -> dict[str, int]:
    """How many were not certainly reached, by what was said of their chunk last."""
    return {why: int(people) for why, people in conn.execute(_WHYS, {"of": broadcast_id}) if people}


def arrived(conn: Connection, broadcast_id: int) -> Iterator[tuple[array[int], bytes]]:
    """Everybody, chunk by chunk, as numbers and a byte each: 1 for whom it reached, or may have."""
    for _, _, packed, letters, state in conn.execute(_ALL, {"of": broadcast_id}):
        yield unpacked(packed), letters.translate(_ARRIVED_LOST if state == "lost" else _ARRIVED)


def of_all(conn: Connection, broadcast_id: int) -> Iterator[Part]:
    """Everybody, chunk by chunk."""
    for channel, language, packed, letters, state in conn.execute(_ALL, {"of": broadcast_id}):
        fates = (_ENDED.get(state, Fate.WAITS) if letter == "q" else Fate(letter) for letter in letters.decode("ascii"))
        yield Part(channel, language, tuple(zip(unpacked(packed), fates, strict=True)))
