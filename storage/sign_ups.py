"""Who comes to which date: places under a lock, a waiting list with timed offers, and the door."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, bindparam, func, insert, select, text, update

from storage import events, tally
from storage.columns import AnyRow
from storage.event_tables import LIVE, event_date, sign_up

_c, _d = sign_up.c, event_date.c
_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # as for references: nothing that looks or sounds like something else
# One statement: a place is there or it is not, however many ask at the same moment.
_TAKE = (
    update(event_date)
    .where(
        _d.id == bindparam("of"),
        _d.state == "on",
        (_d.capacity.is_(None)) | (_d.taken + bindparam("n", type_=_d.taken.type) <= _d.capacity),
    )
    .values(taken=_d.taken + bindparam("n", type_=_d.taken.type))
)
_GIVE = update(event_date).where(_d.id == bindparam("of")).values(taken=_d.taken - bindparam("n", type_=_d.taken.type))
_HOLD = select(_d.id).where(_d.id == bindparam("of")).with_for_update()
_ADD = insert(sign_up).returning(_c.id)
_READ = select(
    _c.id, _c.date_id, _c.person_id, _c.contact_id, _c.people, _c.state, _c.code, _c.at, _c.offered_until,
    _c.arrived_at, _c.answer,
)  # fmt: skip
_MINE = _READ.where(_c.date_id == bindparam("date"), _c.person_id == bindparam("who"), text(LIVE))
_ONE = _READ.where(_c.id == bindparam("of"))
_BY_CODE = _READ.where(_c.code == bindparam("code"))
_OF_DATE = _READ.where(_c.date_id == bindparam("date")).order_by(_c.id)
_OF_PERSON = _READ.where(_c.person_id == bindparam("who")).order_by(_c.id)
_WAITING = _READ.where(_c.date_id == bindparam("date"), text("state = 'waiting'")).order_by(_c.id)
_LAPSED = (
    _READ.where(text("state = 'offered'"), _c.offered_until <= bindparam("now"))
    .order_by(_c.id)
    .limit(bindparam("at_most"))
)
# A place that nobody gave up by a button is free as well: its holder was forgotten, or joined to somebody who came.
_MOVABLE = (
    select(_d.id)
    .where(
        _d.state == "on",
        _d.starts_at > bindparam("now"),
        select(_c.id)
        .where(_c.date_id == _d.id, text("sign_up.state = 'waiting'"), _c.people <= _d.capacity - _d.taken)
        .exists(),
    )
    .order_by(_d.id)
    .limit(bindparam("at_most"))
)
_AHEAD = select(func.count()).where(
    _c.date_id == bindparam("date"), text("state = 'waiting'"), _c.id <= bindparam("of")
)
_MOVE = (
    update(sign_up)
    .where(_c.id == bindparam("of"), _c.state == bindparam("was"))
    .values(state=bindparam("to"), offered_until=bindparam("until"))
)
_ARRIVE = update(sign_up).where(_c.id == bindparam("of"), _c.arrived_at.is_(None)).values(arrived_at=bindparam("now"))
_ANSWER = update(sign_up).where(_c.id == bindparam("of")).values(answer=bindparam("said"))
MOST_PEOPLE = 5


class State(StrEnum):
    """Where somebody's wish to come stands."""

    GOING = "going"
    WAITING = "waiting"
    OFFERED = "offered"  # a place is kept for them for some hours
    LAPSED = "lapsed"  # they did not take it in time
    LEFT = "left"  # they will not come
    OFF = "off"  # the date was cancelled


@dataclass(frozen=True)
class SignUp:
    """Somebody's wish to come to a date, with so many people."""

    id: int
    date_id: int
    person_id: int
    contact_id: int
    people: int
    state: State
    code: str
    at: datetime
    offered_until: datetime | None
    arrived_at: datetime | None
    answer: str | None


@dataclass(frozen=True)
class Attendance:
    """Of a date, in people: who go by their sign-ups, who came to the door; and the sign-ups that came."""

    going: int
    came: int
    arrivals: int

    @property
    def missed(self) -> int:
        """Who did not come."""
        return self.going - self.came


def attendance(found: Sequence[SignUp]) -> Attendance:
    """The sums of the sign-ups of one date, or of several."""
    going = [one for one in found if one.state is State.GOING]
    came = [one for one in going if one.arrived_at is not None]
    return Attendance(sum(one.people for one in going), sum(one.people for one in came), len(came))


def ask(conn: Connection, date_id: int, who: tuple[int, int], people: int, now: datetime) -> SignUp:
    """Somebody (person, contact) wants to come: they go, or stand in the waiting list; asked again nothing changes."""
    conn.execute(_HOLD, {"of": date_id}).first()
    if before := mine(conn, date_id, who[0]):
        return before
    state = State.GOING if _take(conn, date_id, people) else State.WAITING
    row = {
        "date_id": date_id,
        "person_id": who[0],
        "contact_id": who[1],
        "people": people,
        "state": state.value,
        "code": "".join(secrets.choice(_SIGNS) for _ in range(10)),
        "at": now,
    }
    number: int = conn.execute(_ADD, row).scalar_one()
    events.touched(conn)
    return _one(conn, number)


