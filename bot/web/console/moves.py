"""What is done with a case besides answering: it is given to a colleague, and calls are written down."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.covering import covering
from bot.passing import passing
from bot.web.badge import room_of
from bot.web.console.case import Attempt
from bot.web.console.deeds import again, settle, written
from bot.web.console.number import line_of, number
from bot.web.console.words import word
from storage.audit import What
from storage.notes import Kind
from storage.staff import Member

_ELSEWHERE = {one.value: one for one in (Kind.PHONE, Kind.COUNTER)}


async def give(request: Request, member: Member) -> Response:
    """POST …/pass: to a colleague."""
    text, key, _ = await written(request)
    attempt = Attempt(passing=text, key=key)
    if not key:
        return await again(request, member, attempt, word("refused.form"))
    to, desk = line_of((await request.form()).get("to")), room_of(request).desk
    done = await desk.do(number(request), member, What.GIVE, passing(desk, to, text, key))
    return await settle(request, member, "pass", done, attempt)


async def cover(request: Request, member: Member) -> Response:
    """POST …/cover: the case of a holder who is away, by whoever stands in."""
    room = room_of(request)
    done = await room.desk.do(number(request), member, What.COVER, covering(room.desk, room.mind))
    return await settle(request, member, "cover", done)


async def call(request: Request, member: Member) -> Response:
    """POST …/calls: what was said by telephone or at the counter; it goes to nobody."""
    text, key, _ = await written(request)
    told = (await request.form()).get("kind")
    kind = _ELSEWHERE.get(told) if isinstance(told, str) else None
    attempt = Attempt(call=text, key=key)
    if not key or kind is None:
        return await again(request, member, attempt, word("refused.form"))
    done = await room_of(request).desk.call(number(request), member, kind, text, key)
    return await settle(request, member, "calls", done, attempt)
