"""Cases that belong together: one that went into another, one made out of another's messages, and related ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, bindparam, exists, insert, or_, select, text

from storage import cases, feed
from storage.casefile import HEAD, By, CaseHead, Who
from storage.casefile import head as head_of_row
from storage.columns import AnyRow
from storage.keeping_tables import hold
from storage.tables import OPEN, case_file, message, staff
from storage.work_tables import pointer, tie

_c, _p = tie.c, pointer.c
_ADD = insert(tie)
_POINT = insert(pointer)
_READ = select(
    _c.id, _c.kind, _c.case_id, _c.other_id, _c.staff_id, staff.c.name, _c.at, _c.was_open, _c.was_held
).select_from(tie.join(staff, staff.c.id == _c.staff_id))
_OF = _READ.where(or_(_c.case_id == bindparam("of"), _c.other_id == bindparam("of"))).order_by(_c.id)
_its, _onto = case_file.alias("its"), case_file.alias("onto")
_APART = (
    _READ.join(_its, _its.c.id == _c.case_id)
    .join(_onto, _onto.c.id == _c.other_id)
    .where(
        text("tie.kind = 'merged' AND its.person_id <> onto.person_id"),
        or_(_its.c.person_id == bindparam("whose"), _onto.c.person_id == bindparam("whose")),
    )
    .order_by(_c.id)
)
_DROP = tie.delete().where(_c.id == bindparam("of"))
_INTO = select(_c.case_id).where(text("tie.kind = 'merged'"), _c.other_id == bindparam("of")).order_by(_c.id)
_HEAD = HEAD.where(case_file.c.id == bindparam("of"))
_ONTO = HEAD.where(
    case_file.c.id.in_(select(_c.other_id).where(text("tie.kind = 'merged'"), _c.case_id == bindparam("of")))
)
_BESIDE = HEAD.where(
    case_file.c.person_id == bindparam("whose"), case_file.c.id != bindparam("of"), text("case_file." + OPEN)
).order_by(case_file.c.id)
_OVER = (
    HEAD.where(case_file.c.person_id == bindparam("whose"), case_file.c.id != bindparam("of"))
    .where(
        text("case_file.state = 'closed'"), case_file.c.id.not_in(select(_c.case_id).where(text("tie.kind = 'merged'")))
    )
    .order_by(case_file.c.id.desc())
    .limit(10)
)
_to, _up = case_file.alias("to_case"), case_file.alias("from_case")
_HELD_ON = exists().where(hold.c.case_id == _to.c.id, hold.c.ended_at.is_(None))
_ALIVE = (
    select(_c.case_id.label("id"), _up.c.person_id.label("whose"))
    .join(_to, _to.c.id == _c.other_id)
    .join(_up, (_up.c.id == _c.case_id) & (_up.c.person_id == _to.c.person_id))
    .where(text("tie.kind IN ('merged', 'split')"), or_(text("to_case." + OPEN), _HELD_ON))
    .cte("shown", recursive=True)
)
_further = tie.alias("further")
_below = case_file.alias("below")
_SHOWN = _ALIVE.union(
    select(_further.c.case_id, _below.c.person_id)
    .join(_ALIVE, _ALIVE.c.id == _further.c.other_id)
    .join(_below, (_below.c.id == _further.c.case_id) & (_below.c.person_id == _ALIVE.c.whose))
    .where(text("further.kind IN ('merged', 'split')"))
)
# Cases of which words stand on the page of another one of their person, which is open or on hold: it went into that,
# or that was made out of it. They are not over before that one is.
SHOWN_ELSEWHERE = select(_SHOWN.c.id)
_POINTED = select(_p.message_id).where(_p.case_id == bindparam("of")).order_by(_p.message_id)
_POINTS_TO = (
    select(_p.message_id, _p.case_id, case_file.c.ref)
    .select_from(pointer.join(message, message.c.id == _p.message_id).join(case_file, case_file.c.id == _p.case_id))
    .where(message.c.case_id == bindparam("of"))
)


class Kind(StrEnum):
    """How two cases belong together."""

    MERGED = "merged"  # the first went into the other
    RELATED = "related"
    SPLIT = "split"  # the other was made out of messages of the first


@dataclass(frozen=True)
class Tie:
    """Two cases. `was_open` and `was_held` say how a merged one stood before, so that it can be put back."""

    id: int
    kind: Kind
    case_id: int
    other_id: int
    staff_id: int
    staff_name: str
    at: datetime
    was_open: bool
    was_held: int | None

    def beside(self, case_id: int) -> int:
        """The one of the two that is not this."""
        return self.other_id if self.case_id == case_id else self.case_id


@dataclass(frozen=True)
class New:
    """A tie to be made."""

    kind: Kind
    case_id: int
    other_id: int
    staff_id: int
    was_open: bool = False
    was_held: int | None = None


def add(conn: Connection, new: New, now: datetime) -> None:
    """Tie two cases."""
    row = {"kind": new.kind.value, "case_id": new.case_id, "other_id": new.other_id, "staff_id": new.staff_id}
    conn.execute(_ADD, row | {"at": now, "was_open": new.was_open, "was_held": new.was_held})


def of_case(conn: Connection, case_id: int) -> list[Tie]:
    """Every tie of a case, whichever side it is on."""
    return [_tie(row) for row in conn.execute(_OF, {"of": case_id})]


def between(conn: Connection, one: int, other: int, kind: Kind) -> Tie | None:
    """The tie of this kind between two cases, in either direction."""
    return next((tied for tied in of_case(conn, one) if tied.kind is kind and tied.beside(one) == other), None)


def drop(conn: Connection, tied: Tie) -> None:
    """They belong together no more."""
    conn.execute(_DROP, {"of": tied.id})


def take_out(conn: Connection, tied: Tie, by: By, now: datetime) -> None:
    """What went into another case comes out again: open as it was, with whoever had it."""
    drop(conn, tied)
    if tied.was_open and cases.reopen(conn, tied.case_id, by, now, beside=True) and tied.was_held is not None:
        cases.claim(conn, tied.case_id, tied.was_held, now)
    heads = cases.head_of(conn, tied.case_id), cases.head_of(conn, tied.other_id)
    if heads[0] and heads[1]:
        both(conn, "unmerged", (heads[1], heads[0]), by, now)


def both(conn: Connection, kind: str, pair: tuple[CaseHead, CaseHead], by: By, now: datetime) -> None:
    """The trace on both sides: each names the other."""
    one, other = pair
    for at, beside, side in ((one, other, "here"), (other, one, "there")):
        data = {"case": beside.id, "ref": beside.ref, "side": side}
        cases.wrote(conn, feed.Change(now, kind, at.id, at.person_id), by, data)


def part(conn: Connection, person_id: int, now: datetime) -> None:
    """What went into the case of somebody who is another person by now, on either side, comes out of it."""
    for row in conn.execute(_APART, {"whose": person_id}).all():
        take_out(conn, _tie(row), By(Who.PERSON), now)


def into(conn: Connection, case_id: int) -> Sequence[int]:
    """The cases that went into this one, and those that had gone into them, the first first."""
    found: list[int] = []
    todo = [case_id]
    while todo:
        new = [one for one in conn.execute(_INTO, {"of": todo.pop(0)}).scalars() if one not in {case_id, *found}]
        found += new
        todo += new
    return found


def parts(conn: Connection, head: CaseHead) -> list[CaseHead]:
    """The same as covers, without those that are another person's by now: two who were joined have parted."""
    found = [head_of_row(row) for one in into(conn, head.id) for row in conn.execute(_HEAD, {"of": one})]
    return [one for one in found if one.person_id == head.person_id]


