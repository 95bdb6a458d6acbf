"""Files of cases on their way out of the house: what is asked for, how many people it is about, and who agreed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from hmac import compare_digest
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, insert, select, text, update

from storage import audit, tokens
from storage.audit import Entry, What
from storage.casefile import WHOLE
from storage.columns import AnyRow
from storage.crypt import Key, Vault
from storage.keeping_tables import export, export_part
from storage.sight import Sight
from storage.tables import OPEN, case_file, staff

_REASON, _DATA = "export.reason", "export_part.data"

UNDECIDED = timedelta(days=7)  # one that waits for a second person
_c, _e, _p = case_file.c, export.c, export_part.c
_second = staff.alias("second")
_READ = (
    select(
        _e.id, _e.staff_id, staff.c.name, _e.at, _e.state, _e.wanted, _e.reason, _e.people, _e.cases, _e.upto,
        _e.after_id, _e.parts, _e.size, _e.written, _second.c.name.label("second"), _e.wrapped_key, _e.token_hash,
        _e.expires_at,
    )
    .select_from(
        export.join(staff, staff.c.id == _e.staff_id).outerjoin(_second, _second.c.id == _e.second_id)
    )
)  # fmt: skip
_ONE = _READ.where(_e.id == bindparam("of"))
_LATEST = _READ.order_by(_e.id.desc()).limit(bindparam("at_most"))
_ADD = insert(export).returning(_e.id)
_DECIDE = update(export).where(_e.id == bindparam("of"), text("state = 'asked'"))
_TOKEN = update(export).where(_e.id == bindparam("of"), text("state = 'ready'")).values(token_hash=bindparam("to"))


class State(StrEnum):
    """Where a file stands."""

    ASKED = "asked"  # waits for a second person
    REFUSED = "refused"
    MAKING = "making"
    READY = "ready"
    GONE = "gone"


class Part(StrEnum):
    """Which cases: all, those that go on, or those that ended."""

    ALL = "all"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class Wanted:
    """Which cases and what of them: one `case_id` with its talk, or a list. Days are the opening's, last one included.

    `secrets`: what was told in private too.
    """

    part: Part = Part.ALL
    topic: str = ""
    since: date | None = None
    until: date | None = None
    case_id: int | None = None
    secrets: bool = False

    def to_json(self) -> str:
        """As the table keeps it."""
        return json.dumps(asdict(self), default=str)

    @classmethod
    def of(cls, kept: str) -> Wanted:
        """From the table."""
        raw = json.loads(kept)
        days = {name: date.fromisoformat(raw[name]) if raw[name] else None for name in ("since", "until")}
        return cls(**(raw | days | {"part": Part(raw["part"])}))


@dataclass(frozen=True)
class Span:
    """The first and the last moment of a day or days on the centre's clock; None leaves a side open."""

    start: datetime | None
    end: datetime | None


@dataclass(frozen=True)
class Counted:
    """How many cases and people a file would hold, up to which case."""

    cases: int
    people: int
    upto: int


@dataclass(frozen=True)
class New:
    """A file to be asked for: by whom, what, why; with `second` it waits until somebody else agrees."""

    staff_id: int
    wanted: Wanted
    why: str
    second: bool


@dataclass(frozen=True)
class Export:
    """A file asked for. `parts`, `size` in bytes and `written` in cases grow while it is made."""

    id: int
    staff_id: int
    staff_name: str
    at: datetime
    state: State
    wanted: Wanted
    reason: str
    people: int
    cases: int
    upto: int
    after_id: int
    parts: int
    size: int
    written: int
    second: str | None
    key: Key | None
    token_hash: bytes | None
    expires_at: datetime


def chosen(wanted: Wanted, span: Span, sight: Sight, upto: int, of: Select[Any] = WHOLE) -> Select[Any]:
    """The cases of a file as a statement, without an order; only what the asker may know of."""
    statement = of.where(_c.id <= upto)
    if wanted.case_id is not None:
        statement = statement.where(_c.id == wanted.case_id)
    if wanted.part is Part.OPEN:
        statement = statement.where(text("case_file." + OPEN))
    if wanted.part is Part.CLOSED:
        statement = statement.where(text("case_file.state = 'closed'"))
    if wanted.topic:
        statement = statement.where(_c.topic == wanted.topic)
    if span.start is not None:
        statement = statement.where(_c.opened_at >= span.start)
    if span.end is not None:
        statement = statement.where(_c.opened_at < span.end)
    return sight.narrow(statement)


