"""Words that a person changed after sending them: the latest stand in the talk, the earlier ones are kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from storage import export_parts, feed, indexing
from storage.crypt import Vault
from storage.findable import BODY, Kind
from storage.tables import message, person
from storage.tombstones import said_index

_FIND = (
    select(message.c.id, message.c.body, message.c.case_id, person.c.wrapped_key)
    .select_from(message.join(person, person.c.id == message.c.person_id))
    .where(message.c.said_id_index == bindparam("said"), message.c.person_id == bindparam("of"))
    .with_for_update(of=message)
)
_CHANGE = update(message).where(message.c.id == bindparam("of")).values(body=bindparam("new"), searched=False)


@dataclass(frozen=True)
class Correction:
    """Whose message of which channel, by the platform's id, and what it says now: a `Heard` as JSON with a text."""

    person_id: int
    channel: str
    said_id: str
    body: dict[str, Any]


def correct(conn: Connection, vault: Vault, new: Correction, now: datetime) -> bool:
    """Put the new words in the place of the old and tell open pages.

    False when that message is not kept, was taken back, held no words, or says the same already.
    """
    row = conn.execute(_FIND, {"said": said_index(vault, new.channel, new.said_id), "of": new.person_id}).first()
    if row is None or row.body is None:
        return False
    key = vault.unwrap(row.wrapped_key)
    old = vault.unseal_json(key, BODY, row.body)
    if old.get("text") in (None, new.body["text"]):
        return False
    indexing.gone(conn, Kind.SAID, message.c.id == row.id)
    conn.execute(_CHANGE, {"of": row.id, "new": vault.seal_json(key, BODY, new.body)})
    export_parts.spoil(conn, now)
    feed.add(conn, [feed.Change(now, "said", row.case_id, new.person_id)])
    return True
