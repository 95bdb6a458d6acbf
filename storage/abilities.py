"""What each member can do and when: topics, languages, hours of duty, who stands in for whom, what each one holds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, insert, select, text, update

from storage.centre_tables import absence, profile
from storage.columns import AnyRow
from storage.tables import OPEN, case_file
from storage.twins import insert_new

_p, _a, _case = profile.c, absence.c, case_file.c
_NEW = insert_new(profile)
_EMPTY = {"topics": "[]", "languages": "[]", "duty": "{}", "begun": False}
_PUT = (
    update(profile)
    .where(_p.staff_id == bindparam("of"))
    .values(topics=bindparam("can"), languages=bindparam("speaks"), duty=bindparam("hours"))
)
_BEGUN = update(profile).where(_p.staff_id == bindparam("of")).values(begun=True)
_ALL = select(_p.staff_id, _p.topics, _p.languages, _p.duty, _p.begun)
_AWAY = insert(absence).returning(_a.id)
_BACK = absence.delete().where(_a.id == bindparam("which"), _a.staff_id == bindparam("of"))
_ABSENCES = select(_a.id, _a.staff_id, _a.first, _a.last, _a.cover_id).order_by(_a.first, _a.id)
_LOAD = (
    select(_case.holder, func.count(), func.max(_case.claimed_at))
    .where(text(OPEN), _case.holder.is_not(None))
    .group_by(_case.holder)
)


@dataclass(frozen=True)
class Ability:
    """Topics and languages by key; `duty` are periods like 10:00-16:00 by day (mon …), none for the centre's own hours.

    `begun` says that the first steps were done or left.
    """

    topics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    duty: Mapping[str, Sequence[str]] | None = None
    begun: bool = False


@dataclass(frozen=True)
class Absence:
    """Somebody is away from `first` to `last`, both included, days like 2027-02-15; `cover_id` stands in."""

    id: int
    staff_id: int
    first: str
    last: str
    cover_id: int | None

    def on(self, day: str) -> bool:
        """Whether it covers this day."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Load:
    """How many open cases somebody holds, and when they took the last; "" where they never did."""

    cases: int = 0
    last: str = ""


def everything(conn: Connection) -> dict[int, Ability]:
    """By member; who is not there has set nothing."""
    return {row.staff_id: _ability(row) for row in conn.execute(_ALL)}


def put(conn: Connection, staff_id: int, ability: Ability) -> None:
    """Set what somebody can do and when; whether the first steps are done stays."""
    _there(conn, staff_id)
    told = {"can": json.dumps(list(ability.topics)), "speaks": json.dumps(list(ability.languages))}
    hours = {day: list(periods) for day, periods in (ability.duty or {}).items()}
    conn.execute(_PUT, told | {"of": staff_id, "hours": json.dumps(hours)})


def begun(conn: Connection, staff_id: int) -> None:
    """The first steps are done, or nobody wants to see them."""
    _there(conn, staff_id)
    conn.execute(_BEGUN, {"of": staff_id})


def away(conn: Connection, staff_id: int, first: str, last: str, cover_id: int | None) -> int:
    """Somebody will be away; the number by which that is taken back."""
    row = {"staff_id": staff_id, "first": first, "last": last, "cover_id": cover_id}
    return int(conn.execute(_AWAY, row).scalar_one())


def back(conn: Connection, staff_id: int, absence_id: int) -> bool:
    """They will be there after all; False for somebody else's absence, or none."""
    return conn.execute(_BACK, {"which": absence_id, "of": staff_id}).rowcount == 1


def absences(conn: Connection) -> list[Absence]:
    """Every absence, the earliest first."""
    return [Absence(row.id, row.staff_id, row.first, row.last, row.cover_id) for row in conn.execute(_ABSENCES)]


def load(conn: Connection) -> dict[int, Load]:
    """What everybody holds now."""
    return {holder: Load(n, last.isoformat() if last else "") for holder, n, last in conn.execute(_LOAD)}


def _there(conn: Connection, staff_id: int) -> None:
    conn.execute(_NEW[conn.dialect.name], [_EMPTY | {"staff_id": staff_id}])


def _ability(row: AnyRow) -> Ability:
    duty = json.loads(row.duty)
    return Ability(tuple(json.loads(row.topics)), tuple(json.loads(row.languages)), duty or None, row.begun)
