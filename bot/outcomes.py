"""What somebody says of an earlier case of theirs: kept with it; still in trouble, it is opened again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from dialogs.deeds import Outcome
from storage import after, calls, cases, feed, staff
from storage.cases import By, CaseHead, Who


def note_outcome(conn: Connection, person_id: int, said: Outcome, now: datetime) -> bool:
    """Keep an answer to a question that was asked about a case of this person; any other changes nothing.

    Whether a case was opened again.

    Still in trouble: the same case goes back to whoever had it. Where another case of theirs is open, that one is gone
    on with, and both name each other.
    """
    head = cases.by_ref(conn, said.ref)
    if head is None or head.person_id != person_id:
        return False
    answered = after.answer(conn, head.id, said.stage.value, said.answer)
    if answered is None:
        return False
    if answered.new:
        what = {"stage": said.stage.value, "answer": said.answer}
        calls.called(conn, feed.Change(now, "outcome", head.id, person_id), what)
    return said.reopens and _open_again(conn, head, answered, now)


def _open_again(conn: Connection, head: CaseHead, answered: after.Answered, now: datetime) -> bool:
    """Said once more, it opens what was closed since, for that is what the person was told; nobody is called twice."""
    by = By(Who.PERSON)
    if cases.reopen(conn, head.id, by, now):
        after.drop(conn, head.id)
        member = None if answered.holder is None else staff.get(conn, answered.holder)
        if member is not None and member.active:
            cases.claim(conn, head.id, member.id, now)
        return True
    if not answered.new or head.person_id is None:
        return False
    if other := cases.of_person_open(conn, [head.person_id]).get(head.person_id):
        if other.id != head.id:
            cases.link(conn, head, other, by, now)
        calls.called(conn, feed.Change(now, "called", other.id, head.person_id))
    return False