def _take(conn: Connection, date_id: int, people: int) -> bool:
    return conn.execute(_TAKE, {"of": date_id, "n": people}).rowcount == 1


def _one(conn: Connection, number: int) -> SignUp:
    return _sign_up(conn.execute(_ONE, {"of": number}).one())


def leave(conn: Connection, one: SignUp, to: State) -> bool:
    """They will not come (LEFT), did not take their offer (LAPSED), or the date is OFF: a place they held is free."""
    if not _move(conn, one, to):
        return False
    if one.state in (State.GOING, State.OFFERED):
        conn.execute(_GIVE, {"of": one.date_id, "n": one.people})
    events.touched(conn)
    return True


def accept(conn: Connection, one: SignUp, now: datetime) -> bool:
    """They take the place that is kept for them; False when the time is over."""
    return bool(one.offered_until and now < one.offered_until) and _move(conn, one, State.GOING)


def offer(conn: Connection, date_id: int, until: Callable[[int], datetime | None]) -> list[SignUp]:
    """Keep what is free for those who wait, in their order: the first who fits; a group too large is passed over.

    `until` says how long for this person; None where they could not be told in time, and are passed over as well.
    """
    conn.execute(_HOLD, {"of": date_id}).first()
    offered = []
    for row in conn.execute(_WAITING, {"date": date_id}).all():
        one = _sign_up(row)
        lasts = until(one.person_id)
        if lasts is not None and _take(conn, date_id, one.people):
            _move(conn, one, State.OFFERED, lasts)
            offered.append(_one(conn, one.id))
    if offered:
        events.touched(conn)
    return offered


def _move(conn: Connection, one: SignUp, to: State, until: datetime | None = None) -> bool:
    values = {"of": one.id, "was": one.state.value, "to": to.value, "until": until}
    return conn.execute(_MOVE, values).rowcount == 1


def lapsed(conn: Connection, now: datetime, at_most: int = 100) -> list[SignUp]:
    """Offers whose time is over."""
    return [_sign_up(row) for row in conn.execute(_LAPSED, {"now": now, "at_most": at_most})]


def movable(conn: Connection, now: datetime, at_most: int = 100) -> Sequence[int]:
    """Dates to come with a free place and somebody who waits for it."""
    return conn.execute(_MOVABLE, {"now": now, "at_most": at_most}).scalars().all()


def place_in_line(conn: Connection, one: SignUp) -> int:
    """1 for whoever waits longest."""
    return int(conn.execute(_AHEAD, {"date": one.date_id, "of": one.id}).scalar_one())


def mine(conn: Connection, date_id: int, person_id: int) -> SignUp | None:
    """What this person has for this date, if it still stands."""
    row = conn.execute(_MINE, {"date": date_id, "who": person_id}).first()
    return None if row is None else _sign_up(row)


def by_code(conn: Connection, code: str) -> SignUp | None:
    """The one with this code of the door."""
    row = conn.execute(_BY_CODE, {"code": code}).first()
    return None if row is None else _sign_up(row)


def of_date(conn: Connection, date_id: int) -> list[SignUp]:
    """Everybody's, in the order they asked."""
    return [_sign_up(row) for row in conn.execute(_OF_DATE, {"date": date_id})]


def of_person(conn: Connection, person_id: int) -> list[SignUp]:
    """All of one person."""
    return [_sign_up(row) for row in conn.execute(_OF_PERSON, {"who": person_id})]


def find(conn: Connection, number: int) -> SignUp | None:
    """One of them."""
    row = conn.execute(_ONE, {"of": number}).first()
    return None if row is None else _sign_up(row)


def arrive(conn: Connection, one: SignUp, now: datetime) -> bool:
    """They are at the door; False when they came before: a code is of use once."""
    return one.state is State.GOING and conn.execute(_ARRIVE, {"of": one.id, "now": now}).rowcount == 1


def answer(conn: Connection, one: SignUp, event_id: int, said: str) -> None:
    """What it was like: y, p or n; the last counts."""
    figures = {f"event:{event_id}:{said}": 1}
    if one.answer == said:
        return
    if one.answer:
        figures[f"event:{event_id}:{one.answer}"] = -1
    conn.execute(_ANSWER, {"of": one.id, "said": said})
    tally.add(conn, figures)


def live(found: Sequence[SignUp]) -> list[SignUp]:
    """Those that still stand."""
    return [one for one in found if one.state in (State.GOING, State.WAITING, State.OFFERED)]


def _sign_up(row: AnyRow) -> SignUp:
    return SignUp(
        id=row.id,
        date_id=row.date_id,
        person_id=row.person_id,
        contact_id=row.contact_id,
        people=row.people,
        state=State(row.state),
        code=row.code,
        at=row.at,
        offered_until=row.offered_until,
        arrived_at=row.arrived_at,
        answer=row.answer,
    )
