"""Draws the coordinators' pages, and says times as they read them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot.web.console.words import word
from bot.web.paper import press
from bot.web.room import Room


def clock(moment: datetime, zone: str, now: datetime) -> Markup:
    """A time of day for people (with the day, when it is not today), and the exact time for programs."""
    here, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    said = f"{here.hour}:{here.minute:02}"
    if here.date() != today.date():
        said = f"{here.month}月{here.day}日 {said}"
    if here.year != today.year:
        said = f"{here.year}年{said}"
    return Markup('<time datetime="{}">{}</time>').format(here.isoformat(timespec="seconds"), said)


def draw(request: Request, template: str, status: int = 200, **data: object) -> HTMLResponse:
    """The page `template` with `data`; `centre`, `demo`, `request`, `at(moment)` and `word(key)` are always there."""
    room: Room = request.app.state.room
    now = room.clock()

    def at(moment: datetime) -> Markup:
        return clock(moment, room.settings.timezone, now)

    always = {"centre": room.house.centre["ja"], "demo": room.demo, "request": request, "at": at, "word": word}
    return HTMLResponse(press().get_template(template).render(always | data), status)
