"""Pictures, files, voices and videos of a case: asked for with the message, fetched, and kept sealed in parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, text, update

from storage import feed, people
from storage.columns import AnyRow
from storage.crypt import Key, Vault
from storage.tables import message, person
from storage.thing_tables import UNFETCHED, thing, thing_part

_SOURCE, _DATA = "thing.source", "thing_part.data"
PART = 256 * 1024  # bytes in one row, so that nobody's words wait long behind somebody's video
MOST_THINGS, MOST_BYTES = 200, 300 * 1024 * 1024  # of one person

_t = thing.c
_WANT = insert(thing)
_DUE = select(_t.id).where(text("thing." + UNFETCHED), _t.next_at <= bindparam("now")).limit(1)
_NEXT = (
    select(
        _t.id, _t.person_id, _t.case_id, _t.channel, _t.kind, _t.source, _t.tried, _t.created_at, person.c.wrapped_key
    )
    .select_from(thing.join(person, person.c.id == _t.person_id))
    .where(text("thing." + UNFETCHED), _t.next_at <= bindparam("now"))
    .order_by(_t.next_at, _t.id)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True, of=thing)
)
_LEASE = (
    update(thing)
    .where(_t.id.in_(bindparam("ids", expanding=True)))
    .values(state="fetching", lease_owner=bindparam("owner"), next_at=bindparam("until"), tried=_t.tried + 1)
)
_RESCUE = update(thing).where(text("state = 'fetching'")).values(next_at=bindparam("now"), lease_owner=None)
_MINE = text("state = 'fetching' AND lease_owner = :owner")
_HELD = select(_t.person_id).where(_t.id == bindparam("of"), _MINE)
_END = update(thing).where(_t.id == bindparam("of"), _MINE)
_ADD_PART = insert(thing_part)
_DROP_PARTS = thing_part.delete().where(thing_part.c.thing_id == bindparam("of"))
_USED = select(func.coalesce(func.sum(_t.size), 0)).where(_t.person_id == bindparam("of"))
_NTH = select(_t.id).where(_t.person_id == bindparam("of")).order_by(_t.id).limit(1).offset(MOST_THINGS - 1)
_SHOWN = select(_t.id, _t.message_id, _t.kind, _t.state, _t.why, _t.form, _t.size, _t.parts)
_OF_CASE = _SHOWN.where(_t.case_id == bindparam("of"))
_ONE = (
    _SHOWN.add_columns(message.c.body, person.c.wrapped_key)
    .select_from(thing.join(message, message.c.id == _t.message_id).join(person, person.c.id == _t.person_id))
    .where(_t.id == bindparam("of"), _t.case_id == bindparam("case"), text("thing.state = 'kept'"))
)
_PART = (
    select(thing_part.c.data, person.c.wrapped_key)
    .select_from(thing_part.join(thing, _t.id == thing_part.c.thing_id).join(person, person.c.id == _t.person_id))
    .where(thing_part.c.thing_id == bindparam("of"), thing_part.c.place == bindparam("place"))
)
_OF_PERSON = select(_t.id).where(_t.person_id == bindparam("of"))


class State(StrEnum):
    """Where a thing is on its way to us."""

    WANTED = "wanted"
    FETCHING = "fetching"
    KEPT = "kept"
    LOST = "lost"


@dataclass(frozen=True)
class Wanted:
    """A thing that came with a message of a case. `source` is the platform's id of its content, `key` the person's."""

    message_id: int
    person_id: int
    case_id: int
    key: Key
    channel: str
    kind: str
    source: str


@dataclass(frozen=True)
class Claimed:
    """A thing that is ours to fetch until the lease ends. `tried` counts the attempts, this one too."""

    id: int
    person_id: int
    case_id: int
    channel: str
    kind: str
    source: str
    tried: int
    created_at: datetime
    key: Key


@dataclass(frozen=True)
class Thing:
    """What is known of a thing: `form` by its first bytes, `size` in bytes, `why` when it was lost."""

    id: int
    message_id: int
    kind: str
    state: State
    why: str
    form: str
    size: int
    parts: int


@dataclass(frozen=True)
class Kept:
    """A thing that can be handed out, and the name its sender gave it, which is anybody's words."""

    thing: Thing
    name: str


@dataclass(frozen=True)
class Whose:
    """A lease: the thing, and the worker that fetches it."""

    id: int
    owner: str


def want(conn: Connection, vault: Vault, new: Wanted, now: datetime) -> None:
    """Ask for a thing to be fetched; who has sent more than anybody needs gets an honest no instead."""
    full = _full(conn, new.person_id)
    row = {
        "message_id": new.message_id,
        "person_id": new.person_id,
        "case_id": new.case_id,
        "channel": new.channel,
        "kind": new.kind,
        "source": None if full else vault.seal(new.key, _SOURCE, new.source),
        "state": (State.LOST if full else State.WANTED).value,
        "why": "too_many" if full else None,
        "next_at": now,
        "created_at": now,
    }
    conn.execute(_WANT, row)


def _full(conn: Connection, person_id: int) -> bool:
    of = {"of": person_id}
    return conn.execute(_NTH, of).first() is not None or conn.execute(_USED, of).scalar_one() >= MOST_BYTES


