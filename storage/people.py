"""People, the ways to reach them, and where each one's conversation stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, insert, select, update

from storage import receivers
from storage.columns import Moment
from storage.crypt import Key, Vault
from storage.forgetting import forget
from storage.tables import contact, person
from storage.twins import insert_new

__all__ = [
    "Contact", "Pair", "Person", "PersonChange", "contacts_for", "forget", "hold", "known", "load", "readdress", "save",
    "set_reachable",
]  # fmt: skip

Pair = tuple[str, str]
_SESSION, _ADDRESS = "person.session", "contact.address"

_FIND = select(contact.c.address_index, contact.c.id, contact.c.person_id, contact.c.reachable).where(
    contact.c.channel == bindparam("channel"), contact.c.address_index.in_(bindparam("indexes", expanding=True))
)
_NEW_PERSON = insert(person).returning(person.c.id)
_NEW_CONTACT = insert_new(contact, contact.c.person_id)
_DROP_PERSON = person.delete().where(person.c.id.in_(bindparam("ids", expanding=True)))
_LOAD = select(
    person.c.id,
    person.c.wrapped_key,
    person.c.language,
    person.c.session,
    person.c.consented,
    person.c.reachable,
    person.c.created_at,
    person.c.seen_at,
).where(person.c.id.in_(bindparam("ids", expanding=True)))
# NO KEY UPDATE: a webhook may still file new events of a person whose turn is being worked out.
_LOAD_LOCKED = _LOAD.order_by(person.c.id).with_for_update(skip_locked=True, key_share=True)
_HOLD = select(person.c.id).where(person.c.id == bindparam("of")).with_for_update(key_share=True)
_CONTACTS = select(
    contact.c.person_id,
    contact.c.id,
    contact.c.channel,
    contact.c.address,
    contact.c.reachable,
    contact.c.home_id,
    contact.c.moved_at,
).where(contact.c.person_id.in_(bindparam("ids", expanding=True)))
_SAVE = update(person).where(person.c.id == bindparam("of"))
_READDRESS = update(contact).where(contact.c.id == bindparam("of"))
_REACH_CONTACT = (
    update(contact)
    .where(contact.c.id == bindparam("of"))
    .values(reachable=bindparam("yes"), moved_at=func.coalesce(bindparam("moved", type_=Moment), contact.c.moved_at))
)
_REACH_PERSON = (
    update(person)
    .where(person.c.id == select(contact.c.person_id).where(contact.c.id == bindparam("of")).scalar_subquery())
    .values(
        reachable=exists().where(contact.c.person_id == person.c.id, contact.c.reachable).select().scalar_subquery()
    )
)


@dataclass(frozen=True)
class Contact:
    """A person on a channel. `home` is whose it was before it was joined to this person's.

    `moved_at` is when they last came or left, None when nobody knows.
    """

    id: int
    person_id: int
    channel: str
    address: str
    reachable: bool = True
    home: int | None = None
    moved_at: datetime | None = None


@dataclass(frozen=True)
class Person:
    """A resident. `consented` is the version agreed to; `session` is the engine's JSON, None before the first turn."""

    id: int
    key: Key
    language: str
    session: dict[str, Any] | None
    consented: str | None
    reachable: bool
    created_at: datetime
    seen_at: datetime
    contacts: tuple[Contact, ...] = ()

    @property
    def joined(self) -> bool:
        """Whether any of the ways to them was joined to the others by a code."""
        return any(contact.home is not None for contact in self.contacts)


@dataclass(frozen=True)
class PersonChange:
    """What a turn leaves of a person; every field is written as it is here."""

    id: int
    key: Key
    language: str
    session: dict[str, Any] | None
    consented: str | None
    seen_at: datetime


def contacts_for(conn: Connection, vault: Vault, pairs: Sequence[Pair], now: datetime) -> dict[Pair, Contact]:
    """The contact of each (channel, address); whoever is not known yet becomes a new person."""
    found = known(conn, vault, pairs)
    missing = sorted(set(pairs) - found.keys())
    if missing:
        _create(conn, vault, missing, now)
        found |= known(conn, vault, missing)
    return found


