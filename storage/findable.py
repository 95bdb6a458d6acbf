"""What can be found by its words, where it lies, and how its words are read: what was said, noted, and answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any, assert_never

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, select, text, update

from dialogs.fold import run_on
from storage.casefile import ROWS
from storage.columns import AnyRow
from storage.crypt import Key, Vault, WrongKey
from storage.notes import BODY as NOTED
from storage.postings import SPAN
from storage.sight import Sight
from storage.tables import case_file, message, note, person

BODY = "message.body"
_FIELDS = ("text", "words", "name", "value")  # of what was heard or said: what somebody wrote, and no label of ours
_STRETCHES = 1 << 32  # of one kind


class Kind(IntEnum):
    """Which table the words lie in."""

    SAID = 1
    NOTED = 2
    ANSWERED = 3


@dataclass(frozen=True)
class Words:
    """The words of one row; `who` is the author of what was said, "note" or "answers"."""

    kind: Kind
    id: int
    case_id: int
    at: datetime
    who: str
    text: str


# Outer joins: what is asked for is few rows of the first table, and no planner is to begin with another.
_SAID = (
    select(message.c.id, message.c.case_id, message.c.at, message.c.author, message.c.body, person.c.wrapped_key)
    .select_from(
        message.outerjoin(person, person.c.id == message.c.person_id).outerjoin(
            case_file, case_file.c.id == message.c.case_id
        )
    )
    .where(text("message.case_id IS NOT NULL AND message.author <> 'bot'"), message.c.body.is_not(None))
)
_NOTED = select(note.c.id, note.c.case_id, note.c.at, note.c.kind, note.c.body).select_from(
    note.outerjoin(case_file, case_file.c.id == note.c.case_id)
)
_ANSWERED = (
    select(
        case_file.c.id, case_file.c.id.label("case_id"), case_file.c.opened_at, case_file.c.flow, case_file.c.rows,
        person.c.wrapped_key,
    )
    .select_from(case_file.outerjoin(person, person.c.id == case_file.c.person_id))
    .where(case_file.c.rows.is_not(None))
)  # fmt: skip
READ: dict[Kind, Select[Any]] = {Kind.SAID: _SAID, Kind.NOTED: _NOTED, Kind.ANSWERED: _ANSWERED}
TABLE: dict[Kind, Table] = {Kind.SAID: message, Kind.NOTED: note, Kind.ANSWERED: case_file}
_WAITING = {
    Kind.SAID: text("NOT message.searched AND message.case_id IS NOT NULL AND message.author <> 'bot'"),
    Kind.NOTED: text("NOT note.searched AND note.body IS NOT NULL"),
    Kind.ANSWERED: text("NOT case_file.searched AND case_file.rows IS NOT NULL"),
}
_AMONG = {kind: TABLE[kind].c.id.in_(bindparam("ids", expanding=True)) for kind in Kind}
_MARK = {kind: update(TABLE[kind]).where(_AMONG[kind]).values(searched=True) for kind in Kind}
# The numbers alone, so that every planner reads the small index and nothing else.
_WAIT = {kind: select(table.c.id).where(_WAITING[kind]).limit(bindparam("at_most")) for kind, table in TABLE.items()}
_ANEW = {kind: update(TABLE[kind]).where(TABLE[kind].c.searched).values(searched=False) for kind in Kind}
_IN = {kind: READ[kind].where(TABLE[kind].c.searched, _AMONG[kind]) for kind in Kind}
_SEEN = {kind: READ[kind].where(_AMONG[kind]).order_by(TABLE[kind].c.id.desc()) for kind in Kind}


def stretch(kind: Kind, row_id: int) -> tuple[int, int]:
    """The stretch of the index that a row belongs to, and its place there."""
    return kind * _STRETCHES + row_id // SPAN, row_id % SPAN


def first_id(segment: int) -> int:
    """The number of the row at place 0 of a stretch."""
    return (segment % _STRETCHES) * SPAN


def stretches(kind: Kind) -> tuple[int, int]:
    """The lowest stretch of a kind, and the one after its last."""
    return kind * _STRETCHES, (kind + 1) * _STRETCHES


def pairs(even: str) -> set[str]:
    """The pairs of neighbouring signs of a folded text."""
    return {even[at : at + 2] for at in range(len(even) - 1)}


def pairs_of(words: Words) -> set[str]:
    """The pairs by which these words are found."""
    return pairs(run_on(words.text)[0])


def unindexed(conn: Connection, kind: Kind, at_most: int) -> list[int]:
    """The oldest rows whose words are not in the index yet."""
    return list(conn.execute(_WAIT[kind].order_by(TABLE[kind].c.id), {"at_most": at_most}).scalars())


def indexed(conn: Connection, vault: Vault, kind: Kind, ids: Sequence[int]) -> Iterator[Words]:
    """Those of these rows whose words are in the index."""
    return _opened(vault, kind, conn.execute(_IN[kind], {"ids": list(ids)}).all())


def mark(conn: Connection, kind: Kind, ids: Sequence[int]) -> None:
    """Their words are in the index from now on, or there are none."""
    conn.execute(_MARK[kind], {"ids": list(ids)})


@dataclass(frozen=True)
class Looking:
    """What whoever looks may see, and the cases that they found already: of these nothing more is opened."""

    sight: Sight
    found: set[int] = field(default_factory=set)


def wait_anew(conn: Connection, kind: Kind) -> None:
    """No words of this kind are in the index."""
    conn.execute(_ANEW[kind])


def seen(conn: Connection, vault: Vault, kind: Kind, ids: Sequence[int], looking: Looking) -> Iterator[Words]:
    """The words of these rows, newest first, each opened when it is asked for; none of what is not in sight."""
    rows = conn.execute(looking.sight.narrow(_SEEN[kind]), {"ids": list(ids)}).all() if ids else []
    return _opened(vault, kind, rows, looking.found)


def tail(conn: Connection, vault: Vault, kind: Kind, looking: Looking, at_most: int) -> tuple[int, Iterator[Words]]:
    """How many of the newest rows wait for the index, whoever may see them, and the words of those in sight."""
    newest = _WAIT[kind].order_by(TABLE[kind].c.id.desc())
    ids = list(conn.execute(newest, {"at_most": at_most}).scalars())
    return len(ids), seen(conn, vault, kind, ids, looking)


def of_cases(conn: Connection, vault: Vault, kind: Kind, looking: Looking, at_most: int) -> Iterator[Words]:
    """The newest words in sight, for whom sees few cases: nothing but these cases is looked at."""
    own: ColumnElement[bool] = case_file.c.id.in_(bindparam("own", expanding=True))
    asked = looking.sight.narrow(READ[kind].where(own)).order_by(TABLE[kind].c.id.desc()).limit(at_most)
    rows = conn.execute(asked, {"own": looking.sight.own_cases(conn)}).all()
    return _opened(vault, kind, rows, looking.found)


def _opened(vault: Vault, kind: Kind, rows: Sequence[AnyRow], found: Set[int] = frozenset()) -> Iterator[Words]:
    keys: dict[bytes, Key] = {}
    for row in rows:
        if row.case_id not in found:
            yield Words(kind, row.id, row.case_id, row[2], _who(kind, row[3]), _readable(vault, kind, row, keys))


def _readable(vault: Vault, kind: Kind, row: AnyRow, keys: dict[bytes, Key]) -> str:
    """The words; none of a row that cannot be opened, for one damaged row must not end the search for all others."""
    try:
        return _text(vault, kind, row, keys)
    except WrongKey:
        return ""


def _who(kind: Kind, told: str | None) -> str:
    match kind:
        case Kind.SAID:
            return told or ""
        case Kind.NOTED:
            return "note"
        case Kind.ANSWERED:
            return "answers"
        case _:
            assert_never(kind)


def _text(vault: Vault, kind: Kind, row: AnyRow, keys: dict[bytes, Key]) -> str:
    match kind:
        case Kind.SAID:
            body = vault.unseal_json(_key(vault, row[5], keys), BODY, row[4])
            return "\n".join(str(body[name]) for name in _FIELDS if isinstance(body.get(name), str))
        case Kind.NOTED:
            return vault.unseal_text(vault.house, NOTED, row[4])
        case Kind.ANSWERED:
            rows = vault.unseal_json(_key(vault, row[5], keys), ROWS, row[4])
            return "\n".join(str(row[-1]) for row in rows)
        case _:
            assert_never(kind)


def _key(vault: Vault, wrapped: bytes, keys: dict[bytes, Key]) -> Key:
    """Unwrapped once for all lines of a person."""
    if wrapped not in keys:
        keys[wrapped] = vault.unwrap(wrapped)
    return keys[wrapped]
