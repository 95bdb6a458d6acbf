"""Deleting for good, for managers: what would go is shown first, typed out to be sure, and stopped for a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.nights import edge
from bot.web.badge import room_of
from bot.web.console.held import wait_of
from bot.web.console.moments import day_of
from bot.web.console.number import number
from bot.web.console.words import word
from bot.web.drawing import draw
from bot.web.entry import field, put, read
from bot.web.room import Room
from storage import cases, deletions, holds, keeping, sight
from storage.casefile import CaseHead
from storage.deletions import CASE, PERSON, Deletion, Foreseen, Order, State
from storage.holds import Hold
from storage.keeping import BY_ORDER, LEAST, Kind
from storage.staff import Member

_COUNTED = 100_000  # no further: the page says "or more"
_DONE = frozenset({"ordered", "kept", "late"})


@dataclass(frozen=True)
class Plan:
    """What a form asks to delete, with what would go; `sure` is what must be typed to order it."""

    kind: str = ""
    ref: str = ""
    day: str = ""
    order: Order | None = None
    foreseen: Foreseen | None = None
    sure: str = ""
    wrong: str = ""


@dataclass(frozen=True)
class Line:
    """An order in words; `stoppable`: it has not begun."""

    one: Deletion
    what: str
    state: str
    stoppable: bool


async def show(request: Request, member: Member) -> Response:
    """GET /console/deletions."""
    said = next((one for one in _DONE if one in request.query_params), "")
    return await _page(request, member, said=word("deletion.done_" + said) if said else "")


async def plan(request: Request, member: Member) -> Response:
    """POST /console/deletions: first only shown; ordered once what is to be typed was typed."""
    form, room, now = await request.form(), room_of(request), room_of(request).clock()
    made = await read(room, lambda conn: _plan(conn, form, member, room))
    if made.wrong or made.order is None or made.foreseen is None:
        return await _page(request, member, 422, wrong=made.wrong, plan=made)
    typed = field(form, "sure").strip().upper()
    if made.foreseen.stays or not typed:
        return await _page(request, member, plan=made)
    if typed != made.sure.upper():
        return await _page(request, member, 422, wrong=word("deletion.not_sure", sure=made.sure), plan=made)
    new, begins = (member.id, made.order, made.foreseen.whole), now + await wait_of(request, member)
    await put(room, lambda conn: deletions.add(conn, room.store.vault, new, begins, now))
    return RedirectResponse("/console/deletions?ordered", 303)


async def stop(request: Request, member: Member) -> Response:
    """POST /console/deletions/{deletion_id}: take it back, as long as it has not begun. Raises 404."""
    room, wanted, now = room_of(request), number(request, "deletion_id"), room_of(request).clock()

    def job(conn: Connection) -> bool | None:
        one = deletions.find(conn, wanted)
        return None if one is None else deletions.keep(conn, room.store.vault, one, member.id, now)

    kept = await put(room, job)
    if kept is None:
        raise HTTPException(404)
    return RedirectResponse(f"/console/deletions?{'kept' if kept else 'late'}", 303)


async def hold(request: Request, member: Member) -> Response:
    """POST …/hold: nothing of this case is deleted by time or by order; with `do` = end no longer."""
    form, room, case_id = await request.form(), room_of(request), number(request)
    why, now, vault = " ".join(field(form, "why").split())[:200], room.clock(), room.store.vault

    def job(conn: Connection) -> None:
        head = cases.head_of(conn, case_id)
        if head is not None and field(form, "do") == "end":
            holds.end(conn, vault, member.id, head, now)
        elif head is not None and why:
            holds.put(conn, vault, (member.id, why), head, now)

    await put(room, job)
    room.bell.ring()
    said = "unheld" if field(form, "do") == "end" else "held"
    return RedirectResponse(f"/console/cases/{case_id}" + (f"?said={said}" if why or said == "unheld" else ""), 303)


def _plan(conn: Connection, form: FormData, member: Member, room: Room) -> Plan:
    kind, ref, day = field(form, "kind"), field(form, "ref").strip().upper(), field(form, "day")
    if kind in (CASE, PERSON):
        head = cases.by_ref(conn, ref)
        if head is None or head.person_id is None or not sight.of(conn, member).sees(head):
            return Plan(kind, ref, day, wrong=word("deletion.no_case"))
        return _of_case(conn, kind, head)
    if kind not in BY_ORDER:
        return Plan(kind, ref, day, wrong=word("deletion.no_kind"))
    before, zone = day_of(day), ZoneInfo(room.settings.timezone)
    if before is None or before > room.clock().astimezone(zone).date() - timedelta(days=LEAST):
        return Plan(kind, ref, day, wrong=word("deletion.no_day", days=LEAST))
    order = Order(kind, before=edge(before, 0, zone))
    many = keeping.due(conn, Kind(kind), edge(before, 0, zone), _COUNTED)
    if not many:
        return Plan(kind, ref, day, wrong=word("deletion.nothing"))
    return Plan(kind, ref, day, order, Foreseen({kind: many}), str(many))


def _of_case(conn: Connection, kind: str, head: CaseHead) -> Plan:
    if kind == CASE or head.person_id is None:
        return Plan(kind, head.ref, "", Order(CASE, head.id), deletions.foresee_case(conn, head), head.ref)
    return Plan(
        kind, head.ref, "", Order(PERSON, head.person_id), deletions.foresee_person(conn, head.person_id), head.ref
    )


async def _page(request: Request, member: Member, status: int = 200, **values: object) -> Response:
    room = room_of(request)

    def look(conn: Connection) -> tuple[list[Line], list[Hold]]:
        sees = sight.of(conn, member)
        held = holds.everything(conn, room.store.vault)
        among = sees.among(conn, [one.case_id for one in held])
        lines = [_line(conn, one, room.clock()) for one in deletions.latest(conn) if _known(conn, one, sees)]
        return lines, [one for one in held if one.case_id in among]

    lines, held = await read(room, look)
    bare: dict[str, object] = {"said": "", "wrong": "", "plan": Plan(), "kinds": (CASE, PERSON, *BY_ORDER)}
    return draw(
        request,
        "console/deletions.html",
        status,
        member=member,
        lines=lines,
        held=held,
        most=_COUNTED,
        **(bare | values),
    )


def _known(conn: Connection, one: Deletion, sees: sight.Sight) -> bool:
    """Whether the viewer may know of what was ordered: nothing about a case that they have nothing to do with."""
    if one.order.kind == PERSON:
        return one.order.target not in sees.people
    head = cases.head_of(conn, one.order.target) if one.order.kind == CASE and one.order.target else None
    return head is None or sees.sees(head)


def _line(conn: Connection, one: Deletion, now: datetime) -> Line:
    head = cases.head_of(conn, one.order.target) if one.order.kind == CASE and one.order.target else None
    ref = head.ref if head else ""
    return Line(
        one,
        word("deletion.kind_" + one.order.kind) + (f" {ref}" if ref else ""),
        word("deletion.state_" + one.state.value),
        one.state is State.WAITING and one.next_at > now,
    )