def known(conn: Connection, vault: Vault, pairs: Iterable[Pair]) -> dict[Pair, Contact]:
    """The contacts that exist; nobody is created."""
    by_channel: dict[str, dict[bytes, str]] = {}
    for channel, address in pairs:
        by_channel.setdefault(channel, {})[_index(vault, channel, address)] = address
    found: dict[Pair, Contact] = {}
    for channel, addresses in by_channel.items():
        rows = conn.execute(_FIND, {"channel": channel, "indexes": list(addresses)})
        for index, contact_id, person_id, reachable in rows:
            address = addresses[index]
            found[channel, address] = Contact(contact_id, person_id, channel, address, reachable)
    return found


def _index(vault: Vault, channel: str, address: str) -> bytes:
    return vault.index(_ADDRESS + "/" + channel, address)


def _create(conn: Connection, vault: Vault, pairs: Sequence[Pair], now: datetime) -> None:
    keys = [vault.new_person_key()[1] for _ in pairs]
    people = [{"wrapped_key": key, "created_at": now, "seen_at": now} for key in keys]
    ids = conn.execute(_NEW_PERSON, people).scalars().all()  # in any order: they are all nobody yet
    rows = [
        {
            "person_id": person_id,
            "channel": channel,
            "address_index": _index(vault, channel, address),
            "address": vault.seal(vault.house, _ADDRESS, address),
        }
        for person_id, (channel, address) in zip(ids, pairs, strict=True)
    ]
    taken = set(conn.execute(_NEW_CONTACT[conn.dialect.name], rows).scalars())
    # Another server met the same person at this moment: theirs counts, ours was nobody.
    if nobody := [person_id for person_id in ids if person_id not in taken]:
        conn.execute(_DROP_PERSON, {"ids": nobody})


def load(conn: Connection, vault: Vault, person_ids: Sequence[int], lock: bool = False) -> dict[int, Person]:
    """The people of these numbers, with key, session and contacts.

    With `lock`, on PostgreSQL, whoever another transaction is working on is left out and the others are held until
    commit; on SQLite the single writer is lock enough.
    """
    if not person_ids:
        return {}
    contacts: dict[int, list[Contact]] = {}
    rows = conn.execute(_LOAD_LOCKED if lock else _LOAD, {"ids": person_ids}).all()
    for person_id, contact_id, channel, address, *rest in conn.execute(_CONTACTS, {"ids": [row.id for row in rows]}):
        clear = vault.unseal_text(vault.house, _ADDRESS, address)
        contacts.setdefault(person_id, []).append(Contact(contact_id, person_id, channel, clear, *rest))
    people: dict[int, Person] = {}
    for id_, wrapped, language, session, consented, reachable, created_at, seen_at in rows:
        key = vault.unwrap(wrapped)
        state = None if session is None else vault.unseal_json(key, _SESSION, session)
        ways = tuple(contacts.get(id_, ()))
        people[id_] = Person(id_, key, language, state, consented, reachable, created_at, seen_at, ways)
    return people


def hold(conn: Connection, person_id: int) -> bool:
    """Wait until nobody else works on this person, then keep it so until commit; False when they are forgotten."""
    return conn.execute(_HOLD, {"of": person_id}).first() is not None


def save(conn: Connection, vault: Vault, changes: Sequence[PersonChange]) -> None:
    """Write what turns left of people."""
    rows: list[Mapping[str, Any]] = [
        {
            "of": one.id,
            "language": one.language,
            "session": None if one.session is None else vault.seal_json(one.key, _SESSION, one.session),
            "consented": one.consented,
            "seen_at": one.seen_at,
        }
        for one in changes
    ]
    if rows:
        conn.execute(_SAVE, rows)


def set_reachable(conn: Connection, contact_id: int, reachable: bool, moved_at: datetime | None = None) -> None:
    """Note that a contact blocked us or came back; a person is reachable while one contact is.

    `moved_at` is when the platform says they came or left; None when it is known by other ways.
    """
    conn.execute(_REACH_CONTACT, {"of": contact_id, "yes": reachable, "moved": moved_at})
    conn.execute(_REACH_PERSON, {"of": contact_id})
    receivers.reached(conn, contact_id, reachable)


def readdress(conn: Connection, vault: Vault, contact_id: int, to: Pair) -> None:
    """A contact has another address on its channel from now on; nobody else may have that one."""
    index, address = _index(vault, *to), vault.seal(vault.house, _ADDRESS, to[1])
    conn.execute(_READDRESS, {"of": contact_id, "address_index": index, "address": address})
