"""What a manager ordered to be deleted: it waits a moment for second thoughts, then goes in small steps, for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, insert, select, text, update

from storage import audit, keeping, people
from storage.audit import Entry, What
from storage.casefile import CaseHead
from storage.columns import AnyRow
from storage.crypt import Vault
from storage.emptying import empty_cases
from storage.keeping import Kind
from storage.keeping_tables import TO_DO, deletion, hold
from storage.tables import OPEN, case_file, message, note, staff
from storage.thing_tables import thing
from storage.ties import SHOWN_ELSEWHERE

PERSON, CASE = "person", "case"
_c, _f = deletion.c, case_file.c
_ADD = insert(deletion).returning(_c.id)
_READ = select(
    _c.id, _c.staff_id, staff.c.name, _c.at, _c.kind, _c.target, _c.before, _c.foreseen, _c.gone, _c.state, _c.next_at,
    _c.done_at,
).join(staff, staff.c.id == _c.staff_id)  # fmt: skip
_ONE = _READ.where(_c.id == bindparam("of"))
_LATEST = _READ.order_by(_c.id.desc()).limit(bindparam("at_most"))
_NEXT = select(_c.id).where(_c.id == bindparam("of"), text(TO_DO), _c.next_at <= bindparam("now")).with_for_update()
_DUE = select(_c.id).where(text(TO_DO), _c.next_at <= bindparam("now")).order_by(_c.next_at)
_MOVE = update(deletion).where(_c.id == bindparam("of"))
_KEEP = _MOVE.where(text("state = 'waiting'"), _c.next_at > bindparam("now")).values(state="kept")
_CASES = select(_f.id).where(_f.person_id == bindparam("of")).order_by(_f.id)
_OPEN = select(_f.id).where(_f.person_id == bindparam("of"), text("case_file." + OPEN)).limit(1)
_HELD = exists().where(hold.c.case_id == _f.id, hold.c.ended_at.is_(None))
_HELD_CASE = select(_f.id).where(_f.id == bindparam("of"), _HELD)
_SHOWN_CASE = select(_f.id).where(_f.id == bindparam("of"), _f.id.in_(SHOWN_ELSEWHERE))
_HELD_PERSON = select(_f.id).where(_f.person_id == bindparam("of"), _HELD).limit(1)
_COUNTS = {table.name: select(func.count()).select_from(table) for table in (message, note, thing)}


class State(StrEnum):
    """Where an order stands."""

    WAITING = "waiting"  # for second thoughts
    GOING = "going"
    DONE = "done"
    KEPT = "kept"  # taken back in time
    STOPPED = "stopped"  # what it was for is open again, or on hold


@dataclass(frozen=True)
class Order:
    """What is to go: a person or case by number (`kind` PERSON or CASE), or of a class what is older than `before`."""

    kind: str
    target: int | None = None
    before: datetime | None = None


@dataclass(frozen=True)
class Deletion:
    """An order as it stands."""

    id: int
    staff_id: int
    staff_name: str
    at: datetime
    order: Order
    foreseen: int
    gone: int
    state: State
    next_at: datetime
    done_at: datetime | None


@dataclass(frozen=True)
class Foreseen:
    """What an order would delete: how many of each, by name; `stays` is a key of why it cannot, "" when it can."""

    counts: dict[str, int]
    stays: str = ""

    @property
    def whole(self) -> int:
        """All of it."""
        return sum(self.counts.values())


def foresee_case(conn: Connection, head: CaseHead) -> Foreseen:
    """What would go of a case."""
    return Foreseen(_count(conn, [head.id]), _stays(conn, Order(CASE, head.id)))


def foresee_person(conn: Connection, person_id: int) -> Foreseen:
    """What would go of a person: all of it."""
    ids = list(conn.execute(_CASES, {"of": person_id}).scalars())
    said = conn.execute(_COUNTS["message"].where(message.c.person_id == person_id)).scalar_one()
    counts = {"case": len(ids)} | _count(conn, ids) | {"message": said}
    return Foreseen(counts, _stays(conn, Order(PERSON, person_id)))


def _count(conn: Connection, case_ids: list[int]) -> dict[str, int]:
    tables = (message, note, thing)
    return {
        table.name: conn.execute(_COUNTS[table.name].where(table.c.case_id.in_(case_ids))).scalar_one()
        for table in tables
    }


def _stays(conn: Connection, order: Order) -> str:
    of = {"of": order.target}
    if order.kind == PERSON:
        held, opened = conn.execute(_HELD_PERSON, of).first(), conn.execute(_OPEN, of).first()
    else:
        held = conn.execute(_HELD_CASE, of).first()
        opened = conn.execute(select(_f.id).where(_f.id == order.target, text("case_file." + OPEN))).first()
        if conn.execute(_SHOWN_CASE, of).first() and not (held or opened):
            return "shown"
    return "held" if held else "open" if opened else ""


def add(conn: Connection, vault: Vault, new: tuple[int, Order, int], at: datetime, now: datetime) -> int:
    """Order it: (member, what, how many were foreseen), to begin at a moment. Its number."""
    staff_id, order, foreseen = new
    row = {"staff_id": staff_id, "at": now, "kind": order.kind, "target": order.target, "before": order.before}
    row |= {"foreseen": foreseen, "gone": 0, "state": State.WAITING.value, "next_at": at}
    number: int = conn.execute(_ADD, row).scalar_one()
    audit.add(conn, vault, [Entry(staff_id, What.DELETE, _cases_of(conn, order))], now)
    return number


def _cases_of(conn: Connection, order: Order) -> tuple[int, ...]:
    if order.target is None:
        return ()
    return (order.target,) if order.kind == CASE else tuple(conn.execute(_CASES, {"of": order.target}).scalars())


def keep(conn: Connection, vault: Vault, one: Deletion, staff_id: int, now: datetime) -> bool:
    """Take it back; False when it has begun."""
    if conn.execute(_KEEP, {"of": one.id, "now": now}).rowcount == 0:
        return False
    audit.add(conn, vault, [Entry(staff_id, What.KEEP, _cases_of(conn, one.order))], now)
    return True


def latest(conn: Connection, at_most: int = 50) -> list[Deletion]:
    """The newest orders."""
    return [_deletion(row) for row in conn.execute(_LATEST, {"at_most": at_most})]


def find(conn: Connection, number: int) -> Deletion | None:
    """One of them."""
    row = conn.execute(_ONE, {"of": number}).first()
    return None if row is None else _deletion(row)


def due(conn: Connection, now: datetime) -> list[int]:
    """The numbers of what is to be done now."""
    return list(conn.execute(_DUE, {"now": now}).scalars())


def left(conn: Connection, number: int) -> list[Any]:
    """What an order for a whole class has still to let go, some of it. Asked before a `step`."""
    one = find(conn, number)
    if one is None or one.order.before is None:
        return []
    kind = Kind(one.order.kind)
    return list(keeping.found(conn, kind, one.order.before, keeping.AT_ONCE.get(kind, keeping.ROWS_AT_ONCE)))


def step(conn: Connection, vault: Vault, number: int, keys: Sequence[Any], now: datetime) -> bool:
    """Do the next few of an order, in the caller's transaction; False when there is nothing left to do."""
    due_ = conn.execute(_NEXT, {"of": number, "now": now}).first()
    one = None if due_ is None else find(conn, number)
    if one is None:
        return False
    gone, case_ids, state = _go(conn, one, keys, now)
    if gone:
        audit.add(conn, vault, [Entry(one.staff_id, What.DELETED, case_ids)], now)
    over = state is not State.GOING
    # Not leased: the next step is another transaction, and whoever comes first does it.
    values = {"gone": one.gone + gone, "state": state.value, "next_at": now, "done_at": now if over else None}
    conn.execute(_MOVE.values(values), {"of": one.id})
    return True


def _go(conn: Connection, one: Deletion, keys: Sequence[Any], now: datetime) -> tuple[int, tuple[int, ...], State]:
    """How many went, of which cases, and where the order stands then."""
    order = one.order
    if order.before is not None:
        gone, ids = keeping.purge(conn, Kind(order.kind), keys, order.before, now)
        return gone, tuple(ids), State.GOING if keys else State.DONE
    if order.target is None or _stays(conn, order):
        return 0, (), State.STOPPED
    ids_of = _cases_of(conn, order)
    if order.kind == CASE:
        return len(empty_cases(conn, [order.target], now)), ids_of, State.DONE
    return int(people.forget(conn, order.target, now)), ids_of, State.DONE


def _deletion(row: AnyRow) -> Deletion:
    order = Order(row.kind, row.target, row.before)
    return Deletion(
        row.id,
        row.staff_id,
        row.name,
        row.at,
        order,
        row.foreseen,
        row.gone,
        State(row.state),
        row.next_at,
        row.done_at,
    )
