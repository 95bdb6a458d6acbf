"""A person adds to their open case: calls for somebody once more, writes words of danger, or sends a form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, text, true, update

from storage import feed, indexing, tally
from storage.casefile import RECORD, ROWS, WHOLE, Case, CaseHead, Mode, Opening, State, whole
from storage.columns import Moment
from storage.crypt import Key, Vault
from storage.findable import Kind
from storage.tables import OPEN, case_event, case_file

_SOONEST = ("today", "week", "month", "none")

_EVENT = insert(case_event)
# Whoever calls again waits from now on, if they did not wait already.
_ASKS = {"clock_stale": true(), "asked_at": func.coalesce(case_file.c.asked_at, bindparam("now", type_=Moment()))}
_CALLED = update(case_file).where(case_file.c.id == bindparam("of"), text(OPEN)).values(_ASKS)
_URGENT = (
    update(case_file)
    .where(case_file.c.id == bindparam("of"), text(OPEN))
    .values(
        urgency="today",
        why="urgent",
        rows=bindparam("sealed"),
        searched=False,
        version=case_file.c.version + 1,
        changed_at=bindparam("now"),
        rank=0,
        **_ASKS,
    )
)
_GET = WHOLE.where(case_file.c.id == bindparam("of"))
_FILE = (
    update(case_file)
    .where(case_file.c.id == bindparam("of"), text(OPEN))
    .values(version=case_file.c.version + 1, changed_at=bindparam("now"), **_ASKS)
)
_REWRITE = (
    update(case_file)
    .where(case_file.c.id == bindparam("of"))
    .values(
        version=case_file.c.version + 1,
        changed_at=bindparam("now"),
        rows=bindparam("r"),
        record=bindparam("all"),
        searched=False,
    )
)


def file_into(conn: Connection, vault: Vault, case_id: int, new: Opening, now: datetime) -> bool:
    """A form that was sent goes into the case which is open already; False when that is closed.

    What the person had said before stays, unless the form says it again; the case grows more urgent or more private,
    never less, except that a case which was only private for want of a form takes the form's mode.
    """
    row = conn.execute(_GET, {"of": case_id}).first()
    old = None if row is None else whole(vault, row)
    if old is None or old.head.state is State.CLOSED:
        return False
    head, first = old.head, old.head.flow == ""
    open_again = new.mode is Mode.OPEN and head.why != "urgent" and (first or head.mode is Mode.OPEN)
    topic = new.topic if first else head.topic
    values = {
        "flow": new.flow,
        "revision": new.revision,
        "topic": topic,
        "topics": json.dumps(list(dict.fromkeys([*head.topics, *new.topics]))),
        "urgency": min(head.urgency, new.urgency, key=_SOONEST.index),
        "mode": (Mode.OPEN if open_again else Mode.PRIVATE).value,
        "rows": vault.seal_json(new.key, ROWS, _together(old, new.rows or [])),
        "record": vault.seal_json(new.key, RECORD, {**(old.record or {}), **(new.record or {})}),
        "searched": False,
    }
    indexing.gone(conn, Kind.ANSWERED, case_file.c.id == case_id)
    conn.execute(_FILE.values(values), {"of": case_id, "now": now})
    conn.execute(_EVENT, {"case_id": case_id, "at": now, "who_kind": "person", "kind": "filed"})
    feed.add(conn, [feed.Change(now, "filed", case_id, new.person_id)])
    if topic != head.topic:
        tally.add(conn, {"case:topic:" + head.topic: -1, "case:topic:" + topic: 1})
    return True


def _together(old: Case, rows: list[Any]) -> list[Any]:
    """Answers noted on the way to a person give way to the sent ones; those of an earlier form are kept beside them."""
    sent = {row[0] for row in rows}
    kept = [row for row in old.rows or () if (row not in rows if old.head.flow else row[0] not in sent)]
    return [*kept, *rows]


def called(conn: Connection, change: feed.Change, data: Mapping[str, str] | None = None) -> None:
    """Write what the person did into the history, and tell every open page; a wish for a person starts a clock."""
    if change.kind == "called":
        conn.execute(_CALLED, {"of": change.case_id, "now": change.at})
    row = {"case_id": change.case_id, "at": change.at, "who_kind": "person", "kind": change.kind}
    conn.execute(_EVENT, row | {"data": json.dumps(data) if data else None})
    feed.add(conn, [change])


@dataclass(frozen=True)
class Danger:
    """The kind of danger as a key, and as staff read it: never the person's words. `key` is the person's."""

    reason: str
    label: str
    named: str
    key: Key


def alarmed(conn: Connection, vault: Vault, case_id: int, danger: Danger, now: datetime) -> None:
    """Words of danger: the case goes to the top of the queue as urgent, and says what kind of danger it is."""
    row = conn.execute(_GET, {"of": case_id}).one()
    noted = ["danger", danger.label, danger.named]
    rows = [noted, *(one for one in whole(vault, row).rows or () if one != noted)]
    indexing.gone(conn, Kind.ANSWERED, case_file.c.id == case_id)
    conn.execute(_URGENT, {"of": case_id, "now": now, "sealed": vault.seal_json(danger.key, ROWS, rows)})
    event = {"case_id": case_id, "at": now, "who_kind": "person", "kind": "alarm"}
    conn.execute(_EVENT, event | {"data": json.dumps({"reason": danger.reason})})
    feed.add(conn, [feed.Change(now, "alarm", case_id, row.person_id)])


@dataclass(frozen=True)
class Content:
    """What a case holds from now on, sealed with the person's `key`."""

    key: Key
    rows: list[Any]
    record: dict[str, Any] | None


def rewrite(conn: Connection, vault: Vault, head: CaseHead, new: Content, now: datetime) -> None:
    """Leave out of a case, open or closed, what its person took back; open pages are told."""
    record = None if new.record is None else vault.seal_json(new.key, RECORD, new.record)
    rows = vault.seal_json(new.key, ROWS, new.rows)
    indexing.gone(conn, Kind.ANSWERED, case_file.c.id == head.id)
    conn.execute(_REWRITE, {"of": head.id, "now": now, "r": rows, "all": record})
    feed.add(conn, [feed.Change(now, "withdrawn", head.id, head.person_id)])
