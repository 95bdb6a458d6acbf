"""One more way to reach a person who is known already: the centre's own page, opened by their one-time link."""

from __future__ import annotations

from sqlalchemy import BigInteger, Connection, bindparam, insert, select

from storage import tokens
from storage.crypt import Vault
from storage.people import Contact
from storage.tables import contact

_SEALED = "contact.address"
_OWN = (
    select(contact.c.id, contact.c.address)
    .where(
        contact.c.person_id == bindparam("of"),
        contact.c.channel == bindparam("channel"),
        contact.c.home_id.is_not_distinct_from(bindparam("home", type_=BigInteger)),
    )
    .order_by(contact.c.id)
    .limit(1)
)
_HOME = select(contact.c.home_id).where(contact.c.id == bindparam("by"), contact.c.person_id == bindparam("of"))
_ADD = insert(contact).returning(contact.c.id)


def attach(conn: Connection, vault: Vault, person_id: int, channel: str, by: int | None = None) -> Contact:
    """The person's contact on a channel of our own; made with a drawn address when there is none yet.

    Of channels that were joined by a code, it is that of the contact `by`: it leaves with it, and with all that is
    said there.
    """
    home: int | None = conn.execute(_HOME, {"by": by, "of": person_id}).scalar()
    row = conn.execute(_OWN, {"of": person_id, "channel": channel, "home": home}).first()
    if row is not None:
        address = vault.unseal_text(vault.house, _SEALED, row.address)
        return Contact(row.id, person_id, channel, address, home=home)
    address = tokens.draw()
    values = {
        "person_id": person_id,
        "home_id": home,
        "channel": channel,
        "address_index": vault.index(f"{_SEALED}/{channel}", address),
        "address": vault.seal(vault.house, _SEALED, address),
    }
    return Contact(conn.execute(_ADD, values).scalar_one(), person_id, channel, address, home=home)
