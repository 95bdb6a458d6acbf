"""The people of a broadcast, frozen in chunks of one request each: claimed with a lease, finished with a fence."""

from __future__ import annotations

import uuid
from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, text, update

from storage.broadcast_tables import LEFT, broadcast, chunk, unpacked
from storage.columns import AnyRow
from storage.crowd import Group, Packed
from storage.outbox import BULK, URGENT
from storage.plain import reason

SIZE: Mapping[str, int] = {"line": 500, "telegram": 5, "web": 250}
KEY_LIVES = timedelta(hours=20)  # a retry key of LINE lives 24 hours
_c = chunk.c
_ADD = insert(chunk)
_ahead = chunk.alias("ahead")
_NEXT = (
    select(
        _c.id, _c.broadcast_id, _c.channel, _c.language, _c.retry_key, _c.state, _c.contacts, _c.fates, _c.tried,
        _c.first_at,
    )
    .select_from(chunk.join(broadcast, broadcast.c.id == _c.broadcast_id))
    .where(
        text("broadcast_chunk." + LEFT), _c.channel == bindparam("by"), _c.lane == bindparam("lane"),
        _c.next_at <= bindparam("now"), broadcast.c.state == "running",
        _c.id.not_in(bindparam("busy", expanding=True)),
    )
    .order_by(_c.next_at, _c.id)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True, of=chunk)
)  # fmt: skip
# The newsletter stands aside while anything urgent is on its way by the same channel.
_BEHIND = _NEXT.where(
    ~select(_ahead.c.id)
    .select_from(_ahead.join(broadcast, broadcast.c.id == _ahead.c.broadcast_id))
    .where(
        text("ahead." + LEFT), _ahead.c.channel == bindparam("by"), _ahead.c.lane == URGENT,
        _ahead.c.next_at <= bindparam("now"), broadcast.c.state == "running",
    )
    .correlate(None)
    .exists()
)  # fmt: skip
_LEASE = (
    update(chunk)
    .where(_c.id == bindparam("of"))
    .values(
        state="sending", lease_owner=bindparam("owner"), next_at=bindparam("until"), tried=bindparam("times"),
        retry_key=bindparam("key"), first_at=bindparam("first"),
    )
)  # fmt: skip
# The owner alone is no fence: when a lease ended it may have claimed the same chunk anew, and that one was split.
_MINE = (
    (_c.id == bindparam("of")) & (_c.lease_owner == bindparam("owner")) & (_c.state == "sending")
    & (_c.tried == bindparam("times")) & (_c.retry_key == bindparam("key"))
)  # fmt: skip
_FINISH = (
    update(chunk)
    .where(_MINE)
    .values(
        state=bindparam("to"), fates=bindparam("now_fates"), accepted=bindparam("a"), failed=bindparam("f"),
        unknown=bindparam("u"), skipped=bindparam("s"), tried=_c.tried + bindparam("attempts"),
        next_at=bindparam("again_at"), why=bindparam("reason"), lease_owner=None,
    )
)  # fmt: skip
_PUT_BACK = (
    update(chunk)
    .where(
        text("broadcast_chunk." + LEFT), _c.channel == bindparam("by"), _c.lane == bindparam("of_lane"),
        _c.lease_owner == bindparam("owner"), _c.state == "sending",
        _c.id.not_in(bindparam("begun", expanding=True)),
    )
    .values(state="queued", lease_owner=None)
)  # fmt: skip
_RESCUE = update(chunk).where(text("state = 'sending'")).values(next_at=bindparam("now"), lease_owner=None)
_SPLIT = update(chunk).where(_MINE)


class Passed(StrEnum):
    """Why people were left out before anything was sent."""

    ROOM = "room"  # the month of LINE has no room for them
    ENOUGH = "enough"  # they had as many lately as the centre allows


class Taker(NamedTuple):
    """Who claims. What they are still at stays out of it when its lease has ended: nobody sends beside themselves."""

    owner: str
    busy: Collection[int] = ()


@dataclass(frozen=True)
class Claimed:
    """A chunk that is ours until the lease ends. `tried` counts attempts that may have reached the platform."""

    id: int
    broadcast_id: int
    channel: str
    language: str
    retry_key: str
    contacts: Sequence[int]
    fates: str
    tried: int
    spent: bool  # its key is too old to be asked with again, and may have been used


@dataclass(frozen=True)
class Finished:
    """How an attempt at a chunk ended; with `next_at` whoever still waits is tried again then."""

    of: Claimed
    owner: str
    fates: str
    at: datetime
    next_at: datetime | None = None
    why: str | None = None
    attempts: int = 0


def freeze(conn: Connection, of: tuple[int, int], packed: Packed, room: int | None, now: datetime) -> None:
    """Put everybody into chunks; `of` is the broadcast and its lane. Of LINE's people more than `room` are skipped, and
    whoever had enough lately.
    """
    rows: list[dict[str, object]] = []
    for group, everybody in sorted(packed.groups.items(), key=lambda one: one[0][:2]):
        paid = len(everybody) if room is None or group.channel != "line" else min(room, len(everybody))
        room = None if room is None else room - (paid if group.channel == "line" else 0)
        rows += [_new(of, group, part, now) for part in _parts(everybody[:paid], SIZE[group.channel])]
        rows += _passed_over(of, group, everybody[paid:], Passed.ROOM, now)
    for group, everybody in sorted(packed.rested.items(), key=lambda one: one[0][:2]):
        rows += _passed_over(of, group, everybody, Passed.ENOUGH, now)
    for first in range(0, len(rows), 200):
        conn.execute(_ADD, rows[first : first + 200])


