"""The talk on the centre's own page: begin, write, tap, and read along; the same for a visitor and for a bound page."""

from __future__ import annotations

import json
from dataclasses import replace
from zoneinfo import ZoneInfo

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.ports import Arrived
from bot.presses import MARK
from bot.web import paper
from bot.web.along import read_along
from bot.web.device import CHANNEL, Seat, give, leave, seat_of, start
from bot.web.embed import framed, in_frame
from bot.web.pace import Pace
from bot.web.posted import MOST_SIGNS, Said, Unfit, read
from bot.web.room import Room
from bot.web.saved import MOST_LINES, as_text
from bot.web.streams import streaming
from dialogs.dates import say_day
from dialogs.heard import Came, Tapped, to_json
from dialogs.tap import CommandTap, LanguageTap
from dialogs.words import LANGUAGES
from storage import inbox, window
from storage.window import Window

_DOOR = "{door:str}"


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
            Route(f"{base}/save", chat.save),
            Route(f"{base}/leave", chat.leave, methods=["POST"]),
        ]
    return out + [Route(base, chat.page) for base in both]


class _Chat:
    """The pages and the three things they ask for."""

    def __init__(self, room: Room) -> None:
        self._room, self._pace = room, Pace()
        self._zone = ZoneInfo(room.settings.timezone)
        self._framed = framed(room.settings)

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
        tongues = self._tongues()
        page = paper.page("chat/intro.html", language, centre=centre, tongues=tongues, start_at=start_at)
        return self._frameable(page)

    def _frameable(self, answer: Response) -> Response:
        """A page of the visitors' chat, which some sites may show in a frame; a private page never is one."""
        answer.headers.update(self._framed)
        return answer

    async def begin(self, request: Request) -> Response:
        """The visitor pressed the button: from now on there is a session."""
        seat = await seat_of(self._room, request, "")
        answer = RedirectResponse("/chat", 303)
        if seat is not None:
            return answer
        begun = await start(self._room)
        give(answer, self._room, begun, framed=in_frame(request, self._room.settings))
        language = asked_language(request)
        await self._hear(begun, Said("came", Came() if language == "ja" else Tapped(str(LanguageTap(language)))))
        return answer

    async def say(self, request: Request) -> Response:
        """One message, tap or picked value: 202 once it is durable, 422 when its key stands for something else."""
        seat = await seat_of(self._room, request, request.path_params.get("door", ""))
        if seat is None:
            return JSONResponse({"why": "gone"}, 403)
        said = await read(request)
        if isinstance(said, Unfit):
            return JSONResponse({"why": said.why, "at_most": MOST_SIGNS}, said.status)
        if not self._pace.allows(seat.address, self._room.clock()):
            return JSONResponse({"why": "too_fast"}, 429)
        if not await self._hear(seat, said):
            return JSONResponse({"why": "other_words"}, 422)
        return JSONResponse({}, 202)

    async def events(self, request: Request) -> Response:
        """The talk as server-sent events, whole at first and then whatever comes."""
        seat = await seat_of(self._room, request, request.path_params.get("door", ""))
        if seat is None:
            return JSONResponse({"why": "gone"}, 403)
        shown_in = replace(seat, language=request.query_params.get("language", seat.language))
        return streaming(lambda over: read_along(self._room, shown_in, cursor(request), over))

    async def save(self, request: Request) -> Response:
        """The talk of this device as a text file; no talk but its own can be asked for."""
        seat = await seat_of(self._room, request, request.path_params.get("door", ""))
        if seat is None:
            return paper.page("chat/lost.html", asked_language(request), 403)
        asked, store = Window(seat.person_id, at_most=MOST_LINES), self._room.store
        lines = await anyio.to_thread.run_sync(store.read, lambda conn: window.look(conn, store.vault, asked))
        day = self._room.clock().astimezone(self._zone).date()
        headers = {"Content-Disposition": f'attachment; filename="nakodo-{day.isoformat()}.txt"'}
        # The mark at the start tells editors on older machines that it is UTF-8.
        return PlainTextResponse("\ufeff" + as_text(lines, paper.words(seat.language), self._zone), headers=headers)

    async def leave(self, request: Request) -> Response:
        """Away at once: the session of this device ends and a page that says nothing takes its place."""
        door = request.path_params.get("door", "")
        answer = RedirectResponse("/clock", 303, {"Clear-Site-Data": '"cache"'})
        await leave(self._room, request, answer, door, framed=bool(self._framed) and not door)
        return answer

    async def clock(self, request: Request) -> Response:
        """The page that says nothing: the time of day."""
        now = self._room.clock().astimezone(self._zone)
        language = paper.wished(request)
        day = say_day(now.date(), self._room.house.library[language])
        return self._frameable(paper.page("chat/clock.html", language, time=f"{now:%H:%M}", day=day))

    async def _hear(self, seat: Seat, said: Said) -> bool:
        """Hear it once; False when its key stands for something else already."""
        event_id, store = f"{seat.contact_id}:{said.key}", self._room.store
        mark = None if seat.key is None else store.vault.mark(seat.key, MARK, json.dumps(to_json(said.heard)))
        await self._room.receive([Arrived(CHANNEL, event_id, seat.address, self._room.clock(), said.heard, mark=mark)])
        if mark is None:
            return True
        kept = await anyio.to_thread.run_sync(store.read, lambda conn: inbox.marked(conn, CHANNEL, event_id))
        return kept in (b"", mark)

    def _talk(self, seat: Seat) -> Response:
        language = seat.language
        commands = ("menu", "person", "language")
        talk = paper.page(
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
                "words": for_script(language),
                "at_most": MOST_SIGNS,
                "leave": "/clock",
                "zone": self._zone.key,
            },
        )
        return talk if seat.door else self._frameable(talk)

    def _tongues(self) -> list[tuple[str, str, str]]:
        library = self._room.house.library
        return [(code, paper.tag(code), library[code].say("language.name")) for code in LANGUAGES]


def asked_language(request: Request) -> str:
    """The language asked for by ?lang=, else Japanese: the browser's wish says little about a shared machine."""
    wanted = request.query_params.get("lang", "")
    return wanted if wanted in LANGUAGES else "ja"


def cursor(request: Request) -> int:
    """The last line the page has seen: what the browser says when it reconnects, else ?after=, else 0."""
    told = request.headers.get("last-event-id") or request.query_params.get("after", "")
    return int(told) if told.isdecimal() and len(told) < 19 else 0


def for_script(language: str) -> dict[str, str]:
    """The words the page itself needs, readings still marked."""
    book = paper.words(language)
    later = ("too_long", "left_signs")  # filled by the page
    return {key: "".join(book.phrases[f"chat.{key}"].parts) for key in book.keys("chat") if key not in later} | {
        key: book.phrases[f"chat.{key}"].parts[0] + "#" + book.phrases[f"chat.{key}"].parts[-1] for key in later
    }
