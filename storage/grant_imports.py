"""A file of grants between its preview and the button: all of it or nothing, as drafts that somebody else checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict, TypeAdapter
from sqlalchemy import Connection, bindparam, insert, select

from knowledge.grant import Content
from storage import grants
from storage.grant_tables import grant_import
from storage.grants import Change, Head, State

KEPT = timedelta(days=1)
_i = grant_import.c
_KEEP = insert(grant_import).returning(_i.id)
_KEPT = select(_i.found).where(_i.id == bindparam("of"), _i.staff_id == bindparam("who"))
_DROP = grant_import.delete().where(_i.id == bindparam("of"), _i.staff_id == bindparam("who"))
_DROP_OLD = grant_import.delete().where(_i.at < bindparam("before"))


class Incoming(BaseModel):
    """One call as it came, with the name it has there, and a hash of all it says."""

    model_config = ConfigDict(frozen=True)

    uid: str
    content: Content
    mark: str


_FILE = TypeAdapter(tuple[Incoming, ...])


@dataclass(frozen=True)
class Took:
    """What became of them: new ones, those that say something else now, those that are as they were."""

    new: int = 0
    changed: int = 0
    same: int = 0


def compare(conn: Connection, incoming: Sequence[Incoming]) -> Took:
    """What taking them would do."""
    return _took(grants.heads(conn, [one.uid for one in incoming]), incoming)


def _took(known: Mapping[str, Head], incoming: Sequence[Incoming]) -> Took:
    same = sum(one.uid in known and known[one.uid].mark == one.mark for one in incoming)
    new = sum(one.uid not in known for one in incoming)
    return Took(new, len(incoming) - new - same, same)


def take(conn: Connection, incoming: Sequence[Incoming], staff_id: int, now: datetime) -> Took:
    """Take all of them, in the caller's transaction and with a few statements.

    What somebody took off stays off; what is as it was is left alone.
    """
    known = grants.heads(conn, [one.uid for one in incoming], lock=True)
    new = [Change(one.content, staff_id, uid=one.uid, mark=one.mark) for one in incoming if one.uid not in known]
    grants.add_all(conn, new, now)
    other = [
        (before, Change(one.content, staff_id, mark=one.mark))
        for one in incoming
        if (before := known.get(one.uid)) and before.mark != one.mark and before.state is not State.AWAY
    ]
    grants.change_all(conn, other, now)
    return _took(known, incoming)


def packed(incoming: Sequence[Incoming]) -> str:
    """What a file holds as it is kept; worked out before anybody has to wait for it."""
    return _FILE.dump_json(tuple(incoming)).decode()


def keep(conn: Connection, found: str, staff_id: int, now: datetime) -> int:
    """Keep what `packed` made of a file until its button is pressed, for a day at most; its number."""
    conn.execute(_DROP_OLD, {"before": now - KEPT})
    number: int = conn.execute(_KEEP, {"staff_id": staff_id, "at": now, "found": found}).scalar_one()
    return number


def kept(conn: Connection, number: int, staff_id: int) -> tuple[Incoming, ...]:
    """What was kept by this member; nothing where it was taken since, or is somebody else's."""
    found = conn.execute(_KEPT, {"of": number, "who": staff_id}).scalar()
    return _FILE.validate_json(found or "[]")


def drop(conn: Connection, number: int, staff_id: int) -> bool:
    """It is taken now; False when it was before."""
    return conn.execute(_DROP, {"of": number, "who": staff_id}).rowcount == 1
