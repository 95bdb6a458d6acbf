"""A file of grants between its preview and the button: all of it or nothing, as drafts that somebody else checks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict, TypeAdapter
from sqlalchemy import Connection

from knowledge.grant import Content
from storage import grants
from storage.grant_tables import grant_import
from storage.grants import Change, State
from storage.heads import Took, took
from storage.previews import Previews

FILES = Previews(grant_import)


class Incoming(BaseModel):
    """One call as it came, with the name it has there, and a hash of all it says."""

    model_config = ConfigDict(frozen=True)

    uid: str
    content: Content
    mark: str


_FILE = TypeAdapter(tuple[Incoming, ...])


def compare(conn: Connection, incoming: Sequence[Incoming]) -> Took:
    """What taking them would do."""
    return took(grants.heads.by_name(conn, [one.uid for one in incoming]), incoming)


def take(conn: Connection, incoming: Sequence[Incoming], staff_id: int, now: datetime) -> Took:
    """Take all of them, in the caller's transaction and with a few statements.

    What somebody took off stays off; what is as it was is left alone.
    """
    known = grants.heads.by_name(conn, [one.uid for one in incoming], lock=True)
    new = [Change(one.content, staff_id, uid=one.uid, mark=one.mark) for one in incoming if one.uid not in known]
    grants.add_all(conn, new, now)
    other = [
        (before, Change(one.content, staff_id, mark=one.mark))
        for one in incoming
        if (before := known.get(one.uid)) and before.mark != one.mark and before.state is not State.AWAY
    ]
    grants.change_all(conn, other, now)
    return took(known, incoming)


def packed(incoming: Sequence[Incoming]) -> str:
    """What a file holds as it is kept; worked out before anybody has to wait for it."""
    return _FILE.dump_json(tuple(incoming)).decode()


def kept(conn: Connection, number: int, staff_id: int) -> tuple[Incoming, ...]:
    """What was kept by this member; nothing where it was taken since, or is somebody else's."""
    found = FILES.found(conn, number, staff_id)
    return _FILE.validate_json(found or "[]")
