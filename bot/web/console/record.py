"""The record of who saw and did what, newest first, for managers and auditors: never a word of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from bot.web.badge import room_of
from bot.web.console.shown import write
from bot.web.console.words import known, word
from bot.web.drawing import draw
from bot.web.entry import home, read
from storage import audit, cases, sight, staff
from storage.audit import Entry, Kept, What
from storage.may import Deed, Reach, may
from storage.staff import Member

_AT_MOST = 100
_MOST_REFS = 5


@dataclass(frozen=True)
class Line:
    """One row in words. `cases` are (number, reference); `more` counts those not named."""

    id: int
    at: datetime
    who: str
    what: str
    about: str
    cases: list[tuple[int, str]]
    more: int


async def show(request: Request, member: Member) -> Response:
    """GET /console/record, `?before=` a row. Looking is itself written down."""
    told = request.query_params.get("before", "")
    before = int(told) if told.isascii() and told.isdecimal() and len(told) < 19 else 2**62
    room = room_of(request)

    def look(conn: Connection) -> tuple[list[Line], int]:
        kept = audit.latest(conn, before, _AT_MOST + 1)
        return _lines(conn, kept[:_AT_MOST], member), kept[_AT_MOST - 1].id if len(kept) > _AT_MOST else 0

    lines, more = await read(room, look)
    await write(room, [Entry(member.id, What.ASKED)])
    reads = may(member.role, Deed.READ) is not Reach.NONE
    values: dict[str, Any] = {"lines": lines, "more": more, "reads": reads, "home": home(member.role)}
    return draw(request, "console/record.html", member=member, **values)


def _lines(conn: Connection, kept: list[Kept], member: Member) -> list[Line]:
    names = {one.id: one.name for one in staff.everybody(conn)}
    # Auditors see no case, but all the references; whoever stands apart from one does not see that it is there.
    seen = sight.of(conn, member)
    named = {case_id for row in kept for case_id in row.cases}
    hidden = seen.apart | {one for one in named if (head := cases.head_of(conn, one)) and head.person_id in seen.people}
    refs = {one: head.ref for one in named - hidden if (head := cases.head_of(conn, one))}
    return [_line(row, names, refs, hidden) for row in kept]


def _line(row: Kept, names: dict[int, str], refs: dict[int, str], hidden: frozenset[int]) -> Line:
    shown = [(one, refs[one]) for one in row.cases if one in refs]
    return Line(
        id=row.id,
        at=row.at,
        who=_who(row, names),
        what=known("deed", row.what),
        about="" if row.about is None else names.get(row.about, str(row.about)),
        cases=shown[:_MOST_REFS],
        more=len(set(row.cases) - hidden) - len(shown[:_MOST_REFS]),
    )


def _who(row: Kept, names: dict[int, str]) -> str:
    if row.staff_id is not None:
        return names.get(row.staff_id, str(row.staff_id))
    return word("record.partner" if row.what == What.PARTNER else "record.command")
