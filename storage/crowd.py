"""Everybody a broadcast is for, read once before it leaves: by channel and language, and when their quiet hours end."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from knowledge.segment import Segment
from storage import fates, segments
from storage.receive_tables import receiver

_r = receiver.c
_AT_ONCE = 20_000


class Group(NamedTuple):
    """People who are sent the same words by the same channel, not before a moment."""

    channel: str
    language: str
    not_before: datetime | None = None


@dataclass
class Packed:
    """People by group, as numbers of contacts: three hundred thousand are three megabytes."""

    groups: dict[Group, array[int]] = field(default_factory=lambda: defaultdict(lambda: array("q")))

    @property
    def total(self) -> int:
        """All of them."""
        return sum(len(one) for one in self.groups.values())

    def on(self, channel: str) -> int:
        """Those of one channel."""
        return sum(len(one) for group, one in self.groups.items() if group.channel == channel)


Quiet = Callable[[int, int], datetime | None]


def meant(conn: Connection, means: Segment, quiet: Quiet) -> Packed:
    """Everybody of a segment now. `quiet` says of two hours until when it is quiet between them, None for not now."""
    found = Packed()
    statement = segments.audience(means).with_only_columns(
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
    if len(lately) < most:
        return 0
    got: Counter[int] = Counter()
    for one in lately:
        for everybody in reached(conn, one).groups.values():
            got.update(everybody)
    return sum(got[number] >= most for everybody in packed.groups.values() for number in everybody)
