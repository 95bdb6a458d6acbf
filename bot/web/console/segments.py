"""The page of segments: whom announcements are meant for, built of rows, in one sentence, counted while editing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime

import anyio.to_thread
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.web.badge import room_of
from bot.web.console.number import line_of
from bot.web.console.segment_form import ADDS, MOST_ROWS, Draft, Joined, labels, new_row, read, rows_of
from bot.web.console.words import word
from bot.web.drawing import draw
from knowledge.segment import LONGEST, All, Asked, Did, Refusal, refused, sentence
from storage import audit, events, segments
from storage.audit import Entry, What
from storage.segments import Counts, New
from storage.staff import Member

_NOBODY = Counts({})


@dataclass(frozen=True)
class Preview:
    """Whom a draft means at this moment. `refusal` is why it may not be kept as it stands."""

    counts: Counts
    everybody: int
    refusal: Refusal | None

    @property
    def asks_typing(self) -> bool:
        """Whether their number must be typed: it means everybody there is."""
        return self.counts.total > 0 and self.counts.total >= self.everybody


async def show(request: Request, member: Member) -> Response:
    """GET /console/segments: all of them, or with `edit` one to be changed (0: a new one)."""
    told = request.query_params.get("edit")
    if told is not None:
        return await _edit(request, member, await _opened(request, line_of(told)))
    kept, titles = await anyio.to_thread.run_sync(
        room_of(request).store.read, lambda conn: (segments.everything(conn), events.titles(conn))
    )
    named = labels(room_of(request).house.library, titles)
    rows = [(one, None if isinstance(one.means, Refusal) else sentence(one.means, named)) for one in kept]
    said = request.query_params.get("said", "")
    told = word("segment." + said) if said in {"kept", "gone"} else ""
    return draw(request, "console/segments.html", member=member, kept=rows, said=told)


async def _opened(request: Request, number: int) -> Draft:
    if not number:
        return Draft(rows=(new_row(Asked.TOPIC),))
    store = room_of(request).store
    found = await anyio.to_thread.run_sync(store.read, lambda conn: segments.find(conn, number))
    if found is None:
        raise HTTPException(404)
    rows = () if isinstance(found.means, Refusal) else rows_of(found.means)
    return Draft(number, found.id, found.name, isinstance(found.means, All), rows)


async def change(request: Request, member: Member) -> Response:
    """POST /console/segments: another row, one less, count anew, keep it, or put it away."""
    form = await request.form()
    draft, do = read(form), str(form.get("do") or "count")
    kind, _, what = do.partition("-")
    if kind == "add" and what in ADDS and len(draft.rows) < MOST_ROWS:
        return await _edit(request, member, replace(draft, rows=(*draft.rows, new_row(what))))
    if kind == "drop":
        rows = tuple(row for at, row in enumerate(draft.rows) if str(at) != what)
        return await _edit(request, member, replace(draft, rows=rows))
    if do in ("save", "gone"):
        return await _keep(request, member, draft, gone=do == "gone")
    return await _edit(request, member, draft)


def _preview(conn: Connection, draft: Draft, now: datetime) -> Preview:
    means, everybody = draft.means(), segments.count(conn, All(), now).total
    if isinstance(means, Refusal):
        return Preview(_NOBODY, everybody, means)
    counts = segments.count(conn, means, now)
    return Preview(counts, everybody, refused(means, counts.total, everybody, draft.typed))


async def _edit(request: Request, member: Member, draft: Draft, wrong: str = "", status: int = 200) -> Response:
    room = room_of(request)
    preview, titles = await anyio.to_thread.run_sync(
        room.store.read, lambda conn: (_preview(conn, draft, room.clock()), events.titles(conn))
    )
    named, means = labels(room.house.library, titles), draft.means()
    values = {
        "draft": draft,
        "preview": preview,
        "means": "" if isinstance(means, Refusal) else sentence(means, named),
        "did": list(Did),
        "furthest": LONGEST,
        "channels": [(named[Asked.CHANNEL].get(one, one), n) for one, n in preview.counts.of_channel().items()],
        "languages": [(named[Asked.LANGUAGE].get(one, one), n) for one, n in preview.counts.of_language().items()],
        "labels": named,
        "kinds": ADDS,
        "joins": list(Joined),
        "wrong": wrong,
        "full": len(draft.rows) >= MOST_ROWS,
        "longest": segments.LONGEST_NAME,
    }
    return draw(request, "console/segment.html", status, member=member, **values)


async def _keep(request: Request, member: Member, draft: Draft, *, gone: bool) -> Response:
    """Keep or put away; what it means is counted in the same transaction, so nobody keeps what fits nobody."""
    room, means = room_of(request), draft.means()
    if not gone and (not draft.name or len(draft.name) > segments.LONGEST_NAME):
        return await _edit(request, member, draft, word("segment.nameless"), 422)
    if isinstance(means, Refusal):
        return await _edit(request, member, draft, word(f"segment.{means}"), 422)
    now, vault, number = room.clock(), room.store.vault, draft.number or None

    def job(conn: Connection) -> Refusal | int | None:
        preview = _preview(conn, draft, now)
        if preview.refusal and not gone:
            return preview.refusal
        new = New(member.id, draft.name, means, preview.counts.total, number, draft.after, gone)
        kept = segments.add(conn, new, now)
        if kept is not None:
            audit.add(conn, vault, [Entry(member.id, What.SEGMENT)], now)
        return kept

    kept = await asyncio.wrap_future(room.store.writer.submit(job))
    if isinstance(kept, Refusal):
        said = "" if kept is Refusal.EVERYONE else word(f"segment.{kept}")
        return await _edit(request, member, draft, said, 422)
    if kept is None:
        return await _edit(request, member, draft, word("segment.quicker"), 409)
    return RedirectResponse(f"/console/segments?said={'gone' if gone else 'kept'}", 303)
