"""Everybody a broadcast is for, read once before it leaves: by channel and language, and when their quiet hours end."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import compress
from typing import NamedTuple

from sqlalchemy import Connection

from knowledge.segment import Segment
from storage import fates, segments
from storage.receive_tables import receiver

_r = receiver.c
_AT_ONCE = 20_000


@dataclass(frozen=True)
class Cap:
    """How many broadcasts one person is sent within a time, urgent ones and corrections aside; 0 for all that come."""

    most: int = 0
    within: timedelta = timedelta(days=7)


class Group(NamedTuple):
    """People who are sent the same words by the same channel, not before a moment."""

    channel: str
    language: str
    not_before: datetime | None = None


@dataclass
class Packed:
    """People by group, as numbers of contacts: three hundred thousand are three megabytes.

    `rested` are those who had enough lately: counted and named, and not sent it.
    """

    groups: dict[Group, array[int]] = field(default_factory=lambda: defaultdict(lambda: array("q")))
    rested: dict[Group, array[int]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All whom it goes to."""
        return sum(len(one) for one in self.groups.values())

    @property
    def resting(self) -> int:
        """All who had enough lately."""
        return sum(len(one) for one in self.rested.values())

    def on(self, channel: str) -> int:
        """Those of one channel."""
        return sum(len(one) for group, one in self.groups.items() if group.channel == channel)


Quiet = Callable[[int, int], datetime | None]


def meant(conn: Connection, means: Segment, quiet: Quiet, now: datetime) -> Packed:
    """Everybody of a segment now. `quiet` says of two hours until when it is quiet between them, None for not now."""
    found = Packed()
    statement = segments.audience(means, now).with_only_columns(
        _r.contact_id, _r.channel, _r.language, _r.quiet_from, _r.quiet_to
    )
    rows = conn.execution_options(yield_per=_AT_ONCE).execute(statement)
    known: dict[tuple[str, str, int, int], array[int]] = {}
    for contact_id, *same in rows:
        kind = (same[0], same[1], same[2], same[3])
        if kind not in known:
            known[kind] = found.groups[Group(kind[0], kind[1], quiet(kind[2], kind[3]))]
        known[kind].append(contact_id)
    return found


def reached(conn: Connection, broadcast_id: int) -> Packed:
    """Exactly those whom an earlier one reached, or may have."""
    found = Packed()
    for part in fates.of_all(conn, broadcast_id):
        found.groups[Group(part.channel, part.language)].extend(
            contact_id for contact_id, fate in part.people if fate in (fates.Fate.ACCEPTED, fates.Fate.UNKNOWN)
        )
    return found


def crowded(conn: Connection, packed: Packed, lately: Sequence[int], most: int) -> int:
    """How many of these people got so many broadcasts already, of those named."""
    full = _full(conn, lately, most)
    return sum(number in full for everybody in packed.groups.values() for number in everybody) if full else 0


def spare(conn: Connection, packed: Packed, lately: Sequence[int], most: int) -> Packed:
    """The same people, with those at rest who got so many broadcasts already, of those named."""
    full = _full(conn, lately, most)
    found = Packed()
    for group, everybody in packed.groups.items():
        rest = array("q", (number for number in everybody if number in full)) if full else array("q")
        go = array("q", (number for number in everybody if number not in full)) if rest else everybody
        if rest:
            found.rested[group] = rest
        if go:
            found.groups[group] = go
    return found


def _full(conn: Connection, lately: Sequence[int], most: int) -> frozenset[int]:
    """Who got so many of these, or may have."""
    if not most or len(lately) < most:
        return frozenset()
    got: Counter[int] = Counter()
    for one in lately:
        for numbers, arrived in fates.arrived(conn, one):
            got.update(compress(numbers, arrived))
    return frozenset(number for number, times in got.items() if times >= most)
