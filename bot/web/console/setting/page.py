"""The page of settings, for managers: each part as it holds, a form to change it, its versions, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.rulebook import Rulebook, plain
from bot.web.badge import room_of
from bot.web.console.number import line_of
from bot.web.console.setting import forms
from bot.web.console.setting.fields import Group, changes, groups, lines, topics
from bot.web.console.words import known, word
from bot.web.drawing import draw
from bot.web.entry import put, read
from bot.web.room import Room
from dialogs.words import Words
from knowledge import ics
from knowledge.parts import MODELS, BrokenPart, Complaint, Part
from knowledge.parts import read as judged
from storage import abilities, audit, keeping, settings, staff
from storage.audit import Entry, What
from storage.keeping import Kind
from storage.settings import LONGEST_WHY, New, Version
from storage.staff import Member

_SHOWN = 20  # versions of each part


@dataclass(frozen=True)
class Attempt:
    """What was typed for a part and could not be kept: by field what is wrong, and what is wrong with it all."""

    part: Part
    told: Mapping[str, Any]
    why: str
    wrong: str
    at: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One version: its number and who made it, what it changed, and whether one may go back to it."""

    version: Version
    changed: list[tuple[str, str, str]]
    usable: bool
    current: bool


@dataclass(frozen=True)
class Sheet:
    """A part on the page."""

    part: Part
    newest: int
    said: dict[str, str]
    groups: list[Group]
    steps: list[Step]
    passed: str
    own: bool


async def show(request: Request, member: Member) -> Response:
    """GET /console/settings."""
    return await _page(request, member)


async def keep(request: Request, member: Member) -> Response:
    """POST /console/settings/{part}: another version, if its model takes it and nobody was quicker."""
    part, room = _part(request), room_of(request)
    async with request.form(max_files=1) as form:
        attempt, noted = await _typed(part, form, room)
        after = line_of(form.get("after"))
    if not attempt.wrong:
        attempt = _judged(attempt)
    if attempt.wrong:
        return await _page(request, member, attempt, 422)
    if refused := await _put(room, New(part.value, member.id, attempt.why, attempt.told, after)):
        return await _page(request, member, replace(attempt, wrong=refused), 409)
    return RedirectResponse(f"/console/settings?said=kept{noted}#part-{part.value}", 303)


async def _typed(part: Part, form: FormData, room: Room) -> tuple[Attempt, str]:
    """What was typed for a part, and what the page will say of a calendar besides."""
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    why = typed.get("why", "").strip()
    if any(len(value) > forms.LONGEST for value in typed.values()):
        wrong = word("settings.wrong_too_long", max_length=forms.LONGEST)
        return Attempt(part, room.mind.book.shipped(part), "", wrong), ""
    if part is not Part.DAYS:
        return Attempt(part, forms.told(part, typed), why, ""), ""
    told, noted, wrong = await _calendar(form, room)
    return Attempt(part, told, why, wrong), noted


async def back(request: Request, member: Member) -> Response:
    """POST /console/settings/{part}/back: what an earlier version said holds again, as a version of its own."""
    part, form, room = _part(request), await request.form(), room_of(request)
    number, after = line_of(form.get("number")), line_of(form.get("after"))
    told: Mapping[str, Any] | None = room.mind.book.shipped(part)
    if number:
        told = await read(room, lambda conn: settings.value(conn, part.value, number))
    if told is None:
        raise HTTPException(404)
    why = word("settings.back_why", n=number) if number else word("settings.shipped_why")
    attempt = _judged(Attempt(part, told, why, ""))
    if attempt.wrong:
        return await _page(request, member, attempt, 422)
    if refused := await _put(room, New(part.value, member.id, why, told, after, number)):
        return await _page(request, member, Attempt(part, told, "", refused), 409)
    return RedirectResponse(f"/console/settings?said=back#part-{part.value}", 303)


async def _put(room: Room, new: New) -> str:
    """Keep it and let it hold in this process at once; why not, where somebody was quicker. Twice is once."""
    now, vault, book, part = room.clock(), room.store.vault, room.mind.book, Part(new.part)

    def job(conn: Connection) -> str:
        if settings.add(conn, new, now):
            audit.add(conn, vault, [Entry(new.staff_id, What.SETTING)], now)
            return ""
        newest = settings.everything(conn).get(new.part, [])
        if newest and (newest[0].value, newest[0].back_to) == (new.value, new.back_to):
            return ""
        name = newest[0].staff_name if newest else ""
        return word("settings.quicker", name=name, part=word("settings.part_" + part.value))

    refused = await put(room, job)
    await read(room, lambda conn: book.take(settings.everything(conn)))
    room.bell.ring()
    return refused


