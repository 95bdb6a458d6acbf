"""The page that people see when something cannot be shown: what happened, in plain words, and a way on."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ExceptionHandler

from bot.web.drawing import draw
from bot.web.guard import headers
from bot.web.room import Room
from storage.writer import StorageDown

_log = structlog.get_logger()
_WORDS: Mapping[int, tuple[str, str]] = {
    400: (
        "読みとれませんでした",
        "送られた内容を読みとれませんでした。前のページにもどって、もう一度おためしください。",
    ),
    403: ("開けません", "このページを見ることはできません。"),
    404: ("ページがありません", "アドレスが変わったか、もうなくなったページです。"),
    405: ("その操作はできません", "前のページにもどって、ボタンからおためしください。"),
    429: ("少しお待ちください", "続けて何度も送られました。しばらくしてから、もう一度おためしください。"),
    500: ("うまく動きませんでした", "こちらの不具合です。少し待ってから、もう一度おためしください。"),
    503: ("いま混み合っています", "記録する場所につながりません。少し待ってから、もう一度おためしください。"),
}


def trouble(request: Request, status: int) -> HTMLResponse:
    """The page for a status; an unknown one reads like 400 or 500."""
    title, words = _WORDS.get(status, _WORDS[500 if status >= 500 else 400])
    return draw(request, "trouble.html", status, title=title, words=words)


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
    return {HTTPException: _refused, StorageDown: _database_away, Exception: _broken}
