"""One more way to reach a person who is known already: the centre's own page, opened by their one-time link."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, insert, select

from storage import tokens
from storage.crypt import Vault
from storage.people import Contact
from storage.tables import contact

_SEALED = "contact.address"
_OWN = (
    select(contact.c.id, contact.c.address)
    .where(contact.c.person_id == bindparam("of"), contact.c.channel == bindparam("channel"))
    .order_by(contact.c.id)
    .limit(1)
)
_ADD = insert(contact).returning(contact.c.id)


def attach(conn: Connection, vault: Vault, person_id: int, channel: str) -> Contact:
    """The person's contact on a channel of our own; made with a drawn address when there is none yet."""
    row = conn.execute(_OWN, {"of": person_id, "channel": channel}).first()
    if row is not None:
        address = vault.unseal_text(vault.house, _SEALED, row.address)
        return Contact(row.id, person_id, channel, address)
    address = tokens.draw()
    values = {
        "person_id": person_id,
        "channel": channel,
        "address_index": vault.index(f"{_SEALED}/{channel}", address),
        "address": vault.seal(vault.house, _SEALED, address),
    }
    return Contact(conn.execute(_ADD, values).scalar_one(), person_id, channel, address)