def due(conn: Connection, now: datetime) -> bool:
    """Whether anything can be fetched now."""
    return conn.execute(_DUE, {"now": now}).first() is not None


def claim(conn: Connection, vault: Vault, owner: str, now: datetime, lease: tuple[timedelta, int]) -> list[Claimed]:
    """Take the next things; they are `owner`'s for the time of the lease. `lease` is (how long, how many at most)."""
    lasts, at_most = lease
    rows = conn.execute(_NEXT, {"now": now, "at_most": at_most}).all()
    if rows:
        conn.execute(_LEASE, {"ids": [row.id for row in rows], "owner": owner, "until": now + lasts})
    return [_claimed(vault, row) for row in rows]


def _claimed(vault: Vault, row: AnyRow) -> Claimed:
    key = vault.unwrap(row.wrapped_key)
    source = vault.unseal_text(key, _SOURCE, row.source) if row.source else ""
    return Claimed(
        row.id, row.person_id, row.case_id, row.channel, row.kind, source, row.tried + 1, row.created_at, key
    )


def rescue(conn: Connection, now: datetime) -> None:
    """No other process lives: what a dead one was fetching may be fetched at once."""
    conn.execute(_RESCUE, {"now": now})


def sealed_parts(vault: Vault, key: Key, thing_id: int, data: bytes) -> list[bytes]:
    """The parts as they are stored: each is bound to its thing and its place, so that none can be moved."""
    return [
        vault.seal(key, f"{_DATA}/{thing_id}/{place}", data[start : start + PART])
        for place, start in enumerate(range(0, len(data), PART))
    ]


def put_part(conn: Connection, lease: Whose, place: int, sealed: bytes) -> bool:
    """Store one part, the first (0) after dropping those of an earlier attempt; False when the thing is gone."""
    if not _still(conn, lease):
        return False
    if place == 0:
        conn.execute(_DROP_PARTS, {"of": lease.id})
    conn.execute(_ADD_PART, {"thing_id": lease.id, "place": place, "data": sealed})
    return True


def keep(conn: Connection, lease: Whose, what: tuple[str, int, int], now: datetime) -> bool:
    """All parts are there: (form, bytes, parts). Open pages are told; False when the thing is gone meanwhile."""
    form, size, parts = what
    ended = {"state": State.KEPT.value, "form": form, "size": size, "parts": parts, "why": None}
    return _end(conn, lease, ended | {"source": None, "done_at": now}, now)


def lose(conn: Connection, lease: Whose, why: str, now: datetime) -> bool:
    """It will never be had; what there was of it goes."""
    if not _still(conn, lease):
        return False
    conn.execute(_DROP_PARTS, {"of": lease.id})
    return _end(conn, lease, {"state": State.LOST.value, "why": why, "source": None, "done_at": now}, now)


def later(conn: Connection, lease: Whose, at: datetime) -> bool:
    """Try again then."""
    again = {"state": State.WANTED.value, "next_at": at, "lease_owner": None}
    return conn.execute(_END.values(again), {"of": lease.id, "owner": lease.owner}).rowcount == 1


def _still(conn: Connection, lease: Whose) -> bool:
    """Whether the thing is still wanted and ours, and stays so until commit: nobody forgets its person meanwhile."""
    whose = conn.execute(_HELD, {"of": lease.id, "owner": lease.owner}).scalar()
    if whose is None or not people.hold(conn, whose):
        return False
    return conn.execute(_HELD, {"of": lease.id, "owner": lease.owner}).first() is not None


def _end(conn: Connection, lease: Whose, values: dict[str, Any], now: datetime) -> bool:
    ended = _END.values(values | {"lease_owner": None}).returning(_t.case_id, _t.person_id)
    row = conn.execute(ended, {"of": lease.id, "owner": lease.owner}).first()
    if row is not None:
        feed.add(conn, [feed.Change(now, "fetched", row.case_id, row.person_id)])
    return row is not None


def of_case(conn: Connection, case_id: int) -> dict[int, Thing]:
    """The things of a case by the line of the talk they came with."""
    return {row.message_id: _thing(row) for row in conn.execute(_OF_CASE, {"of": case_id})}


def find(conn: Connection, vault: Vault, case_id: int, thing_id: int) -> Kept | None:
    """A thing of this very case that can be handed out, else None."""
    row = conn.execute(_ONE, {"of": thing_id, "case": case_id}).first()
    if row is None or row.body is None:
        return None
    body = vault.unseal_json(vault.unwrap(row.wrapped_key), "message.body", row.body)
    return Kept(_thing(row), str(body.get("name", "")))


def part(conn: Connection, vault: Vault, thing_id: int, place: int) -> bytes | None:
    """One part in the clear; None when it was forgotten meanwhile. Raises WrongKey when it is not in its place."""
    row = conn.execute(_PART, {"of": thing_id, "place": place}).first()
    if row is None:
        return None
    return vault.unseal(vault.unwrap(row.wrapped_key), f"{_DATA}/{thing_id}/{place}", row.data)


def count_of_person(conn: Connection, person_id: int) -> int:
    """How many things of a person are known; for their own question only."""
    return len(conn.execute(_OF_PERSON, {"of": person_id}).all())


def _thing(row: AnyRow) -> Thing:
    return Thing(row.id, row.message_id, row.kind, State(row.state), row.why or "", row.form or "", row.size, row.parts)
