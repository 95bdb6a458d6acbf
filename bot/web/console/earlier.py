"""What a resident brought before: their cases that are over, as far as the viewer may know of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.web.console.rows import title
from bot.web.console.words import word
from dialogs.words import Words
from storage import audit, sight, ties
from storage.audit import Entry, What
from storage.cases import CaseHead
from storage.staff import Member


@dataclass(frozen=True)
class Earlier:
    """A case that is over. `at` is when it began."""

    case_id: int
    ref: str
    label: str
    at: datetime
    state: str


def earlier(conn: Connection, head: CaseHead, member: Member, book: Words) -> list[Earlier]:
    """The earlier cases of a case's person, the newest first; none that is not there for this member."""
    if head.person_id is None:
        return []
    sees = sight.of(conn, member)
    return [_earlier(one, book) for one in ties.over_beside(conn, head) if sees.sees(one)]


def _earlier(one: CaseHead, book: Words) -> Earlier:
    return Earlier(one.id, one.ref, title(one, book), one.opened_at, word("state." + one.state.value))


def unwritten(conn: Connection, member: Member, shown: list[Earlier], now: datetime) -> list[Entry]:
    """What must be in the audit before a member is shown these: each that was not in a list of theirs lately."""
    found = audit.unwritten(conn, member.id, None, [one.case_id for one in shown], now)
    return [one for one in found if one.what is What.LISTED]
