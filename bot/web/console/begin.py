"""The first three steps of a new centre's first manager: hours and telephone, colleagues, one question to the bot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import anyio.to_thread
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.rulebook import plain, unfit
from bot.web.badge import room_of
from bot.web.console.knowledge import tried
from bot.web.console.setting.fields import Group, groups
from bot.web.console.setting.forms import week
from bot.web.console.words import word
from bot.web.drawing import draw
from bot.web.entry import field, put, read
from bot.web.room import Room
from knowledge.parts import Part
from storage import abilities, audit, settings, staff
from storage.abilities import Ability
from storage.audit import Entry, What
from storage.settings import New
from storage.staff import Member, Role

ADDRESS = "/console/begin"


@dataclass(frozen=True)
class Steps:
    """Which of the first two steps are done; the third ends it all."""

    hours: bool
    people: bool

    @property
    def now(self) -> int:
        """The step to take now, 1 to 3."""
        return 1 if not self.hours else 2 if not self.people else 3


def steps(conn: Connection, member: Member, room: Room) -> Steps | None:
    """Where the first manager stands; None for everybody else, and once it is done or was left."""
    active = [one for one in staff.everybody(conn) if one.active]
    chiefs = [one.id for one in active if one.role is Role.MANAGER]
    done = abilities.everything(conn).get(member.id, Ability()).begun
    if room.demo or done or not chiefs or min(chiefs) != member.id:
        return None
    return Steps(not room.mind.book.now.centre.example, len(active) > 1)


async def show(request: Request, member: Member) -> Response:
    """GET /console/begin: resumed where it was left; gone once it is done."""
    return await _page(request, member)


async def go(request: Request, member: Member) -> Response:
    """POST /console/begin: `do` is hours, try, or skip."""
    form, room = await request.form(), room_of(request)
    if await read(room, lambda conn: steps(conn, member, room)) is None:
        return RedirectResponse("/console", 303)
    match field(form, "do"):
        case "hours":
            typed = {name: value for name, value in form.items() if isinstance(value, str) and len(value) <= 400}
            return await _hours(request, member, typed)
        case "try":
            return await _page(request, member, asked=field(form, "q"))
        case "skip":
            await put(room, lambda conn: abilities.begun(conn, member.id))
            return RedirectResponse("/console", 303)
        case _:
            return await _page(request, member, 422)


async def _hours(request: Request, member: Member, typed: Mapping[str, str]) -> Response:
    room, now = room_of(request), room_of(request).clock()
    book, why, phone = room.mind.book, word("begin.why_set"), " ".join(typed.get("phone", "").split())

    def job(conn: Connection) -> dict[Part, Mapping[str, Any]]:
        told = {part: plain(conn, book, part) for part in (Part.HOURS, Part.CENTRE)}
        new: dict[Part, Mapping[str, Any]] = {
            Part.HOURS: {**told[Part.HOURS][1], "open": week(typed, "open")},
            Part.CENTRE: {**told[Part.CENTRE][1], "phone": phone},
        }
        if any(unfit(part, value) for part, value in new.items()):
            return new
        for part, value in new.items():
            settings.add(conn, New(part.value, member.id, why, value, told[part][0]), now)
        audit.add(conn, room.store.vault, [Entry(member.id, What.SETTING)], now)
        return {}

    if wrong := await put(room, job):
        return await _page(request, member, 422, told=wrong)
    await read(room, lambda conn: book.take(settings.everything(conn)))
    return RedirectResponse(ADDRESS, 303)


async def _page(
    request: Request,
    member: Member,
    status: int = 200,
    asked: str = "",
    told: Mapping[Part, Mapping[str, Any]] | None = None,
) -> Response:
    room = room_of(request)
    mind, words = room.mind, room.house.library["ja"]

    def look(conn: Connection) -> tuple[Steps | None, list[Group], str]:
        hours = (told or {}).get(Part.HOURS) or plain(conn, mind.book, Part.HOURS)[1]
        centre = (told or {}).get(Part.CENTRE) or plain(conn, mind.book, Part.CENTRE)[1]
        return steps(conn, member, room), groups(Part.HOURS, hours, words)[:1], str(centre.get("phone", ""))

    where, week_, phone = await read(room, look)
    if where is None:
        return RedirectResponse("/console", 303)
    today = mind.local(room.clock()).date()
    found = await anyio.to_thread.run_sync(lambda: tried(mind, asked, "ja", today))
    if asked.strip():
        await put(room, lambda conn: abilities.begun(conn, member.id))
    values = {"steps": where, "days": week_[0].fields, "phone": phone, "q": asked, "tried": found}
    wrong = word("begin.unfit") if told else ""
    return draw(request, "console/begin.html", status, member=member, wrong=wrong, **values)
