"""Writing an answer in the console: a new one or another version, beside what somebody else wrote meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import anyio.to_thread
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.web.badge import room_of
from bot.web.console.article_form import laid_out, read, typed
from bot.web.console.article_list import living_at
from bot.web.console.article_sheet import Attempt, Sheet, field_name, page, sheet_of, stock_at
from bot.web.console.number import line_of
from bot.web.console.words import word
from bot.web.room import Room
from knowledge import edited
from knowledge.edited import LONGEST, Edited
from knowledge.holes import wrong_hole
from storage import answers, articles, audit, sight
from storage.articles import New, State, Version
from storage.audit import Entry, What
from storage.may import Deed, Reach, may
from storage.staff import Member

_ITEMS = 50  # questions that one answer is written for


async def show(request: Request, member: Member) -> Response:
    """GET …/articles/NAME, as it is or as one of its versions was."""
    room, name = room_of(request), request.path_params["name"]
    which = line_of(request.query_params.get("version"))
    sheet = await anyio.to_thread.run_sync(room.store.read, lambda conn: sheet_of(conn, stock_at(room), name, which))
    return page(request, member, sheet, laid_out(sheet.text))


async def new(request: Request, member: Member) -> Response:
    """GET …/articles/new: an empty form, or one with the questions that wait for it filled in."""
    room = room_of(request)
    ids = _ids(request.query_params.get("ids", "")) if may(member.role, Deed.SHELF) is Reach.ANY else ()
    waiting = await anyio.to_thread.run_sync(room.store.read, lambda conn: asked(conn, room, member, ids))
    questions = list(dict.fromkeys(waiting.values()))
    today = room.mind.local(room.clock()).date()
    told = laid_out(Edited(checked=today))
    if questions:
        listed = "\n".join(one[: LONGEST["ask"]].replace("\n", " ") for one in questions)
        told |= {
            "ja-question": questions[0][: LONGEST["question"]].replace("\n", " "),
            "ja-asks": listed,
            "tests": listed,
        }
    told["items"] = ",".join(map(str, waiting))
    return page(request, member, Sheet("", (), Edited(), "", None), told)


def asked(conn: Connection, room: Room, member: Member, ids: Sequence[int] | None = None) -> dict[int, str]:
    """The words of questions that wait, all or these, without those of people this member stands apart from."""
    if ids is not None and not ids:
        return {}
    hidden = sight.of(conn, member).people
    waiting = answers.open_questions(conn, room.store.vault, at_most=300)
    return {
        one.id: one.text for one in waiting if (ids is None or one.id in ids) and one.person_id not in hidden
    }  # fmt: skip


async def keep(request: Request, member: Member) -> Response:
    """POST …/articles or …/articles/NAME: another version, as a draft; what residents read stays as it is."""
    room, name = room_of(request), request.path_params.get("name", "")
    told, stock = await typed(request), stock_at(room_of(request))
    sheet = Sheet("", (), Edited(), "", None)
    if name:
        sheet = await anyio.to_thread.run_sync(room.store.read, lambda conn: sheet_of(conn, stock, name))
    text = read(told, sheet.text.facts)
    if isinstance(text, list):
        return page(request, member, sheet, told, Attempt(_why(text), 422))
    if wrong := _no_hole(text, living.values if (living := living_at(room)) else {}):
        return page(request, member, sheet, told, Attempt(wrong, 422))
    kept = await _add(room, member, sheet, told, text)
    if kept is None:
        now = await anyio.to_thread.run_sync(room.store.read, lambda conn: sheet_of(conn, stock, name))
        if now.text == text and now.versions[-1].by == member.name:
            kept = now.versions[-1]  # a second click
        else:
            theirs = [one for one in laid_out(now.text).items() if told.get(one[0], "") != one[1]]
            attempt = Attempt(word("refused.quicker"), 409, [(field_name(place), words) for place, words in theirs])
            return page(request, member, now, told, attempt)
    to = {"look": "/look", "check": "/check"}.get(told.get("do", ""), "")
    return RedirectResponse(f"/console/articles/{kept.name}{to}" + ("" if to else "?said=kept"), 303)


async def _add(room: Room, member: Member, sheet: Sheet, told: Mapping[str, str], text: Edited) -> Version | None:
    now, vault = room.clock(), room.store.vault

    def job(conn: Connection) -> Version | None:
        ids = _ids(told.get("items", "")) if may(member.role, Deed.SHELF) is Reach.ANY else ()
        version = New(
            staff_id=member.id,
            name=sheet.name,
            after=line_of(told.get("after")),
            state=State.DRAFT,
            body=text.model_dump_json(),
            why=told.get("why", "").strip(),
            shipped=edited.mark(sheet.shipped),
            items=tuple(asked(conn, room, member, ids)),
        )
        kept = articles.add(conn, version, now)
        if kept is not None:
            audit.add(conn, vault, [Entry(member.id, What.ARTICLE)], now)
        return kept

    return await asyncio.wrap_future(room.store.writer.submit(job))


def _ids(told: str) -> tuple[int, ...]:
    return tuple(number for one in told.split(",")[:_ITEMS] if (number := line_of(one)))


def _why(wrong: Sequence[tuple[str, str]]) -> str:
    place, kind = wrong[0]
    return word(f"article.{'too_long' if kind == 'long' else 'unfit'}", field=field_name(place.removeprefix("text.")))


def _no_hole(text: Edited, holes: Mapping[str, str]) -> str:
    """What to say of a hole that nothing fills; it cannot be kept, so that it is found where it was typed."""
    for language in text.languages:
        words = text.of(language)
        for place, said in {**words.every(), "asks": "\n".join(words.asks)}.items():
            if wrong := wrong_hole(said, holes):
                return word("article.hole", name=wrong, field=field_name(f"{language}.{place}"))
    named = " ".join(one for source in text.sources for one in (source.title, source.publisher))
    wrong = wrong_hole(f"{named} {' '.join(text.tests)}", ())
    return word("article.hole", name=wrong, field=field_name("sources")) if wrong else ""
