"""Who of the centre sends this request: the session cookie, and the door that lets only signed-in staff through."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import wraps
from urllib.parse import quote

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.settings import Settings
from bot.web.errors import trouble
from bot.web.room import Room
from storage import staff
from storage.staff import Member, Role

LASTS = timedelta(hours=12)  # a working day; drafts outlive it in the browser
Endpoint = Callable[[Request], Awaitable[Response]]
StaffPage = Callable[[Request, Member], Awaitable[Response]]
_OWN_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]*")  # printable ASCII without the backslash


def room_of(request: Request) -> Room:
    """The room this request came into."""
    room: Room = request.app.state.room
    return room


def is_secure(settings: Settings) -> bool:
    """Whether people reach us by https."""
    return settings.public_url.scheme == "https"


def cookie_name(settings: Settings) -> str:
    """The prefix makes the browser refuse a cookie that a sibling host tries to plant; it needs https."""
    return "__Host-nakodo" if is_secure(settings) else "nakodo"


def token_of(request: Request) -> str:
    """The session's token as the browser sent it; empty without one."""
    return request.cookies.get(cookie_name(room_of(request).settings), "")


async def who(request: Request) -> Member | None:
    """The active member whose session this is."""
    token, room = token_of(request), room_of(request)
    if not token:
        return None
    now = room.clock()
    return await anyio.to_thread.run_sync(room.store.read, lambda conn: staff.of_session(conn, token, now))


def wear(request: Request, answer: Response, token: str) -> None:
    """Put the session's cookie on an answer."""
    settings = room_of(request).settings
    answer.set_cookie(
        cookie_name(settings),
        token,
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        secure=is_secure(settings),
        samesite="lax",
    )


def take_off(request: Request, answer: Response) -> None:
    """Remove the session's cookie, and what the browser kept of our pages."""
    settings = room_of(request).settings
    answer.delete_cookie(cookie_name(settings), httponly=True, secure=is_secure(settings), samesite="lax")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'


def own_path(wanted: str | None) -> str:
    """Where to go after signing in: a path of ours, else the console."""
    return wanted if wanted and _OWN_PATH.fullmatch(wanted) else "/console"


def for_staff(page: StaffPage) -> Endpoint:
    """The page for signed-in staff; others are sent to sign in and come back. Readers of figures see no cases."""

    @wraps(page)
    async def endpoint(request: Request) -> Response:
        member = await who(request)
        if member is None:
            return _to_login(request)
        if member.role is Role.READER and request.url.path.startswith("/console"):
            return trouble(request, 403)
        return await page(request, member)

    return endpoint


def _to_login(request: Request) -> Response:
    if request.headers.get("hx-request"):
        # A part of a page cannot show the sign-in form: the whole page is loaded again and leads there.
        return Response(status_code=401, headers={"HX-Refresh": "true"})
    path, query = request.url.path, request.url.query
    if request.method == "POST":
        path, query = path.rpartition("/")[0], ""
    back = quote(path + ("?" + query if query else ""), safe="")
    return RedirectResponse(f"/login?next={back}", 303)
