"""The page that people see when something cannot be shown: what happened, in plain words, and a way on."""

from __future__ import annotations

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ExceptionHandler

from bot.web.guard import headers
from bot.web.paper import page, wished, words
from bot.web.room import Room
from dialogs.words import bare
from storage.writer import StorageDown

_log = structlog.get_logger()
_KNOWN = frozenset({400, 403, 404, 405, 429, 500, 503})


def trouble(request: Request, status: int) -> HTMLResponse:
    """The page for a status, in the reader's language; an unknown one reads like 400 or 500."""
    like = status if status in _KNOWN else 500 if status >= 500 else 400
    language = wished(request)
    room: Room = request.app.state.room
    jump = bare(words(language).say("trouble.jump"))
    return page("trouble.html", language, status, centre=room.house.centre[language], jump=jump, kind=f"s{like}")


async def _refused(request: Request, why: Exception) -> Response:
    status = why.status_code if isinstance(why, HTTPException) else 500
    answer = trouble(request, status)
    if isinstance(why, HTTPException):
        answer.headers.update(why.headers or {})
    return answer


async def _database_away(request: Request, why: Exception) -> Response:
    _log.error("the database does not answer", why=type(why).__name__)
    answer = trouble(request, 503)
    answer.headers["Retry-After"] = "5"
    return answer


async def _hung_up(_request: Request, _why: Exception) -> Response:
    """A browser that went away while it was sending: a form that was sent again at once, a line that broke."""
    return Response(status_code=400)


async def _broken(request: Request, why: Exception) -> Response:
    # Only the kind: the message of an exception may quote what a resident wrote.
    _log.error("a page broke", why=type(why).__name__)
    answer = trouble(request, 500)
    # This page is drawn outside of the wall, which therefore cannot dress it.
    room: Room = request.app.state.room
    answer.headers.update(headers(room.settings, room.demo))
    return answer


def handlers() -> dict[int | type[Exception], ExceptionHandler]:
    """What the application answers when a page raises."""
    return {HTTPException: _refused, StorageDown: _database_away, ClientDisconnect: _hung_up, Exception: _broken}
