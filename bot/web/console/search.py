"""The page that finds cases by words: what is searched for stands in no address, each hit in the line it is from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.web.badge import room_of
from bot.web.console.besides import pieces
from bot.web.console.due import Scene
from bot.web.console.number import line_of
from bot.web.console.queue import Folder, Queue, look
from bot.web.console.rows import Row, row
from bot.web.console.shown import write
from bot.web.console.words import known, word
from bot.web.drawing import draw
from bot.web.entry import field, put, read
from bot.web.room import Room
from storage import audit, searching, sight, views
from storage.audit import Entry, What
from storage.cases import Which
from storage.searching import LONGEST, Answer, Hit
from storage.staff import Member
from storage.worklist import some

_BEFORE, _AFTER = 16, 70  # signs shown around the first place


@dataclass(frozen=True)
class Found:
    """A case with the words in which it was found: pieces of one line, each with whether it is what was searched."""

    row: Row
    at: datetime
    where: str
    pieces: Sequence[tuple[str, bool]]


@dataclass(frozen=True)
class Result:
    """What the page says: the cases, and in words how many, that it was cut, or why there are none."""

    found: Sequence[Found]
    told: str
    cut: str


async def ask(request: Request, member: Member) -> Response:
    """POST /console/search: keeps the words sealed for a day and leads to their answer."""
    room, form = room_of(request), await request.form()
    words, now, vault = field(form, "q")[:LONGEST], room.clock(), room.store.vault
    number = await put(room, lambda conn: views.ask(conn, vault, member.id, words, now))
    return RedirectResponse(f"/console/search?of={number}", 303)


async def show(request: Request, member: Member) -> Response:
    """GET /console/search: the answer to one's own search of this number, as it is now."""
    room, number = room_of(request), line_of(request.query_params.get("of"))

    def job(conn: Connection) -> tuple[Queue, str | None, Answer, list[Found]]:
        asked = views.asked(conn, room.store.vault, number, member.id) if number else ""
        sees = sight.of(conn, member)
        answer = searching.search(conn, room.store.vault, sees, asked or "")
        queue = look(conn, Folder(Which.MINE, "-"), member, room)
        ids = [one.words.case_id for one in answer.hits] + ([answer.by_ref.id] if answer.by_ref else [])
        items = some(conn, ids, sees)
        scene = Scene(room.clock(), room.house.library["ja"], room.clocks)
        rows = {one: row(item, member.id, None, scene) for one, item in items.items()}
        unwritten = audit.unwritten(conn, member.id, None, rows, scene.now)
        return replace(queue, rows=[], more="", unwritten=unwritten), asked, answer, _found(answer, rows)

    queue, asked, answer, found = await read(room, job)
    await _note(room, member, queue, [one.row.id for one in found] if number else None)
    values: dict[str, Any] = {
        "queue": queue,
        "case": None,
        "news": await read(room, lambda conn: pieces(conn, member)),
        "q": asked or "",
        "result": _result(number, asked, answer, found),
        "longest": LONGEST,
    }
    return draw(request, "console/search.html", member=member, **values)


async def _note(room: Room, member: Member, queue: Queue, found: Sequence[int] | None) -> None:
    """That somebody searched, and which cases they were shown for it: before they see it."""
    entries = [] if found is None else [Entry(member.id, What.SEARCHED, tuple(dict.fromkeys(found)))]
    await write(room, [*entries, *queue.unwritten])


def _result(number: int, asked: str | None, answer: Answer, found: Sequence[Found]) -> Result:
    cut = word("search.cut") if answer.cut else ""
    if asked is None:
        return Result((), word("search.old"), "")
    if not number:
        return Result((), "", "")
    if not found and not searching.terms_of(asked):
        return Result((), word("search.short"), "")
    return Result(found, word("search.found", n=len(found)) if found else word("search.none"), cut)


def _found(answer: Answer, rows: dict[int, Row]) -> list[Found]:
    """The case that was named by its reference first; of none twice."""
    named = answer.by_ref
    first = [Found(rows[named.id], named.opened_at, word("search.ref"), ())] if named and named.id in rows else []
    rest = [one for one in answer.hits if one.words.case_id in rows and (not named or one.words.case_id != named.id)]
    return [*first, *(_hit(rows[one.words.case_id], one) for one in rest)]


def _hit(of: Row, hit: Hit) -> Found:
    return Found(of, hit.words.at, known("search", hit.words.who, "person"), marked(hit.words.text, hit.places))


def marked(said: str, places: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """The words around the first place, in pieces; those that were searched for are True."""
    start = max(0, places[0][0] - _BEFORE)
    end = min(len(said), max(places[0][1], start + _BEFORE + _AFTER))
    made: list[tuple[str, bool]] = [("…", False)] if start else []
    at = start
    for begins, ends in places:
        if begins >= at and ends <= end:
            made += [(said[at:begins], False), (said[begins:ends], True)]
            at = ends
    made.append((said[at:end] + ("…" if end < len(said) else ""), False))
    return [(" ".join(text.split()) if not on else text, on) for text, on in made if text.strip()]
