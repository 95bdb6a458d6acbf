"""Whoever of a chunk may be sent a broadcast at this moment, with their addresses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Select,
    Text,
    any_,
    bindparam,
    cast,
    false,
    func,
    select,
)

from storage.chunks import Claimed
from storage.columns import AnyRow
from storage.crypt import Key, Vault
from storage.fates import Fate
from storage.receive_tables import receiver
from storage.tables import contact, person

_given = func.json_each(bindparam("ids", type_=Text)).table_valued("value")
# One parameter for all numbers, not one each: there are five hundred of them in a request.
_SOME: Mapping[str, Callable[[Column[int]], ColumnElement[bool]]] = {
    "sqlite": lambda column: column.in_(select(_given.c.value)),
    "postgresql": lambda column: column == any_(cast(bindparam("ids"), ARRAY(BigInteger))),
}
# Wrapped, so that no index of it is tried: nearly everybody receives, and a young database knows nothing of that. It
# would look through all of them for each chunk.
_RECEIVES = func.coalesce(receiver.c.active, false())
_REACH = {
    dialect: select(contact.c.id, contact.c.person_id, contact.c.address, receiver.c.language)
    .join(receiver, receiver.c.person_id == contact.c.person_id)
    .where(some(contact.c.id), contact.c.reachable, _RECEIVES)
    for dialect, some in _SOME.items()
}
_KEYS = {dialect: select(person.c.id, person.c.wrapped_key).where(some(person.c.id)) for dialect, some in _SOME.items()}


class Recipient(NamedTuple):
    """Somebody who is to get it now; `at` is their place in the chunk. The key is theirs where words are kept.

    `language` is what they speak now, whatever it was when the chunk was made.
    """

    at: int
    contact_id: int
    person_id: int
    address: str
    language: str
    key: Key


def recipients(conn: Connection, vault: Vault, one: Claimed) -> list[Recipient]:
    """Whoever of a chunk still waits and may be sent it at this moment: not forgotten, not blocked, not stopped."""
    waits = str(Fate.WAITS)
    places = {
        number: at for at, (number, fate) in enumerate(zip(one.contacts, one.fates, strict=True)) if fate == waits
    }
    rows = _some(conn, _REACH, list(places))
    ids, persons, sealed, languages = zip(*rows, strict=True) if rows else ((), (), (), ())
    addresses = vault.unseal_texts(vault.house, "contact.address", sealed)
    keys: Iterable[Key] = repeat(vault.house)
    if one.channel == "web":
        own = {of: vault.unwrap(wrapped) for of, wrapped in _some(conn, _KEYS, list(persons))}
        keys = (own.get(of, vault.house) for of in persons)
    ats = map(places.__getitem__, ids)
    return sorted(map(Recipient, ats, ids, persons, addresses, languages, keys))


def _some(conn: Connection, statement: Mapping[str, Select[Any]], ids: list[int]) -> Sequence[AnyRow]:
    dialect = conn.dialect.name
    return conn.execute(statement[dialect], {"ids": json.dumps(ids) if dialect == "sqlite" else ids}).all()
