"""Whose sign-ups and reminders they are, when a person is forgotten, joined to another, or parted again."""

from __future__ import annotations

from sqlalchemy import BigInteger, Connection, bindparam, func, select, text, update

from storage.event_tables import LIVE, event, event_date, event_offer, event_version, sign_up
from storage.reminder_tables import reminder

_s, _r, _d = sign_up.c, reminder.c, event_date.c
_OF = bindparam("of", type_=BigInteger)
_HELD = select(_s.date_id, func.sum(_s.people)).where(_s.person_id == _OF, _s.state.in_(("going", "offered")))
_GIVE = (
    update(event_date).where(_d.id == bindparam("date")).values(taken=_d.taken - bindparam("n", type_=_d.taken.type))
)
_THEIRS = (reminder, sign_up, event_offer)
_GO = [table.delete().where(table.c.person_id == _OF) for table in _THEIRS]
_UNSEEN = (
    select(event.c.id)
    .select_from(event.join(event_offer, event_offer.c.event_id == event.c.id))
    .where(event_offer.c.person_id == _OF, event.c.state.in_(("draft", "away")))
)
_event = bindparam("event", type_=BigInteger)
_WORDS_GO = [
    *(table.delete().where(table.c.event_id == _event) for table in (event_offer, event_version, event_date)),
    event.delete().where(event.c.id == _event),
]
_TWICE = (
    select(_s.date_id)
    .where(_s.person_id.in_(bindparam("both", expanding=True)), text(LIVE))
    .group_by(_s.date_id)
    .having(func.count() > 1)
)
_DROP = sign_up.delete().where(_s.person_id == _OF, _s.date_id == bindparam("date"), text(LIVE))
_HELD_THERE = _HELD.where(_s.date_id == bindparam("date")).group_by(_s.date_id)
_theirs = reminder.alias("theirs")
_SAME = reminder.delete().where(
    _r.person_id == _OF,
    select(_theirs.c.id)
    .where(
        _theirs.c.person_id == bindparam("to"),
        _theirs.c.kind == _r.kind,
        _theirs.c.item == _r.item,
        _theirs.c.offset == _r.offset,
    )
    .exists(),
)
_COME = [update(table).where(table.c.person_id == _OF).values(person_id=bindparam("to")) for table in _THEIRS]
_PART = [
    update(table)
    .where(table.c.person_id == _OF, table.c.contact_id.in_(bindparam("contacts", expanding=True)))
    .values(person_id=bindparam("to"))
    for table in _THEIRS
]


def forget(conn: Connection, person_id: int) -> None:
    """Their sign-ups and reminders go; the places they held are free. What they offered and nobody published goes."""
    for event_id in conn.execute(_UNSEEN, {"of": person_id}).scalars().all():
        for statement in _WORDS_GO:
            conn.execute(statement, {"event": event_id})
    for date_id, people in conn.execute(_HELD.group_by(_s.date_id), {"of": person_id}).all():
        conn.execute(_GIVE, {"date": date_id, "n": int(people)})
    for statement in _GO:
        conn.execute(statement, {"of": person_id})


def come(conn: Connection, person_id: int, keeper_id: int) -> None:
    """All that is one person's is the keeper's; where both had signed up for a date the keeper's sign-up stands."""
    for date_id in conn.execute(_TWICE, {"both": [person_id, keeper_id]}).scalars().all():
        for _, people in conn.execute(_HELD_THERE, {"of": person_id, "date": date_id}).all():
            conn.execute(_GIVE, {"date": date_id, "n": int(people)})
        conn.execute(_DROP, {"of": person_id, "date": date_id})
    conn.execute(_SAME, {"of": person_id, "to": keeper_id})
    for statement in _COME:
        conn.execute(statement, {"of": person_id, "to": keeper_id})


def go(conn: Connection, keeper_id: int, person_id: int, contacts: list[int]) -> None:
    """What began on these contacts is theirs again."""
    for statement in _PART:
        conn.execute(statement, {"of": keeper_id, "to": person_id, "contacts": contacts})
