"""What the answers need: questions without one, answers that did not help, what expires, a box to try a question."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import anyio.to_thread
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.frontdesk import living_of, shelf_of
from bot.look import Shelf
from bot.mind import Mind
from bot.web.badge import room_of
from bot.web.console.shown import write
from bot.web.console.words import known, word
from bot.web.drawing import draw
from dialogs.around import Found
from dialogs.heard import Typed
from dialogs.words import LANGUAGES, bracketed
from knowledge.article import Article
from knowledge.plain import even
from storage import answers, sight
from storage.answers import Unanswered
from storage.audit import Entry, What
from storage.staff import Member

_MOST = 300  # questions looked through at once: the newest
_LONGEST = 500  # signs of a question that is tried
SOON = timedelta(days=60)


@dataclass(frozen=True)
class Asked:
    """The same question, however often it was asked: `ids` are all of them, `text` as it was asked last."""

    text: str
    language: str
    at: datetime
    ids: tuple[int, ...]

    @property
    def all_ids(self) -> str:
        """As a form sends them."""
        return ",".join(map(str, self.ids))


@dataclass(frozen=True)
class Doubtful:
    """An article that did not help everybody."""

    name: str
    title: str
    yes: int
    no: int


@dataclass(frozen=True)
class Tried:
    """What a question would get now: the decision, why, what was weighed, and the words a resident would read."""

    kind: str
    why: str
    weighed: list[str]
    said: str


def joined(questions: Sequence[Unanswered]) -> list[Asked]:
    """Questions that are the same but for spelling, as one; what was asked most stands first, then the newest."""
    found: dict[str, list[Unanswered]] = {}
    for one in questions:  # newest first
        found.setdefault(even(one.text) or one.text, []).append(one)
    made = [Asked(same[0].text, same[0].language, same[0].at, tuple(one.id for one in same)) for same in found.values()]
    return sorted(made, key=lambda one: (-len(one.ids), -one.at.timestamp()))


def articles_of(mind: Mind) -> tuple[Article, ...]:
    """Every article there is, expired or not."""
    shelf = shelf_of(mind.look)
    return shelf.articles if shelf else ()


def doubtful(articles: Sequence[Article], verdicts: dict[str, tuple[int, int]]) -> list[Doubtful]:
    """The articles that did not help somebody, the worst first."""
    titles = {one.id: bracketed(one.words["ja"].title) for one in articles}
    found = [Doubtful(name, titles.get(name, name), yes, no) for name, (yes, no) in verdicts.items() if no]
    return sorted(found, key=lambda one: (-one.no, one.yes, one.title))


def ending(articles: Sequence[Article], today: date) -> list[tuple[str, str, date, bool]]:
    """(name, title, last day, whether it is past) of what is to be checked again soon, the first first."""
    near = sorted((one for one in articles if one.review_by <= today + SOON), key=lambda one: (one.review_by, one.id))
    return [(one.id, bracketed(one.words["ja"].title), one.review_by, one.expired(today)) for one in near]


def tried(mind: Mind, text: str, language: str, today: date, instead: Shelf | None = None) -> Tried | None:
    """What this question would get from the bot today, or from other answers instead; None where nothing is asked."""
    shelf, asked = instead or shelf_of(mind.look), text.strip()[:_LONGEST]
    if not asked or shelf is None:
        return None
    decision, found = shelf.decide(asked, language, today)
    by_id = {one.id: bracketed(one.words["ja"].title) for one in shelf.articles}
    weighed = [by_id.get(one.id, one.id) for one in (*decision.articles, *decision.also)]
    said = found if instead else mind.look(Typed(asked), language, today)
    kind = said.kind.value if said else found.kind.value
    return Tried(known("tried", kind, "nothing"), known("tried_why", decision.reason), weighed, _said(said or found))


def _said(found: Found) -> str:
    if found.said or found.urgent:
        return bracketed(found.said or found.urgent)
    return "\n".join(bracketed(card.text if len(found.cards) == 1 else card.title) for card in found.cards)


async def show(request: Request, member: Member) -> Response:
    """GET /console/knowledge."""
    return await _page(request, member)


async def try_out(request: Request, member: Member) -> Response:
    """POST …/try: what somebody wrote must not stand in an address, which proxies and browsers keep."""
    form = await request.form()
    return await _page(request, member, str(form.get("q", "")), str(form.get("lang", "ja")), bool(form.get("inside")))


async def _page(
    request: Request, member: Member, asked: str = "", language: str = "ja", inside: bool = False
) -> Response:
    room = room_of(request)
    mind, today = room.mind, room.mind.local(room.clock()).date()
    language = language if language in LANGUAGES else "ja"

    def read(conn: Connection) -> tuple[list[Unanswered], dict[str, tuple[int, int]]]:
        hidden = sight.of(conn, member).people  # who stands apart from somebody reads nothing of theirs here either
        asked = answers.open_questions(conn, room.store.vault, at_most=_MOST)
        return [one for one in asked if one.person_id not in hidden], answers.verdicts(conn)

    living = living_of(mind.look)
    internal = living.stock.internal if living else ()

    def look() -> Tried | None:
        other = living.with_((*living.stock.out, *internal), today) if living and inside and internal else None
        return tried(mind, asked, language, today, other)

    questions, verdicts = await anyio.to_thread.run_sync(room.store.read, read)
    if questions:
        await write(room, [Entry(member.id, What.QUESTIONS, ())])
    articles = articles_of(mind)
    values: dict[str, Any] = {
        "questions": joined(questions),
        "doubtful": doubtful(articles, verdicts),
        "ending": ending(articles, today),
        "count": len(articles),
        "q": asked[:_LONGEST],
        "lang": language,
        "has_internal": bool(internal),
        "inside": inside,
        "languages": [(one, known("language", one, "ja")) for one in LANGUAGES],
        "tried": await anyio.to_thread.run_sync(look),
        "settled": word("knowledge.settled") if request.query_params.get("said") == "settled" else "",
    }
    return draw(request, "console/knowledge.html", member=member, **values)


async def settle(request: Request, member: Member) -> Response:
    """POST …/settle: these questions have their answer now, or need none."""
    del member
    room, said = room_of(request), (await request.form()).get("ids")
    ids = [
        int(one) for one in str(said or "").split(",")[:_MOST] if one.isascii() and one.isdecimal() and len(one) < 19
    ]

    def job(conn: Connection) -> None:
        for one in ids:
            answers.settle(conn, one)

    await asyncio.wrap_future(room.store.writer.submit(job))
    return RedirectResponse("/console/knowledge?said=settled", 303)
