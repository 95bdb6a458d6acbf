"""What platforms brought: each event stored once, worked through in order, kept as a bare id for ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, func, literal, select, text, update

from storage import tally
from storage.columns import AnyRow
from storage.crypt import Vault
from storage.plain import reason
from storage.receiving import PAYLOAD, TOKEN, Incoming, marked, receive
from storage.tables import contact, inbox, person
from storage.tombstones import buried, is_withdrawn, withdraw

__all__ = [
    "Dead", "Incoming", "Waiting", "dead", "depth", "done", "failed", "is_withdrawn", "marked", "receive",
    "replay", "waiting", "withdraw",
]  # fmt: skip

MAX_TRIES = 3
A_TURN = 20  # events of one person taken at once: a flood of one must not starve the others
_CANDIDATES = 4  # with several workers, look further than one helping, since others hold the first

# The next person with something waiting, one index step each: not a word is read of those who wait longest.
_WHO = text(
    """
    WITH RECURSIVE who(id) AS (
        SELECT min(person_id) FROM inbox WHERE state = 'waiting' AND person_id > :after
        UNION ALL
        SELECT (SELECT min(person_id) FROM inbox WHERE state = 'waiting' AND person_id > who.id)
        FROM who WHERE who.id IS NOT NULL
    )
    SELECT id FROM who WHERE id IS NOT NULL LIMIT :at_most
    """
)
_HOLD = (
    select(person.c.id)
    .where(person.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(person.c.id)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True, key_share=True)
)
_later = inbox.alias("later")
_helping = (
    select(_later.c.id)
    .where(text("later.state = 'waiting'"), _later.c.person_id == person.c.id)
    .order_by(_later.c.id)
    .limit(1)
    .offset(A_TURN)
    .scalar_subquery()
)
_WAITING = (
    select(
        inbox.c.id,
        inbox.c.person_id,
        inbox.c.contact_id,
        inbox.c.channel,
        contact.c.address,
        inbox.c.at,
        inbox.c.payload,
        inbox.c.reply_token,
        inbox.c.tries,
        inbox.c.said_id_index,
        inbox.c.arrived_at,
        contact.c.person_id.label("whose"),
    )
    .select_from(
        person.join(
            inbox,
            and_(
                inbox.c.person_id == person.c.id,
                text("inbox.state = 'waiting'"),
                inbox.c.id < func.coalesce(_helping, literal(2**62)),
            ),
        ).join(contact, contact.c.id == inbox.c.contact_id)
    )
    .where(person.c.id.in_(bindparam("ids", expanding=True)))
)
_FOLLOW = (
    update(inbox)
    .where(inbox.c.contact_id == bindparam("by"), inbox.c.person_id == bindparam("of"), text("state = 'waiting'"))
    .values(person_id=bindparam("whose"))
)
_DONE = (
    update(inbox)
    .where(inbox.c.id.in_(bindparam("ids", expanding=True)), text("state = 'waiting'"))
    .values(state="heard", payload=None, reply_token=None, said_id_index=None, person_id=None, contact_id=None)
)
_TRIED = (
    update(inbox)
    .where(inbox.c.id == bindparam("of"), text("state = 'waiting'"))
    .values(
        tries=inbox.c.tries + 1,
        why=bindparam("reason"),
        state=case((inbox.c.tries + 1 >= bindparam("max_tries"), "dead"), else_="waiting"),
    )
    .returning(inbox.c.state)
)
_DEAD = (
    select(inbox.c.id, inbox.c.channel, inbox.c.person_id, inbox.c.at, inbox.c.tries, inbox.c.why)
    .where(text("state = 'dead'"))
    .order_by(inbox.c.id)
)
_REPLAY = (
    update(inbox)
    .where(inbox.c.id == bindparam("of"), text("state = 'dead'"), inbox.c.payload.is_not(None))
    .values(state="waiting", tries=0, why=None)
)


@dataclass(frozen=True)
class Waiting:
    """An event to be heard. `withdrawn`: the person took it back meanwhile; do not answer, only mark it done."""

    id: int
    person_id: int
    contact_id: int
    channel: str
    address: str
    at: datetime
    payload: dict[str, Any]
    reply_token: str
    tries: int
    arrived_at: datetime
    withdrawn: bool = False


@dataclass(frozen=True)
class Dead:
    """An event that failed every time and waits for a person to look at it."""

    id: int
    channel: str
    person_id: int | None
    at: datetime
    tries: int
    why: str | None


def waiting(conn: Connection, vault: Vault, at_most: int, lock: bool = False, after: int = 0) -> list[Waiting]:
    """All that waits of up to `at_most` people (at most 20 events of each), by person, then time.

    With `lock`, on PostgreSQL, people whom another worker holds are left out and these are held until commit. Hand
    the largest person number of the last call back as `after` and the look-out goes round in a circle, so that under
    load nobody is served twice before everybody was served once.
    """
    ids = _next_people(conn, at_most, lock, after)
    if after and not ids:
        ids = _next_people(conn, at_most, lock, 0)
    if not ids:
        return []
    rows = conn.execute(_WAITING, {"ids": ids}).all()
    if _followed(conn, rows):
        return waiting(conn, vault, at_most, lock, after)
    gone = buried(conn, [row[9] for row in rows if row[9] is not None])
    return sorted((_open(vault, row, gone) for row in rows), key=lambda one: (one.person_id, one.at, one.id))


def _followed(conn: Connection, rows: Sequence[AnyRow]) -> bool:
    """What came while its contact was joined to somebody, or parted, waits for whoever the contact belongs to now."""
    astray = {(row.contact_id, row.person_id, row.whose) for row in rows if row.whose != row.person_id}
    if astray:
        conn.execute(_FOLLOW, [{"by": by, "of": of, "whose": whose} for by, of, whose in sorted(astray)])
    return bool(astray)


def _next_people(conn: Connection, at_most: int, lock: bool, after: int) -> list[int]:
    if not lock or conn.dialect.name == "sqlite":
        return list(conn.execute(_WHO, {"after": after, "at_most": at_most}).scalars())
    candidates = list(conn.execute(_WHO, {"after": after, "at_most": at_most * _CANDIDATES}).scalars())
    return list(conn.execute(_HOLD, {"ids": candidates, "at_most": at_most}).scalars()) if candidates else []


def _open(vault: Vault, row: Any, gone: set[bytes]) -> Waiting:
    id_, person_id, contact_id, channel, address, at, payload, reply_token, tries, said, arrived_at, _ = row
    return Waiting(
        id=id_,
        person_id=person_id,
        contact_id=contact_id,
        channel=channel,
        address=vault.unseal_text(vault.house, "contact.address", address),
        at=at,
        payload=vault.unseal_json(vault.house, PAYLOAD, payload),
        reply_token=vault.unseal_text(vault.house, TOKEN, reply_token) if reply_token else "",
        tries=tries,
        arrived_at=arrived_at,
        withdrawn=said in gone,
    )


def done(conn: Connection, ids: Sequence[int]) -> None:
    """These were heard: the words go and whose they were, the platform's id of the event stays for ever."""
    if ids:
        tally.add(conn, {"inbox": -conn.execute(_DONE, {"ids": ids}).rowcount})


def failed(conn: Connection, event: int, why: str, max_tries: int = 3) -> bool:
    """Hearing this raised. True when it was the last try and the event now waits for a person to look at it."""
    state = conn.execute(_TRIED, {"of": event, "reason": reason(why), "max_tries": max_tries}).scalar()
    if state == "dead":
        tally.add(conn, {"inbox": -1, "inbox:dead": 1})
    return state == "dead"


def dead(conn: Connection) -> list[Dead]:
    """The events that failed every time, oldest first."""
    return [Dead(*row) for row in conn.execute(_DEAD)]


def replay(conn: Connection, event: int) -> bool:
    """Put a dead event back into the line; False when it is not dead or its words are gone."""
    if conn.execute(_REPLAY, {"of": event}).rowcount != 1:
        return False
    tally.add(conn, {"inbox": 1, "inbox:dead": -1})
    return True


def depth(conn: Connection) -> dict[str, int]:
    """How many events wait ("inbox") and how many are dead ("inbox:dead")."""
    return tally.get(conn, "inbox", "inbox:dead")
