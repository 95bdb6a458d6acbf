"""The queue of cases, opened, claimed by one, handed back and closed; holder and state change only here."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, exists, insert, not_, or_, select, text, true, update

from storage import feed, tally
from storage.calls import file_into
from storage.casefile import (
    HEAD,
    RECORD,
    ROWS,
    WHOLE,
    By,
    Case,
    CaseHead,
    Event,
    Mode,
    Opening,
    State,
    Who,
    head,
    whole,
)
from storage.clock_columns import NEVER
from storage.columns import Moment
from storage.crypt import Vault
from storage.folders import Counts, Which, counts
from storage.tables import OPEN, case_event, case_file, staff
from storage.twins import insert_new

__all__ = [
    "By", "Case", "CaseHead", "Counts", "Event", "Mode", "Opening", "RefTaken", "State", "Which", "Who",
    "by_ref", "claim", "close", "counts", "draw_ref", "file_into", "get", "hand_over", "head_of", "history",
    "link", "of_person", "of_person_open", "open_case", "pend", "pending_due", "release", "reopen", "set_state",
    "wrote",
]  # fmt: skip

# Read out over the telephone: nothing that looks or sounds like something else (0/O, 1/I/L).
_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_c = case_file.c
_NEW = insert_new(case_file, case_file.c.id)
_EVENT = insert(case_event)
_GET = WHOLE.where(_c.id == bindparam("of"))
_HEAD = HEAD.where(_c.id == bindparam("of"))
_BY_REF = HEAD.where(_c.ref == bindparam("of"))
# Not sorted here: SQLite would walk through every open case to save itself the sorting of one or two.
_OPEN_OF = HEAD.where(_c.person_id.in_(bindparam("ids", expanding=True)), text("case_file." + OPEN))
_ALL_OF = WHOLE.where(_c.person_id == bindparam("of")).order_by(_c.id.desc())
_DUE = HEAD.where(text("case_file.state = 'pending'"), _c.pending_until <= bindparam("now")).order_by(_c.id)
_HISTORY = (
    select(
        case_event.c.id,
        case_event.c.at,
        case_event.c.who_kind,
        case_event.c.staff_id,
        staff.c.name,
        case_event.c.kind,
        case_event.c.data,
    )
    .select_from(case_event.outerjoin(staff, staff.c.id == case_event.c.staff_id))
    .where(case_event.c.case_id == bindparam("of"))
    .order_by(case_event.c.id)
)
_CHANGE = update(case_file).where(_c.id == bindparam("of"), text(OPEN))
_STEP = {"version": _c.version + 1, "changed_at": bindparam("now")}
_WAITS = (State.WAITING_PERSON.value, State.PENDING.value)
_NOW = bindparam("now", type_=Moment())
_UNANSWERED = case((_c.first_reply_at.is_(None), _NOW))  # who was never answered waits again when the case goes on
_LAID_BY = and_(_c.state.in_(_WAITS), _c.asked_at.is_(None))
_GOES_ON = {"clock_stale": true(), "asked_at": case((_LAID_BY, _UNANSWERED), else_=_c.asked_at)}
_STOPS = {"clock_stale": true(), "asked_at": None}
_OVER = {"clock_stale": False, "due_at": None, "due_clock": None, "warn_at": None, "warned": 0, "order_at": NEVER}
_AT_WORK: dict[str, Any] = {
    "holder": bindparam("to"),
    "state": "claimed",
    "claimed_at": bindparam("now"),
    "pending_until": None,
}
_TAKEN = _STEP | _GOES_ON | _AT_WORK
_CLAIM = _CHANGE.where(_c.holder.is_(None)).values(_TAKEN).returning(_c.topic, _c.person_id)
_HAND_OVER = _CHANGE.where(_c.holder == bindparam("from")).values(_TAKEN).returning(_c.topic, _c.person_id)
_RELEASE = (
    _CHANGE.where(_c.holder == bindparam("from"))
    .values(_STEP | _GOES_ON | {"holder": None, "state": "new", "claimed_at": None, "pending_until": None})
    .returning(_c.topic, _c.person_id)
)
_SET = (
    _CHANGE.where(or_(bindparam("to") != "claimed", _c.holder.is_not(None)))
    .values(_STEP | {"state": bindparam("to"), "pending_until": bindparam("until")})
    .returning(_c.topic, _c.person_id)
)
_HELD = select(_c.holder).where(_c.id == bindparam("of"), text(OPEN)).with_for_update()
_CLOSE = _CHANGE.values(
    _STEP | _OVER | {"state": "closed", "closed_at": bindparam("now"), "holder": None, "pending_until": None}
).returning(_c.topic, _c.person_id)
_ANEW = {"clock_stale": true(), "asked_at": _UNANSWERED, "ran": 0, "ran_from": _NOW, "promised_at": None}
_other = case_file.alias("other")
_NO_OTHER = not_(exists().where(_other.c.person_id == _c.person_id, text("other." + OPEN)))
_REOPEN_BESIDE = (
    update(case_file)
    .where(_c.id == bindparam("of"), text("case_file.state = 'closed'"), _c.person_id.is_not(None))
    .values(_STEP | _ANEW | {"state": "new", "closed_at": None, "holder": None, "claimed_at": None})
    .returning(_c.topic, _c.person_id)
)

_REOPEN = _REOPEN_BESIDE.where(_NO_OTHER)


def open_case(conn: Connection, vault: Vault, new: Opening, now: datetime) -> CaseHead:
    """A new case at the end of the queue, with a reference nobody can guess."""
    values = {
        "person_id": new.person_id,
        "contact_id": new.contact_id,
        "flow": new.flow,
        "revision": new.revision,
        "topic": new.topic,
        "topics": json.dumps(list(new.topics)),
        "urgency": new.urgency,
        "mode": new.mode.value,
        "state": State.NEW.value,
        "opened_at": now,
        "changed_at": now,
        "why": new.why,
        "rows": None if new.rows is None else vault.seal_json(new.key, ROWS, new.rows),
        "record": None if new.record is None else vault.seal_json(new.key, RECORD, new.record),
        "language": new.language,
        "asked_at": now,
        "ran_from": now,
        "rank": 0 if new.why == "urgent" else 1,
        "promised_at": new.promised,
    }
    case_id = None
    while case_id is None:  # a reference that is taken is drawn again: once in 27,000 million
        case_id = conn.execute(_NEW[conn.dialect.name], [values | {"ref": new.ref or draw_ref()}]).scalar()
        if case_id is None and new.ref:
            raise RefTaken("the reference that was told is taken; hear the message again with another")
    wrote(conn, feed.Change(now, "opened", case_id, new.person_id), By(Who.PERSON), {"why": new.why})
    tally.add(conn, {"case:open": 1, "case:unassigned": 1, "case:topic:" + new.topic: 1})
    return head(conn.execute(_HEAD, {"of": case_id}).one())


class RefTaken(Exception):
    """The drawn reference belongs to another case already."""


def draw_ref() -> str:
    """A reference for a case, such as K7M-4QH2: about 27,000 million of them, none to be guessed."""
    number, signs = secrets.randbits(64), ""
    for _ in range(7):  # 64 bits are so many more than seven signs need that no sign is likelier than another
        number, at = divmod(number, len(_SIGNS))
        signs += _SIGNS[at]
    return f"{signs[:3]}-{signs[3:]}"


def claim(conn: Connection, case_id: int, staff_id: int, now: datetime) -> bool:
    """Take a case nobody holds. Of any number who try at once, one gets True."""
    row = conn.execute(_CLAIM, {"of": case_id, "to": staff_id, "now": now}).first()
    if row is None:
        return False
    wrote(conn, feed.Change(now, "claimed", case_id, row.person_id), By(Who.STAFF, staff_id))
    tally.add(conn, {"case:unassigned": -1, f"case:holder:{staff_id}": 1})
    return True


def hand_over(conn: Connection, case_id: int, from_id: int, to_id: int, now: datetime) -> bool:
    """From one coordinator to another; False when the first does not hold it."""
    row = conn.execute(_HAND_OVER, {"of": case_id, "from": from_id, "to": to_id, "now": now}).first()
    if row is None:
        return False
    wrote(conn, feed.Change(now, "handed_over", case_id, row.person_id), By(Who.STAFF, from_id), {"to": to_id})
    tally.add(conn, {} if from_id == to_id else {f"case:holder:{from_id}": -1, f"case:holder:{to_id}": 1})
    return True


def release(conn: Connection, case_id: int, staff_id: int, now: datetime, by: By | None = None) -> bool:
    """Give it back: the bot speaks again and anybody may claim it. False when `staff_id` does not hold it.

    `by` is whose doing it was: the holder's, unless the person sent them away.
    """
    row = conn.execute(_RELEASE, {"of": case_id, "from": staff_id, "now": now}).first()
    if row is None:
        return False
    wrote(conn, feed.Change(now, "released", case_id, row.person_id), by or By(Who.STAFF, staff_id))
    tally.add(conn, {"case:unassigned": 1, f"case:holder:{staff_id}": -1})
    return True


def close(conn: Connection, case_id: int, by: By, now: datetime, why: str = "") -> bool:
    """The end of a case; False when it is closed already."""
    held = conn.execute(_HELD, {"of": case_id}).first()
    if held is None:
        return False
    row = conn.execute(_CLOSE, {"of": case_id, "now": now}).one()
    wrote(conn, feed.Change(now, "closed", case_id, row.person_id), by, {"why": why} if why else {})
    holder = "case:unassigned" if held.holder is None else f"case:holder:{held.holder}"
    tally.add(conn, {"case:open": -1, holder: -1, "case:topic:" + row.topic: -1})
    return True


def reopen(conn: Connection, case_id: int, by: By, now: datetime, *, beside: bool = False) -> bool:
    """Back into the queue, held by nobody; False when it or (but `beside`) one of its person is open, or they left."""
    plain = _REOPEN_BESIDE if beside else _REOPEN
    again = plain.values(asked_at=_NOW) if by.who is Who.PERSON else plain  # whoever opens it themselves waits
    row = conn.execute(again, {"of": case_id, "now": now}).first()
    if row is None:
        return False
    wrote(conn, feed.Change(now, "reopened", case_id, row.person_id), by)
    tally.add(conn, {"case:open": 1, "case:unassigned": 1, "case:topic:" + row.topic: 1})
    return True


def link(conn: Connection, one: CaseHead, other: CaseHead, by: By, now: datetime) -> None:
    """Note in each of two cases of a person that there is the other; noted already, nothing happens."""
    for at, beside in ((one, other), (other, one)):
        data = {"case": beside.id, "ref": beside.ref}
        if not any(event.kind == "linked" and event.data == data for event in history(conn, at.id)):
            wrote(conn, feed.Change(now, "linked", at.id, at.person_id), by, data)


def set_state(conn: Connection, case_id: int, to: State, by: By, now: datetime) -> bool:
    """Say what an open case waits for, or that it waits no more (CLAIMED, if held); False when closed."""
    if to not in (State.CLAIMED, State.WAITING_PERSON, State.WAITING_PARTNER):
        raise ValueError(f"a case becomes {to} by a function of its own")
    return _set(conn, {"of": case_id, "to": to.value, "until": None, "now": now}, by)


def pend(conn: Connection, case_id: int, until: datetime, by: By, now: datetime) -> bool:
    """Lay an open case aside until a moment; False when it is closed."""
    return _set(conn, {"of": case_id, "to": State.PENDING.value, "until": until, "now": now}, by)


def _set(conn: Connection, values: dict[str, Any], by: By) -> bool:
    statement = _SET.values(_STOPS if values["to"] in _WAITS else _GOES_ON)
    row = conn.execute(statement, values).first()
    if row is None:
        return False
    wrote(conn, feed.Change(values["now"], "state", values["of"], row.person_id), by, {"to": values["to"]})
    return True


def wrote(conn: Connection, change: feed.Change, by: By, data: dict[str, Any] | None = None) -> None:
    """A step in the history of a case; `data` holds keys and numbers, never anything personal."""
    row = {"case_id": change.case_id, "at": change.at, "who_kind": by.who.value, "staff_id": by.staff_id}
    conn.execute(_EVENT, row | {"kind": change.kind, "data": json.dumps(data) if data else None})
    feed.add(conn, [change])


def of_person_open(conn: Connection, person_ids: Sequence[int]) -> dict[int, CaseHead]:
    """The open case of each person: the one somebody holds, else the newest. People without one are left out."""
    found: dict[int, CaseHead] = {}
    rows = conn.execute(_OPEN_OF, {"ids": person_ids}).all() if person_ids else []
    for row in sorted(rows, key=lambda one: one.id):
        old, new = found.get(row.person_id), head(row)
        if old is None or old.holder is None or new.holder is not None:
            found[row.person_id] = new
    return found


def of_person(conn: Connection, vault: Vault, person_id: int) -> list[Case]:
    """Every case of a person with its content, newest first: what we answer to "what do you have of me?"."""
    return [whole(vault, row) for row in conn.execute(_ALL_OF, {"of": person_id})]


def get(conn: Connection, vault: Vault, case_id: int) -> Case | None:
    """A case with its content."""
    row = conn.execute(_GET, {"of": case_id}).first()
    return None if row is None else whole(vault, row)


def by_ref(conn: Connection, ref: str) -> CaseHead | None:
    """The case of a reference as people type it: small letters, spaces and a missing dash are forgiven."""
    signs = "".join(sign for sign in ref.upper() if sign in _SIGNS)
    row = conn.execute(_BY_REF, {"of": signs[:3] + "-" + signs[3:]}).first()
    return None if row is None else head(row)


def history(conn: Connection, case_id: int) -> list[Event]:
    """Every step of a case, oldest first."""
    return [
        Event(id_, at, Who(who), staff_id, name, kind, json.loads(data) if data else {})
        for id_, at, who, staff_id, name, kind, data in conn.execute(_HISTORY, {"of": case_id})
    ]


def pending_due(conn: Connection, now: datetime) -> list[CaseHead]:
    """The cases whose waiting time is over."""
    return [head(row) for row in conn.execute(_DUE, {"now": now})]


def head_of(conn: Connection, case_id: int) -> CaseHead | None:
    """The cover of a case."""
    row = conn.execute(_HEAD, {"of": case_id}).first()
    return None if row is None else head(row)
