"""Messages that people took back, also before they reached us: the words go everywhere, a mark stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from storage import export_parts, feed, indexing, tally
from storage.crypt import Vault
from storage.findable import Kind
from storage.tables import inbox, message, tombstone
from storage.thing_tables import thing, thing_part
from storage.twins import insert_new

_BURIED = select(tombstone.c.said_id_index).where(tombstone.c.said_id_index.in_(bindparam("indexes", expanding=True)))
_BURY = insert_new(tombstone)
_ARRIVED = select(inbox.c.id, inbox.c.state).where(inbox.c.said_id_index == bindparam("said")).with_for_update()
_EMPTY = (
    update(inbox)
    .where(inbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state="ignored", payload=None, reply_token=None, why=None, said_id_index=None, person_id=None, contact_id=None
    )
)
_UNSAY = (
    update(message)
    .where(message.c.said_id_index == bindparam("said"), message.c.direction == "in")
    .values(body=None, withdrawn=True, handle=None, quoted_index=None, searched=False)
    .returning(message.c.id, message.c.case_id, message.c.person_id)
)
_CAME_WITH = select(thing.c.id).where(thing.c.message_id.in_(bindparam("ids", expanding=True)))
_PARTS = thing_part.delete().where(thing_part.c.thing_id.in_(bindparam("ids", expanding=True)))
_THINGS = thing.delete().where(thing.c.id.in_(bindparam("ids", expanding=True)))
_OLD = tombstone.delete().where(tombstone.c.at < bindparam("before"))


def said_index(vault: Vault, channel: str, said_id: str) -> bytes:
    """The blind index of a platform's id of one message."""
    return vault.index("said_id/" + channel, said_id)


def buried(conn: Connection, indexes: Sequence[bytes]) -> set[bytes]:
    """Those of the indexes that were taken back."""
    return set(conn.execute(_BURIED, {"indexes": indexes}).scalars()) if indexes else set()


def withdraw(conn: Connection, vault: Vault, channel: str, said_id: str, now: datetime) -> None:
    """Purge a message the person took back, heard or not, and refuse it if it comes later."""
    said = said_index(vault, channel, said_id)
    conn.execute(_BURY[conn.dialect.name], [{"said_id_index": said, "channel": channel, "at": now}])
    arrived = conn.execute(_ARRIVED, {"said": said}).all()
    if arrived:  # not heard yet: what was heard keeps no trace of the message in the inbox
        conn.execute(_EMPTY, {"ids": [id_ for id_, _ in arrived]})
    states = [state for _, state in arrived]
    tally.add(conn, {"inbox": -states.count("waiting"), "inbox:dead": -states.count("dead")})
    indexing.gone(conn, Kind.SAID, message.c.said_id_index == said, message.c.direction == "in")
    unsaid = conn.execute(_UNSAY, {"said": said}).all()
    if unsaid and (came := list(conn.execute(_CAME_WITH, {"ids": [row.id for row in unsaid]}).scalars())):
        conn.execute(_PARTS, {"ids": came})
        conn.execute(_THINGS, {"ids": came})
    export_parts.spoil(conn, now)
    feed.add(conn, [feed.Change(now, "withdrawn", row.case_id, row.person_id) for row in unsaid])


def is_withdrawn(conn: Connection, vault: Vault, channel: str, said_id: str) -> bool:
    """Whether the person took this message back."""
    return bool(buried(conn, [said_index(vault, channel, said_id)]))


def forget_old(conn: Connection, before: datetime) -> None:
    """Drop marks so old that the message they wait for will not come any more."""
    conn.execute(_OLD, {"before": before})
