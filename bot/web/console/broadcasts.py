"""Broadcasts in the console: written, looked at, tested, asked for, agreed to by a second person, watched, stopped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.heralding import TENTH
from bot.web.badge import room_of, token_of
from bot.web.console import broadcast_form, broadcast_look
from bot.web.console.broadcast_look import Going, Look
from bot.web.console.event_moves import TWICE
from bot.web.console.number import line_of, number, typed
from bot.web.console.words import word
from bot.web.drawing import draw
from bot.web.entry import put, read
from bot.web.room import Room
from dialogs.saying import Message
from dialogs.words import LANGUAGES
from knowledge.segment import Refusal
from storage import audit, broadcasts, fates, outbox, segments, sessions, ways
from storage.audit import Entry, What
from storage.broadcasts import Broadcast, Draft, State
from storage.outbox import BULK, Outgoing
from storage.staff import Member

T = TypeVar("T")
FRESH = timedelta(minutes=10)  # since somebody came in: older sessions do not send to many
_TO = "/console/broadcasts"
_SAID = frozenset({"kept", "tested", "asked", "approved", "back", "stopped"})
_EMPTY = Draft("", {}, None, BULK)


async def show(request: Request, member: Member) -> Response:
    """GET /console/broadcasts: all of them, or with `edit` the composer (0: a new one)."""
    room, told = room_of(request), request.query_params.get("edit")
    if told is None:
        lines = await read(room, _listed)
        return draw(request, "console/broadcasts.html", member=member, lines=lines)
    found = await read(room, lambda conn: broadcasts.find(conn, line_of(told))) if line_of(told) else None
    if line_of(told) and found is None:
        raise HTTPException(404)
    return await _compose(request, member, found, (found.draft if found else _EMPTY, (), 200))


def _listed(conn: Connection) -> list[tuple[Broadcast, fates.Sums]]:
    return [(one, fates.of(conn, one.id)) for one in broadcasts.latest(conn)]


async def write(request: Request, member: Member) -> Response:
    """POST /console/broadcasts: keep what was written, as a new one or in place of what was there."""
    room, form, now = room_of(request), await request.form(), room_of(request).clock()
    kept = await read(room, lambda conn: broadcasts.find(conn, line_of(form.get("number"))))
    corrects = kept.draft if kept and kept.draft.corrects_id is not None else None
    versions = await read(room, _versions)
    filled = broadcast_form.read(form, ZoneInfo(room.settings.timezone), now, [one for one, _ in versions], corrects)
    if filled.wrong:
        return await _compose(request, member, kept, (filled.draft, filled.wrong, 422))

    def job(conn: Connection) -> int | None:
        audit.add(conn, room.store.vault, [Entry(member.id, What.ANNOUNCE)], now)
        if kept is None:
            return _add(conn, member, filled.draft, now)
        changed = broadcasts.change(conn, (kept.id, str(form.get("mark"))), member.id, filled.draft)
        return kept.id if changed else None

    done = await put(room, job)
    if done is None:
        return await _compose(request, member, kept, (filled.draft, ("quicker",), 409))
    return RedirectResponse(f"{_TO}/{done}?said=kept", 303)


def _versions(conn: Connection) -> list[tuple[int, str]]:
    return [(one.id, one.name) for one in segments.everything(conn) if not isinstance(one.means, Refusal)]


async def _compose(
    request: Request, member: Member, kept: Broadcast | None, filled: tuple[Draft, tuple[str, ...], int]
) -> Response:
    """The composer, filled; with what is wrong, and the answer's status."""
    draft, wrong, status = filled
    room = room_of(request)
    zone = ZoneInfo(room.settings.timezone)
    named = {one: room.house.library[one].say("language.name") for one in LANGUAGES}
    times = {
        name: moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if moment else ""
        for name, moment in (("due", draft.due_at), ("expires", draft.expires_at))
    }
    values = {
        "kept": kept,
        "draft": draft,
        "wrong": [word("broadcast.wrong_" + one) for one in wrong],
        "versions": await read(room, _versions),
        "languages": named,
        "times": times,
        "urgent": draft.lane != BULK,
        "longest": broadcasts.LONGEST_TITLE,
        "cap": room.settings.cap,
    }
    return draw(request, "console/broadcast_edit.html", status, member=member, **values)


async def one(request: Request, member: Member) -> Response:
    """GET /console/broadcasts/{broadcast_id}."""
    return await _page(request, member)


