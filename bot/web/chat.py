"""The talk on the centre's own page: begin, write, tap, and read along; the same for a visitor and for a bound page."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import anyio
import anyio.to_thread
from sqlalchemy import Connection
from sse_starlette import EventSourceResponse, JSONServerSentEvent, ServerSentEvent
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.ports import Arrived
from bot.web import bubbles, paper
from bot.web.device import CHANNEL, Seat, give, leave, seat_of, start
from bot.web.pace import Pace
from bot.web.room import Room
from dialogs.heard import Came, Heard, Picked, Tapped, Typed
from dialogs.tap import CommandTap, LanguageTap
from dialogs.words import LANGUAGES
from storage import window
from storage.window import Line, Window

MOST_SIGNS = 5000  # of one message: what LINE allows too
MOST_BYTES = 64 * 1024
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
_PICKED = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d)?|\d\d:\d\d")
_DOOR = "{door:str}"
# Rows of one person become visible in the order of their commits, not of their numbers: look a little behind.
_LOOK_BACK = 200
_WAIT_S, _PAUSE_S = 1.0, 0.1


@dataclass(frozen=True)
class Said:
    """What the page posted: `key` makes a repetition harmless."""

    key: str
    heard: Heard


@dataclass(frozen=True)
class Unfit:
    """What the page posted cannot be taken."""

    why: str
    status: int = 422


@dataclass(frozen=True)
class Glance:
    """What the page sees at one moment."""

    language: str
    lines: list[Line]


def routes(room: Room) -> list[BaseRoute]:
    """The chat page at /chat for a visitor, and at /chat/{door} for a page that was opened by a one-time link."""
    chat = _Chat(room)
    both = ("/chat", "/chat/" + _DOOR)
    out: list[BaseRoute] = [
        Route("/chat/start", chat.begin, methods=["POST"]),
        Route("/clock", chat.clock, name="clock"),
    ]
    for base in both:
        out += [
            Route(f"{base}/say", chat.say, methods=["POST"]),
            Route(f"{base}/events", chat.events),
            Route(f"{base}/leave", chat.leave, methods=["POST"]),
        ]
    return out + [Route(base, chat.page) for base in both]


class _Chat:
    """The pages and the three things they ask for."""

    def __init__(self, room: Room) -> None:
        self._room, self._pace = room, Pace()
        self._zone = ZoneInfo(room.settings.timezone)

    async def page(self, request: Request) -> Response:
        """The talk, or for a stranger the invitation to begin; nothing is stored and no cookie set by looking."""
        door = request.path_params.get("door", "")
        seat = await seat_of(self._room, request, door)
        if seat is not None:
            return self._talk(seat)
        language = asked_language(request)
        if door:
            return paper.page("chat/lost.html", language, 403)
        centre = self._room.house.centre[language]
        start_at = "/chat/start" if language == "ja" else f"/chat/start?lang={language}"
        return paper.page("chat/intro.html", language, centre=centre, tongues=self._tongues(), start_at=start_at)

    async def begin(self, request: Request) -> Response:
        """The visitor pressed the button: from now on there is a session."""
        seat = await seat_of(self._room, request, "")
        answer = RedirectResponse("/chat", 303)
        if seat is not None:
            return answer
        begun = await start(self._room)
        give(answer, self._room, begun)
        language = asked_language(request)
        await self._hear(begun, Said("came", Came() if language == "ja" else Tapped(str(LanguageTap(language)))))
        return answer

    async def say(self, request: Request) -> Response:
        """One message, tap or picked value; 202 once it is durable."""
        seat = await seat_of(self._room, request, request.path_params.get("door", ""))
        if seat is None:
            return JSONResponse({"why": "gone"}, 403)
        said = await read(request)
        if isinstance(said, Unfit):
            return JSONResponse({"why": said.why, "at_most": MOST_SIGNS}, said.status)
        if not self._pace.allows(seat.address, self._room.clock()):
            return JSONResponse({"why": "too_fast"}, 429)
        await self._hear(seat, said)
        return JSONResponse({}, 202)

    async def events(self, request: Request) -> Response:
        """The talk as server-sent events, whole at first and then whatever comes."""
        seat = await seat_of(self._room, request, request.path_params.get("door", ""))
        if seat is None:
            return JSONResponse({"why": "gone"}, 403)
        shown_in = replace(seat, language=request.query_params.get("language", seat.language))
        return EventSourceResponse(self._read_along(shown_in, cursor(request)), ping=20)

    async def leave(self, request: Request) -> Response:
        """Away at once: the session of this device ends and a page that says nothing takes its place."""
        door = request.path_params.get("door", "")
        answer = RedirectResponse("/clock", 303, {"Clear-Site-Data": '"cache"'})
        await leave(self._room, request, answer, door)
        return answer

    async def clock(self, request: Request) -> Response:
        """The page that says nothing: the time of day."""
        now = self._room.clock().astimezone(self._zone)
        day = f"{now.year}年{now.month}月{now.day}日({'月火水木金土日'[now.weekday()]})"
        return paper.page("chat/clock.html", "ja", time=f"{now:%H:%M}", day=day)

    async def _hear(self, seat: Seat, said: Said) -> None:
        event_id = f"{seat.contact_id}:{said.key}"
        arrived = Arrived(CHANNEL, event_id, seat.address, self._room.clock(), said.heard)
        await self._room.receive([arrived])

    async def _read_along(self, seat: Seat, after: int) -> AsyncIterator[ServerSentEvent]:
        """Every line once per connection. The event's id is the cursor; "ready" follows the first helping."""
        shown: set[int] = set()
        newest, first = after, True
        while True:
            glance = await self._look(seat, after if first else max(0, newest - _LOOK_BACK))
            if glance is None:
                yield JSONServerSentEvent({}, event="gone")
                return
            for line in glance.lines:
                newest = max(newest, line.id)
                drawn = None if line.id in shown else bubbles.drawn(line)
                shown.add(line.id)
                if drawn is not None:
                    yield JSONServerSentEvent(drawn, event="line", id=str(newest))
            if glance.language != seat.language:
                yield JSONServerSentEvent({}, event="language")
                return
            if first:
                yield JSONServerSentEvent({}, event="ready")
            first = False
            await self._room.bell.wait(_WAIT_S)
            await anyio.sleep(_PAUSE_S)  # many commits ring at once: one look for all of them

    async def _look(self, seat: Seat, after: int) -> Glance | None:
        """The lines after a number, or None when the session or the person is no more."""

        def find(conn: Connection) -> Glance | None:
            language = seat.spoken(conn, self._room.clock())
            if language is None:
                return None
            return Glance(language, window.look(conn, self._room.store.vault, Window(seat.person_id, after)))

        return await anyio.to_thread.run_sync(self._room.store.read, find)

    def _talk(self, seat: Seat) -> Response:
        language = seat.language
        commands = ("menu", "person", "language")
        return paper.page(
            "chat/talk.html",
            language,
            centre=self._room.house.centre[language],
            base=seat.base,
            tongue=self._room.house.library[language].say("language.name"),
            taps={name: str(CommandTap(name)) for name in commands},
            at_most=MOST_SIGNS,
            about={
                "base": seat.base,
                "language": language,
                "words": _for_script(language),
                "at_most": MOST_SIGNS,
                "leave": "/clock",
                "zone": self._zone.key,
            },
        )

    def _tongues(self) -> list[tuple[str, str]]:
        library = self._room.house.library
        return [(code, library[code].say("language.name")) for code in LANGUAGES]


