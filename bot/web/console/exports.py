"""Taking cases out of the house as a file: counted first, with a reason, agreed to by a second person, then fetched."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from bot.exporting import allowed, span_of
from bot.web.badge import room_of, token_of
from bot.web.console.moments import day_of
from bot.web.console.number import number
from bot.web.console.rows import topic
from bot.web.console.shown import write
from bot.web.console.words import word
from bot.web.drawing import draw
from bot.web.entry import field, put, read
from bot.web.room import Room
from dialogs.words import Words
from storage import cases, export_parts, exports, sight, staff
from storage.audit import Entry, What
from storage.casefile import CaseHead, Mode
from storage.exports import Counted, Export, New, Part, State, Wanted
from storage.may import Deed, Reach, may
from storage.staff import Member

SHORTEST_WHY, LONGEST_WHY = 5, 200
_DONE = frozenset({"asked", "making", "approved", "refused"})


@dataclass(frozen=True)
class Line:
    """A file that was asked for, in words. `mine`: it is the viewer's own; `decides`: the viewer may agree to it."""

    one: Export
    what: str
    state: str
    mine: bool
    decides: bool


@dataclass(frozen=True)
class Asked:
    """What a form asked for. `ref` is the case as it was typed, `why` the reason."""

    wanted: Wanted
    ref: str
    why: str
    wrong: str = ""


async def show(request: Request, member: Member) -> Response:
    """GET /console/exports."""
    said = next((one for one in _DONE if one in request.query_params), "")
    return await _page(request, member, said=word("export.done_" + said) if said else "")


async def ask(request: Request, member: Member) -> Response:
    """POST /console/exports: first only counted; with `do` = make it is asked for."""
    form, room = await request.form(), room_of(request)
    asked, counted = await read(room, lambda conn: _asked(conn, form, member, room))
    if asked.wrong or counted is None:
        return await _page(request, member, 422, wrong=asked.wrong, asked=asked)
    second = counted.people > room.settings.export_second_over
    if field(form, "do") != "make" or field(form, "people") != str(counted.people):
        return await _page(request, member, asked=asked, counted=counted, second=second)
    new, now = New(member.id, asked.wanted, asked.why, second), room.clock()
    await put(room, lambda conn: exports.ask(conn, room.store.vault, new, counted, now))
    return RedirectResponse(f"/console/exports?{'asked' if second else 'making'}", 303)


async def change(request: Request, member: Member) -> Response:
    """POST /console/exports/{export_id}: `do` is approve, refuse or fetch, which is for one's own. Raises 404."""
    form, room, now = await request.form(), room_of(request), room_of(request).clock()
    one, do = await _find(request, member), field(form, "do")
    if do == "fetch":
        await _mine(room, member, one)
        token = await put(room, lambda conn: exports.make_token(conn, one.id))
        if token is None:
            return await _page(request, member, 409, wrong=word("export.not_ready"))
        return RedirectResponse(f"/console/exports/{one.id}/file/{token}", 303)
    if do not in ("approve", "refuse"):
        raise HTTPException(404)
    if one.staff_id == member.id:
        return await _page(request, member, 422, wrong=word("export.not_oneself"))
    yes = do == "approve"
    await put(room, lambda conn: exports.decide(conn, room.store.vault, one, (member.id, yes), now))
    return RedirectResponse(f"/console/exports?{'approved' if yes else 'refused'}", 303)


async def hand_out(request: Request, member: Member) -> Response:
    """GET /console/exports/{export_id}/file/{token}: to whoever asked for it alone, while it lives. Raises 404."""
    room, token = room_of(request), str(request.path_params["token"])
    one = await _find(request, member)
    await _mine(room, member, one)
    if not exports.opens(one, token, room.clock()):
        raise HTTPException(404)
    await write(room, [Entry(member.id, What.FETCHED)])
    headers = {
        "Content-Disposition": f'attachment; filename="nakodo-{one.id}.csv"',
        "Content-Length": str(one.size),
    }
    return StreamingResponse(
        _parts(room, one, token_of(request)), media_type="text/csv; charset=utf-8", headers=headers
    )


async def _parts(room: Room, one: Export, token: str) -> AsyncIterator[bytes]:
    """Part by part; what is spoilt while it is read, or read by somebody who is out, ends as a broken line does."""
    for place in range(one.parts):

        def look(conn: Connection, place: int = place) -> bytes | None:
            inside = staff.of_session(conn, token, room.clock())
            return None if inside is None else export_parts.part(conn, room.store.vault, one, place)

        part = await read(room, look)
        if part is None:
            raise ConnectionAbortedError("the file is gone, or its reader is out")
        yield part