def _judged(attempt: Attempt) -> Attempt:
    at: dict[str, str] = {}
    try:
        judged(MODELS[attempt.part], attempt.told)
    except BrokenPart as broken:
        for one in broken.complaints:
            at.setdefault(one.field, _said(one))
    if not attempt.why:
        at["why"] = word("settings.why_missing")
    elif len(attempt.why) > LONGEST_WHY:
        at["why"] = word("settings.wrong_too_long", max_length=LONGEST_WHY)
    return Attempt(attempt.part, attempt.told, attempt.why, word("settings.wrong") if at else "", at)


def _said(one: Complaint) -> str:
    text = known("settings", "wrong_" + one.code, "wrong_other")
    for name, value in one.values.items():
        text = text.replace("{" + name + "}", value)
    return text


async def _calendar(form: FormData, room: Room) -> tuple[dict[str, Any], str, str]:
    """What an uploaded calendar says, what the page says of it besides, or what is wrong with it."""
    file = form.get("file")
    if form.get("do") == "clear":
        return {}, "", ""
    if not isinstance(file, UploadFile) or not file.filename:
        return {}, "", word("settings.ics_none")
    try:
        found = ics.closed_days(await file.read(ics.LARGEST + 1), room.mind.local(room.clock()).date())
    except ics.NoCalendar as none:
        return {}, "", word(f"settings.ics_{none}")
    if not found.days:
        return {}, "", word("settings.ics_empty")
    told = {"file": file.filename[:100], "days": {day.isoformat(): what for day, what in found.days.items()}}
    return told, f"&timed={found.timed}&strange={found.strange}", ""


def _part(request: Request) -> Part:
    told = str(request.path_params["part"])
    if told not in set(Part):
        raise HTTPException(404)
    return Part(told)


async def _page(request: Request, member: Member, attempt: Attempt | None = None, status: int = 200) -> Response:
    room = room_of(request)
    book, words = room.mind.book, room.house.library["ja"]

    def look(conn: Connection) -> tuple[list[Sheet], dict[str, list[str]], dict[Kind, int]]:
        found = settings.everything(conn)
        names = {one.id: one.name for one in staff.everybody(conn) if one.active}
        teams: dict[str, list[str]] = {}
        for staff_id, one in abilities.everything(conn).items():
            for topic in one.topics:
                teams.setdefault(topic, []).extend([names[staff_id]] if staff_id in names else [])
        return [_sheet(conn, part, found.get(part.value, []), (book, words)) for part in Part], teams, _kept(conn)

    sheets, teams, kept = await read(room, look)
    asked = request.query_params
    said = known("settings", "done_" + asked.get("said", ""), "nothing") if attempt is None else ""
    typed = groups(attempt.part, attempt.told, words) if attempt and attempt.part is not Part.DAYS else []
    values = {
        "sheets": sheets,
        "attempt": attempt,
        "typed": typed,
        "loose": _loose(attempt, typed) if attempt else [],
        "teams": [(name, teams.get(key, [])) for key, name in topics(words)],
        "kept": kept,
        "said": said,
        "left": {name: line_of(asked.get(name)) for name in ("timed", "strange")},
        "passed": book.passed,
        "longest": LONGEST_WHY,
    }
    return draw(request, "console/settings.html", status, member=member, **values)


def _kept(conn: Connection) -> dict[Kind, int]:
    """How many days each class is kept: shown here, and set on a page of its own."""
    return {kind: keeping.value(conn, kind).days for kind in Kind}


def _loose(attempt: Attempt, typed: list[Group]) -> list[str]:
    """What is wrong and belongs to no field."""
    names = ["why", *(one.name for group in typed for one in group.fields)]
    at = attempt.at.items()
    return [said for place, said in at if not any(place == one or place.startswith(one + ".") for one in names)]


def _sheet(conn: Connection, part: Part, versions: list[Version], house: tuple[Rulebook, Words]) -> Sheet:
    book, words = house
    _, holds = plain(conn, book, part)
    shipped = book.shipped(part)
    read_ = [lines(part, one.value or {}, words) if _usable(part, one) else {} for one in versions]
    read_.append(lines(part, shipped, words))
    steps = [
        Step(one, changes(read_[at + 1], read_[at]), _usable(part, one), at == 0)
        for at, one in enumerate(versions[:_SHOWN])
    ]
    passed = next((word("settings.passed", n=one.number) for one in book.passed if one.part is part), "")
    newest = versions[0].number if versions else 0
    return Sheet(part, newest, lines(part, holds, words), groups(part, holds, words), steps, passed, bool(versions))


def _usable(part: Part, one: Version) -> bool:
    try:
        judged(MODELS[part], one.value)
    except BrokenPart:
        return False
    return True
