"""The ready words of the centre: a page where they are kept with all their versions, and a button that fills one in."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import anyio.to_thread
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.acts import LONGEST
from bot.ready import HOLES, filled, wrong_hole
from bot.web.badge import room_of
from bot.web.console.case import Attempt, page
from bot.web.console.deeds import again, written
from bot.web.console.number import line_of, number
from bot.web.console.rows import title
from bot.web.console.words import word
from bot.web.drawing import draw
from bot.web.room import Room
from storage import audit, canned, cases
from storage.audit import Entry, What
from storage.canned import LONGEST_TITLE, Canned, New
from storage.cases import CaseHead
from storage.staff import Member


async def fill(request: Request, member: Member) -> Response:
    """POST …/canned: the reply box with ready words after what was typed; nothing leaves."""
    room, case_id = room_of(request), number(request)
    text, key, _ = await written(request)
    form = await request.form()
    which, attempt = line_of(form.get("canned")), Attempt(reply=text, key=key, answers=line_of(form.get("answers")))

    def read(conn: Connection) -> tuple[Canned | None, CaseHead | None]:
        return canned.find(conn, which), cases.head_of(conn, case_id)

    chosen, head = await anyio.to_thread.run_sync(room.store.read, read)
    if chosen is None or chosen.gone or head is None or not key:
        return await again(request, member, attempt, word("refused.form"))
    if wrong := wrong_hole(chosen.body):
        return await again(request, member, attempt, word("refused.hole", name=wrong))
    words = filled(chosen.body, _values(room, head, member))
    together = f"{text.rstrip()}\n{words}" if text.strip() else words
    told = word("done.filled")
    return await page(request, member, Attempt(reply=together, key=key, answers=attempt.answers, told=told))


def _values(room: Room, head: CaseHead, member: Member) -> dict[str, str]:
    book, opened = room.house.library["ja"], head.opened_at.astimezone(ZoneInfo(room.settings.timezone))
    return {
        "ref": head.ref,
        "staff": member.name,
        "centre": room.house.centre["ja"],
        "topic": title(head, book),
        "opened": f"{opened.month}月{opened.day}日",
    }


@dataclass(frozen=True)
class Draft:
    """What was typed into the page of ready words and could not be kept, and why."""

    number: int = 0
    title: str = ""
    body: str = ""
    wrong: str = ""


async def show(request: Request, member: Member) -> Response:
    """GET /console/canned."""
    return await _page(request, member)


async def keep(request: Request, member: Member) -> Response:
    """POST /console/canned: new words, another version, or words that are put away or taken out again."""
    form = await request.form()
    told = {name: str(form.get(name) or "").replace("\r\n", "\n").strip() for name in ("title", "body")}
    which, after = line_of(form.get("number")), line_of(form.get("after"))
    if wrong := _unfit(told["title"], told["body"]):
        return await _page(request, member, Draft(which, told["title"], told["body"], wrong), 422)
    room, gone = room_of(request), form.get("do") == "gone"
    new = New(member.id, told["title"], told["body"], which or None, after, gone)
    now, vault = room.clock(), room.store.vault

    def job(conn: Connection) -> int | None:
        kept = canned.add(conn, new, now)
        if kept is not None:
            audit.add(conn, vault, [Entry(member.id, What.CANNED)], now)
        return kept

    kept = await asyncio.wrap_future(room.store.writer.submit(job))
    if kept is None:
        draft = Draft(which, told["title"], told["body"], word("refused.quicker"))
        return await _page(request, member, draft, 409)
    return RedirectResponse(f"/console/canned?said={'gone' if gone else 'kept'}#canned-{kept}", 303)


def _unfit(title_: str, body: str) -> str:
    if not title_ or not body:
        return word("refused.empty")
    if len(title_) > LONGEST_TITLE or len(body) > LONGEST:
        return word("refused.too_long")
    wrong = wrong_hole(body)
    return word("refused.hole", name=wrong) if wrong else ""


async def _page(request: Request, member: Member, draft: Draft | None = None, status: int = 200) -> Response:
    def read(conn: Connection) -> tuple[list[Canned], dict[int, list[Canned]]]:
        return canned.everything(conn), canned.versions(conn)

    everything, versions = await anyio.to_thread.run_sync(room_of(request).store.read, read)
    said = request.query_params.get("said", "")
    values = {
        "kept": [one for one in everything if not one.gone],
        "away": [one for one in everything if one.gone],
        "versions": versions,
        "draft": draft or Draft(),
        "holes": [(f"{{{name}}}", word("canned.hole_" + name)) for name in HOLES],
        "said": word("canned." + said) if said in {"kept", "gone"} and draft is None else "",
        "longest": LONGEST_TITLE,
    }
    return draw(request, "console/canned.html", status, member=member, **values)