async def _find(request: Request, member: Member) -> Export:
    """The file of an address. Raises 404 where there is none, or it is one case that the viewer must not know of."""
    room, wanted = room_of(request), number(request, "export_id")

    def look(conn: Connection) -> Export | None:
        found = exports.find(conn, room.store.vault, wanted)
        return found if found and _sees(conn, found, member) else None

    one = await read(room, look)
    if one is None:
        raise HTTPException(404)
    return one


def _sees(conn: Connection, one: Export, member: Member) -> bool:
    if one.wanted.case_id is None:
        return True
    head = cases.head_of(conn, one.wanted.case_id)
    return head is not None and sight.of(conn, member).sees(head)


async def _mine(room: Room, member: Member, one: Export) -> None:
    """Only one's own, and only what one may still have. Raises 404; the attempt is in the record."""
    if one.staff_id != member.id or not allowed(member, one.wanted):
        await write(room, [Entry(member.id, What.REFUSED, about=one.staff_id)])
        raise HTTPException(404)


def _asked(conn: Connection, form: FormData, member: Member, room: Room) -> tuple[Asked, Counted | None]:
    """What a form asks for, and how much that is; nothing counted where something is wrong."""
    why, ref = " ".join(field(form, "why").split()), field(form, "ref").strip().upper()
    part, days = field(form, "part"), [day_of(field(form, name)) for name in ("since", "until")]
    secrets = bool(field(form, "secrets")) and may(member.role, Deed.SECRETS) is not Reach.NONE
    wanted = Wanted(
        Part(part) if part in set(Part) else Part.ALL, field(form, "topic")[:40], days[0], days[1], None, secrets
    )
    sees = sight.of(conn, member)
    if ref:
        head = cases.by_ref(conn, ref)
        wrong = _wrong_case(head if head and sees.sees(head) else None, member)
        wanted = Wanted(case_id=head.id if head else None, secrets=bool(head and head.mode is Mode.PRIVATE))
        if wrong:
            return Asked(wanted, ref, why, wrong), None
    if not SHORTEST_WHY <= len(why) <= LONGEST_WHY:
        return Asked(wanted, ref, why, word("export.no_why")), None
    counted = exports.count(conn, wanted, span_of(wanted, ZoneInfo(room.settings.timezone)), sees)
    return Asked(wanted, ref, why, "" if counted.cases else word("export.nothing")), counted


def _wrong_case(head: CaseHead | None, member: Member) -> str:
    if head is None or head.person_id is None:
        return word("export.no_case")
    if head.mode is Mode.PRIVATE and may(member.role, Deed.SECRETS) is Reach.NONE:
        return word("export.secret_case")
    return ""


async def _page(request: Request, member: Member, status: int = 200, **values: object) -> Response:
    room = room_of(request)
    now, book = room.clock(), room.house.library["ja"]

    def look(conn: Connection) -> list[Line]:
        found = exports.latest(conn, room.store.vault)
        return [_line(one, member, now, book_of(conn, one)) for one in found if _shown(conn, one, member)]

    def book_of(conn: Connection, one: Export) -> str:
        head = cases.head_of(conn, one.wanted.case_id) if one.wanted.case_id else None
        return word("export.of_case", ref=head.ref) if head else _what(one.wanted, book)

    bare: dict[str, object] = {
        "said": "", "wrong": "", "asked": Asked(Wanted(), "", ""), "counted": None, "second": False,
    }  # fmt: skip
    bare |= {"over": room.settings.export_second_over, "secrets": may(member.role, Deed.SECRETS) is not Reach.NONE}
    topics = await read(room, lambda conn: sorted(cases.counts(conn, member.id, now, sight.of(conn, member)).topics))
    bare["topics"] = [(key, topic(key, book)) for key in topics]
    bare["lines"] = await read(room, look)
    return draw(request, "console/exports.html", status, member=member, **(bare | values))


def _shown(conn: Connection, one: Export, member: Member) -> bool:
    return (one.staff_id == member.id or one.state is State.ASKED) and _sees(conn, one, member)


def _line(one: Export, member: Member, now: datetime, what: str) -> Line:
    mine = one.staff_id == member.id
    state = "gone" if one.state is State.READY and one.expires_at <= now else one.state.value
    return Line(one, what, word("export.state_" + state), mine, not mine and one.state is State.ASKED)


def _what(wanted: Wanted, book: Words) -> str:
    days = (
        "〜".join(str(day) if day else "" for day in (wanted.since, wanted.until))
        if wanted.since or wanted.until
        else ""
    )
    parts = [word("export.part_" + wanted.part.value), topic(wanted.topic, book) if wanted.topic else "", days]
    return "・".join([one for one in parts if one] + ([word("export.with_secrets")] if wanted.secrets else []))
