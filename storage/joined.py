"""Two people who turn out to be one, and two again: everything follows the contact that it began on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import BindParameter, Connection, bindparam, exists, func, insert, or_, select, text, update

from dialogs.uniting import Runs
from storage import calls, cases, event_people, export_parts, feed, grant_people, receivers, ties
from storage.cases import By, CaseHead, Who
from storage.crypt import Vault
from storage.door_tables import staff_way
from storage.join_tables import join_code, joined
from storage.pages import Purpose
from storage.people import Person
from storage.push_tables import OF_LINE
from storage.resealing import Move, Side, move
from storage.tables import OPEN, case_file, contact, inbox, message, outbox, person, private_link, web_session
from storage.thing_tables import thing

_of: BindParameter[int] = bindparam("of")
_to: BindParameter[int] = bindparam("to")
_JOIN = insert(joined)
_FOLLOW = update(joined).where(joined.c.keeper_id == _of).values(keeper_id=_to)
_RUNS = update(joined).where(joined.c.keeper_id == _of, joined.c.run == bindparam("old")).values(run=bindparam("new"))
# Pictures and files can be large: they are brought after it one by one.
_THINGS_GO = (
    update(thing)
    .where(thing.c.person_id == _of, thing.c.case_id.in_(select(case_file.c.id).where(case_file.c.person_id == _to)))
    .values(follows_id=_to)
)
_LEAVE = joined.delete().where(joined.c.person_id == _of).returning(joined.c.run)
_OF = select(joined.c.person_id).where(joined.c.keeper_id == _of).order_by(joined.c.person_id)
_KEEPER = select(joined.c.keeper_id).where(joined.c.person_id == _of)
_CONTACTS_COME = (
    update(contact)
    .where(contact.c.person_id == _of)
    .values(person_id=_to, home_id=func.coalesce(contact.c.home_id, contact.c.person_id))
)
_CONTACTS_GO = (
    update(contact).where(contact.c.person_id == _of, contact.c.home_id == _to).values(person_id=_to, home_id=None)
)
_COME = [
    update(table).where(table.c.person_id == _of).values(person_id=_to)
    for table in (inbox, web_session, private_link, staff_way, *OF_LINE)
]
_theirs = select(contact.c.id).where(contact.c.person_id == _to)
_GO = [
    update(table).where(table.c.person_id == _of, table.c.contact_id.in_(_theirs)).values(person_id=_to)
    for table in (inbox, web_session, staff_way, *OF_LINE)
]
_CONTACTS_OF = select(contact.c.id).where(contact.c.person_id == _of)
_CODES = join_code.delete().where(join_code.c.person_id.in_(bindparam("ids", expanding=True)))
# A page that was opened while they were one shows the talk of both.
_LINKS = private_link.delete().where(private_link.c.person_id == _of)
_PAGES = web_session.delete().where(web_session.c.person_id == _of, web_session.c.purpose != Purpose.CHAT.value)
_REACH = (
    update(person)
    .where(person.c.id == _of)
    .values(
        reachable=exists().where(contact.c.person_id == person.c.id, contact.c.reachable).select().scalar_subquery()
    )
)
_OPEN_OF = select(case_file.c.id).where(case_file.c.person_id == _of, text("case_file." + OPEN))


@dataclass(frozen=True)
class Pair:
    """The person who stays, and the one who joins or leaves."""

    keeper: Person
    other: Person


def others_of(conn: Connection, keeper_id: int) -> Sequence[int]:
    """The people who joined this one: rows without a contact, kept to be gone back to, and to be forgotten with it."""
    return conn.execute(_OF, {"of": keeper_id}).scalars().all()


def keeper_of(conn: Connection, person_id: int) -> int:
    """Whom this person joined, themselves if nobody."""
    found: int | None = conn.execute(_KEEPER, {"of": person_id}).scalar()
    return found or person_id


def join(conn: Connection, vault: Vault, pair: Pair, runs: Runs, now: datetime) -> None:
    """All that is the other's is the keeper's from now on; `runs` tells whose form goes on.

    Pictures and files stay under the key of whoever sent them, for they can be large; that key goes with the keeper's.
    """
    keeper, other = pair.keeper.id, pair.other.id
    both = [*_heads(conn, keeper), *_heads(conn, other)]
    way = {"of": other, "to": keeper}
    run = _taken_from(conn, pair, runs)
    conn.execute(_CONTACTS_COME, way)
    for statement in (*_COME, _FOLLOW):
        conn.execute(statement, way)
    receivers.come(conn, other, keeper, now)
    event_people.come(conn, other, keeper)
    conn.execute(_JOIN, {"person_id": other, "keeper_id": keeper, "at": now, "run": run})
    conn.execute(_CODES, {"ids": [keeper, other]})
    how = Move(vault, Side(other, pair.other.key), Side(keeper, pair.keeper.key))
    for table in (case_file, message, outbox):
        move(conn, how, table)
    grant_people.come(conn, how)
    for one in both:
        calls.called(conn, feed.Change(now, "joined", one.id, keeper))
    for before, after in pairwise(both):
        cases.link(conn, before, after, By(Who.PERSON), now)
    export_parts.spoil(conn, now)  # who has nothing to do with the one knows nothing of the other from now on
    _settled(conn, pair, now)


def _taken_from(conn: Connection, pair: Pair, runs: Runs) -> int:
    """The number by which the other takes its form back, or 0; whoever had joined either of them before keeps theirs.

    A form that the other only had from somebody who had joined it goes back to them: the other is left with a number
    that no form has any more.
    """
    going_on = runs.joint if runs.taken else 0
    if runs.keeper:
        conn.execute(_RUNS, {"of": pair.keeper.id, "old": runs.keeper, "new": runs.joint})
    lent = runs.other and conn.execute(_RUNS, {"of": pair.other.id, "old": runs.other, "new": going_on}).rowcount
    return runs.other if lent else going_on


def part(conn: Connection, vault: Vault, pair: Pair, now: datetime) -> int:
    """What began on the other's contacts goes with them: cases whole, words outside of cases one by one.

    The number of the form that was theirs at joining, or 0.
    """
    keeper, other = pair.keeper.id, pair.other.id
    open_before = _heads(conn, keeper)
    way = {"of": keeper, "to": other}
    run: int = conn.execute(_LEAVE, {"of": other}).scalar_one()
    conn.execute(_CONTACTS_GO, way)
    receivers.go(conn, keeper, other, now)
    conn.execute(_LINKS, way)
    conn.execute(_PAGES, way)
    for statement in _GO:
        conn.execute(statement, way)
    conn.execute(_CODES, {"ids": [keeper, other]})
    contacts = [*conn.execute(_CONTACTS_OF, {"of": other}).scalars()]
    event_people.go(conn, keeper, other, contacts)
    grant_people.go(conn, keeper, other, contacts)
    how = Move(vault, Side(keeper, pair.keeper.key), Side(other, pair.other.key))
    at_theirs = select(contact.c.id).where(contact.c.person_id == other)
    move(conn, how, case_file, case_file.c.contact_id.in_(at_theirs))
    in_theirs = select(case_file.c.id).where(case_file.c.person_id == other)
    said_there = message.c.case_id.is_(None) & message.c.contact_id.in_(at_theirs)
    conn.execute(_THINGS_GO, way)
    move(conn, how, message, or_(message.c.case_id.in_(in_theirs), said_there))
    move(conn, how, outbox, outbox.c.contact_id.in_(at_theirs))
    ties.part(conn, other, now)
    for one in open_before:
        calls.called(conn, feed.Change(now, "parted", one.id, None))
    _settled(conn, pair, now)
    return run


def _heads(conn: Connection, person_id: int) -> list[CaseHead]:
    ids = conn.execute(_OPEN_OF, {"of": person_id}).scalars().all()
    return [one for one in (cases.head_of(conn, case_id) for case_id in sorted(ids)) if one is not None]


def _settled(conn: Connection, pair: Pair, now: datetime) -> None:
    """Open pages look anew, and who can be reached is worked out again."""
    for one in (pair.keeper, pair.other):
        conn.execute(_REACH, {"of": one.id})
    feed.add(conn, [feed.Change(now, "said", None, one.id) for one in (pair.keeper, pair.other)])
