"""Events in the console: made, changed, published after a second look, cancelled; who comes; what is late."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import anyio.to_thread
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot import offering
from bot.happenings import changed
from bot.notices import Pen
from bot.reminding import say
from bot.tellers import TELLERS
from bot.web.badge import room_of
from bot.web.console import event_form, event_moves
from bot.web.console.event_form import OFFSETS, REPEATS, Typed
from bot.web.console.event_moves import Wish
from bot.web.console.feeds import from_lead
from bot.web.console.number import line_of, number
from bot.web.console.words import word
from bot.web.drawing import draw
from bot.web.room import Room
from dialogs.words import library
from knowledge.event import Help, Target, Way, What
from storage import audit, event_offers, event_pictures, events, feeds, reminders, sign_ups, tally
from storage.audit import Entry
from storage.audit import What as Did
from storage.events import Change, Event, State
from storage.reminders import Kind
from storage.reminders import State as Late
from storage.staff import Member

_TO = {"publish": State.PUBLISHED, "cancel": State.CANCELLED, "away": State.AWAY}
_PICTURE = frozenset({"said_brought", "said_shown", "said_dropped", "wrong_form", "wrong_file", "wrong_quicker"})
_SAID = frozenset({"kept", "published", "cancelled", "away", "told"})


async def show(request: Request, member: Member) -> Response:
    """GET /console/events."""
    room = room_of(request)

    def read(conn: Connection) -> dict[str, Any]:
        late = reminders.late(conn, (Kind.EVENT, Kind.THANKS))
        titles = {one.whose.item: of[0].content.title for one in late if (of := events.of_date(conn, one.whose.item))}
        leads = feeds.count_leads(conn, feeds.Kind.EVENTS)
        return {
            "found": events.latest(conn),
            "late": late,
            "titles": titles,
            "leads": leads,
            "offered": event_offers.undecided(conn),
        }

    now = room.clock()
    values = await anyio.to_thread.run_sync(room.store.read, read) | {"now": now}
    values["found"].sort(key=lambda of: _place(of, now))
    return draw(request, "console/events.html", member=member, zone=room.mind.zone, said=_said(request), **values)


def _place(of: Event, now: datetime) -> tuple[bool, bool, datetime]:
    """Where it stands in the list: what waits for somebody first, then what comes next, at the end what is over."""
    ahead = [one.span.starts_at for one in of.dates if one.span.ends_at >= now]
    return of.state is not State.DRAFT, not ahead, min(ahead, default=now)


def _said(request: Request) -> str:
    told = request.query_params.get("said", "")
    return word(f"happening.said_{told}") if told in _SAID else ""


def _of_picture(request: Request) -> tuple[str, str]:
    """What came of a deed with the picture: said or wrong, and its words; empty where there was none."""
    for kind in ("said", "wrong"):
        if (key := f"{kind}_{request.query_params.get(f'picture_{kind}', '')}") in _PICTURE:
            return kind, word(f"happening.picture_{key}")
    return "", ""


async def one(request: Request, member: Member) -> Response:
    """GET /console/events/ID, and /console/events/new."""
    return await _page(request, member)


def _which(request: Request) -> int | None:
    return None if request.path_params["event_id"] == "new" else number(request, "event_id")


async def _page(
    request: Request, member: Member, typed: Typed | None = None, status: int = 200, wrong: str = ""
) -> Response:
    room, which = room_of(request), _which(request)

    def read(conn: Connection) -> dict[str, Any]:
        of = None if which is None else events.find(conn, which)
        if of is None or of.state is State.AWAY:
            lead = from_lead(conn, request, feeds.Kind.EVENTS)
            return {"event": None, "versions": [], "who": {}, "figures": {}, "told": 0, "lead": lead, "offered": False}
        who = {date.id: sign_ups.of_date(conn, date.id) for date in of.dates}
        return {
            "offered": event_offers.of_event(conn, of.id) is not None,
            "pictures": event_pictures.of_event(conn, of.id),
            "event": of,
            "versions": events.versions(conn, of.id),
            "who": who,
            "figures": tally.under(conn, f"event:{of.id}:"),
            "attendance": {of: sign_ups.attendance(some) for of, some in who.items()},
            "all_attended": sign_ups.attendance([one for some in who.values() for one in some]),
            "told": sum(len(sign_ups.live(some)) for some in who.values()),
        }

    values = await anyio.to_thread.run_sync(room.store.read, read)
    of, lead = values["event"], values.pop("lead", None)
    if which is not None and of is None:
        raise HTTPException(404)
    if any(values["who"].values()):
        await _write(
            room, lambda conn: audit.add(conn, room.store.vault, [Entry(member.id, Did.EVENT_PEOPLE)], room.clock())
        )
    shown = typed or (event_form.of_event(of, room.mind.zone) if of else event_form.empty(lead))
    shown = replace(shown, wrong=wrong or shown.wrong)
    return draw(
        request,
        "console/event.html",
        status,
        member=member,
        typed=shown,
        zone=room.mind.zone,
        options=_options(),
        repeats=REPEATS,
        offsets=[(one, word(f"happening.{name}")) for one, name in OFFSETS.items()],
        said=_said(request),
        picture_told=_of_picture(request),
        now=room.clock(),
        **values,
    )


def _options() -> dict[str, Any]:
    """What there is to choose from; whom it is for and what helps are said as residents read them."""
    book = library()["ja"]
    return {
        "what": tuple(What),
        "way": tuple(Way),
        "targets": [(one, book.say(f"events.target.{one}")) for one in Target],
        "helps": [(one, book.say(f"events.help.{one}")) for one in Help],
    }


async def _write(room: Room, job: Callable[[Connection], Any]) -> Any:
    return await asyncio.wrap_future(room.store.writer.submit(job))


async def keep(request: Request, member: Member) -> Response:
    """POST /console/events/ID: a new event, or another version of one; it then waits for a second look."""
    room, which, form = room_of(request), _which(request), await request.form()
    typed = event_form.read(form, room.mind.zone)
    if typed.content is None:
        return await _page(request, member, typed, 422)
    change = Change(typed.content, typed.spans, member.id, which, line_of(form.get("after")))
    now = room.clock()

    def job(conn: Connection) -> int | str:
        before = None if which is None else events.find(conn, which)
        if event_moves.past(before, change.spans, now):
            return "past"
        if twice := event_moves.kept_already(conn, change, now):
            return twice
        audit.add(conn, room.store.vault, [Entry(member.id, Did.EVENT)], now)
        if which is None:
            feeds.done(conn, line_of(form.get("lead")))
            return events.add(conn, change, now)
        return which if before is not None and events.change(conn, change, now) else "quicker"

    kept = await _write(room, job)
    if isinstance(kept, str):
        return await _page(request, member, typed, 409 if kept == "quicker" else 422, word(f"happening.wrong_{kept}"))
    return RedirectResponse(f"/console/events/{kept}?said=kept", 303)


async def move(request: Request, member: Member) -> Response:
    """POST …/publish, …/cancel, …/away. What somebody wrote, somebody else must have read before it is published."""
    room, which, form = room_of(request), number(request, "event_id"), await request.form()
    to, now = _TO[request.url.path.rpartition("/")[2]], room.clock()
    # What was read is true of the version that was on the screen.
    wish = Wish(to, member.id, line_of(form.get("after")), bool(form.get("sure")))

    def job(conn: Connection) -> str:
        of = events.find(conn, which)
        if of is None:
            raise HTTPException(404)
        if event_moves.done(of, to):  # a second click
            return ""
        if wrong := event_moves.unfit(conn, of, wish, now):
            return wrong
        moved = events.publish if to is State.PUBLISHED else partial(events.move, to=to)
        if not moved(conn, of, staff_id=member.id, now=now):
            return "quicker"
        after = events.find(conn, which)
        if after is not None:
            offering.decided(Pen(conn, room.store.vault, room.mind, now), of, after)
        if after is not None and after.state is not State.AWAY:
            changed(Pen(conn, room.store.vault, room.mind, now), of, after)
        audit.add(conn, room.store.vault, [Entry(member.id, Did.EVENT_OUT)], now)
        return ""

    if wrong := await _write(room, job):
        return await _page(request, member, None, 409, word(f"happening.wrong_{wrong}"))
    room.desk.ring()
    said = {State.PUBLISHED: "published", State.CANCELLED: "cancelled"}.get(to)
    return RedirectResponse(f"/console/events/{which}?said={said}" if said else "/console/events?said=away", 303)


async def late(request: Request, member: Member) -> Response:
    """POST /console/events/late, and of grants: somebody decides whether a late reminder still goes."""
    room, form = room_of(request), await request.form()
    told, go = str(form.get("reminder", "")), form.get("do") == "send"
    which = int(told) if told.isascii() and told.isdecimal() and len(told) < 18 else 0
    now = room.clock()

    def job(conn: Connection) -> None:
        one = reminders.find(conn, which)
        if one is None or one.state is not Late.LATE:
            return
        if go:
            say(Pen(conn, room.store.vault, room.mind, now), TELLERS, one)
        else:
            reminders.take(conn, one, Late.DROPPED, now)
        audit.add(conn, room.store.vault, [Entry(member.id, Did.REMINDED)], now)

    await _write(room, job)
    room.desk.ring()
    return RedirectResponse(f"{request.url.path.removesuffix('/late')}?said=told", 303)
