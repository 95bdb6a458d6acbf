"""Feeds that are followed: asked in turn and by one process, each entry settled once, what is kept back shown."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, bindparam, func, or_, select, update

from storage.columns import AnyRow
from storage.feed_tables import event_feed, feed_item
from storage.twins import insert_new

_f, _i = event_feed.c, feed_item.c
LONGEST = timedelta(days=7)  # between two looks at an address that does not answer
REMEMBERED = 20_000  # entries of one feed
_READ = select(
    _f.id, _f.url, _f.kind, _f.staff_id, _f.every_minutes, _f.etag, _f.modified, _f.said, _f.checked_at, _f.oldest_days,
    _f.at_most, _f.allowed, _f.failures, _f.held, _f.held_why, _f.held_at,
).order_by(_f.id)  # fmt: skip
# A moment further ahead than we ever wait was written by a clock that was wrong.
_NOW = or_(_f.next_at <= bindparam("now"), _f.next_at > bindparam("never"))
_DUE = _READ.where(_NOW).limit(5)
_LEASE = update(event_feed).where(_f.id == bindparam("of"), _NOW).values(next_at=bindparam("next"))
_ONE = update(event_feed).where(_f.id == bindparam("of"))
_KEPT_BACK = _READ.where(_f.held_at.is_not(None))
_ADD = insert_new(event_feed)
_GONE = event_feed.delete().where(_f.id == bindparam("of"))
_KNOWN = select(_i.uid, _i.mark, _i.state).where(_i.feed_id == bindparam("of"))
_NEW = insert_new(feed_item)
_SETTLE = (
    update(feed_item)
    .where(_i.feed_id == bindparam("of"), _i.uid == bindparam("name"))
    .values(mark=bindparam("hash"), state=bindparam("to"), said=bindparam("words"), at=bindparam("now"))
)
_ITEMS_GONE = feed_item.delete().where(_i.feed_id == bindparam("of"))
_LEADS = (
    select(_i.id, _i.uid, _i.said, _i.mark, _i.at)
    .select_from(feed_item.join(event_feed, _f.id == _i.feed_id))
    .where(_i.state == "lead", _f.kind.in_(bindparam("kinds", expanding=True)))
    .order_by(_i.id.desc())
)
_COUNT = (
    select(func.count())
    .select_from(feed_item.join(event_feed, _f.id == _i.feed_id))
    .where(_i.state == "lead", _f.kind.in_(bindparam("kinds", expanding=True)))
)
_DONE = update(feed_item).where(_i.id == bindparam("of"), _i.state == "lead").values(state="done")


class Kind(StrEnum):
    """What a feed tells of."""

    EVENTS = "events"
    GRANTS = "grants"


class Item(StrEnum):
    """How an entry was settled."""

    TAKEN = "taken"  # as a draft
    LEAD = "lead"  # it says too little: somebody makes a draft of it, or does not
    OLD = "old"
    DONE = "done"  # a lead that somebody has looked at


@dataclass(frozen=True)
class Feed:
    """A calendar or feed that is looked at again and again; `held` entries were kept back, for `held_why`.

    `held_at` is when everybody was told of them, None once somebody has seen it.
    """

    id: int
    url: str
    kind: Kind
    staff_id: int
    every_minutes: int
    etag: str | None
    modified: str | None
    said: str | None
    checked_at: datetime | None
    oldest_days: int
    at_most: int
    allowed: int
    failures: int
    held: int
    held_why: str | None
    held_at: datetime | None


@dataclass(frozen=True)
class Follow:
    """Which address to look at from now on, for what, and what of it is news."""

    url: str
    kind: Kind
    staff_id: int
    oldest_days: int = 180
    at_most: int = 20


@dataclass(frozen=True)
class Lead:
    """An entry of which somebody may make an event or a call; `id` is 0 until it is kept."""

    uid: str
    title: str
    url: str
    about: str
    mark: str
    stamp: datetime | None = None
    id: int = 0


@dataclass(frozen=True)
class Look:
    """How a look went: in a word, what the server wants to hear next time, and what was kept back, why.

    `said` is "ok"; "wrong" with how many entries could not be read and how many of these would have been too much work;
    or why nothing was read.
    """

    said: str
    etag: str | None = None
    modified: str | None = None
    held: int = 0
    why: str | None = None
    failed: bool = False
    again_s: int = 0  # the server asked us to wait at least so long


def follow(conn: Connection, new: Follow, now: datetime) -> None:
    """Look at this address from now on."""
    row = {"url": new.url, "kind": new.kind.value, "staff_id": new.staff_id, "next_at": now}
    row |= {"oldest_days": new.oldest_days, "at_most": new.at_most}
    conn.execute(_ADD[conn.dialect.name], row)


def unfollow(conn: Connection, number: int) -> None:
    """Look there no more; what came from it stays, but for leads that nobody has looked at."""
    conn.execute(_ITEMS_GONE, {"of": number})
    conn.execute(_GONE, {"of": number})


def allow(conn: Connection, number: int, now: datetime) -> None:
    """What is kept back may come at the next look, which is now: it is so much, and the clock is right."""
    sure = {"allowed": _f.held, "held_at": None, "next_at": now, "checked_at": None, "etag": None, "modified": None}
    conn.execute(_ONE.values(**sure), {"of": number})


def seen(conn: Connection, number: int) -> None:
    """Somebody knows of what is kept back."""
    conn.execute(_ONE.values(held_at=None), {"of": number})


def every(conn: Connection, kind: Kind) -> list[Feed]:
    """All of a kind."""
    return [one for one in map(_feed, conn.execute(_READ)) if one.kind is kind]


def kept_back(conn: Connection) -> list[Feed]:
    """Those of which everybody at the desk must know."""
    return [_feed(row) for row in conn.execute(_KEPT_BACK)]


def due(conn: Connection, now: datetime) -> list[Feed]:
    """Those to look at now; each is this process's alone until its next time."""
    when = {"now": now, "never": now + LONGEST + timedelta(days=1)}
    found = [_feed(row) for row in conn.execute(_DUE, when)]
    return [one for one in found if conn.execute(_LEASE, _lease(one, when)).rowcount == 1]


