"""Does one thing to several ticked cases: first says what will happen and what may not, then does each by itself."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection
from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.handover import Done, Refused
from bot.passing import passing, takers
from bot.web.badge import room_of
from bot.web.console.number import line_of
from bot.web.console.queue import Folder
from bot.web.console.rows import title
from bot.web.console.shown import write
from bot.web.console.tagging import putting
from bot.web.console.words import known, word
from bot.web.drawing import draw
from bot.web.entry import field, read
from bot.web.room import Room
from storage import audit, sight, staff
from storage.audit import What
from storage.cases import CaseHead, State
from storage.may import Deed, Reach, may
from storage.staff import Member
from storage.tags import LONGEST
from storage.worklist import some

_MOST = 50


class Wish(StrEnum):
    """What can be done to several at once."""

    CLAIM = "claim"
    GIVE = "give"
    CLOSE = "close"
    TAG = "tag"


@dataclass(frozen=True)
class Order:
    """What is to be done to which cases. `to` is a colleague's number, `words` a tag; `key` makes it happen once."""

    wish: Wish
    cases: Sequence[int]
    to: int = 0
    words: str = ""
    key: str = ""


@dataclass(frozen=True)
class Line:
    """A case, and why it may not be done to it; `why` is empty where it may."""

    id: int
    ref: str
    title: str
    why: str = ""


async def look(request: Request, member: Member) -> Response:
    """POST /console/bulk: what would happen; nothing does."""
    room, form = room_of(request), await request.form()
    order = _order(form, str(uuid.uuid4()))
    if order is None:
        return RedirectResponse("/console", 303)

    def job(conn: Connection) -> tuple[list[Line], str, list[audit.Entry]]:
        sees, to = sight.of(conn, member), staff.get(conn, order.to)
        items = some(conn, order.cases, sees)
        listed = audit.unwritten(conn, member.id, None, items, room.clock())
        lines = [_line(conn, room, order, member, items[one].head) for one in order.cases if one in items]
        return lines, to.name if to else "", listed

    lines, name, listed = await read(room, job)
    await write(room, listed)
    able = [one for one in lines if not one.why]
    values: dict[str, Any] = {
        "order": order,
        "able": able,
        "barred": [one for one in lines if one.why],
        "asks": word("bulk.ask_" + order.wish, n=len(able), name=order.words if order.wish is Wish.TAG else name),
        "back": _back(form),
    }
    return draw(request, "console/bulk.html", member=member, **values)


async def do(request: Request, member: Member) -> Response:
    """POST /console/bulk/do: each case by itself, by the same step and under the same lock as on its own page."""
    room, form = room_of(request), await request.form()
    order = _order(form, field(form, "key"))
    if order is None or not order.key:
        return RedirectResponse("/console", 303)
    seen = await read(room, lambda conn: some(conn, order.cases, sight.of(conn, member)))
    lines: list[Line] = []
    for case_id in order.cases:
        if case_id in seen and may(member.role, Deed.WORK) is not Reach.NONE:
            head = seen[case_id].head
            done = await _one(room, order, member, case_id)
            why = "" if isinstance(done, Done) else _why(done)
            lines.append(Line(case_id, head.ref, title(head, room.house.library["ja"]), why))
    values: dict[str, Any] = {
        "done": [one for one in lines if not one.why],
        "failed": [one for one in lines if one.why],
        "back": _back(form),
    }
    return draw(request, "console/bulk_done.html", member=member, **values)


async def _one(room: Room, order: Order, member: Member, case_id: int) -> Done | Refused:
    key = f"{order.key}/{case_id}"
    match order.wish:
        case Wish.CLAIM:
            return await room.desk.claim(case_id, member, key)
        case Wish.CLOSE:
            return await room.desk.close(case_id, member, key)
        case Wish.GIVE:
            step = passing(room.desk, order.to, "", key)
            return await room.desk.do(case_id, member, What.GIVE, step)
        case Wish.TAG:
            return await room.desk.do(case_id, member, What.TAG, putting(order.words))


def _line(conn: Connection, room: Room, order: Order, member: Member, head: CaseHead) -> Line:
    why = _barred(conn, order, member, head)
    return Line(head.id, head.ref, title(head, room.house.library["ja"]), _why(why) if why else "")


def _barred(conn: Connection, order: Order, member: Member, head: CaseHead) -> Refused | None:
    """Why it may not be done as things stand; whatever changes until it is done is found out then."""
    if head.person_id is None:
        return Refused("gone")
    if order.wish is Wish.TAG:
        return None
    if head.state is State.CLOSED:
        return Refused("closed")
    if head.holder not in (None, member.id) or (order.wish is Wish.GIVE and head.holder is None):
        return Refused("not_holder", head.holder_name or "")
    if order.wish is Wish.GIVE and order.to not in {one.id for one in takers(conn, head, member)}:
        return Refused("nobody_there")
    return None


def _why(refused: Refused) -> str:
    """In words; of who holds it by name."""
    if refused.why in ("not_holder", "taken"):
        return word("bulk.taken", name=refused.by) if refused.by else word("bulk.not_mine")
    return known("bulk", refused.why)


def _order(form: FormData, key: str) -> Order | None:
    """What a form orders; None where that cannot be read."""
    wish, words = field(form, "deed"), field(form, "words").strip()[:LONGEST]
    told = [line_of(one) for one in form.getlist("case")][:_MOST]
    if wish not in set(Wish) or (wish == Wish.TAG and not words):
        return None
    return Order(Wish(wish), list(dict.fromkeys(one for one in told if one)), line_of(form.get("to")), words, key)


def _back(form: FormData) -> str:
    """The list that one comes from."""
    return "/console?" + Folder.of(QueryParams(field(form, "asked"))).query()
