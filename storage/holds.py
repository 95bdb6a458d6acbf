"""Cases on hold, in a dispute say: nothing of them is deleted by time or by order until the hold ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, text, update

from storage import audit, feed
from storage.audit import Entry, What
from storage.casefile import CaseHead
from storage.columns import AnyRow
from storage.crypt import Vault
from storage.keeping_tables import HELD, hold
from storage.tables import case_file, staff
from storage.twins import insert_new

_WHY = "hold.why"
_c = hold.c
_NEW = insert_new(hold, hold.c.id)
_END = (
    update(hold)
    .where(_c.case_id == bindparam("of"), text(HELD))
    .values(ended_at=bindparam("now"), ended_by=bindparam("by"))
)
_READ = (
    select(_c.case_id, case_file.c.ref, staff.c.name, _c.at, _c.why)
    .select_from(hold.join(staff, staff.c.id == _c.staff_id).join(case_file, case_file.c.id == _c.case_id))
    .where(text("hold." + HELD))
    .order_by(_c.id)
)
_OF_CASE = _READ.where(_c.case_id == bindparam("of"))
_OF_PERSON = _READ.where(case_file.c.person_id == bindparam("of"))


@dataclass(frozen=True)
class Hold:
    """A hold that lasts: on which case, by whom, since when, why."""

    case_id: int
    ref: str
    staff_name: str
    at: datetime
    why: str


def put(conn: Connection, vault: Vault, new: tuple[int, str], head: CaseHead, now: datetime) -> bool:
    """Hold a case: (member, why). False when it is held already."""
    staff_id, why = new
    row = {"case_id": head.id, "staff_id": staff_id, "at": now, "why": vault.seal(vault.house, _WHY, why)}
    made = conn.execute(_NEW[conn.dialect.name], [row]).scalar() is not None
    if made:
        _told(conn, vault, Entry(staff_id, What.HOLD, (head.id,)), head, now)
    return made


def end(conn: Connection, vault: Vault, staff_id: int, head: CaseHead, now: datetime) -> bool:
    """Let it go; False when it was not held."""
    ended = conn.execute(_END, {"of": head.id, "now": now, "by": staff_id}).rowcount > 0
    if ended:
        _told(conn, vault, Entry(staff_id, What.UNHOLD, (head.id,)), head, now)
    return ended


def _told(conn: Connection, vault: Vault, entry: Entry, head: CaseHead, now: datetime) -> None:
    audit.add(conn, vault, [entry], now)
    feed.add(conn, [feed.Change(now, "hold", head.id, head.person_id)])


def of_case(conn: Connection, vault: Vault, case_id: int) -> Hold | None:
    """The hold on a case, if there is one."""
    return next((_hold(vault, row) for row in conn.execute(_OF_CASE, {"of": case_id})), None)


def of_person(conn: Connection, vault: Vault, person_id: int) -> list[Hold]:
    """The holds on the cases of a person."""
    return [_hold(vault, row) for row in conn.execute(_OF_PERSON, {"of": person_id})]


def everything(conn: Connection, vault: Vault) -> list[Hold]:
    """All that last."""
    return [_hold(vault, row) for row in conn.execute(_READ)]


def _hold(vault: Vault, row: AnyRow) -> Hold:
    case_id, ref, name, at, why = row
    return Hold(case_id, ref, name, at, vault.unseal_text(vault.house, _WHY, why))