async def progress(request: Request, member: Member) -> Response:
    """GET /console/broadcasts/{broadcast_id}/progress: the part of the page that moves.

    A page that waits for the next step names the state it shows in `was`, and is drawn anew when that is over.
    """
    going = await _going(request)
    if was := request.query_params.get("was"):
        return Response(status_code=204, headers={} if going.one.state == was else {"HX-Refresh": "true"})
    # A part: what can be done about it goes along, once it is over.
    return draw(request, "console/broadcast_progress.html", member=member, look=going, one=going.one, part=True)


async def _going(request: Request) -> Going:
    room = room_of(request)
    return await _seen(request, lambda conn, found: broadcast_look.going(conn, room, found))


async def _look(request: Request) -> Look:
    room, now = room_of(request), room_of(request).clock()
    return await _seen(request, lambda conn, found: broadcast_look.look(conn, room, found, now))


async def _seen(request: Request, look: Callable[[Connection, Broadcast], T]) -> T:
    """What a look at the broadcast of this page found. Raises 404."""
    wanted = number(request, "broadcast_id")

    def find(conn: Connection) -> T | None:
        found = broadcasts.find(conn, wanted)
        return None if found is None else look(conn, found)

    seen = await read(room_of(request), find)
    if seen is None:
        raise HTTPException(404)
    return seen


async def _page(request: Request, member: Member, wrong: str = "", status: int = 200) -> Response:
    seen, said = await _look(request), request.query_params.get("said", "")
    values = {
        "look": seen,
        "one": seen.one,
        "own": member.id in (seen.one.staff_id, seen.one.editor_id),
        "wrong": wrong,
        "said": word("broadcast.said_" + said) if said in _SAID else "",
        "languages": {one: room_of(request).house.library[one].say("language.name") for one in LANGUAGES},
        "urgent": seen.one.draft.lane != BULK,
        "cap": room_of(request).settings.cap,
        "counts": room_of(request).settings.broadcast_count_links,
        "part": False,
    }
    return draw(request, "console/broadcast.html", status, member=member, **values)


async def change(request: Request, member: Member) -> Response:
    """POST /console/broadcasts/{broadcast_id}: test, ask, approve, back, stop or correct. Raises 404."""
    form = await request.form()
    wanted = str(form.get("do"))
    # Whoever stops it must not wait until all whom it means are counted.
    if at_once := {"back": _back, "stop": _stop, "correct": _correct}.get(wanted):
        going = await _going(request)
        if form.get("mark") != going.one.mark:
            return await _page(request, member, word("broadcast.wrong_quicker"), 409)
        return await at_once(request, member, going)
    seen = await _look(request)
    deed = {"test": _test, "ask": _ask, "approve": _approve}.get(wanted)
    if deed is None:
        raise HTTPException(404)
    if form.get("mark") != seen.one.mark:
        return await _page(request, member, word("broadcast.wrong_quicker"), 409)
    return await deed(request, member, form, seen)


async def _done(request: Request, member: Member, kept: bool, what: What, said: str) -> Response:
    room, now = room_of(request), room_of(request).clock()
    if not kept:
        return await _page(request, member, word("broadcast.wrong_quicker"), 409)
    await put(room, lambda conn: audit.add(conn, room.store.vault, [Entry(member.id, what)], now))
    return RedirectResponse(f"{_TO}/{number(request, 'broadcast_id')}?said={said}", 303)


async def _test(request: Request, member: Member, form: FormData, seen: Look) -> Response:
    """To the ticked testers alone, who are coordinators with a chat of their own; by the way of every other word."""
    room, now = room_of(request), room_of(request).clock()
    wanted = {line_of(told) for told in form.getlist("tester")} & {at for at, _, _ in seen.testers}
    if not wanted:
        return await _page(request, member, word("broadcast.wrong_testers"), 422)
    texts = [_tried(room, seen.one, language) for language in seen.one.draft.texts]

    def job(conn: Connection) -> bool:
        chats = [chat for chat in ways.chats(conn, room.store.vault) if chat.contact_id in wanted]
        rows = [
            Outgoing(chat.person_id, chat.contact_id, chat.channel, chat.key, [text])
            for chat in chats
            for text in texts
        ]
        outbox.put(conn, room.store.vault, rows, now)
        broadcasts.tested(conn, seen.one)
        return bool(rows)

    return await _done(request, member, await put(room, job), What.ANNOUNCE_TEST, "tested")


