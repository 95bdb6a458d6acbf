"""Who of the centre has to do with which case: who must not know of it, and who was asked into it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, bindparam, or_, select, text

from storage import cases, export_parts, feed
from storage.casefile import CaseHead
from storage.columns import AnyRow
from storage.door_tables import standing
from storage.forum_tables import staff_chat
from storage.tables import case_file, contact, staff
from storage.twins import insert_new

_s = standing.c
_NEW = insert_new(standing, standing.c.id)
_GONE = standing.delete().where(
    _s.staff_id == bindparam("of"), _s.case_id == bindparam("case"), _s.kind == bindparam("what")
)
# Whoever is apart leaves the whole person alone, so every such row about that person is the same matter.
_MATTER = (_s.kind == "apart") & or_(
    _s.case_id == bindparam("case"),
    _s.contact_id.in_(select(contact.c.id).where(contact.c.person_id == bindparam("person"))),
)
_SAME = select(_s.case_id).where(_s.staff_id == bindparam("of"), _MATTER)
_READ = (
    select(_s.kind, _s.staff_id, staff.c.name, _s.case_id, case_file.c.ref, _s.at)
    .join(staff, staff.c.id == _s.staff_id)
    .join(case_file, case_file.c.id == _s.case_id)
    .order_by(_s.id)
)
_ABOUT = _READ.where(or_(_s.case_id == bindparam("case"), _MATTER))
_OF_ALL = _READ.where(_s.kind == "apart")
_IN_GROUP = (
    select(_s.id)
    .join(staff_chat, staff_chat.c.staff_id == _s.staff_id)
    .join(staff, staff.c.id == _s.staff_id)
    .where(_MATTER, text("staff.active"))
    .limit(1)
)


class Kind(StrEnum):
    """What somebody is to a case."""

    APART = "apart"
    ASKED = "asked"


@dataclass(frozen=True)
class Standing:
    """One member and one case."""

    kind: Kind
    staff_id: int
    name: str
    case_id: int
    ref: str
    at: datetime


@dataclass(frozen=True)
class New:
    """What is to be said: about whom, and by whom (None is the command line)."""

    kind: Kind
    staff_id: int
    by_id: int | None


def put(conn: Connection, new: New, head: CaseHead, now: datetime) -> bool:
    """Say what a member is to a case; False when it was so already."""
    row = {"kind": new.kind.value, "staff_id": new.staff_id, "case_id": head.id, "by_id": new.by_id, "at": now}
    row["contact_id"] = head.contact_id if new.kind is Kind.APART else None
    made = conn.execute(_NEW[conn.dialect.name], [row]).scalar()
    if made is not None:
        export_parts.spoil(conn, now)  # files of theirs may hold what they must not know
        feed.add(conn, _changes(conn, head, now))
    return made is not None


def drop(conn: Connection, kind: Kind, head: CaseHead, staff_id: int, now: datetime) -> bool:
    """Take it back: with APART for every case of that person. False when there was nothing."""
    same = {head.id}
    if kind is Kind.APART:
        same |= set(conn.execute(_SAME, {"of": staff_id, "case": head.id, "person": head.person_id}).scalars())
    gone = [conn.execute(_GONE, {"of": staff_id, "case": one, "what": kind.value}).rowcount for one in same]
    if any(gone):
        feed.add(conn, _changes(conn, head, now))
    return any(gone)


def announce(conn: Connection, staff_id: int, now: datetime) -> None:
    """Have every case that this member is apart from looked at anew: they came into the group, or left it."""
    heads = [cases.head_of(conn, one.case_id) for one in of_everybody(conn).get(staff_id, [])]
    for head in heads:
        if head is not None:
            feed.add(conn, _changes(conn, head, now))


def about(conn: Connection, head: CaseHead) -> list[Standing]:
    """Everybody with a standing to this case, or apart from the person behind it."""
    return _standings(conn.execute(_ABOUT, {"case": head.id, "person": head.person_id}))


def of_everybody(conn: Connection) -> dict[int, list[Standing]]:
    """By member, what each has nothing to do with."""
    found: dict[int, list[Standing]] = {}
    for one in _standings(conn.execute(_OF_ALL)):
        found.setdefault(one.staff_id, []).append(one)
    return found


def apart_in_group(conn: Connection, head: CaseHead) -> bool:
    """Whether somebody sits in the coordinators' group who must not know what this case is about."""
    return conn.execute(_IN_GROUP, {"case": head.id, "person": head.person_id}).first() is not None


def _changes(conn: Connection, head: CaseHead, now: datetime) -> Sequence[feed.Change]:
    """What open pages and the group must look at anew: this case and the open one of the same person."""
    beside = cases.of_person_open(conn, [head.person_id]) if head.person_id is not None else {}
    ids = sorted({head.id, *(one.id for one in beside.values())})
    return [feed.Change(now, "standing", one, head.person_id) for one in ids]


def _standings(rows: Iterable[AnyRow]) -> list[Standing]:
    return [Standing(Kind(kind), *rest) for kind, *rest in rows]