def _passed_over(
    of: tuple[int, int], group: Group, everybody: array[int], why: Passed, now: datetime
) -> list[dict[str, object]]:
    parts = _parts(everybody, SIZE[group.channel])
    return [_new(of, group, part, now) | {"state": "done", "why": why.value, "skipped": len(part)} for part in parts]


def _parts(everybody: array[int], size: int) -> Iterator[array[int]]:
    for first in range(0, len(everybody), size):
        yield everybody[first : first + size]


def _new(of: tuple[int, int], group: Group, part: array[int], now: datetime) -> dict[str, object]:
    return {
        "broadcast_id": of[0],
        "lane": of[1],
        "channel": group.channel,
        "language": group.language,
        "retry_key": str(uuid.uuid4()),
        "state": "queued",
        "contacts": part.tobytes(),
        "fates": b"q" * len(part),
        "people": len(part),
        "skipped": 0,
        "next_at": group.not_before or now,
        "why": None,
    }


def claim(conn: Connection, taker: Taker, by: tuple[str, int], now: datetime, at_most: int) -> list[Claimed]:
    """Take the next chunks of a channel and lane for half a minute; those of a newsletter when nothing urgent is."""
    channel, lane = by
    asked = {"by": channel, "lane": lane, "now": now, "at_most": at_most, "busy": list(taker.busy)}
    rows = conn.execute(_BEHIND if lane == BULK else _NEXT, asked).all()
    found = [_claimed(row, now) for row in rows]
    until = now + timedelta(seconds=30)
    leases = [
        {
            "of": one.id,
            "owner": taker.owner,
            "until": until,
            "times": one.tried,
            "key": one.retry_key,
            "first": row.first_at if one.retry_key == row.retry_key and row.first_at else now,
        }
        for one, row in zip(found, rows, strict=True)
    ]
    if leases:
        conn.execute(_LEASE, leases)
    return found


def _claimed(row: AnyRow, now: datetime) -> Claimed:
    old = row.first_at is not None and now - row.first_at >= KEY_LIVES
    tried = row.tried + (row.state == "sending")
    key = str(uuid.uuid4()) if old and not tried else row.retry_key
    numbers, fates = unpacked(row.contacts), row.fates.decode("ascii")
    return Claimed(row.id, row.broadcast_id, row.channel, row.language, key, numbers, fates, tried, old and tried > 0)


def finish(conn: Connection, one: Finished) -> bool:
    """Write how an attempt ended; False when its lease was lost."""
    return conn.execute(_FINISH, _end(one)).rowcount > 0


def _claim_of(one: Claimed, owner: str) -> dict[str, object]:
    return {"of": one.id, "owner": owner, "times": one.tried, "key": one.retry_key}


def _end(one: Finished) -> dict[str, object]:
    return {
        **_claim_of(one.of, one.owner),
        "to": "done" if one.next_at is None else "queued",
        "now_fates": one.fates.encode("ascii"),
        **{letter: one.fates.count(letter) for letter in "afus"},
        "attempts": one.attempts,
        "again_at": one.next_at or one.at,
        "reason": reason(one.why),
    }


def split(conn: Connection, one: Claimed, owner: str, now: datetime) -> bool:
    """One of its addresses is bad, and the platform took none: two halves, each under a key of its own."""
    half = len(one.contacts) // 2
    places = range(len(one.contacts))
    return _apart(conn, one, owner, [(one.language, places[:half]), (one.language, places[half:])], now)


def reword(conn: Connection, one: Claimed, owner: str, speak: Mapping[int, str], now: datetime) -> bool:
    """Some of it, by their places, speak another language by now: they wait in chunks of their own."""
    places: dict[str, list[int]] = {}
    for at in range(len(one.contacts)):
        places.setdefault(speak.get(at, one.language), []).append(at)
    return _apart(conn, one, owner, sorted(places.items()), now)


def _apart(
    conn: Connection, one: Claimed, owner: str, parts: Sequence[tuple[str, Sequence[int]]], now: datetime
) -> bool:
    """Its people in several chunks in its place, each with a language; False when its lease was lost."""
    row = conn.execute(select(chunk).where(_c.id == one.id)).one()
    new = [
        {
            "language": language,
            "contacts": array("q", (one.contacts[at] for at in places)).tobytes(),
            "fates": (fates := "".join(one.fates[at] for at in places)).encode("ascii"),
            "people": len(fates),
            **{name: fates.count(name[0]) for name in ("accepted", "failed", "unknown", "skipped")},
            "retry_key": str(uuid.uuid4()),
            "state": "queued",
            "next_at": now,
            "tried": 0,
            "first_at": None,
            "lease_owner": None,
        }
        for language, places in parts
    ]
    if conn.execute(_SPLIT.values(new[0]), _claim_of(one, owner)).rowcount == 0:
        return False
    same = {name: row._mapping[name] for name in ("broadcast_id", "lane", "channel")}
    if new[1:]:
        conn.execute(_ADD, [part | same for part in new[1:]])
    return True


def rescue(conn: Connection, now: datetime) -> int:
    """End every lease now; how many. Only for a process that knows itself to be the only one, at its start."""
    return conn.execute(_RESCUE, {"now": now}).rowcount


def put_back(conn: Connection, owner: str, by: tuple[str, int], begun: Sequence[int]) -> None:
    """What this owner claimed by a channel and lane without learning of it waits again; not what it began to send."""
    channel, lane = by
    conn.execute(_PUT_BACK, {"by": channel, "of_lane": lane, "owner": owner, "begun": begun})
