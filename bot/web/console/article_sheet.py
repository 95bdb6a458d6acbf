"""The sheet of one answer: its versions, the form with what was typed, and what stands beside it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.articles import Stock
from bot.web.badge import room_of
from bot.web.console.article_form import laid_out
from bot.web.console.article_list import living_at, marks_of, title_of
from bot.web.console.words import known, word
from bot.web.drawing import draw
from bot.web.room import Room
from dialogs.words import bracketed
from knowledge import edited
from knowledge.article import EVERY, LANGUAGES, Area, Article, Confidence, Matter, Mode
from knowledge.edited import LONGEST, MOST, Edited, Unreadable
from knowledge.topics import FOR_A_PERSON, NOT_OURS, topics
from storage import articles
from storage.articles import Version
from storage.may import Deed, Reach, may
from storage.staff import Member


@dataclass(frozen=True)
class Attempt:
    """Why what was typed could not be kept; `theirs` are the fields in which the newest version differs."""

    why: str
    status: int
    theirs: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Sheet:
    """All there is of one answer: its versions, oldest first, the words of the newest, and what the release has."""

    name: str
    versions: Sequence[Version]
    text: Edited
    broken: str
    shipped: Article | None
    which: int = 0  # the version that was asked for
    body: str = ""  # its words as they are kept

    @property
    def after(self) -> int:
        """The version that a writer has before them."""
        return self.versions[-1].id if self.versions else 0

    @property
    def items(self) -> tuple[int, ...]:
        """The questions that it was written for."""
        return tuple(dict.fromkeys(one for version in self.versions for one in version.items))


def sheet_of(conn: Connection, stock: Stock, name: str, which: int = 0) -> Sheet:
    """The sheet of an answer, with the words of version `which` or of the newest. Raises 404 where there is none."""
    versions = articles.versions(conn, name)
    shipped = next((one for one in stock.shipped if one.id == name), None)
    if not versions and shipped is None:
        raise HTTPException(404)
    wanted = which or (versions[-1].id if versions else 0)
    if wanted and wanted not in {one.id for one in versions}:
        raise HTTPException(404)
    text, broken = edited.opened(shipped) if shipped else Edited(), ""
    body = text.model_dump_json()
    if wanted:
        body = articles.bodies(conn, [wanted])[wanted]
        try:
            text = edited.read(body)
        except Unreadable as wrong:
            broken = str(wrong)
    return Sheet(name, versions, text, broken, shipped, which, body)


def stock_at(room: Room) -> Stock:
    """What there is to answer with in this room."""
    living = living_at(room)
    return living.stock if living else Stock((), ())


def field_name(place: str) -> str:
    """What a field of the form is called, such as 「やさしい日本語：短い答え」."""
    for language in sorted(EVERY, key=len, reverse=True):
        if re.match(rf"{language}[-.]", place):
            rest = re.split(r"[-.]", place.removeprefix(language)[1:])[0]
            return f"{known('language', language)}：{known('article_field', rest)}"
    return known("article_field", re.split(r"[-.]", place)[0])


def page(
    request: Request, member: Member, sheet: Sheet, told: Mapping[str, str], attempt: Attempt | None = None
) -> Response:
    """The form of one answer, with everything beside it."""
    room, stock = room_of(request), stock_at(room_of(request))
    renewed = sheet.name in stock.renewed and sheet.shipped is not None
    values: dict[str, Any] = {
        "sheet": sheet,
        "told": defaultdict(str, told),
        "title": title_of(sheet.text) if sheet.name else word("article.new"),
        "which": sheet.which,
        "attempt": attempt,
        "said": known("article_said", request.query_params.get("said", ""), "none") if attempt is None else "",
        "marks": marks_of(sheet.versions, stock, room.clock()) if sheet.versions else (),
        "released": _released(sheet) if renewed else (),
        "can_publish": may(member.role, Deed.PUBLISH) is Reach.ANY,
        "languages": [(one, known("language", one), one in LANGUAGES) for one in EVERY],
        "choices": _choices(room),
        "titles": [(one.id, bracketed(one.words["ja"].title)) for one in stock.out if one.id != sheet.name],
        "longest": LONGEST,
        "most": MOST,
        "sources": min(MOST["sources"], len(sheet.text.sources) + 2),
    }
    return draw(request, "console/article.html", attempt.status if attempt else 200, member=member, **values)


def _released(sheet: Sheet) -> list[tuple[str, str]]:
    """The fields in which the release now differs from what the centre wrote."""
    ours = laid_out(sheet.text)
    theirs = laid_out(edited.opened(sheet.shipped)) if sheet.shipped else {}
    return [(field_name(at), words) for at, words in theirs.items() if ours.get(at) != words]


def _choices(room: Room) -> dict[str, list[tuple[str, str]]]:
    flows = [(name, room.house.library["ja"].say(f"{name}.title")) for name in room.house.flows]
    matters = [(code, f"{code} {topic.names['ja']}") for code, topic in topics().items()]
    return {
        "topic": [one for one in matters if one[0] not in (FOR_A_PERSON, NOT_OURS)],
        "next_step": [("person", word("article.person")), *flows, ("", word("article.nothing"))],
        **{
            name: [(one.value, known(f"article_{name}", one.value)) for one in options]
            for name, options in (("area", Area), ("mode", Mode), ("matter", Matter), ("confidence", Confidence))
        },
    }
