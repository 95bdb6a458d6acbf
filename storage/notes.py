"""Inner notes, and what was said by telephone or at the counter: in a table which nothing that sends ever reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, bindparam, insert, select

from storage import feed
from storage.crypt import Vault
from storage.tables import note, staff

BODY = "note.body"
_ADD = insert(note).returning(note.c.id)
_OF_CASE = (
    select(note.c.id, note.c.at, note.c.staff_id, staff.c.name, note.c.body, note.c.kind)
    .select_from(note.join(staff, staff.c.id == note.c.staff_id))
    .where(note.c.case_id == bindparam("of"))
    .order_by(note.c.id)
)


class Kind(StrEnum):
    """What is more than a plain note: something said elsewhere and written down, or that a case was passed on."""

    PHONE = "phone"
    COUNTER = "counter"
    PASSED = "passed"  # to a colleague; the words are the giver's own, perhaps none


@dataclass(frozen=True)
class Note:
    """What a coordinator wrote for colleagues; `kind` is None for a plain note."""

    id: int
    at: datetime
    staff_id: int
    staff_name: str
    text: str
    kind: Kind | None


@dataclass(frozen=True)
class NewNote:
    """A note to be kept."""

    case_id: int
    staff_id: int
    text: str
    kind: Kind | None = None


def add(conn: Connection, vault: Vault, new: NewNote, now: datetime) -> int:
    """Keep a note; its number."""
    body = vault.seal(vault.house, BODY, new.text)
    row = {"case_id": new.case_id, "staff_id": new.staff_id, "at": now, "body": body, "kind": new.kind}
    note_id: int = conn.execute(_ADD, row).scalar_one()
    feed.add(conn, [feed.Change(now, "noted", new.case_id)])
    return note_id


def of_case(conn: Connection, vault: Vault, case_id: int) -> list[Note]:
    """The notes of a case, oldest first."""
    return [
        Note(id_, at, staff_id, name, vault.unseal_text(vault.house, BODY, body), Kind(kind) if kind else None)
        for id_, at, staff_id, name, body, kind in conn.execute(_OF_CASE, {"of": case_id})
    ]
