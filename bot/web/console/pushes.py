"""What coordinators see of LINE's month: used, left, kept back, what waits; and what a reply would cost now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import anyio.to_thread
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from bot.purse import COUNTED, Reserves
from bot.settings import Settings
from bot.web.badge import room_of
from bot.web.console.words import word
from bot.web.drawing import draw
from storage import cases, pushes, rights, sight
from storage.cases import CaseHead
from storage.outbox import TALK, URGENT
from storage.pushes import Month
from storage.staff import Member


@dataclass(frozen=True)
class Waiting:
    """What waits for the person of a case; of people without a case `ref` is empty."""

    case_id: int | None
    ref: str
    parcels: int
    since: datetime


@dataclass(frozen=True)
class Account:
    """LINE's month as it is known. `room` is what may be pushed above the reserves; None for no limit."""

    month: Month | None
    reserves: Reserves
    room: int | None
    waiting: list[Waiting]


def reserves_of(settings: Settings) -> Reserves:
    """What is kept back of each month."""
    return Reserves(settings.line_reserve_emergencies, settings.line_reserve_reminders)


def account(conn: Connection, settings: Settings, member: Member, now: datetime) -> Account:
    """The month, and what waits because of it, as far as this member sees it."""
    month, reserves = pushes.month(conn, COUNTED, now), reserves_of(settings)
    waits = pushes.waiting(conn)
    refs = {one.case_id: head.ref for one in waits if one.case_id and (head := cases.head_of(conn, one.case_id))}
    shown = sight.of(conn, member).among(conn, refs)
    waiting = [
        Waiting(one.case_id, refs.get(one.case_id or 0, ""), one.parcels, one.since)
        for one in waits
        if one.case_id in shown or one.case_id not in refs
    ]
    return Account(month, reserves, reserves.room(month), waiting)


def cost(conn: Connection, head: CaseHead, way: str | None, settings: Settings, now: datetime) -> str:
    """What a reply to this case would cost, in words; empty where nothing is counted."""
    if way != COUNTED or head.contact_id is None:
        return ""
    if rights.alive(conn, head.contact_id, now):
        return word("pushes.free")
    month, lane = pushes.month(conn, COUNTED, now), URGENT if head.why == "urgent" else TALK
    if month is None or month.left is None:
        return ""
    room = reserves_of(settings).room(month, lane)
    if room == 0 or month.left == 0:
        return word("pushes.waits")
    return word("pushes.costs", n=f"{month.left if room is None else room:,}")


async def show(request: Request, member: Member) -> Response:
    """GET /console/pushes."""
    room = room_of(request)
    now = room.clock()
    found = await anyio.to_thread.run_sync(room.store.read, lambda conn: account(conn, room.settings, member, now))
    return draw(request, "console/pushes.html", member=member, account=found)
