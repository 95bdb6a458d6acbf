"""Empties what is over: of a case the cover stays, as a figure, and of a file the mark that there was one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, insert, select, text, update

from storage import export_parts, feed, indexing
from storage.after_tables import follow_up
from storage.desk_tables import news, timed_reply
from storage.findable import Kind
from storage.queue_tables import case_tag
from storage.tables import case_event, case_file, erasure, message, note, outbox, private_link
from storage.thing_tables import thing, thing_part
from storage.work_tables import appointment, partner, partner_deed, pointer, ticked

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
# What was written about a case, and goes with its content: whoever adds such a table adds it here.
OF_CASES = [
    table.delete().where(table.c.case_id.in_(_IDS))
    for table in (note, timed_reply, news, follow_up, ticked, pointer, partner_deed, partner, appointment, case_tag)
]
# A case that was split off points to messages of another.
_POINTED = pointer.delete().where(pointer.c.message_id.in_(select(message.c.id).where(message.c.case_id.in_(_IDS))))
_HOLD = (
    select(case_file.c.id, case_file.c.person_id)
    .where(case_file.c.id.in_(_IDS), text("state = 'closed'"), case_file.c.person_id.is_not(None))
    .order_by(case_file.c.id)
    .with_for_update()
)
_THINGS = select(thing.c.id).where(thing.c.case_id.in_(_IDS))
_PARTS = thing_part.delete().where(thing_part.c.thing_id.in_(_IDS))
# Words that are still on their way keep their row: they were promised to somebody.
_CONTENT = [
    *OF_CASES,
    _POINTED,
    *(table.delete().where(table.c.case_id.in_(_IDS)) for table in (thing, message)),
    private_link.delete().where(private_link.c.case_id.in_(_IDS)),
    outbox.delete().where(outbox.c.case_id.in_(_IDS), text("state NOT IN ('queued', 'sending', 'waiting_person')")),
]
_COVER = (
    update(case_file)
    .where(case_file.c.id.in_(_IDS))
    .values(
        person_id=None,
        contact_id=None,
        rows=None,
        record=None,
        searched=False,
        version=case_file.c.version + 1,
        changed_at=bindparam("now"),
    )
)
_LOST = update(thing).where(thing.c.id.in_(_IDS)).values(state="lost", why="old", source=None, size=0, parts=0)
_WHOSE = select(thing.c.case_id, thing.c.person_id).where(thing.c.id.in_(_IDS))


def empty_cases(conn: Connection, case_ids: Sequence[int], now: datetime) -> list[int]:
    """Delete what was said, asked and noted in closed cases; the person stays, their case is an empty cover for good.

    The numbers of those that were emptied: an open one, and one that is empty already, is left alone.
    """
    found = conn.execute(_HOLD, {"ids": list(case_ids)}).all()
    if not found:
        return []
    ids = [row.id for row in found]
    if files := list(conn.execute(_THINGS, {"ids": ids}).scalars()):
        conn.execute(_PARTS, {"ids": files})
    words_gone(conn, ids)
    for statement in _CONTENT:
        conn.execute(statement, {"ids": ids})
    conn.execute(_COVER, {"ids": ids, "now": now})
    conn.execute(
        insert(case_event), [{"case_id": one, "at": now, "who_kind": "system", "kind": "emptied"} for one in ids]
    )
    conn.execute(insert(erasure), [{"at": now, "person_id": row.person_id, "what": "case"} for row in found])
    export_parts.spoil(conn, now)
    feed.add(conn, [feed.Change(now, "forgotten", row.id, row.person_id) for row in found])
    return ids


def words_gone(conn: Connection, case_ids: Sequence[int]) -> None:
    """Before the content of cases goes: the index is swept of what was said, noted and answered there."""
    indexing.gone(conn, Kind.SAID, message.c.case_id.in_(case_ids))
    indexing.gone(conn, Kind.NOTED, note.c.case_id.in_(case_ids))
    indexing.gone(conn, Kind.ANSWERED, case_file.c.id.in_(case_ids))


def empty_things(conn: Connection, thing_ids: Sequence[int], now: datetime) -> list[int]:
    """Delete pictures and files; a mark stays that there was one. The cases they belonged to."""
    ids = {"ids": list(thing_ids)}
    whose = conn.execute(_WHOSE, ids).all()
    conn.execute(_PARTS, ids)
    conn.execute(_LOST, ids)
    feed.add(conn, [feed.Change(now, "fetched", row.case_id, row.person_id) for row in whose])
    return sorted({row.case_id for row in whose})
