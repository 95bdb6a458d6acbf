"""Draws pages: Jinja2 with escaping always on, and the few filters that turn our plain data into safe HTML."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot.web.console.words import word
from bot.web.paper import ruby
from bot.web.room import Room
from bot.web.statics import asset
from dialogs.words import shown

PAGES = Path(__file__).parent / "pages"


def theirs(text: object) -> Markup:
    """What somebody wrote: only ever text, without controls, unable to turn the direction of its neighbours."""
    return Markup('<bdi class="theirs">{}</bdi>').format(shown(str(text)))


def clock(moment: datetime, zone: str, now: datetime) -> Markup:
    """A time of day for people (with the day, when it is not today), and the exact time for programs."""
    here, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    said = f"{here.hour}:{here.minute:02}"
    if here.date() != today.date():
        said = f"{here.month}月{here.day}日 {said}"
    if here.year != today.year:
        said = f"{here.year}年{said}"
    return Markup('<time datetime="{}">{}</time>').format(here.isoformat(timespec="seconds"), said)


def _environment() -> Environment:
    pages = Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters |= {"ruby": ruby, "theirs": theirs}
    pages.globals |= {"asset": asset, "word": word}
    return pages


PRESS = _environment()


def draw(request: Request, template: str, status: int = 200, **data: object) -> HTMLResponse:
    """The page `template` with `data`; `centre`, `demo`, `request` and `at(moment)` are always there."""
    room: Room = request.app.state.room
    now = room.clock()

    def at(moment: datetime) -> Markup:
        return clock(moment, room.settings.timezone, now)

    always = {"centre": room.house.centre["ja"], "demo": room.demo, "request": request, "at": at}
    return HTMLResponse(PRESS.get_template(template).render(always | data), status)
