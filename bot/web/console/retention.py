"""How long what is kept, class by class: why, when it was last gone through, how much went, and what goes next."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.nights import lines
from bot.web.badge import room_of
from bot.web.console.words import word
from bot.web.drawing import draw
from bot.web.entry import field, home, put, read
from storage import audit, holds, keeping
from storage.audit import Entry, What
from storage.keeping import LEAST, RULES, Kind
from storage.may import Deed, Reach, may
from storage.staff import Member

_COUNTED = 1000  # no further: the page says "or more"


async def show(request: Request, member: Member) -> Response:
    """GET /console/retention."""
    return await _page(request, member, said=word("keeping.done") if "set" in request.query_params else "")


async def change(request: Request, member: Member) -> Response:
    """POST /console/retention: keep a class so many days from now on. Raises 404 for a class there is not."""
    form, room, now = await request.form(), room_of(request), room_of(request).clock()
    kind, told = field(form, "kind"), field(form, "days")
    if kind not in set(Kind):
        raise HTTPException(404)
    days = int(told) if told.isascii() and told.isdecimal() and len(told) < 6 else 0
    if not keeping.fits(Kind(kind), days):
        wrong = word("keeping.unfit", least=LEAST, most=RULES[Kind(kind)].most)
        return await _page(request, member, 422, wrong=wrong)

    def job(conn: Connection) -> None:
        keeping.set_value(conn, Kind(kind), days, member.id, now)
        audit.add(conn, room.store.vault, [Entry(member.id, What.RETENTION)], now)

    await put(room, job)
    return RedirectResponse("/console/retention?set", 303)


async def _page(request: Request, member: Member, status: int = 200, **values: object) -> Response:
    room = room_of(request)
    now, zone = room.clock(), ZoneInfo(room.settings.timezone)
    found = await read(room, lambda conn: lines(conn, now, zone, _COUNTED))
    held = await read(room, lambda conn: len(holds.everything(conn, room.store.vault)))
    bare: dict[str, object] = {"said": "", "wrong": "", "lines": found, "held": held, "rules": RULES, "least": LEAST}
    bare |= {"most": _COUNTED, "home": home(member.role), "sets": may(member.role, Deed.ERASE) is not Reach.NONE}
    return draw(request, "console/retention.html", status, member=member, **(bare | values))
