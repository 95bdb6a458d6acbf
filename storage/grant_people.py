"""What people have to do with grants: which one they make use of, and what they say of their group; theirs to erase."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Connection, bindparam, insert, select, update

from knowledge.grants import Card
from knowledge.interests import mask
from storage.crypt import Key, Vault
from storage.grant_tables import grant_use, group_card
from storage.resealing import Move
from storage.twins import insert_new

_CARD = "group_card.card"
CHOSEN_BY = "2026-12"  # from this version of the consent on, announcements may be chosen by what a group told
_u, _c = grant_use.c, group_card.c
_OF = bindparam("of", type_=BigInteger)
_NEW_USE = insert_new(grant_use, _u.id)
_SET_USE = (
    update(grant_use)
    .where(_u.grant_id == bindparam("which"), _u.person_id == bindparam("who"))
    .values(state=bindparam("to"), contact_id=bindparam("where"), at=bindparam("now"))
)
_MINE = select(_u.grant_id, _u.person_id, _u.contact_id, _u.state).where(_u.person_id == _OF)
_THEIRS = select(_u.grant_id, _u.person_id, _u.contact_id, _u.state).where(_u.grant_id == _OF).order_by(_u.id)
_READ_CARD = select(_c.card, _c.agreed, _c.at, _c.bits).where(_c.person_id == _OF)
_DROP_CARD = group_card.delete().where(_c.person_id == _OF)
_GO = [table.delete().where(table.c.person_id == _OF) for table in (grant_use, group_card)]
_other = grant_use.alias("other")
_TWICE = grant_use.delete().where(
    _u.person_id == _OF,
    select(_other.c.id).where(_other.c.person_id == bindparam("to"), _other.c.grant_id == _u.grant_id).exists(),
)
_COME = update(grant_use).where(_u.person_id == _OF).values(person_id=bindparam("to"))
_PART = (
    update(grant_use)
    .where(_u.person_id == _OF, _u.contact_id.in_(bindparam("contacts", expanding=True)))
    .values(person_id=bindparam("to"))
)


class State(StrEnum):
    """How somebody stands to a call."""

    USING = "using"  # reminded of its deadline
    APPLIED = "applied"
    NOT_US = "not_us"


@dataclass(frozen=True)
class Use:
    """A person and a call."""

    grant_id: int
    person_id: int
    contact_id: int
    state: State


def use(conn: Connection, one: Use, now: datetime) -> None:
    """From now on they stand so to this call."""
    row = {"grant_id": one.grant_id, "person_id": one.person_id, "contact_id": one.contact_id, "at": now}
    if conn.execute(_NEW_USE[conn.dialect.name], row | {"state": one.state.value}).first() is None:
        values = {"which": one.grant_id, "who": one.person_id, "to": one.state.value, "where": one.contact_id}
        conn.execute(_SET_USE, values | {"now": now})


def mine(conn: Connection, person_id: int) -> dict[int, State]:
    """How this person stands to calls, by their numbers."""
    return {row.grant_id: State(row.state) for row in conn.execute(_MINE, {"of": person_id})}


def users(conn: Connection, grant_id: int) -> list[Use]:
    """Everybody who has to do with this call."""
    rows = conn.execute(_THEIRS, {"of": grant_id})
    return [Use(row.grant_id, row.person_id, row.contact_id, State(row.state)) for row in rows]


def card(conn: Connection, vault: Vault, person_id: int, key: Key) -> Card | None:
    """What they say of their group, if they agreed that it is kept."""
    row = conn.execute(_READ_CARD, {"of": person_id}).first()
    return None if row is None else Card.model_validate_json(vault.unseal_text(key, _CARD, row.card))


def keep_card(conn: Connection, vault: Vault, whose: tuple[int, Key], told: tuple[Card, str], now: datetime) -> None:
    """Keep it, in place of what they said before. `whose` is a person and their key; with it what they agreed to.

    Who agreed before announcements were named is asked nothing by this: their group is compared with grants alone.
    """
    (person_id, key), (said, agreed) = whose, told
    conn.execute(_DROP_CARD, {"of": person_id})
    sealed = vault.seal(key, _CARD, said.model_dump_json())
    bits = _bits(said) if agreed >= CHOSEN_BY else 0
    row = {"person_id": person_id, "card": sealed, "agreed": agreed, "at": now, "bits": bits}
    conn.execute(insert(group_card), row)


def _bits(said: Card) -> int:
    return mask("form", [said.form]) | mask("base", [said.area]) | mask("field", said.fields)


def drop_card(conn: Connection, person_id: int) -> bool:
    """It is gone; False when there was none."""
    return conn.execute(_DROP_CARD, {"of": person_id}).rowcount > 0


def forget(conn: Connection, person_id: int) -> None:
    """All of it goes."""
    for statement in _GO:
        conn.execute(statement, {"of": person_id})


def come(conn: Connection, how: Move) -> None:
    """All that is one person's is the keeper's; where both said something the keeper's stands."""
    of, to = how.come_from.id, how.go_to.id
    conn.execute(_TWICE, {"of": of, "to": to})
    conn.execute(_COME, {"of": of, "to": to})
    row = conn.execute(_READ_CARD, {"of": of}).first()
    if row is not None and conn.execute(_READ_CARD, {"of": to}).first() is None:
        kept = {"person_id": to, "card": how.sealed(_CARD, row.card), "agreed": row.agreed, "at": row.at}
        conn.execute(insert(group_card), kept | {"bits": row.bits})
    conn.execute(_DROP_CARD, {"of": of})


def go(conn: Connection, keeper_id: int, person_id: int, contacts: list[int]) -> None:
    """What began on these contacts is theirs again; the group stays with whom they were one."""
    conn.execute(_PART, {"of": keeper_id, "to": person_id, "contacts": contacts})
