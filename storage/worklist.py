"""The queue in the order of work: danger first, then what breaks first, with the way each person came by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from sqlalchemy import BigInteger, Connection, Row, Select, SmallInteger, and_, bindparam, or_, select, text, tuple_

from storage.casefile import HEAD, ROWS, CaseHead, head
from storage.clock_columns import LAID_BY, LONG_AGO
from storage.columns import Moment
from storage.crypt import Vault
from storage.folders import DUE, Which
from storage.queue_tables import case_tag
from storage.sight import EVERYTHING, Sight
from storage.tables import OPEN, case_file, contact, message, person

_c = case_file.c
_COVER = (
    HEAD.add_columns(contact.c.channel, _c.rank)
    .select_from(case_file)
    .outerjoin(contact, contact.c.id == _c.contact_id)
    .limit(bindparam("at_most"))
)
_AT, _ID = bindparam("at", type_=Moment()), bindparam("after", type_=BigInteger())
_PLACE = tuple_(_c.rank, _c.order_at, _c.id) > tuple_(bindparam("rank", type_=SmallInteger()), _AT, _ID)
_IN_ORDER = _COVER.where(text("case_file." + OPEN), _PLACE).order_by(_c.rank, _c.order_at, _c.id)
_LAID = _COVER.where(text("case_file." + LAID_BY), _PLACE).order_by(_c.rank, _c.order_at, _c.id)
_OVERDUE = _COVER.where(DUE, tuple_(_c.due_at, _c.id) > tuple_(_AT, _ID), _c.due_at <= bindparam("now")).order_by(
    _c.due_at, _c.id
)
_CLOSED = _COVER.where(text("case_file.state = 'closed'"), _c.id < bindparam("after")).order_by(_c.id.desc())
_SOME = _COVER.where(_c.id.in_(bindparam("ids", expanding=True)))
_WAYS = (
    select(message.c.id, contact.c.channel)
    .join(contact, contact.c.id == message.c.contact_id)
    .where(message.c.case_id == bindparam("of"))
)
_WAY = select(contact.c.channel).where(contact.c.id == bindparam("of"))
_own = contact.alias("own")
_BESIDE = (
    select(contact.c.channel)
    .join(_own, _own.c.person_id == contact.c.person_id)
    .where(_own.c.id == bindparam("of"), contact.c.id != _own.c.id, contact.c.home_id.is_distinct_from(_own.c.home_id))
    .order_by(contact.c.id)
)
_NEWEST = (
    select(message.c.id)
    .where(
        message.c.case_id == bindparam("of"),
        or_(message.c.author == "person", and_(message.c.staff_id.is_not(None), message.c.staff_id != bindparam("me"))),
    )
    .order_by(message.c.id.desc())
    .limit(1)
)
_ROWS = (
    select(_c.id, _c.rows, person.c.wrapped_key)
    .join(person, person.c.id == _c.person_id)  # who was forgotten has no words left
    .where(_c.id.in_(bindparam("ids", expanding=True)))
)
_LAST = 2**62


@dataclass(frozen=True)
class Place:
    """Where a page of the list ends: the next page begins after it."""

    rank: int
    at: datetime
    id: int


@dataclass(frozen=True)
class Item:
    """A case as the list shows it. `channel` is None once its person was forgotten; `rank` 0 is danger."""

    head: CaseHead
    channel: str | None
    rank: int

    @property
    def place(self) -> Place:
        """Its place in the order."""
        return Place(self.rank, self.head.order_at, self.head.id)


@dataclass(frozen=True)
class Narrow:
    """What the cases of a page must have besides; empty (0 for numbers) for whatever."""

    urgency: str = ""
    language: str = ""
    holder: int = 0
    tag: int = 0

    def put_on(self, statement: Select[Any]) -> Select[Any]:
        """The statement with these conditions; "urgent" is danger, whatever the person had said of urgency."""
        if self.urgency == "urgent":
            statement = statement.where(_c.why == "urgent")
        elif self.urgency:
            statement = statement.where(_c.urgency == self.urgency, _c.why != "urgent")
        if self.language:
            statement = statement.where(_c.language == self.language)
        if self.holder:
            statement = statement.where(_c.holder == self.holder)
        if self.tag:
            statement = statement.where(_c.id.in_(select(case_tag.c.case_id).where(case_tag.c.tag_id == self.tag)))
        return statement


WHATEVER = Narrow()


@dataclass(frozen=True)
class Wanted:
    """A page of a folder. `after` is the last place of the page before; "" is every topic. `at_most` is 1 to 200.

    `sight` is what the viewer may know of at all.
    """

    now: datetime
    which: Which = Which.ALL
    staff_id: int = 0
    topic: str = ""
    after: Place | None = None
    at_most: int = 50
    sight: Sight = EVERYTHING
    narrow: Narrow = WHATEVER


def items(conn: Connection, wanted: Wanted) -> list[Item]:
    """One page: open cases by what breaks first, those in danger above all; closed ones newest first."""
    statement, values = asked(wanted)
    return [_item(row) for row in conn.execute(statement, values)]


def some(conn: Connection, case_ids: Sequence[int], sight: Sight) -> dict[int, Item]:
    """Those of these cases that are in sight, open or closed."""
    values = {"ids": list(case_ids), "at_most": len(case_ids)}
    rows = conn.execute(sight.narrow(_SOME), values) if case_ids else ()
    return {row.id: _item(row) for row in rows}


def asked(wanted: Wanted) -> tuple[Select[Any], dict[str, int | str | datetime]]:
    """The statement of a page and its values."""
    closed = wanted.which is Which.CLOSED
    start = wanted.after or Place(-1, LONG_AGO, _LAST if closed else 0)
    values: dict[str, int | str | datetime] = {"after": start.id, "at_most": wanted.at_most}
    statement = _of(wanted.which)
    if not closed:
        values["at"] = start.at
    if wanted.which is Which.OVERDUE:
        values["now"] = wanted.now
    elif not closed:
        values["rank"] = start.rank
    if wanted.which is Which.MINE:
        statement = statement.where(_c.holder == bindparam("staff_id"))
        values["staff_id"] = wanted.staff_id
    if wanted.which is Which.UNASSIGNED:
        statement = statement.where(_c.holder.is_(None))
    if wanted.topic:
        statement = statement.where(_c.topic == bindparam("topic"))
        values["topic"] = wanted.topic
    return wanted.sight.narrow(wanted.narrow.put_on(statement)), values


def _of(which: Which) -> Select[Any]:
    match which:
        case Which.MINE | Which.UNASSIGNED | Which.ALL:
            return _IN_ORDER
        case Which.OVERDUE:
            return _OVERDUE
        case Which.WAITING:
            return _LAID
        case Which.CLOSED:
            return _CLOSED
        case _:
            assert_never(which)


def _item(row: Row[Any]) -> Item:
    return Item(head(row), row.channel, row.rank)


def answers_of(conn: Connection, vault: Vault, case_ids: Sequence[int]) -> dict[int, list[Any]]:
    """The answers (key, label, value) of these cases and no others, empty for a case without a form.

    Cases whose person was forgotten are left out.
    """
    if not case_ids:
        return {}
    return {
        row.id: [] if row.rows is None else vault.unseal_json(vault.unwrap(row.wrapped_key), ROWS, row.rows)
        for row in conn.execute(_ROWS, {"ids": list(case_ids)})
    }


def way_of(conn: Connection, contact_id: int | None) -> str | None:
    """The channel of a contact; None for nobody."""
    return conn.execute(_WAY, {"of": contact_id}).scalar()


def beside(conn: Connection, contact_id: int | None) -> list[str]:
    """The other channels of the same person, joined to this contact's by a code."""
    return list(conn.execute(_BESIDE, {"of": contact_id}).scalars())


def ways(conn: Connection, case_id: int) -> dict[int, str]:
    """The channel of each line of a case's talk, by the line's number."""
    return dict(conn.execute(_WAYS, {"of": case_id}).all())


def newest_of_others(conn: Connection, case_id: int, staff_id: int) -> int:
    """The last line of the person or of a colleague: what this member must have seen before answering. 0 for none."""
    return conn.execute(_NEWEST, {"of": case_id, "me": staff_id}).scalar() or 0
