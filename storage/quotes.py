"""What was quoted: by a person out of their talk, and by a coordinator who answers one particular message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, or_, select, update

from storage import talk
from storage.columns import AnyRow
from storage.crypt import Vault
from storage.tables import message, person
from storage.talk import HANDLE, Said
from storage.tombstones import said_index

_quoted = message.alias("quoted")
_QUOTING = or_(message.c.quoted_index.is_not(None), message.c.answers_id.is_not(None))
# Only what lies in a case of the same person: words outside of any are not the coordinators' to read.
_THERE = and_(_quoted.c.person_id == message.c.person_id, _quoted.c.case_id.is_not(None))
_BY_PERSON = select(message.c.id, _quoted.c.id.label("quoted")).select_from(
    message.join(_quoted, and_(_quoted.c.said_id_index == message.c.quoted_index, _THERE))
)
_BY_STAFF = select(message.c.id, _quoted.c.id.label("quoted")).select_from(
    message.join(_quoted, and_(_quoted.c.id == message.c.answers_id, _THERE))
)
_OF_LINES = _BY_STAFF.where(message.c.id.in_(bindparam("ids", expanding=True)))
_ANY = select(message.c.id).where(message.c.case_id == bindparam("of"), _QUOTING).limit(1)
_OF_CASE = message.c.case_id == bindparam("of")
_ANSWERED = (
    select(message.c.id, message.c.contact_id, message.c.handle, message.c.withdrawn, person.c.wrapped_key)
    .select_from(message.join(person, person.c.id == message.c.person_id))
    .where(message.c.id == bindparam("line"), _OF_CASE, message.c.direction == "in")
)
_THEIRS = select(message.c.id).where(
    message.c.id.in_(bindparam("ids", expanding=True)), _OF_CASE, message.c.direction == "in"
)
_PARCEL = (
    select(message.c.id)
    .where(
        _OF_CASE,
        message.c.outbox_id == bindparam("parcel"),
        message.c.contact_id == bindparam("to"),
        message.c.direction == "out",
    )
    .order_by(message.c.id)
)
_KNOWN_AS = update(message).where(message.c.id == bindparam("line")).values(said_id_index=bindparam("said"))


@dataclass(frozen=True)
class Answerable:
    """A line that a coordinator wants to answer: whether it still stands, and how its channel lets us quote it."""

    id: int
    contact_id: int | None
    handle: str
    withdrawn: bool


@dataclass(frozen=True)
class Arrived:
    """A parcel of a case that the platform took: its ids of the messages in it, empty where it told none."""

    case_id: int
    outbox_id: int
    contact_id: int
    channel: str
    ids: Sequence[str]


def of_case(conn: Connection, vault: Vault, case_id: int) -> dict[int, Said]:
    """What the lines of a case quote or answer, by the number of the line that does."""
    if conn.execute(_ANY, {"of": case_id}).first() is None:
        return {}
    rows = [row for query in (_BY_PERSON, _BY_STAFF) for row in conn.execute(query.where(_OF_CASE), {"of": case_id})]
    return _told(conn, vault, rows)


def answered(conn: Connection, vault: Vault, lines: Sequence[int]) -> dict[int, Said]:
    """What a coordinator answered with these lines."""
    rows = conn.execute(_OF_LINES, {"ids": lines}).all() if lines else []
    return _told(conn, vault, rows)


def _told(conn: Connection, vault: Vault, rows: Sequence[AnyRow]) -> dict[int, Said]:
    lines = talk.some(conn, vault, sorted({row.quoted for row in rows}))
    return {row.id: lines[row.quoted] for row in rows if row.quoted in lines}


def answerable(conn: Connection, vault: Vault, case_id: int, line: int) -> Answerable | None:
    """A line of the person's in this case; None when it is none."""
    row = conn.execute(_ANSWERED, {"of": case_id, "line": line}).first()
    if row is None:
        return None
    handle = vault.unseal_text(vault.unwrap(row.wrapped_key), HANDLE, row.handle) if row.handle else ""
    return Answerable(row.id, row.contact_id, handle, row.withdrawn)


def of_person(conn: Connection, case_id: int, lines: Sequence[int]) -> list[int]:
    """Those of these lines of a case that its person said."""
    found = conn.execute(_THEIRS, {"of": case_id, "ids": lines}).scalars().all() if lines else []
    return list(found)


def arrived(conn: Connection, vault: Vault, parcels: Sequence[Arrived]) -> None:
    """Remember how the platform calls our own words of a case, so that it is known what a person quotes of them.

    Where a parcel held something else than one message for each line, nothing is guessed.
    """
    for parcel in parcels:
        which = {"of": parcel.case_id, "parcel": parcel.outbox_id, "to": parcel.contact_id}
        lines = conn.execute(_PARCEL, which).scalars().all()
        if len(lines) != len(parcel.ids):
            continue
        pairs = [(line, name) for line, name in zip(lines, parcel.ids, strict=True) if name]
        known = [{"line": line, "said": said_index(vault, parcel.channel, name)} for line, name in pairs]
        if known:
            conn.execute(_KNOWN_AS, known)
