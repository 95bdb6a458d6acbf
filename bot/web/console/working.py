"""The forms of the work on a case: ticks, cases that are merged, related and split, and who outside may read one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.acts import Act, Done, Refused, Step
from bot.relating import merging, relating, splitting, unmerging, unrelating
from bot.sharing import Wish, sharing, unsharing
from bot.web.badge import room_of
from bot.web.console.case import Attempt
from bot.web.console.deeds import address, again, settle, written
from bot.web.console.number import line_of, number
from bot.web.console.words import word
from bot.web.drawing import draw
from bot.web.entry import field
from dialogs.flows.consultation import Trouble
from knowledge import checklists
from storage import ticks
from storage.audit import What
from storage.partners import Consent, Keys, Scope
from storage.staff import Member

_TOPICS = {one.value for one in Trouble}


async def tick(request: Request, member: Member) -> Response:
    """POST …/tick: an item of the checklist is done, or is not; whoever may write a note may say so."""
    form = await request.form()
    item, done = field(form, "item"), field(form, "on") == "yes"
    made = await room_of(request).desk.do(number(request), member, What.TICK, _ticking(item, done=done))
    if isinstance(made, Refused):
        return await settle(request, member, "tick", made)
    return RedirectResponse(address(request, number(request), "") + "#checks", 303)


def _ticking(item: str, *, done: bool) -> Step:
    def step(act: Act) -> Done | Refused:
        known = checklists.lists().of(act.head.topics or (act.head.topic,))
        if item not in {one.key for one in known}:
            return Refused("away")
        if done:
            ticks.tick(act.conn, act.head.id, item, act.staff.id, act.now)
        else:
            ticks.untick(act.conn, act.head.id, item, act.now)
        return Done()

    return step


async def merge(request: Request, member: Member) -> Response:
    """POST …/merge: the other case of this person goes into this one."""
    ref = field(await request.form(), "ref")
    return await _tie(request, member, ("merge", What.MERGE, merging(ref)), ref)


async def unmerge(request: Request, member: Member) -> Response:
    """POST …/unmerge."""
    other = line_of((await request.form()).get("other"))
    return await _tie(request, member, ("unmerge", What.UNMERGE, unmerging(room_of(request).desk, other)))


async def relate(request: Request, member: Member) -> Response:
    """POST …/relate: the two name each other."""
    ref = field(await request.form(), "ref")
    return await _tie(request, member, ("relate", What.RELATE, relating(ref)), ref)


async def unrelate(request: Request, member: Member) -> Response:
    """POST …/unrelate."""
    other = line_of((await request.form()).get("other"))
    return await _tie(request, member, ("unrelate", What.RELATE, unrelating(other)))


async def _tie(request: Request, member: Member, deed: tuple[str, What, Step], ref: str = "") -> Response:
    said, what, step = deed
    done = await room_of(request).desk.do(number(request), member, what, step)
    return await settle(request, member, said, done, Attempt(form={"ref": ref, "of": said}))


async def split(request: Request, member: Member) -> Response:
    """POST …/split: the chosen messages begin a case of their own."""
    form, desk = await request.form(), room_of(request).desk
    _, key, _ = await written(request)
    lines, topic = [line_of(one) for one in form.getlist("line")], field(form, "topic")
    if not key or topic not in _TOPICS:
        return await again(request, member, Attempt(), word("refused.form"))
    done = await desk.do(number(request), member, What.SPLIT, splitting(desk, lines, topic, key))
    return await settle(request, member, "split", done)


async def share(request: Request, member: Member) -> Response:
    """POST …/share: a way in for a partner; link and number are shown on a page of their own, this once."""
    form, made = await request.form(), list[Keys]()
    told = {name: field(form, name) for name in ("name", "purpose", "scope", "consent", "days")}
    days = int(told["days"]) if told["days"] in {"1", "3", "7", "14", "30"} else 0
    wish = Wish(
        told["name"].strip(),
        told["purpose"].strip(),
        Scope(told["scope"]) if told["scope"] in set(Scope) else None,
        Consent(told["consent"]) if told["consent"] in set(Consent) else None,
        timedelta(days=days),
    )
    room, case_id = room_of(request), number(request)
    done = await room.desk.do(case_id, member, What.SHARE, sharing(wish, made))
    if isinstance(done, Refused):
        return await settle(request, member, "share", done, Attempt(form=told | {"of": "share"}))
    link = f"{room.mind.public_url}/partner/{made[-1].token}"
    back = address(request, case_id, "share")
    values: dict[str, Any] = {"name": wish.name, "link": link, "code": made[-1].code, "back": back}
    return draw(request, "console/shared.html", member=member, **values)


async def unshare(request: Request, member: Member) -> Response:
    """POST …/unshare: shut at once."""
    which = line_of((await request.form()).get("partner"))
    done = await room_of(request).desk.do(number(request), member, What.UNSHARE, unsharing(which))
    return await settle(request, member, "unshare", done)
