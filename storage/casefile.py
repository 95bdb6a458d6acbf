"""A case as it lies in the cabinet: its states, its cover, its content, and how a row becomes one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from storage.columns import AnyRow
from storage.crypt import Key, Vault
from storage.tables import case_file, person, staff

ROWS, RECORD = "case_file.rows", "case_file.record"


class State(StrEnum):
    """Where a case stands."""

    NEW = "new"
    CLAIMED = "claimed"
    WAITING_PERSON = "waiting_person"
    WAITING_PARTNER = "waiting_partner"
    PENDING = "pending"
    CLOSED = "closed"


class Mode(StrEnum):
    """Where the content of the talk may be written: only on our own page, or on the channel as well."""

    PRIVATE = "private"
    OPEN = "open"


class Who(StrEnum):
    """Whose doing something was."""

    PERSON = "person"
    BOT = "bot"
    STAFF = "staff"
    SYSTEM = "system"


@dataclass(frozen=True)
class By:
    """Who did it; `staff_id` with Who.STAFF."""

    who: Who
    staff_id: int | None = None


@dataclass(frozen=True)
class Opening:
    """What a new case is made of. `rows` are the answers as shown on the check page, `record` the flow's own JSON.

    `key` is the person's. `why` is a key: "flow", "asked", "urgent" … `ref` is a drawn reference that the person has
    been told already; without it one is drawn. `promised` is by when they were told that somebody answers.
    """

    person_id: int
    key: Key
    contact_id: int | None
    flow: str
    revision: int
    topic: str
    urgency: str
    mode: Mode
    why: str
    language: str
    topics: Sequence[str] = ()
    rows: Any = None
    record: Any = None
    ref: str = ""
    promised: datetime | None = None


@dataclass(frozen=True)
class CaseHead:
    """The cover of a case: nothing personal. `person_id` is None once the person was forgotten.

    `due_at` is what breaks first, of the clock `due_clock`; `warned` how far that was warned of (clocking.py), and
    `order_at` its place in the queue. `promised_at` is the moment that the person was told.
    """

    id: int
    ref: str
    person_id: int | None
    contact_id: int | None
    flow: str
    revision: int
    topic: str
    topics: tuple[str, ...]
    urgency: str
    mode: Mode
    state: State
    holder: int | None
    holder_name: str | None
    claimed_at: datetime | None
    pending_until: datetime | None
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    why: str
    version: int
    language: str
    last_in_at: datetime | None
    first_reply_at: datetime | None
    asked_at: datetime | None
    due_at: datetime | None
    due_clock: str | None
    warned: int
    order_at: datetime
    promised_at: datetime | None


@dataclass(frozen=True)
class Case:
    """A case with its content; `rows` and `record` are None when there is none or the person was forgotten."""

    head: CaseHead
    rows: Any
    record: Any


@dataclass(frozen=True)
class Event:
    """A step in the history of a case; `data` holds keys and numbers, never anything personal."""

    id: int
    at: datetime
    who: Who
    staff_id: int | None
    staff_name: str | None
    kind: str
    data: dict[str, Any]


_c = case_file.c
HEAD = select(
    _c.id,
    _c.ref,
    _c.person_id,
    _c.contact_id,
    _c.flow,
    _c.revision,
    _c.topic,
    _c.topics,
    _c.urgency,
    _c.mode,
    _c.state,
    _c.holder,
    staff.c.name,
    _c.claimed_at,
    _c.pending_until,
    _c.opened_at,
    _c.changed_at,
    _c.closed_at,
    _c.why,
    _c.version,
    _c.language,
    _c.last_in_at,
    _c.first_reply_at,
    _c.asked_at,
    _c.due_at,
    _c.due_clock,
    _c.warned,
    _c.order_at,
    _c.promised_at,
).select_from(case_file.outerjoin(staff, staff.c.id == _c.holder))
_WIDTH = len(HEAD.selected_columns)
WHOLE = (
    HEAD.add_columns(_c.rows, _c.record, person.c.wrapped_key)
    .select_from(case_file)
    .outerjoin(person, person.c.id == _c.person_id)
)


def head(row: AnyRow) -> CaseHead:
    """The cover, from a row of HEAD or WHOLE."""
    parts = list(row[:_WIDTH])
    parts[7] = tuple(json.loads(parts[7]))
    parts[9], parts[10] = Mode(parts[9]), State(parts[10])
    return CaseHead(*parts)


def whole(vault: Vault, row: AnyRow) -> Case:
    """Cover and content, from a row of WHOLE."""
    rows, record, wrapped = row[_WIDTH:]
    if wrapped is None:
        return Case(head(row), None, None)
    key = vault.unwrap(wrapped)
    return Case(
        head(row),
        None if rows is None else vault.unseal_json(key, ROWS, rows),
        None if record is None else vault.unseal_json(key, RECORD, record),
    )
