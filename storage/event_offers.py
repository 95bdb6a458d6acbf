"""Which events somebody offered in a talk, so that they hear what became of each, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select, update

from storage.event_tables import event, event_offer

_o = event_offer.c
_ADD = insert(event_offer)
_ONE = select(_o.event_id, _o.person_id, _o.contact_id, _o.told_at).where(_o.event_id == bindparam("of"))
_ALL = select(_o.event_id).where(_o.told_at.is_(None))
_WAITING = (
    select(func.count())
    .select_from(event_offer.join(event, event.c.id == _o.event_id))
    .where(_o.person_id == bindparam("of"), event.c.state == "draft")
)
_COUNT = select(func.count()).select_from(event_offer).where(_o.person_id == bindparam("of"))
_TOLD = update(event_offer).where(_o.event_id == bindparam("of"), _o.told_at.is_(None)).values(told_at=bindparam("now"))


@dataclass(frozen=True)
class Offer:
    """Whose event it is, and the contact they offered it from."""

    event_id: int
    person_id: int
    contact_id: int
    told_at: datetime | None = None


def keep(conn: Connection, new: Offer, now: datetime) -> None:
    """They offered it now."""
    row = {"event_id": new.event_id, "person_id": new.person_id, "contact_id": new.contact_id, "at": now}
    conn.execute(_ADD, row)


def of_event(conn: Connection, event_id: int) -> Offer | None:
    """Who offered this event, if anybody did."""
    row = conn.execute(_ONE, {"of": event_id}).first()
    return None if row is None else Offer(*row)


def undecided(conn: Connection) -> frozenset[int]:
    """The events whose people wait for word of them."""
    return frozenset(conn.execute(_ALL).scalars())


def waiting(conn: Connection, person_id: int) -> int:
    """How many of theirs nobody has read yet."""
    return conn.execute(_WAITING, {"of": person_id}).scalar_one()


def count_of_person(conn: Connection, person_id: int) -> int:
    """How many they ever offered."""
    return conn.execute(_COUNT, {"of": person_id}).scalar_one()


def told(conn: Connection, one: Offer, now: datetime) -> bool:
    """They hear of it now; False when they did before."""
    return conn.execute(_TOLD, {"of": one.event_id, "now": now}).rowcount == 1
