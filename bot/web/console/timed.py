"""Replies for later: written like any other, shown in the talk with their moment, and taken back into the draft."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.handover import Refused
from bot.timed import Later, keeping, taking_back
from bot.web.badge import room_of
from bot.web.console.case import Attempt, page
from bot.web.console.deeds import address, again, newest, settle, written
from bot.web.console.moments import read
from bot.web.console.number import line_of, number
from bot.web.console.words import word
from storage import timed
from storage.audit import What
from storage.staff import Member
from storage.timed import Kind


async def later(request: Request, member: Member) -> Response:
    """POST …/later: refused, as a reply is, while there is something newer than what the writer had before them."""
    text, key, seen = await written(request)
    form, room = await request.form(), room_of(request)
    told = form.get("when")
    if told == "own":
        told = f"{form.get('day')}T{form.get('hour')}"
    attempt = Attempt(reply=text, key=key)
    if not key:
        return await again(request, member, attempt, word("refused.form"))
    if await newest(request, member) > seen:
        return await again(request, member, attempt, word("refused.newer"))
    new = Later(text, read(told, ZoneInfo(room.settings.timezone)), seen)
    done = await room.desk.do(number(request), member, What.TIMED, keeping(new, key))
    if isinstance(done, Refused):
        return await settle(request, member, "later", done, attempt)
    return RedirectResponse(f"{address(request, number(request), 'later')}&spent={key}", 303)


async def back(request: Request, member: Member) -> Response:
    """POST …/untimed: it will not leave, and its words stand in the reply box again."""
    room, case_id = room_of(request), number(request)
    which = line_of((await request.form()).get("timed"))
    done = await room.desk.do(case_id, member, What.UNTIMED, taking_back(which))
    if isinstance(done, Refused):
        return await settle(request, member, "untimed", done)
    vault = room.store.vault
    one = await anyio.to_thread.run_sync(room.store.read, lambda conn: timed.find(conn, vault, case_id, which))
    if one is not None and one.kind is Kind.CLOSE:
        return RedirectResponse(address(request, case_id, "going_on"), 303)
    return await page(request, member, Attempt.fresh(reply=one.text if one else "", told=word("done.untimed")))
