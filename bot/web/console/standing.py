"""Who has to do with a case: keep out of it oneself, keep a colleague out, ask a specialist in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.web.badge import room_of
from bot.web.console.number import number
from bot.web.console.queue import Folder
from bot.web.entry import field, put, read
from storage import audit, cases, staff, standings
from storage.audit import Entry, What
from storage.cases import CaseHead
from storage.may import Deed, Reach, may
from storage.staff import Member, Role
from storage.standings import Kind, New, Standing

_WHAT = {Kind.APART: (What.APART, What.REJOINED), Kind.ASKED: (What.BROUGHT, What.PARTED)}


@dataclass(frozen=True)
class Ties:
    """What the page of a case says and offers about this; lists are empty where the viewer may not do it."""

    apart: list[Standing]
    asked: list[Standing]
    may_apart: bool
    may_ask: bool
    colleagues: list[Member]
    specialists: list[Member]


def ties(conn: Connection, head: CaseHead, member: Member) -> Ties:
    """The standings of a case as this member sees them."""
    found = standings.about(conn, head)
    parts, asks = _any(member, Deed.PART), _any(member, Deed.ASK)
    known = {(one.kind, one.staff_id) for one in found}
    free = [one for one in staff.everybody(conn) if one.active and one.id != member.id]
    works = [one for one in free if may(one.role, Deed.READ) is not Reach.NONE]
    return Ties(
        apart=_once([one for one in found if one.kind is Kind.APART]) if parts else [],
        asked=[one for one in found if one.kind is Kind.ASKED],
        may_apart=may(member.role, Deed.APART) is not Reach.NONE,
        may_ask=asks,
        colleagues=[one for one in works if parts and (Kind.APART, one.id) not in known],
        specialists=[
            one
            for one in works
            if asks and one.role is Role.SPECIALIST and not {(kind, one.id) for kind in Kind} & known
        ],
    )


async def apart(request: Request, member: Member) -> Response:
    """POST …/apart: have nothing to do with this case and its person; only a manager can take it back."""
    await _keep_out(request, member, member)
    return RedirectResponse("/console", 303)


async def part(request: Request, member: Member) -> Response:
    """POST …/part: the same, decided about a colleague."""
    await _keep_out(request, member, await _colleague(request))
    return _back(request)


async def rejoin(request: Request, member: Member) -> Response:
    """POST …/rejoin: a colleague may see this person's cases again."""
    await _take_back(request, member, Kind.APART)
    return _back(request)


async def ask(request: Request, member: Member) -> Response:
    """POST …/ask: a specialist sees this one case from now on."""
    whom = await _colleague(request)
    if whom.role is not Role.SPECIALIST:
        raise HTTPException(404)
    await _put(request, member, New(Kind.ASKED, whom.id, member.id))
    return _back(request)


async def unask(request: Request, member: Member) -> Response:
    """POST …/unask: they see it no more."""
    await _take_back(request, member, Kind.ASKED)
    return _back(request)


async def _keep_out(request: Request, member: Member, whom: Member) -> None:
    """A holder gives the person back to the bot first, who is told so as always."""
    room, case_id = room_of(request), number(request)

    def open_ones(conn: Connection) -> list[int]:
        head = cases.head_of(conn, case_id)
        beside = cases.of_person_open(conn, [head.person_id]) if head and head.person_id is not None else {}
        return sorted({case_id, *(one.id for one in beside.values())})

    for one in await read(room, open_ones):
        await room.desk.release(one, whom)
    await _put(request, member, New(Kind.APART, whom.id, member.id))


async def _put(request: Request, member: Member, new: New) -> None:
    room, case_id, now = room_of(request), number(request), room_of(request).clock()

    def job(conn: Connection) -> None:
        head = cases.head_of(conn, case_id)
        if head is not None and standings.put(conn, new, head, now):
            entry = Entry(member.id, _WHAT[new.kind][0], (case_id,), about=new.staff_id)
            audit.add(conn, room.store.vault, [entry], now)

    await put(room, job)
    room.bell.ring()


async def _take_back(request: Request, member: Member, kind: Kind) -> None:
    room, case_id, now = room_of(request), number(request), room_of(request).clock()
    whom = await _colleague(request)

    def job(conn: Connection) -> None:
        head = cases.head_of(conn, case_id)
        if head is not None and standings.drop(conn, kind, head, whom.id, now):
            audit.add(conn, room.store.vault, [Entry(member.id, _WHAT[kind][1], (case_id,), about=whom.id)], now)

    await put(room, job)
    room.bell.ring()


async def _colleague(request: Request) -> Member:
    """The member that the form names. Raises 404 for nobody."""
    told = field(await request.form(), "who")
    wanted = int(told) if told.isascii() and told.isdecimal() and len(told) < 19 else 0
    found = await read(room_of(request), lambda conn: staff.get(conn, wanted))
    if found is None:
        raise HTTPException(404)
    return found


def _once(found: list[Standing]) -> list[Standing]:
    """A person of several cases is one matter."""
    return list({one.staff_id: one for one in found}.values())


def _any(member: Member, deed: Deed) -> bool:
    return may(member.role, deed) is Reach.ANY


def _back(request: Request) -> Response:
    return RedirectResponse(f"/console/cases/{number(request)}?{Folder.of(request.query_params).query()}", 303)
