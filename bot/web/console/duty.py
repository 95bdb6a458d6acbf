"""What each member can do and when they work, and who stands in while they are away: set by managers."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.web.badge import room_of
from bot.web.console import people
from bot.web.console.number import line_of, number
from bot.web.console.setting.forms import week
from bot.web.console.words import word
from bot.web.entry import field, put
from bot.web.entry import read as ask
from dialogs.flows.consultation import Trouble
from dialogs.words import LANGUAGES
from knowledge.parts import BrokenPart, DutyPart, read
from storage import abilities, audit, staff
from storage.abilities import Ability
from storage.audit import Entry, What
from storage.staff import Member


async def ability(request: Request, member: Member) -> Response:
    """POST /console/people/{member_id}/ability: topics, languages, hours of duty. Raises 404."""
    form, room, whom = await request.form(), room_of(request), await _whom(request)
    chosen = {name: [str(one) for one in form.getlist(name)] for name in ("topics", "languages")}
    hours = week({name: value for name, value in form.items() if isinstance(value, str)}, "duty")
    try:
        read(DutyPart, {"week": hours})
    except BrokenPart:
        return await people.page(request, member, 422, wrong=word("ability.duty_unfit"))
    able = Ability(
        topics=tuple(one.value for one in Trouble if one.value in chosen["topics"]),
        languages=tuple(one for one in LANGUAGES if one in chosen["languages"]),
        duty=hours or None,
    )
    now, vault = room.clock(), room.store.vault

    def job(conn: Connection) -> None:
        abilities.put(conn, whom, able)
        audit.add(conn, vault, [Entry(member.id, What.ABILITY, about=whom)], now)

    await put(room, job)
    return RedirectResponse(f"/console/people?ability#person-{whom}", 303)


async def away(request: Request, member: Member) -> Response:
    """POST /console/people/{member_id}/away: from when to when, and who stands in; or `back` takes one back. 404."""
    form, room, whom = await request.form(), room_of(request), await _whom(request)
    first, last = field(form, "first"), field(form, "last")
    back, cover = line_of(form.get("back")), line_of(form.get("cover"))
    if not back and not _days(first, last):
        return await people.page(request, member, 422, wrong=word("ability.unfit"))
    now, vault = room.clock(), room.store.vault

    def job(conn: Connection) -> bool:
        known = {one.id for one in staff.everybody(conn) if one.active}
        if cover and cover not in known - {whom}:
            return False
        if back and not abilities.back(conn, whom, back):
            return False
        if not back:
            abilities.away(conn, whom, first, last, cover or None)
        audit.add(conn, vault, [Entry(member.id, What.AWAY, about=whom)], now)
        return True

    if not await put(room, job):
        raise HTTPException(404)
    return RedirectResponse(f"/console/people?{'here' if back else 'away'}#person-{whom}", 303)


async def _whom(request: Request) -> int:
    """The member whom the address names. Raises 404 when there is none."""
    whom = number(request, "member_id")
    if await ask(room_of(request), lambda conn: staff.get(conn, whom)) is None:
        raise HTTPException(404)
    return whom


def _days(first: str, last: str) -> bool:
    """Whether both are days as they are stored, in their order."""
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return False
    return (start.isoformat(), end.isoformat()) == (first, last) and start <= end
