"""What was said between a person and the centre, by whom, and whether it got there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, func, insert, or_, select, true, update

from storage import feed, things
from storage.columns import AnyRow, Moment
from storage.crypt import Key, Vault
from storage.findable import BODY
from storage.tables import case_file, message, outbox, person, staff
from storage.tombstones import buried, said_index

HANDLE = "message.handle"
_WRITE = insert(message)
_WRITE_IN_ORDER = _WRITE.returning(message.c.id, sort_by_parameter_order=True)
_c = case_file.c
_NOW = bindparam("now", type_=Moment())
# While nobody holds a case the bot answers, and its words to the bot start no clock.
_NOW_ASKS = and_(_c.holder.is_not(None), _c.asked_at.is_(None))
_HEARD = (
    update(case_file)
    .where(_c.id == bindparam("of"))
    .values(
        last_in_at=bindparam("now"),
        clock_stale=or_(_c.clock_stale, _NOW_ASKS),
        asked_at=case((_NOW_ASKS, _NOW), else_=_c.asked_at),
    )
)
_ANSWERED = (
    update(case_file)
    .where(_c.id == bindparam("of"))
    .values(first_reply_at=func.coalesce(_c.first_reply_at, _NOW), asked_at=None, clock_stale=true())
)
_READ = select(
    message.c.id,
    message.c.at,
    message.c.direction,
    message.c.author,
    message.c.staff_id,
    staff.c.name,
    message.c.body,
    message.c.withdrawn,
    message.c.outbox_id,
    outbox.c.state,
    outbox.c.why,
    message.c.case_id,
    person.c.wrapped_key,
).select_from(
    message.join(person, person.c.id == message.c.person_id)
    .outerjoin(outbox, outbox.c.id == message.c.outbox_id)
    .outerjoin(staff, staff.c.id == message.c.staff_id)
)
_AFTER = message.c.id > bindparam("after")
_OF_CASE = _READ.where(message.c.case_id == bindparam("of"), _AFTER).order_by(message.c.id).limit(bindparam("at_most"))
_OF_PERSON = (
    _READ.where(message.c.person_id == bindparam("of"), _AFTER).order_by(message.c.id).limit(bindparam("at_most"))
)
_SOME = _READ.where(message.c.id.in_(bindparam("ids", expanding=True)))
_LAST = _READ.where(message.c.person_id == bindparam("of")).order_by(message.c.id.desc()).limit(bindparam("at_most"))


_OF_SAID = (
    select(message.c.body, person.c.wrapped_key, message.c.at)
    .select_from(message.join(person, person.c.id == message.c.person_id))
    .where(message.c.said_id_index == bindparam("said"))
)
_LAST_WAY = (
    select(message.c.contact_id)
    .where(
        message.c.case_id == bindparam("of"),
        message.c.direction == "in",
        message.c.contact_id.in_(bindparam("ways", expanding=True)),
    )
    .order_by(message.c.id.desc())
    .limit(1)
)
_COUNT = select(func.count()).select_from(message).where(message.c.person_id == bindparam("of"))


class Way(StrEnum):
    """From the person, or to the person."""

    IN = "in"
    OUT = "out"


class Author(StrEnum):
    """Who said it."""

    PERSON = "person"
    BOT = "bot"
    STAFF = "staff"


@dataclass(frozen=True)
class Fetch:
    """To be fetched for the case that the line belongs to: the platform's id of the content, wanted since a moment."""

    source: str
    since: datetime


@dataclass(frozen=True)
class Line:
    """One thing said, to be kept. `body` is JSON: a `Heard` or a `Message`; `key` is the person's.

    `fetch` asks for a picture or file that came with it. `handle` is what the platform wants to hear when this is to be
    quoted, `quotes` the platform's id of what it quotes itself; `answers` the line that a coordinator answers with it.
    """

    person_id: int
    key: Key
    at: datetime
    way: Way
    author: Author
    body: dict[str, Any]
    case_id: int | None = None
    contact_id: int | None = None
    staff_id: int | None = None
    channel: str = ""
    said_id: str = ""
    outbox_id: int | None = None
    fetch: Fetch | None = None
    handle: str = ""
    quotes: str = ""
    answers: int | None = None


@dataclass(frozen=True)
class Said:
    """One thing said. `body` is None when it was taken back; `delivery` and `why` tell how its way out went."""

    id: int
    at: datetime
    way: Way
    author: Author
    staff_id: int | None
    staff_name: str | None
    body: dict[str, Any] | None
    withdrawn: bool
    outbox_id: int | None
    delivery: str | None
    why: str | None
    case_id: int | None