def asked_language(request: Request) -> str:
    """The language asked for by ?lang=, else Japanese: the browser's wish says little about a shared machine."""
    wanted = request.query_params.get("lang", "")
    return wanted if wanted in LANGUAGES else "ja"


def cursor(request: Request) -> int:
    """The last line the page has seen: what the browser says when it reconnects, else ?after=, else 0."""
    told = request.headers.get("last-event-id") or request.query_params.get("after", "")
    return int(told) if told.isdecimal() and len(told) < 19 else 0


async def read(request: Request) -> Said | Unfit:
    """What was posted, as JSON or as a form."""
    if int(request.headers.get("content-length") or 0) > MOST_BYTES:
        return Unfit("too_long", 413)
    try:
        if request.headers.get("content-type", "").startswith("application/json"):
            data: Any = json.loads(await request.body())
        else:
            data = dict(await request.form())
    except (ValueError, RecursionError):
        return Unfit("unreadable", 400)
    fields = {name: data.get(name) for name in ("key", "text", "tap", "value")} if isinstance(data, dict) else {}
    if not fields or not all(value is None or isinstance(value, str) for value in fields.values()):
        return Unfit("unreadable", 400)
    return _said(fields)


def _said(fields: dict[str, str | None]) -> Said | Unfit:
    key, text, tap, value = (fields[name] for name in ("key", "text", "tap", "value"))
    if not key or not _KEY.fullmatch(key):
        return Unfit("key", 400)
    if text is not None and tap is None:
        if not text.strip():
            return Unfit("empty")
        return Unfit("too_long") if len(text) > MOST_SIGNS else Said(key, Typed(text))
    if tap is None or text is not None or not tap.isascii() or not 0 < len(tap) <= 64:
        return Unfit("unreadable", 400)
    if value is None:
        return Said(key, Tapped(tap))
    return Said(key, Picked(tap, value)) if _PICKED.fullmatch(value) else Unfit("value")


def _for_script(language: str) -> dict[str, str]:
    """The words the page itself needs, readings still marked."""
    book = paper.words(language)
    later = ("too_long", "left_signs")  # filled by the page
    return {key: "".join(book.phrases[f"chat.{key}"].parts) for key in book.keys("chat") if key not in later} | {
        key: book.phrases[f"chat.{key}"].parts[0] + "#" + book.phrases[f"chat.{key}"].parts[-1] for key in later
    }
