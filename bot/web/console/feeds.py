"""Feeds in the console: which are followed and how they went, what they kept back, and the leads they brought."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.asking_out import Refused, checked
from bot.web.badge import room_of
from bot.web.console.number import line_of
from bot.web.console.words import word
from storage import audit, feeds
from storage.audit import Entry, What
from storage.feeds import Feed, Follow, Kind, Lead
from storage.staff import Member

OLDEST = (7, 30, 90, 180, 365)  # days
_SAID = frozenset({"fed", "feed_bad"})
_MOST = range(1, 501)
_DEEDS = {"gone": feeds.unfollow, "seen": feeds.seen, "lead": feeds.done}


def shown(conn: Connection, kind: Kind) -> dict[str, Any]:
    """What the page of a kind shows of its feeds."""
    return {
        "feeds": feeds.every(conn, kind),
        "leads": feeds.leads(conn, kind),
        "oldest": OLDEST,
        "older": _older,
        "how": _how,
        "place": f"/console/{kind.value}",
    }


def said(request: Request) -> str:
    """What became of a form on this page, which its address names."""
    key = request.query_params.get("said", "")
    return word(f"feed.{key}") if key in _SAID else ""


def _older(days: int) -> str:
    return word(f"feed.oldest_{days}") if days in OLDEST else word("feed.oldest_other", n=days)


def _how(one: Feed) -> str:
    """How the last look went."""
    match (one.said or "").split():
        case []:
            return word("feed.not_yet")
        case ["ok"]:
            return word("feed.read")
        case ["wrong", n] | ["wrong", n, "0"]:  # the first as a release before this one kept it
            return word("feed.read_but", n=n)
        case ["wrong", n, heavy]:
            return word("feed.read_heavy", n=n, heavy=heavy)
        case _:
            key = "feed.failed_again" if one.failures > 1 else "feed.failed"
            return word(key, said=one.said or "", n=one.failures)


def warnings(conn: Connection) -> list[str]:
    """What everybody at the desk must know of: how many entries of which feed are kept back, and why."""
    return [
        word(f"room.feed_{one.held_why}", host=urlsplit(one.url).hostname or "", n=one.held)
        for one in feeds.kept_back(conn)
    ]


def from_lead(conn: Connection, request: Request, kind: Kind) -> Lead | None:
    """The lead that a new event or call is made of, as its address names it."""
    return feeds.lead(conn, kind, line_of(request.query_params.get("lead")))


async def change(request: Request, member: Member) -> Response:
    """POST /console/events/feeds, and of grants: follow an address or no more, settle what it kept back, a lead."""
    room, form, now = room_of(request), await request.form(), room_of(request).clock()
    kind = Kind(request.url.path.split("/")[2])
    back = f"/console/{kind.value}/import?said="
    new = None if form.keys() & {*_DEEDS, "allow"} else _follow(form, kind, member)
    if new is None and "url" in form:
        return RedirectResponse(f"{back}feed_bad", 303)

    def job(conn: Connection) -> None:
        for name, deed in _DEEDS.items():
            if name in form:
                deed(conn, line_of(form.get(name)))
        if "allow" in form:
            feeds.allow(conn, line_of(form.get("allow")), now)
        if new is not None:
            feeds.follow(conn, new, now)
        audit.add(conn, room.store.vault, [Entry(member.id, What.IMPORTED)], now)

    await asyncio.wrap_future(room.store.writer.submit(job))
    return RedirectResponse(f"{back}fed", 303)


def _follow(form: Mapping[str, Any], kind: Kind, member: Member) -> Follow | None:
    oldest, most = line_of(form.get("oldest_days")), line_of(form.get("at_most"))
    try:
        url = checked(str(form.get("url", "")).strip()[:500])
    except Refused:
        return None
    return Follow(url, kind, member.id, oldest if oldest in OLDEST else 180, most if most in _MOST else 20)
