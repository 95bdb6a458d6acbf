"""The list of the answers: what the centre wrote first, then what the release has, with what each one needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from bot.articles import Stock
from bot.frontdesk import living_of
from bot.living import Living
from bot.trial import Kept, kept
from bot.web.badge import room_of
from bot.web.console.words import word
from bot.web.drawing import draw
from bot.web.room import Room
from dialogs.words import bracketed
from knowledge import edited
from knowledge.edited import Edited, Unreadable
from knowledge.plain import plain
from storage import articles
from storage.articles import State, Version, in_force
from storage.staff import Member

_LONGEST = 80


@dataclass(frozen=True)
class Listed:
    """An answer in the list. `marks` are keys of what is said of it; `version` is None where nobody wrote on it."""

    name: str
    title: str
    marks: tuple[str, ...]
    version: Version | None = None
    text: str = ""


def living_at(room: Room) -> Living | None:
    """The answers of this room, where they can be changed."""
    return living_of(room.mind.look)


def title_of(text: Edited) -> str:
    """What an answer is called in the console, whether it is whole or not."""
    words = text.of("ja")
    return bracketed(words.title or words.question) or word("article.untitled")


def marks_of(versions: Sequence[Version], stock: Stock, now: datetime) -> tuple[str, ...]:
    """What is so of an article that the centre wrote on: who reads it, and what is to be done."""
    last, force = versions[-1], in_force(versions, now).get(versions[-1].name)
    found = [f"is_{force.state.value}"] if force else []
    if last.state is State.DRAFT:
        found.append("has_draft")
    if any(one.start_at and one.start_at > now for one in versions if one.state is State.PUBLIC):
        found.append("will_begin")
    if last.name in stock.renewed:
        found.append("renewed")
    if last.name in {one.name for one in stock.left}:
        found.append("left_out")
    return tuple(found)


async def show(request: Request, member: Member) -> Response:
    """GET /console/articles."""
    room, living = room_of(request), living_at(room_of(request))
    wanted = request.query_params.get("q", "").strip()[:_LONGEST]
    now = room.clock()
    today = room.mind.local(now).date()
    stock = living.stock if living else Stock((), ())

    def read() -> tuple[list[Listed], Kept]:
        written = room.store.read(articles.everything)
        last = {one.name: one for one in written}
        bodies = room.store.read(lambda conn: articles.bodies(conn, [one.id for one in last.values()]))
        own = [
            Listed(name, _title(bodies[one.id]), marks_of([v for v in written if v.name == name], stock, now), one)
            for name, one in last.items()
        ]
        fine = kept(living.shelf, stock.tests, today) if living else Kept(0, ())
        return sorted(own, key=lambda one: -(one.version.id if one.version else 0)), fine

    own, fine = await anyio.to_thread.run_sync(read)
    known = {one.name for one in own}
    shipped = [
        Listed(one.id, bracketed(one.words["ja"].title), ("expired",) if one.expired(today) else (), None, said)
        for one in stock.shipped
        if one.id not in known
        for said in [f"{one.words['ja'].title} {one.words['ja'].question} {one.id}"]
    ]
    if wanted:
        own = [one for one in own if plain(wanted) in plain(one.title + one.name)]
        shipped = [one for one in shipped if plain(wanted) in plain(one.text)]
    values: dict[str, Any] = {"q": wanted, "own": own, "shipped": shipped, "kept": fine, "left": stock.left}
    return draw(request, "console/articles.html", member=member, **values)


def _title(body: str) -> str:
    try:
        return title_of(edited.read(body))
    except Unreadable:
        return word("article.untitled")
