"""Grants in the console: written, compared with their source by somebody else, checked again, taken off."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

import anyio.to_thread
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.laddering import changed
from bot.notices import Pen
from bot.web.badge import room_of
from bot.web.console import grant_form
from bot.web.console.event_moves import TWICE
from bot.web.console.feeds import from_lead
from bot.web.console.grant_form import Typed
from bot.web.console.number import line_of, number
from bot.web.console.words import word
from bot.web.drawing import draw
from bot.web.room import Room
from knowledge.grant import stale
from knowledge.grant_csv import AREAS, DELIVERIES, FORMS, KINDS
from storage import audit, feeds, grant_people, grants, reminders
from storage.audit import Entry, What
from storage.grants import Change, Grant, State
from storage.reminders import Kind
from storage.staff import Member

_SAID = frozenset({"kept", "checked", "away", "told"})
_OPTIONS = {"forms": FORMS, "areas": AREAS, "fields": KINDS, "delivery": DELIVERIES}


def _said(request: Request) -> str:
    key = request.query_params.get("said", "")
    return word(f"grant.said_{key}") if key in _SAID else ""


async def show(request: Request, member: Member) -> Response:
    """GET /console/grants: what must be looked at first, then what is open, then the rest."""
    room = room_of(request)
    today = room.mind.local(room.clock()).date()

    def read(conn: Connection) -> dict[str, Any]:
        late = reminders.late(conn, (Kind.GRANT,))
        titles = {one.whose.item: of.content.name for one in late if (of := grants.find(conn, one.whose.item))}
        leads = feeds.count_leads(conn, feeds.Kind.GRANTS)
        return {"found": grants.latest(conn), "late": late, "titles": titles, "leads": leads}

    values = await anyio.to_thread.run_sync(room.store.read, read)

    def first(of: Grant) -> tuple[bool, bool, int]:
        waits = of.state is State.DRAFT or of.pending is not None or stale(of.checked, today)
        return of.content.closes < today, not waits, of.content.closes.toordinal()

    found = sorted(values.pop("found"), key=first)
    aged = {of.id for of in found if of.state is State.PUBLISHED and stale(of.checked, today)}
    values |= {
        "found": found,
        "aged": aged,
        "today": today,
        "now": room.clock(),
        "names": _OPTIONS,
    }
    return draw(request, "console/grants.html", member=member, zone=room.mind.zone, said=_said(request), **values)


async def one(request: Request, member: Member) -> Response:
    """GET /console/grants/ID, and /console/grants/new."""
    return await _page(request, member)


def _which(request: Request) -> int | None:
    return None if request.path_params["grant_id"] == "new" else number(request, "grant_id")


async def _page(request: Request, member: Member, typed: Typed | None = None, status: int = 200) -> Response:
    room, which = room_of(request), _which(request)
    today = room.mind.local(room.clock()).date()

    def read(conn: Connection) -> dict[str, Any]:
        of = None if which is None else grants.find(conn, which)
        if of is None or of.state is State.AWAY:
            lead = from_lead(conn, request, feeds.Kind.GRANTS)
            return {"of": None, "versions": [], "using": 0, "mine": False, "lead": lead}
        using = sum(one.state is grant_people.State.USING for one in grant_people.users(conn, of.id))
        mine = not grants.may_check(of, member.id)
        return {"of": of, "versions": grants.versions(conn, of.id), "using": using, "mine": mine}

    values = await anyio.to_thread.run_sync(room.store.read, read)
    of, lead = values["of"], values.pop("lead", None)
    if which is not None and of is None:
        raise HTTPException(404)
    shown = typed if typed and typed.values else grant_form.of_grant(of) if of else grant_form.empty(lead)
    values |= {"typed": shown, "wrong": typed.wrong if typed else "", "names": _OPTIONS, "said": _said(request)}
    values |= {"today": today, "old": of is not None and stale(of.checked, today)}
    return draw(request, "console/grant.html", status, member=member, zone=room.mind.zone, **values)


async def _write(room: Room, job: Callable[[Connection], Any]) -> Any:
    return await asyncio.wrap_future(room.store.writer.submit(job))


async def keep(request: Request, member: Member) -> Response:
    """POST /console/grants/ID: a new call, or another version of one; it then waits for somebody else's look."""
    room, which, form = room_of(request), _which(request), await request.form()
    typed, now = grant_form.read(form), room.clock()
    if typed.content is None:
        return await _page(request, member, typed, 422)
    change = Change(typed.content, member.id, which, line_of(form.get("after")))

    def job(conn: Connection) -> int | None:
        if twice := _kept_already(conn, change, now):
            return twice
        audit.add(conn, room.store.vault, [Entry(member.id, What.GRANT)], now)
        if which is None:
            feeds.done(conn, line_of(form.get("lead")))
            return grants.add(conn, change, now)
        _there(conn, which)
        return which if grants.change(conn, change, now) else None

    kept = await _write(room, job)
    if kept is None:
        wrong = word("grant.wrong_quicker")
        return await _page(request, member, Typed(typed.values, typed.chosen, wrong=wrong), 409)
    return RedirectResponse(f"/console/grants/{kept}?said=kept", 303)


def _kept_already(conn: Connection, change: Change, now: datetime) -> int | None:
    """The number of the call that this very form made a moment ago: a second click; None when it is new."""
    found = grants.latest(conn) if change.grant_id is None else [grants.find(conn, change.grant_id)]
    for one in found:
        mine = one is not None and one.editor == change.staff_id and now - one.changed_at <= TWICE
        if one is None or not mine or one.newest != change.content:
            continue
        if one.version == change.after + 1:
            return one.id
    return None


async def check(request: Request, member: Member) -> Response:
    """POST …/check: it says what its source says today. Whoever makes use of it hears of another last day."""
    room, which, now = room_of(request), number(request, "grant_id"), room_of(request).clock()
    after = str((await request.form()).get("after", ""))

    def job(conn: Connection) -> bool:
        of = _there(conn, which)
        # What was pressed is true of the version that was on the screen.
        if str(of.version) != after or not grants.check(conn, of, member.id, room.mind.local(now).date(), now):
            return False
        changed(Pen(conn, room.store.vault, room.mind, now), of, _there(conn, which))
        audit.add(conn, room.store.vault, [Entry(member.id, What.GRANT_OUT)], now)
        return True

    if not await _write(room, job):
        wrong = word("grant.wrong_own")
        return await _page(request, member, Typed({}, frozenset(), wrong=wrong), 409)
    room.desk.ring()
    return RedirectResponse(f"/console/grants/{which}?said=checked", 303)


async def take_away(request: Request, member: Member) -> Response:
    """POST …/away: nobody sees it any more, and whoever makes use of it hears so."""
    room, which, now = room_of(request), number(request, "grant_id"), room_of(request).clock()

    def job(conn: Connection) -> None:
        of = grants.find(conn, which)
        if of is None:
            raise HTTPException(404)
        if grants.take_away(conn, of, member.id, now):
            after = grants.find(conn, which)
            if after is not None:
                changed(Pen(conn, room.store.vault, room.mind, now), of, after)
            audit.add(conn, room.store.vault, [Entry(member.id, What.GRANT_OUT)], now)

    await _write(room, job)
    room.desk.ring()
    return RedirectResponse("/console/grants?said=away", 303)


def _there(conn: Connection, which: int) -> Grant:
    of = grants.find(conn, which)
    if of is None or of.state is State.AWAY:
        raise HTTPException(404)
    return of