def _tried(room: Room, one: Broadcast, language: str) -> dict[str, object]:
    said = broadcast_look.said(room, one, language)
    return Message(f"{word('broadcast.test_mark')}\n\n{said.text}", said.buttons).to_json()


async def _ask(request: Request, member: Member, form: FormData, seen: Look) -> Response:
    now = room_of(request).clock()
    wrong = _unfit(form, seen, now)
    if wrong:
        return await _page(request, member, word("broadcast.wrong_" + wrong), 422)
    kept = await put(room_of(request), partial(broadcasts.ask, one=seen.one, expected=seen.meant.total, now=now))
    return await _done(request, member, kept, What.ANNOUNCE_ASK, "asked")


def _unfit(form: FormData, seen: Look, now: datetime) -> str:
    """Why it may not go further as it stands; empty when it may."""
    ends = seen.one.draft.expires_at
    checks = {
        "ended": ends is not None and ends <= now,
        "nobody": seen.meant.total == 0,
        "stops": bool(seen.stops),
        "warns": bool(seen.warns) and not form.get("sure"),
        "typed": seen.meant.everyone and typed(form.get("typed")) != seen.meant.total,
        "twin": seen.twin is not None and str(form.get("twin") or "").strip() != word("broadcast.twin_word"),
        "room": seen.meant.short > 0 and not seen.one.draft.partly,
    }
    return next((key for key, so in checks.items() if so), "")


async def _approve(request: Request, member: Member, form: FormData, seen: Look) -> Response:
    """By a second person, of what they see: this content, to so many."""
    room, now, total = room_of(request), room_of(request).clock(), seen.meant.total
    wrong = "own" if member.id in (seen.one.staff_id, seen.one.editor_id) else _unfit(form, seen, now)
    if wrong:
        return await _page(request, member, word("broadcast.wrong_" + wrong), 422)
    expected = line_of(form.get("expected"))
    if abs(total - expected) > expected * TENTH:
        return await _page(request, member, word("broadcast.wrong_changed"), 409)
    if total > room.settings.broadcast_again_over and not await _fresh(request, now):
        return await _page(request, member, word("broadcast.wrong_again"), 403)
    kept = await put(room, lambda conn: broadcasts.approve(conn, seen.one, member.id, total, now))
    return await _done(request, member, kept, What.ANNOUNCE_YES, "approved")


async def _fresh(request: Request, now: datetime) -> bool:
    """Whether somebody came in a short while ago, by whatever proof."""
    token = token_of(request)
    begun = await read(room_of(request), lambda conn: sessions.begun(conn, token))
    return begun is not None and now - begun < FRESH


async def _back(request: Request, member: Member, seen: Going) -> Response:
    kept = await put(room_of(request), partial(broadcasts.back, one=seen.one))
    return await _done(request, member, kept, What.ANNOUNCE, "back")


async def _stop(request: Request, member: Member, seen: Going) -> Response:
    if seen.one.state is State.STOPPED:  # a second press: it has what it wanted
        return RedirectResponse(f"{_TO}/{seen.one.id}?said=stopped", 303)
    now = room_of(request).clock()
    kept = await put(room_of(request), partial(broadcasts.stop, one_id=seen.one.id, staff_id=member.id, now=now))
    return await _done(request, member, kept, What.ANNOUNCE_STOP, "stopped")


async def _correct(request: Request, member: Member, seen: Going) -> Response:
    """A new draft to exactly those whom this one reached; while it runs there are more of them each second."""
    room, now, old = room_of(request), room_of(request).clock(), seen.one.draft
    if seen.one.state not in (State.DONE, State.STOPPED):
        runs = seen.one.state is State.RUNNING
        return await _page(request, member, word(f"broadcast.wrong_{'runs' if runs else 'quicker'}"), 409)
    title = word("broadcast.correction", title=old.title)[: broadcasts.LONGEST_TITLE]
    draft = Draft(title, old.texts, old.segment_id, old.lane, corrects_id=seen.one.id, drill=old.drill)

    made = await put(room, lambda conn: _add(conn, member, draft, now))
    return RedirectResponse(f"{_TO}?edit={made}", 303)


def _add(conn: Connection, member: Member, draft: Draft, now: datetime) -> int:
    """A new draft, or the one that a first press of the same button made a moment ago."""
    begun = [one for one in broadcasts.latest(conn) if one.state is State.DRAFT and one.staff_id == member.id]
    same = next((one.id for one in begun if one.draft == draft and now - one.at <= TWICE), None)
    return same or broadcasts.add(conn, member.id, draft, now)
