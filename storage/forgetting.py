"""Forgets a person: the key first, then every row; what stays are figures and the proof that it was done."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import BigInteger, Connection, bindparam, insert, select, text, update

from storage import event_people, export_parts, feed, grant_people, indexing, tally
from storage.door_tables import staff_way
from storage.emptying import OF_CASES
from storage.findable import Kind
from storage.join_tables import join_code, joined
from storage.push_tables import OF_LINE
from storage.receive_tables import receiver
from storage.tables import (
    UNFINISHED,
    answer_shown,
    case_event,
    case_file,
    contact,
    erasure,
    inbox,
    learned,
    message,
    note,
    outbox,
    person,
    private_link,
    unanswered,
    web_session,
)
from storage.thing_tables import thing, thing_part
from storage.work_tables import pointer

_OF = bindparam("of", type_=BigInteger)
_HOLD = select(person.c.id).where(person.c.id == _OF).with_for_update()
_CASES = select(case_file.c.id, case_file.c.topic, case_file.c.holder, case_file.c.state).where(
    case_file.c.person_id == _OF
)
_WAITING = select(inbox.c.state).where(inbox.c.person_id == _OF, inbox.c.state.in_(("waiting", "dead")))
_UNSENT = select(outbox.c.id).where(outbox.c.person_id == _OF, text(UNFINISHED))
# The platform's event ids stay, bare: a redelivered event must not make the person known again.
_EMPTY_INBOX = (
    update(inbox)
    .where(inbox.c.person_id == _OF)
    .values(
        contact_id=None,
        person_id=None,
        payload=None,
        reply_token=None,
        said_id_index=None,
        why=None,
        state=text("CASE WHEN state IN ('waiting', 'dead') THEN 'ignored' ELSE state END"),
    )
)
_EMPTY_CASES = (
    update(case_file)
    .where(case_file.c.person_id == _OF)
    .values(
        person_id=None,
        contact_id=None,
        rows=None,
        record=None,
        holder=None,
        pending_until=None,
        due_at=None,
        due_clock=None,
        warn_at=None,
        warned=0,
        promised_at=None,
        searched=False,
        state="closed",
        version=case_file.c.version + 1,
        changed_at=bindparam("now"),
        closed_at=text("coalesce(closed_at, :now)").bindparams(bindparam("now", type_=case_file.c.closed_at.type)),
    )
)
# A case that was split off may be another person's by now, after two who were joined parted.
_POINTED = pointer.delete().where(pointer.c.message_id.in_(select(message.c.id).where(message.c.person_id == _OF)))
_SHOWN = update(answer_shown).where(answer_shown.c.person_id == _OF).values(person_id=None)
_THEIR_THINGS = (thing.c.person_id == _OF) | (thing.c.follows_id == _OF)
_THINGS = select(thing.c.id).where(_THEIR_THINGS)
_THINGS_GO = thing.delete().where(_THEIR_THINGS)
_PARTS = thing_part.delete().where(thing_part.c.thing_id.in_(bindparam("ids", expanding=True)))
_ROWS = [
    table.delete().where(table.c.person_id == _OF)
    for table in (
        join_code,
        joined,
        private_link,
        web_session,
        unanswered,
        learned,
        message,
        outbox,
        receiver,
        *OF_LINE,
        staff_way,
        contact,
    )
]
_JOINED = select(joined.c.person_id).where(joined.c.keeper_id == _OF)
_KEY = person.delete().where(person.c.id == _OF)


def forget(conn: Connection, person_id: int, now: datetime) -> bool:
    """Erase a person and all that was said, asked or noted about them; False when there is nobody of this number.

    Whoever joined their channels is erased with them.
    Their cases remain as empty covers (topic, times, history without content), closed, so that the figures stay true.
    On SQLite call `Store.scrub()` afterwards to clear the log file as well.
    """
    of = {"of": person_id}
    if conn.execute(_HOLD, of).first() is None:
        return False
    for other in conn.execute(_JOINED, of).scalars().all():
        forget(conn, other, now)  # who joined this person's channels was this person: no key of theirs stays
    cases = conn.execute(_CASES, of).all()
    indexing.gone(conn, Kind.SAID, message.c.person_id == person_id)
    indexing.gone(conn, Kind.ANSWERED, case_file.c.person_id == person_id)
    changes = Counter[str]()
    for case_id, topic, holder, state in cases:
        if state != "closed":
            where = "case:unassigned" if holder is None else f"case:holder:{holder}"
            changes.subtract(["case:open", "case:topic:" + topic, where])
        conn.execute(insert(case_event), {"case_id": case_id, "at": now, "who_kind": "person", "kind": "forgotten"})
    waiting = list(conn.execute(_WAITING, of).scalars())
    changes["inbox"] -= waiting.count("waiting")
    changes["inbox:dead"] -= waiting.count("dead")
    changes["outbox"] -= len(conn.execute(_UNSENT, of).all())
    if shown := list(conn.execute(_THINGS, of).scalars()):
        conn.execute(_PARTS, {"ids": shown})
    if cases:
        indexing.gone(conn, Kind.NOTED, note.c.case_id.in_([row.id for row in cases]))
        for theirs in OF_CASES:
            conn.execute(theirs, {"ids": [row.id for row in cases]})
    event_people.forget(conn, person_id)
    grant_people.forget(conn, person_id)
    conn.execute(_EMPTY_INBOX, of)
    conn.execute(_EMPTY_CASES, of | {"now": now})
    for statement in (_SHOWN, _THINGS_GO, _POINTED, *_ROWS, _KEY):
        conn.execute(statement, of)
    conn.execute(insert(erasure), {"at": now, "person_id": person_id, "what": "person"})
    export_parts.spoil(conn, now)
    tally.add(conn, changes)
    feed.add(conn, [feed.Change(now, "forgotten", row.id, person_id) for row in cases])
    feed.add(conn, [feed.Change(now, "forgotten", None, person_id)])
    return True
