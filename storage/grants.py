"""Calls for grants: kept with every version, checked against their source by somebody else, open to their last day."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from sqlalchemy import Connection, bindparam, func, insert, select, update

from knowledge.grant import Content
from storage import tally
from storage.columns import AnyRow
from storage.grant_tables import grant_file, grant_version
from storage.heads import Head, Heads
from storage.tables import staff

_g, _v = grant_file.c, grant_version.c
STAMP = "grants"  # counts changes: what was worked out under the same number is still true
_READ = select(
    _g.id, _g.uid, _g.version, _g.state, _g.content, _g.pending, _g.editor_id, _g.checker_id, staff.c.name, _g.checked,
    _g.changed_at, _g.mark,
).select_from(grant_file.outerjoin(staff, staff.c.id == _g.checker_id))  # fmt: skip
_ADD = insert(grant_file)
_CHANGE = (
    update(grant_file)
    .where(_g.id == bindparam("of"))
    .values(
        version=_g.version + 1,
        content=func.coalesce(bindparam("new"), _g.content),
        closes=func.coalesce(bindparam("last"), _g.closes),
        pending=bindparam("later"),
        editor_id=bindparam("who"),
        changed_at=bindparam("at"),
        mark=bindparam("hash"),
    )
)
_CHECK = (
    update(grant_file)
    .where(_g.id == bindparam("of"), _g.version == bindparam("after"), _g.state != "away")
    .values(
        state="published",
        content=bindparam("new"),
        closes=bindparam("last"),
        pending=None,
        checker_id=bindparam("who"),
        checked=bindparam("on"),
        changed_at=bindparam("at"),
    )
)
_AWAY = (
    update(grant_file)
    .where(_g.id == bindparam("of"), _g.version == bindparam("after"), _g.state != "away")
    .values(state="away", changed_at=bindparam("at"))
)
_NOTE = insert(grant_version)
_ONE = _READ.where(_g.id == bindparam("of"))
_LATEST = _READ.where(_g.state != "away").order_by(_g.id.desc()).limit(bindparam("at_most"))
_OPEN = (
    _READ.where(_g.state == "published", _g.closes >= bindparam("today"))
    .order_by(_g.closes, _g.id)
    .limit(bindparam("at_most"))
)
_VERSIONS = (
    select(_v.version, _v.at, staff.c.name, _v.what, _v.content)
    .select_from(grant_version.join(staff, staff.c.id == _v.staff_id))
    .where(_v.grant_id == bindparam("of"))
    .order_by(_v.id.desc())
)


class State(StrEnum):
    """Where a call stands; whether it is open follows from its days."""

    DRAFT = "draft"  # nobody else has compared it with its source yet
    PUBLISHED = "published"
    AWAY = "away"  # taken off, never to be seen again


heads = Heads(grant_file, State)


@dataclass(frozen=True)
class Grant:
    """A call as it is now. `pending` is what it will say once somebody else has checked that."""

    id: int
    uid: str
    version: int
    state: State
    content: Content
    pending: Content | None
    editor: int
    checker: int | None
    checker_name: str
    checked: date | None
    changed_at: datetime
    mark: str

    @property
    def newest(self) -> Content:
        """What was written last."""
        return self.pending or self.content


@dataclass(frozen=True)
class Change:
    """What a call is to say, by whom; `after` is the version they had before them, `mark` the hash of an import."""

    content: Content
    staff_id: int
    grant_id: int | None = None
    after: int = 0
    uid: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Version:
    """What was done to a call, and what it said then."""

    version: int
    at: datetime
    staff_name: str
    what: str
    content: Content


def add(conn: Connection, new: Change, now: datetime) -> int:
    """A new call, a draft; its number."""
    uid = new.uid or f"{uuid.uuid4()}@nakodo"
    return add_all(conn, [replace(new, uid=uid)], now)[uid].id


def add_all(conn: Connection, new: Sequence[Change], now: datetime) -> dict[str, Head[State]]:
    """Many of them with a few statements: while ten thousand are added everybody else waits. Each has its `uid`."""
    if not new:
        return {}
    words = {one.uid: one.content.model_dump_json() for one in new}
    rows = [
        {
            "uid": one.uid,
            "version": 1,
            "state": State.DRAFT.value,
            "content": words[one.uid],
            "closes": one.content.closes.isoformat(),
            "editor_id": one.staff_id,
            "changed_at": now,
            "mark": one.mark or None,
        }
        for one in new
    ]
    conn.execute(_ADD, rows)
    made = heads.by_name(conn, list(words))
    _note(conn, [(made[one.uid].id, (1, one.staff_id, "made"), words[one.uid]) for one in new], now)
    return made


def change(conn: Connection, new: Change, now: datetime) -> bool:
    """Another version; what everybody sees stays until somebody else has checked it. False when one was quicker."""
    before = heads.by_number(conn, new.grant_id or 0)
    if before is None or before.version != new.after or before.state is State.AWAY:
        return False
    change_all(conn, [(before, new)], now)
    return True


def change_all(conn: Connection, new: Sequence[tuple[Head[State], Change]], now: datetime) -> None:
    """Another version of each, with a few statements; nobody else can change them since they were read."""
    if not new:
        return
    words = {before.id: one.content.model_dump_json() for before, one in new}
    rows = [
        {
            "of": before.id,
            "new": words[before.id] if before.state is State.DRAFT else None,
            "last": one.content.closes.isoformat() if before.state is State.DRAFT else None,
            "later": None if before.state is State.DRAFT else words[before.id],
            "who": one.staff_id,
            "at": now,
            "hash": one.mark or None,
        }
        for before, one in new
    ]
    conn.execute(_CHANGE, rows)
    said = [(before.id, (before.version + 1, one.staff_id, "changed"), words[before.id]) for before, one in new]
    _note(conn, said, now)


def may_check(of: Grant, staff_id: int) -> bool:
    """What somebody wrote, somebody else must compare with the source; what stands already, anybody may."""
    return of.editor != staff_id or (of.state is State.PUBLISHED and of.pending is None)


def check(conn: Connection, of: Grant, staff_id: int, today: date, now: datetime) -> bool:
    """It says what its source says: from now on everybody sees it. False when somebody was quicker, or it is theirs."""
    if not may_check(of, staff_id):
        return False
    words = of.newest.model_dump_json()
    values = {"of": of.id, "after": of.version, "new": words, "last": of.newest.closes.isoformat(), "who": staff_id}
    if conn.execute(_CHECK, values | {"on": today.isoformat(), "at": now}).rowcount == 0:
        return False
    _note(conn, [(of.id, (of.version, staff_id, "checked"), words)], now)
    return True


def take_away(conn: Connection, of: Grant, staff_id: int, now: datetime) -> bool:
    """Nobody sees it any more; False when somebody was quicker."""
    if conn.execute(_AWAY, {"of": of.id, "after": of.version, "at": now}).rowcount == 0:
        return False
    _note(conn, [(of.id, (of.version, staff_id, "away"), of.content.model_dump_json())], now)
    return True


def _note(conn: Connection, said: Sequence[tuple[int, tuple[int, int, str], str]], now: datetime) -> None:
    rows = [
        {"grant_id": of, "version": version, "at": now, "staff_id": who, "what": deed, "content": words}
        for of, (version, who, deed), words in said
    ]
    conn.execute(_NOTE, rows)
    tally.add(conn, {STAMP: 1})


def stamp(conn: Connection) -> int:
    """The number of the last change."""
    return tally.get(conn, STAMP)[STAMP]


def find(conn: Connection, grant_id: int) -> Grant | None:
    """One call, in whatever state."""
    row = conn.execute(_ONE, {"of": grant_id}).first()
    return None if row is None else _grant(row)


def latest(conn: Connection, at_most: int = 300) -> list[Grant]:
    """The newest, closed ones too, for those who look after them."""
    return [_grant(row) for row in conn.execute(_LATEST, {"at_most": at_most})]


def published(conn: Connection, today: date, at_most: int = 500) -> list[Grant]:
    """What everybody may see: checked, and its last day has not passed; the next deadline first."""
    return [_grant(row) for row in conn.execute(_OPEN, {"today": today.isoformat(), "at_most": at_most})]


def versions(conn: Connection, grant_id: int) -> list[Version]:
    """All that was done to it, newest first."""
    return [
        Version(row.version, row.at, row.name, row.what, _content(row.content))
        for row in conn.execute(_VERSIONS, {"of": grant_id})
    ]


def _grant(row: AnyRow) -> Grant:
    return Grant(
        id=row.id,
        uid=row.uid,
        version=row.version,
        state=State(row.state),
        content=_content(row.content),
        pending=None if row.pending is None else _content(row.pending),
        editor=row.editor_id,
        checker=row.checker_id,
        checker_name=row.name or "",
        checked=None if row.checked is None else date.fromisoformat(row.checked),
        changed_at=row.changed_at,
        mark=row.mark or "",
    )


@lru_cache(maxsize=2048)
def _content(words: str) -> Content:
    return Content.model_validate_json(words)
