"""Which cases a member may know of at all: the one measure for pages, lists, counts, live events and deeds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, bindparam, not_, or_, select, text

from storage.casefile import CaseHead
from storage.door_tables import standing
from storage.may import Deed, Reach, may
from storage.staff import Member
from storage.tables import OPEN, case_file, contact

_c, _s = case_file.c, standing.c
_OF = (
    select(_s.kind, _s.case_id, contact.c.person_id)
    .outerjoin(contact, contact.c.id == _s.contact_id)
    .where(_s.staff_id == bindparam("of"))
)
_AMONG = select(_c.id).where(_c.id.in_(bindparam("ids", expanding=True)))
_HELD = select(_c.id).where(_c.holder == bindparam("of"), text("case_file." + OPEN))
_THEIRS = select(_c.topic, _c.holder).where(text("case_file." + OPEN))
_MANY = 500  # cases of one's own that are looked through
_S = TypeVar("_S", bound=Select[Any])


@dataclass(frozen=True)
class Sight:
    """What one member sees. `apart` are cases they have nothing to do with, `people` those behind these, now and later.

    With `own` they see only what they hold or were `asked` into.
    """

    staff_id: int = 0
    own: bool = False
    asked: frozenset[int] = frozenset()
    apart: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()

    @property
    def whole(self) -> bool:
        """Whether nothing is hidden."""
        return not (self.own or self.apart or self.people)

    def sees(self, head: CaseHead) -> bool:
        """Whether this case is there for them."""
        if head.id in self.apart or head.person_id in self.people:
            return False
        return not self.own or head.holder == self.staff_id or head.id in self.asked

    def narrow(self, statement: _S) -> _S:
        """A statement over `case_file` without what they do not see."""
        if self.apart or self.people:
            statement = statement.where(not_(self._hidden()))
        if self.own:
            statement = statement.where(or_(_c.holder == self.staff_id, _c.id.in_(self.asked)))
        return statement

    def _hidden(self) -> Any:
        # Of a forgotten person nothing is NULL-safe but this: NOT (x IN …) would drop every such case.
        return or_(_c.id.in_(self.apart), (_c.person_id.is_not(None)) & _c.person_id.in_(self.people))

    def among(self, conn: Connection, case_ids: Iterable[int]) -> frozenset[int]:
        """Those of these cases that they see."""
        wanted = frozenset(case_ids)
        if self.whole or not wanted:
            return wanted
        return frozenset(conn.execute(self.narrow(_AMONG), {"ids": sorted(wanted)}).scalars())

    def own_cases(self, conn: Connection) -> list[int]:
        """The cases that somebody sees who sees only their own, newest first: for whom sees few."""
        held = conn.execute(_HELD, {"of": self.staff_id}).scalars()
        return sorted(self.among(conn, {*held, *self.asked}), reverse=True)[:_MANY]

    def open_seen(self, conn: Connection) -> list[tuple[str, int | None]]:
        """(topic, holder) of each open case that they see: for whom sees few."""
        own = _THEIRS.where(_c.id.in_(bindparam("own", expanding=True)))
        return [(row.topic, row.holder) for row in conn.execute(own, {"own": self.own_cases(conn)})]

    def open_hidden(self, conn: Connection) -> list[tuple[str, int | None]]:
        """(topic, holder) of each open case that is hidden from them although their role would see it."""
        return [(row.topic, row.holder) for row in conn.execute(_THEIRS.where(self._hidden()))]


EVERYTHING = Sight()


def of(conn: Connection, member: Member) -> Sight:
    """What this member sees at this moment."""
    rows = conn.execute(_OF, {"of": member.id}).all()
    apart = [row for row in rows if row.kind == "apart"]
    return Sight(
        staff_id=member.id,
        own=may(member.role, Deed.READ) is not Reach.ANY,
        asked=frozenset(row.case_id for row in rows if row.kind == "asked"),
        apart=frozenset(row.case_id for row in apart),
        people=frozenset(row.person_id for row in apart if row.person_id is not None),
    )
