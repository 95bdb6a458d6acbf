"""Sets right what a case is about and how soon it is wanted."""

from __future__ import annotations

import uuid

from starlette.requests import Request
from starlette.responses import Response

from bot.acts import Act, Done, Refused, Step
from bot.web.badge import room_of
from bot.web.console.case import Attempt
from bot.web.console.deeds import again, settle
from bot.web.console.number import number
from bot.web.console.words import word
from bot.web.entry import field
from dialogs.flows.consultation import Trouble, Urgency
from storage import sorting
from storage.audit import What
from storage.casefile import By, Who
from storage.sorting import Sort
from storage.staff import Member


def _sorting(to: Sort) -> Step:
    def step(act: Act) -> Done | Refused:
        if (act.head.topic, act.head.urgency) == (to.topic, to.urgency):
            return Done()
        done = sorting.sort(act.conn, act.head, to, By(Who.STAFF, act.staff.id), act.now)
        return Done() if done else Refused("closed")

    return step


async def sort(request: Request, member: Member) -> Response:
    """POST …/sort."""
    form = await request.form()
    to = Sort(field(form, "topic"), field(form, "urgency"))
    if to.topic not in set(Trouble) or to.urgency not in set(Urgency):
        return await again(request, member, Attempt(key=str(uuid.uuid4())), word("refused.form"))
    done = await room_of(request).desk.do(number(request), member, What.SORT, _sorting(to))
    return await settle(request, member, "sort", done)
