"""Appointments in the console: the forms of a case that set, move and call them off, and the page of the week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from bot.appointing import Wanted, calling_off, setting
from bot.web.badge import room_of
from bot.web.console.case import Attempt
from bot.web.console.deeds import again, settle, written
from bot.web.console.moments import read as read_moment
from bot.web.console.number import line_of, number
from bot.web.console.words import word
from bot.web.days import day_name
from bot.web.drawing import draw
from bot.web.entry import field, read
from bot.web.room import Room
from storage import appointments, cases, sight
from storage.appointments import Appointment, Way, When
from storage.audit import What
from storage.staff import Member

LENGTHS = (15, 30, 45, 60, 90, 120)
_WEEKS = 26  # so many before and after this one can be looked at


async def appoint(request: Request, member: Member) -> Response:
    """POST …/appoint: a new one, or with `appointment` another time for that one."""
    form, room = await request.form(), room_of(request)
    _, key, _ = await written(request)
    names = ("day", "hour", "minutes", "way", "place", "whom", "appointment", "sequence")
    told = {name: field(form, name) for name in names}
    attempt = Attempt(form=told | {"of": "appoint"})
    if not key:
        return await again(request, member, attempt, word("refused.form"))
    wanted = Wanted(_when(form, room), line_of(told["appointment"]), line_of(told["sequence"]))
    done = await room.desk.do(number(request), member, What.APPOINT, setting(room.desk, wanted, key))
    return await settle(request, member, "appoint", done, attempt)


def _when(form: FormData, room: Room) -> When | None:
    starts = read_moment(f"{field(form, 'day')}T{field(form, 'hour')}", ZoneInfo(room.settings.timezone))
    minutes, way = field(form, "minutes"), field(form, "way")
    if starts is None or way not in set(Way) or minutes not in {str(one) for one in LENGTHS}:
        return None
    return When(line_of(form.get("whom")), starts, int(minutes), Way(way), " ".join(field(form, "place").split()))


async def unappoint(request: Request, member: Member) -> Response:
    """POST …/unappoint: called off, and the resident is told."""
    which, desk = line_of((await request.form()).get("appointment")), room_of(request).desk
    done = await desk.do(number(request), member, What.APPOINT, calling_off(desk, which))
    return await settle(request, member, "unappoint", done)


@dataclass(frozen=True)
class Slot:
    """An appointment in the week. `ref` is empty for a case that the viewer does not see: only that time is taken."""

    of: Appointment
    ref: str
    state: str
    clash: bool
    mine: bool


@dataclass(frozen=True)
class Day:
    """A day with its appointments."""

    name: str
    today: bool
    slots: list[Slot]


async def week(request: Request, member: Member) -> Response:
    """GET /console/appointments, `?week=` so many weeks from now, `?whose=mine`."""
    room, mine = room_of(request), request.query_params.get("whose") == "mine"
    away = _away(request.query_params.get("week", "0"))
    zone = ZoneInfo(room.settings.timezone)
    today = room.clock().astimezone(zone).date()
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=away)

    def look(conn: Connection) -> list[Slot]:
        since = datetime.combine(monday, time(), zone)
        return _slots(conn, room, member, (since, since + timedelta(days=7)))

    found = [one for one in await read(room, look) if one.mine or not mine]
    days = [_day(monday + timedelta(days=n), today, found, zone) for n in range(7)]
    values: dict[str, Any] = {
        "days": days,
        "week": away,
        "mine": mine,
        "clashes": sum(one.clash for one in found),
        "most": _WEEKS,
        "at_clock": lambda moment: f"{moment.astimezone(zone):%H:%M}",
    }
    return draw(request, "console/week.html", member=member, **values)


def _slots(conn: Connection, room: Room, member: Member, span: tuple[datetime, datetime]) -> list[Slot]:
    found = appointments.within(conn, room.store.vault, *span)
    clashing = appointments.clashing(found)
    seen = sight.of(conn, member)
    heads = {one.case_id: cases.head_of(conn, one.case_id) for one in found}
    return [
        Slot(
            one,
            one.ref if (head := heads[one.case_id]) is not None and seen.sees(head) else "",
            word("meeting." + one.state.value),
            one.id in clashing,
            one.when.staff_id == member.id,
        )
        for one in found
    ]


def _day(day: date, today: date, found: list[Slot], zone: ZoneInfo) -> Day:
    slots = [one for one in found if one.of.when.starts_at.astimezone(zone).date() == day]
    return Day(day_name(day), day == today, slots)


def _away(told: str) -> int:
    bare = told.removeprefix("-")
    weeks = int(bare) if bare.isascii() and bare.isdecimal() and len(bare) < 4 else 0
    return max(-_WEEKS, min(_WEEKS, -weeks if told.startswith("-") else weeks))