def _lease(one: Feed, when: Mapping[str, datetime]) -> dict[str, object]:
    return {"of": one.id, **when, "next": when["now"] + timedelta(minutes=one.every_minutes)}


def _feed(row: AnyRow) -> Feed:
    values = row._asdict() | {"kind": Kind.GRANTS if row.kind == Kind.GRANTS else Kind.EVENTS}
    return Feed(**values)


def looked(conn: Connection, one: Feed, how: Look, now: datetime) -> bool:
    """How it went; whether everybody at the desk is told now: once for what is kept back, and again when it is twice
    as much. An address that does not answer is asked ever more seldom.
    """
    tells = bool(how.held) and (how.why != one.held_why or how.held > 2 * one.held or how.why == "old")
    rests = not how.held and one.held_why != "old"
    failures = one.failures + 1 if how.failed else 0
    values: dict[str, object] = {"etag": how.etag, "modified": how.modified, "said": how.said}
    values |= {
        "checked_at": max(one.checked_at or now, now),
        "failures": failures,
        "allowed": one.allowed if how.failed else 0,
    }
    if not how.failed and (how.held or rests):
        values |= {"held": how.held, "held_why": how.why}
        values |= {"held_at": now if tells else one.held_at if how.held else None}
    if failures or how.again_s:
        pause = max(timedelta(minutes=one.every_minutes) * 2 ** min(failures, 10), timedelta(seconds=how.again_s))
        values["next_at"] = now + min(pause, LONGEST)
    conn.execute(_ONE.values(**values), {"of": one.id})
    return tells


def name(uid: str) -> str:
    """How an entry is remembered, whatever it calls itself."""
    return hashlib.sha256(uid.encode()).hexdigest()


def known(conn: Connection, one: Feed) -> tuple[dict[str, str], dict[str, str]]:
    """The marks of all that was settled, by name; and of all that was too old."""
    settled: dict[str, str] = {}
    aged: dict[str, str] = {}
    for row in conn.execute(_KNOWN, {"of": one.id}):
        (aged if row.state == Item.OLD else settled)[row.uid] = row.mark
    return settled, aged


def settle(conn: Connection, one: Feed, to: Item, marks: Mapping[str, str], now: datetime) -> None:
    """These entries, by name, are settled as they are now."""
    _settle(conn, one, [{"name": uid, "hash": mark, "to": to.value, "words": None} for uid, mark in marks.items()], now)


def propose(conn: Connection, one: Feed, leads: Iterable[Lead], now: datetime) -> None:
    """Somebody is to look at these."""
    words: list[dict[str, str | None]] = [
        {
            "name": name(lead.uid),
            "hash": lead.mark,
            "to": Item.LEAD.value,
            "words": json.dumps({"title": lead.title, "url": lead.url, "about": lead.about}, ensure_ascii=False),
        }
        for lead in leads
    ]
    _settle(conn, one, words, now)


def _settle(conn: Connection, one: Feed, rows: Sequence[dict[str, str | None]], now: datetime) -> None:
    if not rows:
        return
    fresh = [
        {
            "feed_id": one.id,
            "uid": row["name"],
            "mark": row["hash"],
            "state": row["to"],
            "said": row["words"],
            "at": now,
        }
        for row in rows
    ]
    conn.execute(_NEW[conn.dialect.name], fresh)
    conn.execute(_SETTLE, [row | {"of": one.id, "now": now} for row in rows])


def leads(conn: Connection, kind: Kind, at_most: int = 100) -> list[Lead]:
    """What waits for somebody to look at it, the newest first."""
    return [_lead(row) for row in conn.execute(_LEADS.limit(at_most), {"kinds": _kinds(kind)})]


def count_leads(conn: Connection, kind: Kind) -> int:
    """How many wait."""
    return conn.execute(_COUNT, {"kinds": _kinds(kind)}).scalar_one()


def lead(conn: Connection, kind: Kind, number: int) -> Lead | None:
    """One that still waits."""
    row = conn.execute(_LEADS.where(_i.id == number), {"kinds": _kinds(kind)}).first()
    return None if row is None else _lead(row)


def done(conn: Connection, number: int) -> None:
    """Somebody made something of it, or will not."""
    conn.execute(_DONE, {"of": number})


def _kinds(kind: Kind) -> list[str]:
    return [kind.value, "feed"] if kind is Kind.EVENTS else [kind.value]


def _lead(row: AnyRow) -> Lead:
    said = json.loads(row.said)
    return Lead(row.uid, said["title"], said["url"], said["about"], row.mark, row.at, row.id)