def write(conn: Connection, vault: Vault, lines: Sequence[Line]) -> None:
    """Keep what was said, tell the feed about lines of a case, and note when a case was last heard and first answered.

    A line from the person whose `said_id` was already taken back is kept without its words.
    """
    if not lines:
        return
    saids = [said_index(vault, line.channel, line.said_id) if line.said_id else None for line in lines]
    gone = buried(conn, [said for said in saids if said])
    rows = [_row(vault, line, said, said in gone) for line, said in zip(lines, saids, strict=True)]
    if any(line.fetch for line in lines):
        _write_with_things(conn, vault, lines, rows)
    else:
        conn.execute(_WRITE, rows)
    filed = [line for line in lines if line.case_id is not None]
    if heard := [{"of": line.case_id, "now": line.at} for line in filed if line.author is Author.PERSON]:
        conn.execute(_HEARD, heard)
    if answered := [{"of": line.case_id, "now": line.at} for line in filed if line.author is Author.STAFF]:
        conn.execute(_ANSWERED, answered)
    feed.add(conn, [feed.Change(line.at, "said", line.case_id, line.person_id) for line in filed])


def _write_with_things(conn: Connection, vault: Vault, lines: Sequence[Line], rows: list[dict[str, Any]]) -> None:
    numbers = conn.execute(_WRITE_IN_ORDER, rows).scalars().all()
    for line, row, number in zip(lines, rows, numbers, strict=True):
        if line.fetch and line.case_id is not None and not row["withdrawn"]:
            kind, source = str(line.body["thing"]), line.fetch.source
            wanted = things.Wanted(number, line.person_id, line.case_id, line.key, line.channel, kind, source)
            things.want(conn, vault, wanted, line.fetch.since)


def _row(vault: Vault, line: Line, said: bytes | None, withdrawn: bool) -> dict[str, Any]:
    return {
        "person_id": line.person_id,
        "case_id": line.case_id,
        "contact_id": line.contact_id,
        "at": line.at,
        "direction": line.way.value,
        "author": line.author.value,
        "staff_id": line.staff_id,
        "body": None if withdrawn else vault.seal_json(line.key, BODY, line.body),
        "said_id_index": said,
        "outbox_id": line.outbox_id,
        "withdrawn": withdrawn,
        "handle": vault.seal(line.key, HANDLE, line.handle) if line.handle and not withdrawn else None,
        "quoted_index": said_index(vault, line.channel, line.quotes) if line.quotes else None,
        "answers_id": line.answers,
    }


def of_case(conn: Connection, vault: Vault, case_id: int, after_id: int = 0, at_most: int = 500) -> list[Said]:
    """What was said in a case after the line `after_id`, by the time it was said."""
    rows = conn.execute(_OF_CASE, {"of": case_id, "after": after_id, "at_most": at_most}).all()
    return _opened(vault, rows)


def of_person(conn: Connection, vault: Vault, person_id: int, after_id: int = 0, at_most: int = 500) -> list[Said]:
    """What was said with a person after the line `after_id`, in or outside of cases, by the time it was said."""
    rows = conn.execute(_OF_PERSON, {"of": person_id, "after": after_id, "at_most": at_most}).all()
    return _opened(vault, rows)


def last_of_person(conn: Connection, vault: Vault, person_id: int, at_most: int) -> list[Said]:
    """The last `at_most` things said with a person, by the time they were said."""
    return _opened(vault, conn.execute(_LAST, {"of": person_id, "at_most": at_most}).all())


def some(conn: Connection, vault: Vault, ids: Sequence[int]) -> dict[int, Said]:
    """Lines by their numbers."""
    rows = conn.execute(_SOME, {"ids": ids}).all() if ids else []
    return {one.id: one for one in _opened(vault, rows)}


def _opened(vault: Vault, rows: Sequence[AnyRow]) -> list[Said]:
    keys = {row.wrapped_key: vault.unwrap(row.wrapped_key) for row in rows}
    return sorted((_open(vault, keys[row.wrapped_key], row) for row in rows), key=lambda one: (one.at, one.id))


def _open(vault: Vault, key: Key, row: AnyRow) -> Said:
    return Said(
        id=row.id,
        at=row.at,
        way=Way(row.direction),
        author=Author(row.author),
        staff_id=row.staff_id,
        staff_name=row.name,
        body=None if row.body is None else vault.unseal_json(key, BODY, row.body),
        withdrawn=row.withdrawn,
        outbox_id=row.outbox_id,
        delivery=row.state,
        why=row.why,
        case_id=row.case_id,
    )


def of_platform_id(
    conn: Connection, vault: Vault, channel: str, said_id: str
) -> tuple[datetime, dict[str, Any]] | None:
    """Time and body of the message that the platform knows by this id, while it is still there."""
    row = conn.execute(_OF_SAID, {"said": said_index(vault, channel, said_id)}).first()
    if row is None or row.body is None:
        return None
    body: dict[str, Any] = vault.unseal_json(vault.unwrap(row.wrapped_key), BODY, row.body)
    return row.at, body


def last_way(conn: Connection, case_id: int, ways: Sequence[int]) -> int | None:
    """Of these contacts the one that something was last said from in a case."""
    found: int | None = conn.execute(_LAST_WAY, {"of": case_id, "ways": ways}).scalar() if ways else None
    return found


def count_of_person(conn: Connection, person_id: int) -> int:
    """How many things were said with a person; for their own question only, never on a busy path."""
    return conn.execute(_COUNT, {"of": person_id}).scalar_one()
