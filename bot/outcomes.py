"""What somebody says of an earlier case of theirs: kept with it; still in trouble, it is opened again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from dialogs.after import LATER
from dialogs.deeds import Outcome
from storage import after, calls, cases, feed, staff
from storage.cases import By, CaseHead, Who


def note_outcome(conn: Connection, person_id: int, said: Outcome, now: datetime) -> None:
    """Keep an answer to a question that was asked about a case of this person; any other changes nothing.

    Still in trouble: the same case goes back to whoever had it. Where another case of theirs is open, that one is gone
    on with, and both name each other.
    """
    head = cases.by_ref(conn, said.ref)
    if head is None or head.person_id != person_id:
        return
    new, holder = after.answer(conn, head.id, said.stage.value, said.answer)
    if not new:
        return
    what = {"stage": said.stage.value, "answer": said.answer}
    calls.called(conn, feed.Change(now, "outcome", head.id, person_id), what)
    if said.stage in LATER and said.answer == "n":
        _open_again(conn, head, holder, now)


def _open_again(conn: Connection, head: CaseHead, holder: int | None, now: datetime) -> None:
    by = By(Who.PERSON)
    if cases.reopen(conn, head.id, by, now):
        after.drop(conn, head.id)
        member = None if holder is None else staff.get(conn, holder)
        if member is not None and member.active:
            cases.claim(conn, head.id, member.id, now)
        return
    if head.person_id is not None and (other := cases.of_person_open(conn, [head.person_id]).get(head.person_id)):
        if other.id != head.id:
            cases.link(conn, head, other, by, now)
        calls.called(conn, feed.Change(now, "called", other.id, head.person_id))
