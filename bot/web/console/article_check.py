"""Before an answer reaches residents: what it lacks, what a question would get with it, and which answers change."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import anyio.to_thread
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.articles import shown
from bot.trial import Change, Kept, changes, kept, known_questions, with_draft
from bot.web.badge import room_of
from bot.web.console.article import asked
from bot.web.console.article_list import living_at, title_of
from bot.web.console.article_sheet import Sheet, field_name, sheet_of, stock_at
from bot.web.console.knowledge import Tried, tried
from bot.web.console.moments import day_of
from bot.web.console.number import line_of
from bot.web.console.words import known, word
from bot.web.drawing import draw
from bot.web.room import Room
from knowledge import edited
from knowledge.article import Article
from knowledge.checking import Beside, Lack, lacks
from knowledge.edited import Unreadable
from storage import answers, articles, audit
from storage.articles import New, State, Version
from storage.audit import Entry, What
from storage.may import Deed, Reach, may
from storage.staff import Member

_SETTLES = {one.value: one for one in State if one is not State.DRAFT}


@dataclass(frozen=True)
class Outlook:
    """What comes of publishing: what is missing, what changes, how the test set fares; and what one question gets."""

    missing: list[tuple[bool, str]]  # whether it keeps the answer from residents, and the words
    changed: list[Change]
    kept: Kept
    tried: Tried | None = None

    @property
    def ready(self) -> bool:
        """Whether it may be published."""
        return not any(grave for grave, _ in self.missing)


def said(lack: Lack) -> str:
    """A lack in plain words, with the field that it is about."""
    place = f"{lack.language}.{lack.place}" if lack.language else lack.place
    return f"{field_name(place)}：{word(f'article_lack.{lack.key}', **lack.values)}"


def missing(room: Room, sheet: Sheet, today: date) -> list[Lack]:
    """What the newest version lacks, held against everything that residents read today."""
    living, stock = living_at(room), stock_at(room)
    holes = living.values if living else {}
    return lacks(sheet.text, Beside(today, holes, tuple(room.house.flows), stock.all_but(sheet.name)))


async def show(request: Request, member: Member) -> Response:
    """GET …/articles/NAME/check."""
    return await _page(request, member)


async def try_out(request: Request, member: Member) -> Response:
    """POST …/articles/NAME/try: what a question would get with the draft in; it must not stand in an address."""
    form = await request.form()
    return await _page(request, member, (str(form.get("q", "")), str(form.get("lang", "ja"))))


async def _page(
    request: Request, member: Member, asked_: tuple[str, str] = ("", "ja"), wrong: str = "", status: int = 200
) -> Response:
    question, language = asked_
    room, name = room_of(request), request.path_params["name"]
    now = room.clock()
    today = room.mind.local(now).date()

    def look() -> tuple[Sheet, Outlook]:
        sheet = room.store.read(lambda conn: sheet_of(conn, stock_at(room), name))
        open_ones = None if may(member.role, Deed.SHELF) is Reach.ANY else ()
        waiting = room.store.read(lambda conn: asked(conn, room, member, open_ones))
        return sheet, _outlook(room, sheet, today, list(waiting.values()), (question, language))

    sheet, outlook = await anyio.to_thread.run_sync(look)
    values: dict[str, Any] = {
        "sheet": sheet,
        "title": title_of(sheet.text),
        "outlook": outlook,
        "wrong": wrong,
        "q": question[:500],
        "lang": language,
        "languages": [(one, known("language", one)) for one in ("ja", "ja-easy", "en", "zh", "ko")],
        "known_kind": lambda kind: known("tried", kind.value, "nothing"),
        "can_publish": may(member.role, Deed.PUBLISH) is Reach.ANY,
    }
    return draw(request, "console/article_check.html", status, member=member, **values)


def _outlook(room: Room, sheet: Sheet, today: date, waiting: list[str], question: tuple[str, str]) -> Outlook:
    """Makes the answers to come, which takes about a second; publishing then finds them made."""
    told = [(one.grave, said(one)) for one in missing(room, sheet, today)]
    living, stock = living_at(room), stock_at(room)
    draft = _draft(room, sheet)
    if living is None or draft is None:
        return Outlook(told, [], Kept(0, ()))
    articles_then = with_draft(stock, draft)
    after = living.shelf if articles_then == stock.out else living.with_(articles_then, today)
    own = [(one, sheet.name) for one in sheet.text.tests]
    tests = [*((one, name) for one, name in stock.tests if name != draft.id), *own]
    questions = known_questions(stock, [*sheet.text.tests, *waiting]) if after is not living.shelf else []
    box = tried(room.mind, *question, today, after)
    return Outlook(told, changes(living.shelf, after, questions, today), kept(after, tests, today), box)


def _draft(room: Room, sheet: Sheet) -> Article | None:
    living = living_at(room)
    try:
        version = sheet.versions[-1] if sheet.versions else None
        return shown(sheet.text, version, living.values if living else {}) if version else sheet.shipped
    except (Unreadable, LookupError, ValueError):
        return None


async def settle(request: Request, member: Member) -> Response:
    """POST …/articles/NAME/settle: publish, keep to ourselves, take down, or go back to what the release has."""
    form, room, name = await request.form(), room_of(request), request.path_params["name"]
    state = _SETTLES.get(str(form.get("do", "")))
    start, end = (_moment(str(form.get(one, "")), room) for one in ("start", "end"))
    end = end + timedelta(days=1) if end else None  # the last day is a whole one
    if state is None or (end is not None and (end <= room.clock() or (start is not None and end <= start))):
        return await _page(request, member, wrong=word("article.when"), status=422)
    stock = stock_at(room)
    sheet = await anyio.to_thread.run_sync(room.store.read, lambda conn: sheet_of(conn, stock, name))
    if state in (State.PUBLIC, State.INTERNAL):
        today = room.mind.local(room.clock()).date()
        if sheet.broken or any(one.grave for one in missing(room, sheet, today)):
            return await _page(request, member, wrong=word("article.not_ready"), status=422)
    shipped = edited.opened(sheet.shipped).model_dump_json() if sheet.shipped else sheet.body
    version = New(
        staff_id=member.id,
        name=name,
        after=None if state is State.AWAY else line_of(form.get("after")),  # nothing may stand in the way of that
        state=state,
        body=shipped if state is State.SHIPPED else sheet.body,
        why=str(form.get("why", "")).strip(),
        start_at=start if state is State.PUBLIC else None,
        end_at=end if state is State.PUBLIC else None,
        shipped=edited.mark(sheet.shipped),
    )
    settled = await _settle(room, member, version, sheet)
    if settled is None:
        newest = await anyio.to_thread.run_sync(room.store.read, lambda conn: sheet_of(conn, stock, name))
        if newest.versions and newest.versions[-1].state is state and newest.versions[-1].by == member.name:
            return RedirectResponse(f"/console/articles/{name}?said={state.value}", 303)  # a second click
        return await _page(request, member, wrong=word("article.quicker"), status=409)
    return RedirectResponse(f"/console/articles/{name}?said={state.value}", 303)


async def _settle(room: Room, member: Member, new: New, sheet: Sheet) -> Version | None:
    now, vault = room.clock(), room.store.vault

    def job(conn: Connection) -> Version | None:
        kept_ = articles.add(conn, new, now)
        if kept_ is None:
            return None
        audit.add(conn, vault, [Entry(member.id, What.PUBLISHED)], now)
        if new.state is State.PUBLIC:  # what it was written for is done with it
            for one in sheet.items:
                answers.settle(conn, one)
            answers.mended(conn, new.name)
        return kept_

    return await asyncio.wrap_future(room.store.writer.submit(job))


def _moment(told: str, room: Room) -> datetime | None:
    """The beginning of a day on the centre's clock; None where none was chosen."""
    day = day_of(told)
    return datetime(day.year, day.month, day.day, tzinfo=room.mind.zone) if day else None
