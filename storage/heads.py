"""What must be known of events and calls before they are changed, by their number or by their name elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from sqlalchemy import Connection, Table, bindparam, select

from storage.columns import AnyRow

S = TypeVar("S", bound=StrEnum)
_AT_ONCE = 500  # names in one statement


@dataclass(frozen=True)
class Head(Generic[S]):
    """One of them, without what it says."""

    id: int
    uid: str
    version: int
    state: S
    mark: str  # the hash of what it said elsewhere


class Heads(Generic[S]):
    """Looks them up in a table that has their name, version, state and mark."""

    def __init__(self, table: Table, state: type[S]) -> None:
        of = table.c
        self._state = state
        head = select(of.id, of.uid, of.version, of.state, of.mark)
        self._one = head.where(of.id == bindparam("of")).with_for_update()
        self._some = head.where(of.uid.in_(bindparam("uids", expanding=True))).order_by(of.uid)
        self._locked = self._some.with_for_update()

    def by_number(self, conn: Connection, number: int) -> Head[S] | None:
        """This one; nobody else changes it meanwhile."""
        return next(map(self._head, conn.execute(self._one, {"of": number})), None)

    def by_name(self, conn: Connection, uids: Sequence[str], *, lock: bool = False) -> dict[str, Head[S]]:
        """Those that are known by these names elsewhere; with `lock` nobody else changes them meanwhile."""
        ordered, ask = sorted(uids), self._locked if lock else self._some  # two who lock the same do so in one order
        parts = [ordered[start : start + _AT_ONCE] for start in range(0, len(ordered), _AT_ONCE)]
        return {row.uid: self._head(row) for part in parts for row in conn.execute(ask, {"uids": part})}

    def _head(self, row: AnyRow) -> Head[S]:
        return Head(row.id, row.uid, row.version, self._state(row.state), row.mark or "")


class Comes(Protocol):
    """Something that comes from elsewhere: its name there, and a hash of all it says."""

    @property
    def uid(self) -> str: ...
    @property
    def mark(self) -> str: ...


@dataclass(frozen=True)
class Took:
    """What became of what came: new ones, those that say something else now, those that are as they were."""

    new: int = 0
    changed: int = 0
    same: int = 0


def took(known: Mapping[str, Head[S]], incoming: Sequence[Comes]) -> Took:
    """What taking them does where these are known."""
    same = sum(one.uid in known and known[one.uid].mark == one.mark for one in incoming)
    new = sum(one.uid not in known for one in incoming)
    return Took(new, len(incoming) - new - same, same)
