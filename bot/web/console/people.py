"""The people of the centre, for managers: invite by a link shown once, change roles, give new links, end sessions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.invite import LASTS, address
from bot.web.badge import room_of
from bot.web.console.number import number
from bot.web.console.setting.fields import topics
from bot.web.console.words import word
from bot.web.drawing import draw
from bot.web.entry import field, put, read
from dialogs.words import LANGUAGES
from knowledge.hours import WEEK
from storage import abilities, audit, passkeys, seconds, sessions, sight, staff, standings
from storage.abilities import Ability, Absence, Load
from storage.audit import Entry, What
from storage.staff import Member, Role
from storage.standings import Standing

ROLES = tuple(role for role in Role if role is not Role.SYSTEM)
_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,59}")
_MOST_NAME = 60
_DEEDS = ("role", "second", "sessions", "remove", "back")
_DONE = (*_DEEDS, "ability", "away", "here")


@dataclass(frozen=True)
class Line:
    """One member. `apart` are the cases they have nothing to do with, as far as the viewer may know of these."""

    member: Member
    second: bool
    sessions: int
    seen_at: datetime | None
    apart: list[Standing]
    ability: Ability
    away: list[Absence]
    now_away: bool
    load: int


@dataclass(frozen=True)
class Made:
    """A link to hand on, shown this once."""

    name: str
    link: str


async def show(request: Request, member: Member) -> Response:
    """GET /console/people."""
    done = next((one for one in _DONE if one in request.query_params), "")
    return await page(request, member, said=word("people.done_" + done) if done else "")


async def invite(request: Request, member: Member) -> Response:
    """POST /console/people: somebody new, and the link by which they come in."""
    form, room = await request.form(), room_of(request)
    login, name, role = field(form, "login").strip(), field(form, "name").strip(), _role(field(form, "role"))
    typed = {"login": login, "name": name, "role": role.value}
    if not _LOGIN.fullmatch(login) or not name or len(name) > _MOST_NAME:
        return await page(request, member, 422, wrong=word("people.unfit"), **typed)
    now = room.clock()

    def job(conn: Connection) -> str | None:
        new = staff.add(conn, login, name, role, now)
        if new is None:
            return None
        audit.add(conn, room.store.vault, [Entry(member.id, What.ADDED, about=new)], now)
        return staff.make_link(conn, new, now, LASTS)

    token = await put(room, job)
    if token is None:
        return await page(request, member, 422, wrong=word("people.taken"), **typed)
    return await page(request, member, made=Made(name, address(room.settings, token)))


async def change(request: Request, member: Member) -> Response:
    """POST /console/people/{member_id}: `do` is role, link, second, sessions, remove or back. Raises 404."""
    form, room, whom = await request.form(), room_of(request), number(request, "member_id")
    do, role = field(form, "do"), field(form, "role")
    if do not in (*_DEEDS, "link"):
        raise HTTPException(404)
    if whom == member.id:  # or the last manager shuts everybody out
        return await page(request, member, 422, wrong=word("people.not_oneself"))
    now, vault = room.clock(), room.store.vault

    def job(conn: Connection) -> tuple[Member, str] | None:
        about = staff.get(conn, whom)
        if about is None:
            return None
        audit.add(conn, vault, [Entry(member.id, _WHAT[do], about=whom)], now)
        return about, _do(conn, do, about, _role(role), now)

    done = await put(room, job)
    if done is None:
        raise HTTPException(404)
    room.bell.ring()
    if do == "link":
        return await page(request, member, made=Made(done[0].name, address(room.settings, done[1])))
    return RedirectResponse(f"/console/people?{do}", 303)


_WHAT = {
    "role": What.ROLE, "link": What.LINKED, "second": What.NO_SECOND, "sessions": What.ENDED, "remove": What.REMOVED,
    "back": What.BACK,
}  # fmt: skip


def _do(conn: Connection, do: str, about: Member, role: Role, now: datetime) -> str:
    """Do it; the token of a link where one was asked for. Whatever changes who somebody is ends their sessions."""
    if do == "role":
        staff.set_role(conn, about.id, role)
    elif do == "second":
        seconds.drop(conn, about.id)
        passkeys.drop(conn, about.id)
        staff.shut_out(conn, about.id)
    elif do == "sessions":
        staff.shut_out(conn, about.id)
    elif do in ("remove", "back"):
        staff.set_active(conn, about.id, do == "back")
    elif about.active:
        staff.set_password(conn, about.id, None)
        return staff.make_link(conn, about.id, now, LASTS)
    return ""


def _role(told: str) -> Role:
    """The role a form names. Raises 404 for one that nobody can be given."""
    if told and told not in ROLES:
        raise HTTPException(404)
    return Role(told or Role.COORDINATOR)


async def page(request: Request, member: Member, status: int = 200, **values: object) -> Response:
    """The page; `values` may hold said, wrong, made, and what was typed for somebody new."""
    room = room_of(request)
    now = room.clock()
    today, words = room.mind.local(now).date().isoformat(), room.house.library["ja"]

    def look(conn: Connection) -> list[Line]:
        have, apart, own = (
            seconds.have(conn) | passkeys.have(conn),
            standings.of_everybody(conn),
            sight.of(conn, member),
        )
        seen = own.among(conn, {one.case_id for found in apart.values() for one in found})
        able, loads, absent = abilities.everything(conn), abilities.load(conn), abilities.absences(conn)
        lines = []
        for one in sorted(staff.everybody(conn), key=lambda one: (not one.active, one.login)):
            there = sessions.of_member(conn, one.id, now)
            known = [tie for tie in apart.get(one.id, ()) if tie.case_id in seen]
            away = [gone for gone in absent if gone.staff_id == one.id and gone.last >= today]
            lines.append(
                Line(
                    member=one,
                    second=one.id in have,
                    sessions=len(there),
                    seen_at=there[0].seen_at if there else None,
                    apart=known,
                    ability=able.get(one.id, Ability()),
                    away=away,
                    now_away=any(gone.on(today) for gone in away),
                    load=loads.get(one.id, Load()).cases,
                )
            )
        return lines

    bare: dict[str, object] = {
        "said": "",
        "wrong": "",
        "login": "",
        "name": "",
        "role": Role.COORDINATOR.value,
        "made": None,
    }
    lines = await read(room, look)
    bare |= {"lines": lines, "roles": ROLES, "names": {one.member.id: one.member.name for one in lines}}
    bare |= {"topics": topics(words), "languages": LANGUAGES, "days": WEEK}
    return draw(request, "console/people.html", status, member=member, **(bare | values))