def whole(conn: Connection, head: CaseHead) -> CaseHead:
    """The case on whose page this one is read: itself, or what it went into in the end."""
    rows = conn.execute(_ONTO, {"of": head.id}).all()
    after = [head_of_row(row) for row in rows if row.person_id == head.person_id]
    return whole(conn, after[0]) if after else head


def open_beside(conn: Connection, head: CaseHead) -> list[CaseHead]:
    """The other open cases of a case's person, the first first."""
    return [head_of_row(row) for row in conn.execute(_BESIDE, {"whose": head.person_id, "of": head.id})]


def over_beside(conn: Connection, head: CaseHead) -> list[CaseHead]:
    """The last ten cases of a case's person that are over, the newest first, without those that went into another."""
    return [head_of_row(row) for row in conn.execute(_OVER, {"whose": head.person_id, "of": head.id})]


def point(conn: Connection, case_id: int, lines: Sequence[int]) -> None:
    """Let a case point to lines that were said in another; they stay there."""
    conn.execute(_POINT, [{"case_id": case_id, "message_id": line} for line in lines])


def pointed(conn: Connection, case_id: int) -> Sequence[int]:
    """The lines of other cases that this one points to."""
    return conn.execute(_POINTED, {"of": case_id}).scalars().all()


def points_to(conn: Connection, case_id: int) -> dict[int, tuple[int, str]]:
    """For lines of this case that another points to: that one's number and reference."""
    return {line: (case, ref) for line, case, ref in conn.execute(_POINTS_TO, {"of": case_id})}


def _tie(row: AnyRow) -> Tie:
    number, kind, *rest = row
    return Tie(number, Kind(kind), *rest)