def count(conn: Connection, wanted: Wanted, span: Span, sight: Sight) -> Counted:
    """What a file would hold now. Looks at every such case: for whoever asks for a file, not for a page."""
    inner = chosen(wanted, span, sight, 2**62, select(_c.id, _c.person_id)).subquery()
    row = conn.execute(
        select(func.count(), func.count(inner.c.person_id.distinct()), func.max(inner.c.id)).select_from(inner)
    ).one()
    return Counted(row[0], row[1], row[2] or 0)


def ask(conn: Connection, vault: Vault, new: New, counted: Counted, now: datetime) -> int:
    """Ask for a file. Its number."""
    row = {
        "staff_id": new.staff_id,
        "at": now,
        "state": (State.ASKED if new.second else State.MAKING).value,
        "wanted": new.wanted.to_json(),
        "reason": vault.seal(vault.house, _REASON, new.why),
        "people": counted.people,
        "cases": counted.cases,
        "upto": counted.upto,
        "after_id": 0,
        "wrapped_key": vault.new_person_key()[1],
        "next_at": now,
        "expires_at": now + UNDECIDED,
    }
    number: int = conn.execute(_ADD, row).scalar_one()
    about = (new.wanted.case_id,) if new.wanted.case_id is not None else ()
    audit.add(conn, vault, [Entry(new.staff_id, What.EXPORT, about)], now)
    return number


def latest(conn: Connection, vault: Vault, at_most: int = 50) -> list[Export]:
    """The newest files that were asked for."""
    return [_export(vault, row) for row in conn.execute(_LATEST, {"at_most": at_most})]


def find(conn: Connection, vault: Vault, number: int) -> Export | None:
    """One of them."""
    row = conn.execute(_ONE, {"of": number}).first()
    return None if row is None else _export(vault, row)


def decide(conn: Connection, vault: Vault, one: Export, by: tuple[int, bool], now: datetime) -> bool:
    """A second person (member, yes or no) decides; False for the asker themselves, and when it is decided already."""
    staff_id, yes = by
    if staff_id == one.staff_id:
        return False
    to = State.MAKING if yes else State.REFUSED
    values = {"state": to.value, "second_id": staff_id, "decided_at": now, "next_at": now}
    if conn.execute(_DECIDE.values(values), {"of": one.id}).rowcount == 0:
        return False
    audit.add(conn, vault, [Entry(staff_id, What.EXPORT_YES if yes else What.EXPORT_NO, about=one.staff_id)], now)
    return True


def make_token(conn: Connection, number: int) -> str | None:
    """The word by which it is fetched, of which a hash is kept; an earlier one opens nothing. None: it is not ready."""
    token = tokens.draw()
    return token if conn.execute(_TOKEN, {"of": number, "to": tokens.hashed(token)}).rowcount else None


def opens(one: Export, token: str, now: datetime) -> bool:
    """Whether this word fetches it now."""
    there = one.state is State.READY and one.token_hash is not None and now < one.expires_at
    return there and compare_digest(one.token_hash or b"", tokens.hashed(token))


def _export(vault: Vault, row: AnyRow) -> Export:
    return Export(
        id=row.id,
        staff_id=row.staff_id,
        staff_name=row.name,
        at=row.at,
        state=State(row.state),
        wanted=Wanted.of(row.wanted),
        reason=vault.unseal_text(vault.house, _REASON, row.reason),
        people=row.people,
        cases=row.cases,
        upto=row.upto,
        after_id=row.after_id,
        parts=row.parts,
        size=row.size,
        written=row.written,
        second=row.second,
        key=None if row.wrapped_key is None else vault.unwrap(row.wrapped_key),
        token_hash=row.token_hash,
        expires_at=row.expires_at,
    )
