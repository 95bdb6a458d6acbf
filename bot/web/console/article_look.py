"""How an answer looks to residents: the turn that shows it, drawn for each channel by what draws it in real use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from html import unescape
from typing import Any

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from bot.articles import shown
from bot.channels import line_draw, telegram_draw
from bot.channels.doubles.line.draw import draw as line_face
from bot.look import Shelf
from bot.web.badge import room_of
from bot.web.bubbles import drawn
from bot.web.chat import for_script
from bot.web.console.article_list import living_at, title_of
from bot.web.console.article_sheet import sheet_of, stock_at
from bot.web.console.words import known, word
from bot.web.drawing import draw
from bot.web.room import Room
from dialogs.around import Around
from dialogs.heard import Tapped
from dialogs.saying import Message
from dialogs.session import Session
from dialogs.tap import ArticleTap
from dialogs.turn import turn
from dialogs.words import LANGUAGES
from knowledge.article import Article
from knowledge.edited import Unreadable
from storage.staff import Member
from storage.talk import Author, Way
from storage.window import Line

CHANNELS = ("line", "telegram", "web")
Face = dict[str, Any]


def messages(room: Room, article: Article, language: str) -> Sequence[Message]:
    """What the bot says when it answers with this article, to somebody who knows the bot already."""
    now = room.mind.local(room.clock())
    session = Session(language=language, met=True, consented=room.house.consent_version)
    tap = Tapped(str(ArticleTap(article.id)))
    found = Shelf((article,), now.date())(tap, language, now.date())
    return turn(room.house, session, tap, Around(now, "", found)).messages


def faces(channel: str, said: Sequence[Message], now: datetime) -> list[Face]:
    """The messages as a phone with this channel is sent them."""
    common = {"from": "bot", "at": now.isoformat()}
    if channel == "line":
        return [common | {"id": n} | line_face(one) for n, one in enumerate(line_draw.draw(said))]
    if channel == "telegram":
        return [common | {"id": n} | _telegram(part) for n, part in enumerate(telegram_draw.draw(said))]
    lines = (Line(n, now, Way.OUT, Author.BOT, None, one.to_json()) for n, one in enumerate(said))
    return [face for line in lines if (face := drawn(line))]


def _telegram(part: telegram_draw.Part) -> Face:
    keys = [[{"text": key.label, "callback_data": key.data} for key in row] for row in part.rows]
    raw = {"text": unescape(part.text)} | ({"reply_markup": {"inline_keyboard": keys}} if keys else {})
    return {"texts": [raw["text"]], "quick": [], "raw": raw}


async def show(request: Request, member: Member) -> Response:
    """GET …/articles/NAME/look?on=CHANNEL&lang=LANGUAGE: the newest version, published or not."""
    room, name = room_of(request), request.path_params["name"]
    asked = request.query_params
    language = asked.get("lang", "ja") if asked.get("lang") in LANGUAGES else "ja"
    channel = asked.get("on", "line") if asked.get("on") in CHANNELS else "line"
    now = room.clock()

    def look() -> tuple[str, list[Face], str]:
        sheet = room.store.read(lambda conn: sheet_of(conn, stock_at(room), name))
        living = living_at(room)
        try:
            version = sheet.versions[-1] if sheet.versions else None
            article = shown(sheet.text, version, living.values if living else {}) if version else sheet.shipped
        except (Unreadable, LookupError, ValueError):
            return title_of(sheet.text), [], word("article.no_look")
        if article is None:
            return title_of(sheet.text), [], word("article.no_look")
        today = room.mind.local(now).date()
        living_article = replace(article, review_by=max(article.review_by, today), related=())
        return title_of(sheet.text), faces(channel, messages(room, living_article, language), now), ""

    title, drawn_, wrong = await anyio.to_thread.run_sync(look)
    values: dict[str, Any] = {
        "name": name,
        "title": title,
        "wrong": wrong,
        "on": channel,
        "lang": language,
        "channels": [(one, known("article_channel", one)) for one in CHANNELS],
        "languages": [(one, known("language", one)) for one in LANGUAGES],
        "zone": room.settings.timezone,
        "about": {"zone": room.settings.timezone, "faces": drawn_, "on": channel, "words": for_script(language)},
    }
    return draw(request, "console/article_look.html", member=member, **values)
