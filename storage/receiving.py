"""Files what platforms brought: each event once, however often and wherever it arrives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from storage import people, tally
from storage.crypt import Vault
from storage.plain import token
from storage.tables import inbox
from storage.tombstones import buried, said_index
from storage.twins import insert_new

PAYLOAD, TOKEN = "inbox.payload", "inbox.reply_token"
_ROW = dict.fromkeys(("contact_id", "person_id", "payload", "reply_token", "said_id_index", "mark"))

_ADD = insert_new(inbox, inbox.c.channel, inbox.c.event_id)
_SEEN = select(inbox.c.event_id).where(
    inbox.c.channel == bindparam("channel"), inbox.c.event_id.in_(bindparam("names", expanding=True))
)
_MARK = select(inbox.c.mark).where(inbox.c.channel == bindparam("channel"), inbox.c.event_id == bindparam("name"))


@dataclass(frozen=True)
class Incoming:
    """One event as a platform brought it. Without payload or address it is only remembered by its id.

    `mark` (of `Vault.mark`) is kept with the id, to tell a repetition from other words under the same id.
    """

    channel: str
    event_id: str
    address: str
    at: datetime
    payload: dict[str, Any] | None
    reply_token: str = ""
    said_id: str = ""
    mark: bytes | None = None


def receive(conn: Connection, vault: Vault, rows: Sequence[Incoming], now: datetime) -> list[bool]:
    """Store events; True for each that was new. The same event may come again in one call, later, or elsewhere."""
    if not rows:
        return []
    ids = [(row.channel, token(row.event_id)) for row in rows]
    named = {(row.channel, row.address) for row in rows if row.address and row.payload is not None}
    contacts = people.known(conn, vault, named)
    if named - contacts.keys():
        # 1. someone we do not know: create them, unless it is an old event of somebody who was forgotten
        seen = _seen(conn, ids)
        unseen = {(row.channel, row.address) for row, i in zip(rows, ids, strict=True) if i not in seen}
        contacts |= people.contacts_for(conn, vault, list(unseen & named - contacts.keys()), now)
    gone = buried(conn, [said_index(vault, row.channel, row.said_id) for row in rows if row.said_id])
    values: dict[tuple[str, str], dict[str, Any]] = {}
    for row, i in zip(rows, ids, strict=True):
        # 2. in the order of arrival, which is the order in which events of the same moment are heard
        values.setdefault(i, _values(vault, row, i, contacts.get((row.channel, row.address)), gone))
    fresh = {
        (c, e) for c, e in conn.execute(_ADD[conn.dialect.name], [v | {"arrived_at": now} for v in values.values()])
    }
    tally.add(conn, {"inbox": sum(values[i]["state"] == "waiting" for i in fresh)})
    answer = []
    for i in ids:
        answer.append(i in fresh)
        fresh.discard(i)
    return answer


def marked(conn: Connection, channel: str, event_id: str) -> bytes | None:
    """The mark of the event that came under this id, empty when it has none; None when no such event ever came."""
    row = conn.execute(_MARK, {"channel": channel, "name": token(event_id)}).first()
    return None if row is None else row.mark or b""


def _seen(conn: Connection, ids: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    # A channel at a time: SQLite reads the whole index for a list of pairs.
    by_channel: dict[str, list[str]] = {}
    for channel, name in set(ids):
        by_channel.setdefault(channel, []).append(name)
    return {
        (channel, name)
        for channel, names in by_channel.items()
        for name in conn.execute(_SEEN, {"channel": channel, "names": names}).scalars()
    }


def _values(
    vault: Vault, row: Incoming, i: tuple[str, str], who: people.Contact | None, gone: set[bytes]
) -> dict[str, Any]:
    said = said_index(vault, row.channel, row.said_id) if row.said_id else None
    if row.payload is None or who is None or said in gone:
        return _ROW | {"channel": i[0], "event_id": i[1], "at": row.at, "state": "ignored", "mark": row.mark}
    return {
        "channel": i[0],
        "event_id": i[1],
        "contact_id": who.id,
        "person_id": who.person_id,
        "at": row.at,
        "payload": vault.seal_json(vault.house, PAYLOAD, row.payload),
        "reply_token": vault.seal(vault.house, TOKEN, row.reply_token) if row.reply_token else None,
        "said_id_index": said,
        "mark": row.mark,
        "state": "waiting",
    }
