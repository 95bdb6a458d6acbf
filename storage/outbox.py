"""Words on their way out: queued with the turn that said them, claimed with a lease, finished with a fence."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, Connection, bindparam, case, exists, insert, or_, select, text, update

from storage import feed, tally
from storage.columns import AnyRow
from storage.crypt import Key, Vault
from storage.plain import reason
from storage.tables import UNFINISHED, contact, outbox, person

BODY, _TOKEN = "outbox.body", "outbox.reply_token"
URGENT, TALK, BULK, REMINDER = 0, 1, 2, 3
LANES = (URGENT, TALK, REMINDER, BULK)

_PUT = insert(outbox).returning(outbox.c.id, outbox.c.retry_key)
_earlier = outbox.alias("earlier")
# Head of the line only: nothing of a person leaves before what was queued before it in the same lane.
_NEXT = (
    select(
        outbox.c.id,
        outbox.c.person_id,
        outbox.c.contact_id,
        outbox.c.channel,
        contact.c.address,
        contact.c.reachable,
        person.c.wrapped_key,
        person.c.language,
        outbox.c.body,
        outbox.c.reply_token,
        outbox.c.reply_until,
        outbox.c.retry_key,
        outbox.c.state,
        outbox.c.tried,
        outbox.c.case_id,
        outbox.c.lane,
        outbox.c.created_at,
    )
    .select_from(
        outbox.join(contact, contact.c.id == outbox.c.contact_id).join(person, person.c.id == outbox.c.person_id)
    )
    .where(
        text("outbox." + UNFINISHED),
        outbox.c.lane == bindparam("lane"),
        outbox.c.next_at <= bindparam("now"),
        outbox.c.channel.not_in(bindparam("full", expanding=True)),
        ~exists().where(
            text("earlier." + UNFINISHED),
            _earlier.c.person_id == outbox.c.person_id,
            _earlier.c.lane == outbox.c.lane,
            _earlier.c.id < outbox.c.id,
            # What is kept until the morning is in nobody's way; what is tried again keeps its place.
            or_(_earlier.c.lane != REMINDER, _earlier.c.tried > 0, _earlier.c.next_at <= bindparam("now")),
        ),
    )
    .order_by(outbox.c.next_at, outbox.c.id)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True, of=outbox)
)
_LEASE = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state="sending",
        lease_owner=bindparam("owner"),
        lease_until=bindparam("until"),
        next_at=bindparam("until"),
        # Whoever held it before may have reached the platform and died before saying so.
        tried=outbox.c.tried + case((outbox.c.state == "sending", 1), else_=0),
    )
)
_RESCUE = update(outbox).where(text("state = 'sending'")).values(next_at=bindparam("now"), lease_owner=None)
_MINE = (
    select(outbox.c.id, outbox.c.lease_owner, outbox.c.case_id, outbox.c.person_id)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)), text("state = 'sending'"))
    .with_for_update()
)
_FINISH = (
    update(outbox)
    .where(outbox.c.id == bindparam("of"), outbox.c.lease_owner == bindparam("owner"), text("state = 'sending'"))
    .values(
        state=bindparam("to"),
        via=bindparam("by"),
        why=bindparam("reason"),
        next_at=bindparam("again_at"),
        tried=outbox.c.tried + bindparam("attempts"),
        done_at=bindparam("over_at"),
        # What was said stays in the talk; here it has done its work. A doubtful one is kept for whoever decides.
        body=case((bindparam("keep", type_=Boolean), outbox.c.body), else_=None),
        reply_token=case((bindparam("token", type_=Boolean), outbox.c.reply_token), else_=None),
        lease_owner=None,
        lease_until=None,
    )
)


class Delivery(StrEnum):
    """Where words are on their way."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    GAVE_UP = "gave_up"
    UNKNOWN = "unknown"
    WAITING_PERSON = "waiting_person"


@dataclass(frozen=True)
class Outgoing:
    """Words to queue: at most five messages as JSON. `key` is the person's; `not_before` delays the first attempt."""

    person_id: int
    contact_id: int
    channel: str
    key: Key
    messages: Sequence[dict[str, Any]]
    reply_token: str = ""
    reply_until: datetime | None = None
    lane: int = TALK
    case_id: int | None = None
    not_before: datetime | None = None


@dataclass(frozen=True)
class Claimed:
    """Words that are ours to carry until the lease ends. `tried` counts attempts that may have reached the platform."""

    id: int
    person_id: int
    contact_id: int
    channel: str
    address: str
    reachable: bool
    language: str
    messages: list[dict[str, Any]]
    reply_token: str
    reply_until: datetime | None
    retry_key: str
    tried: int
    case_id: int | None
    lane: int
    created_at: datetime


