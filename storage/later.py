"""Words that wait until their person writes again: this month's pushes are used up, and a free reply is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, text, update

from storage import tally
from storage.crypt import Key, Vault
from storage.outbox import BODY
from storage.tables import message, outbox, person

_WAIT = text("outbox.state = 'waiting_person'")
_OF = (
    select(outbox.c.id, outbox.c.person_id, outbox.c.contact_id, outbox.c.body)
    .where(outbox.c.person_id.in_(bindparam("people", expanding=True)), _WAIT)
    .order_by(outbox.c.id)
    .with_for_update()  # or it could go along with a reply and be pushed at once
)
_FOLLOW = (
    update(message)
    .where(message.c.person_id == bindparam("who"), message.c.outbox_id == bindparam("of"))
    .values(outbox_id=bindparam("now_in"))
)
_ANY = (
    select(outbox.c.id, outbox.c.person_id, outbox.c.contact_id, outbox.c.body, person.c.wrapped_key)
    .select_from(outbox.join(person, person.c.id == outbox.c.person_id))
    .where(_WAIT)
    .order_by(outbox.c.id)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True, of=outbox)
)
_AGAIN = (
    update(outbox)
    .where(outbox.c.id == bindparam("of"), _WAIT)
    .values(state="queued", next_at=bindparam("at"), done_at=None, why=None, body=bindparam("sealed"))
)
_TOO_LATE = (
    update(outbox)
    .where(outbox.c.id == bindparam("of"), outbox.c.state == bindparam("was"))
    .values(state="gave_up", why="too late", body=None, reply_token=None, done_at=bindparam("now"))
)
_GONE = outbox.delete().where(outbox.c.id == bindparam("of"), _WAIT)


@dataclass(frozen=True)
class Later:
    """One parcel that waits; `messages` as JSON."""

    id: int
    person_id: int
    contact_id: int
    messages: list[dict[str, Any]]


def waiting_for(conn: Connection, vault: Vault, keys: Mapping[int, Key]) -> dict[int, list[Later]]:
    """What waits for these people (number: key), by contact, oldest first."""
    found: dict[int, list[Later]] = {}
    rows = conn.execute(_OF, {"people": list(keys)}).all() if keys else []
    for id_, person_id, contact_id, body in rows:
        messages = vault.unseal_json(keys[person_id], BODY, body)
        found.setdefault(contact_id, []).append(Later(id_, person_id, contact_id, messages))
    return found


def oldest(conn: Connection, vault: Vault, at_most: int) -> dict[int, tuple[Later, Key]]:
    """What waits for anybody, by number, oldest first, with the key of its person."""
    found: dict[int, tuple[Later, Key]] = {}
    for id_, person_id, contact_id, body, wrapped in conn.execute(_ANY, {"at_most": at_most}):
        key = vault.unwrap(wrapped)
        found[id_] = Later(id_, person_id, contact_id, vault.unseal_json(key, BODY, body)), key
    return found


def again(conn: Connection, vault: Vault, parcels: Sequence[tuple[Later, Key]], now: datetime) -> None:
    """These may be pushed after all, with the messages they have now."""
    rows = [{"of": one.id, "at": now, "sealed": vault.seal_json(key, BODY, one.messages)} for one, key in parcels]
    if rows:
        conn.execute(_AGAIN, rows)
        tally.add(conn, {"outbox": len(rows)})


def follow(conn: Connection, person_id: int, parcels: Sequence[int], now_in: int) -> None:
    """What these parcels said is carried by another from now on."""
    conn.execute(_FOLLOW, [{"who": person_id, "of": one, "now_in": now_in} for one in parcels])


def taken_along(conn: Connection, parcels: Sequence[tuple[Later, int]]) -> None:
    """These leave inside another parcel of this number: what was said is followed there from now on."""
    if parcels:
        moves = [{"who": one.person_id, "of": one.id, "now_in": number} for one, number in parcels]
        conn.execute(_FOLLOW, moves)
        conn.execute(_GONE, [{"of": one.id} for one, _ in parcels])


def too_late(conn: Connection, parcels: Sequence[int], now: datetime) -> None:
    """Words that waited until they were of no use leave no more."""
    for one in parcels:
        queued = conn.execute(_TOO_LATE, {"of": one, "was": "queued", "now": now}).rowcount
        conn.execute(_TOO_LATE, {"of": one, "was": "waiting_person", "now": now})
        tally.add(conn, {"outbox": -queued})
