"""Puts tags on a case and takes them off."""

from __future__ import annotations

import uuid

from starlette.requests import Request
from starlette.responses import Response

from bot.acts import Act, Done, Refused, Step
from bot.web.badge import room_of
from bot.web.console.case import Attempt
from bot.web.console.deeds import again, settle
from bot.web.console.number import line_of, number
from bot.web.console.words import word
from bot.web.entry import field
from storage import tags
from storage.audit import What
from storage.staff import Member


def putting(words: str) -> Step:
    """The step that puts a tag on a case."""

    def step(act: Act) -> Done | Refused:
        done = tags.put(act.conn, act.vault, act.head.id, words, act.now)
        return Done() if done else Refused("tagged")

    return step


def _off(tag_id: int) -> Step:
    def step(act: Act) -> Done | Refused:
        tags.take_off(act.conn, act.head.id, tag_id, act.now)
        return Done()

    return step


async def change(request: Request, member: Member) -> Response:
    """POST …/tags."""
    form = await request.form()
    gone = line_of(form.get("off"))
    step = _off(gone) if gone else putting(field(form, "words"))
    done = await room_of(request).desk.do(number(request), member, What.TAG, step)
    if isinstance(done, Refused) and done.why == "tagged":
        return await again(request, member, Attempt(key=str(uuid.uuid4())), word("tag.not"))
    return await settle(request, member, "tags", done)