@dataclass(frozen=True)
class Finished:
    """How an attempt ended. QUEUED puts it back until `next_at`; `attempts` is added to `tried`.

    `token_spent`: the right to a free reply is gone for certain, so that nobody tries it again.
    """

    id: int
    owner: str
    state: Delivery
    at: datetime
    via: str | None = None
    why: str | None = None
    next_at: datetime | None = None
    attempts: int = 0
    token_spent: bool = False


def put(conn: Connection, vault: Vault, rows: Sequence[Outgoing], now: datetime) -> list[int]:
    """Queue words; their numbers in the same order. Each gets its retry key here, before any attempt."""
    if not rows:
        return []
    values = [
        {
            "person_id": row.person_id,
            "contact_id": row.contact_id,
            "channel": row.channel,
            "body": vault.seal_json(row.key, BODY, list(row.messages)),
            "reply_token": vault.seal(row.key, _TOKEN, row.reply_token) if row.reply_token else None,
            "reply_until": row.reply_until,
            "retry_key": str(uuid.uuid4()),
            "state": "queued",
            "lane": row.lane,
            "next_at": row.not_before or now,
            "created_at": now,
            "case_id": row.case_id,
        }
        for row in rows
    ]
    ids = {retry_key: id_ for id_, retry_key in conn.execute(_PUT, values)}
    tally.add(conn, {"outbox": len(ids)})
    return [ids[value["retry_key"]] for value in values]


def claim(  # noqa: PLR0913, PLR0917 - owner, lease and helping are plain settings of one worker
    conn: Connection,
    vault: Vault,
    owner: str,
    now: datetime,
    lease_s: float = 30,
    at_most: int = 100,
    full: Sequence[str] = (),
) -> list[Claimed]:
    """Take the next words of up to `at_most` lines, urgent lanes first; they are `owner`'s for `lease_s` seconds.

    Nothing is taken for the channels in `full`.
    """
    rows: list[AnyRow] = []
    for lane in LANES:
        if len(rows) < at_most:
            rows += conn.execute(_NEXT, {"lane": lane, "now": now, "full": full, "at_most": at_most - len(rows)}).all()
    if rows:
        until = now + timedelta(seconds=lease_s)
        conn.execute(_LEASE, {"ids": [row.id for row in rows], "owner": owner, "until": until})
    return [_open(vault, row) for row in rows]


def _open(vault: Vault, row: AnyRow) -> Claimed:
    key = vault.unwrap(row.wrapped_key)
    return Claimed(
        id=row.id,
        person_id=row.person_id,
        contact_id=row.contact_id,
        channel=row.channel,
        address=vault.unseal_text(vault.house, "contact.address", row.address),
        reachable=row.reachable,
        language=row.language,
        messages=vault.unseal_json(key, BODY, row.body),
        reply_token=vault.unseal_text(key, _TOKEN, row.reply_token) if row.reply_token else "",
        reply_until=row.reply_until,
        retry_key=row.retry_key,
        tried=row.tried + (row.state == "sending"),
        case_id=row.case_id,
        lane=row.lane,
        created_at=row.created_at,
    )


def rescue(conn: Connection, now: datetime) -> int:
    """End every lease now; how many. Only for a process that knows itself to be the only one, at its start."""
    return conn.execute(_RESCUE, {"now": now}).rowcount


def finish(conn: Connection, rows: Sequence[Finished]) -> list[bool]:
    """Write how attempts ended; False for each whose lease was lost meanwhile: somebody else carries it now."""
    if not rows:
        return []
    held = {row.id: row for row in conn.execute(_MINE, {"ids": [row.id for row in rows]})}
    mine = [row for row in rows if row.id in held and held[row.id].lease_owner == row.owner]
    over = {row.id for row in mine if row.state not in (Delivery.QUEUED, Delivery.SENDING)}
    if mine:
        conn.execute(_FINISH, [_ended(row, row.id in over) for row in mine])
        tally.add(conn, {"outbox": -len(over)})
        told = [held[row.id] for row in mine if row.id in over and held[row.id].case_id is not None]
        feed.add(conn, [feed.Change(mine[0].at, "delivery", row.case_id, row.person_id) for row in told])
    kept = {row.id for row in mine}
    return [row.id in kept for row in rows]


def _ended(row: Finished, over: bool) -> dict[str, Any]:
    return {
        "of": row.id,
        "owner": row.owner,
        "to": row.state.value,
        "by": row.via,
        "reason": reason(row.why),
        "again_at": row.next_at or row.at,
        "attempts": row.attempts,
        "over_at": row.at if over else None,
        "keep": row.state is not Delivery.SENT,
        "token": row.state is not Delivery.SENT and not row.token_spent,
    }


def depth(conn: Connection) -> int:
    """How many are still to be carried."""
    return tally.get(conn, "outbox")["outbox"]
