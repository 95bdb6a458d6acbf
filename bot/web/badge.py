"""The one door to the console: who sends this request, whether they are still at their desk, and whether they may."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import wraps
from urllib.parse import quote

import anyio.to_thread
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.settings import SecondFactor, Settings
from bot.web.console.number import number
from bot.web.console.shown import write
from bot.web.room import Room
from storage import cases, sessions, sight
from storage.audit import Entry, What
from storage.may import Deed, Reach, may
from storage.sessions import Inside
from storage.staff import Member, Role

LASTS = timedelta(hours=12)  # a working day; drafts outlive it in the browser
AGAIN = timedelta(minutes=1)  # so often it is noted that somebody is at their desk
SET_UP = "/me/second"
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


async def who(request: Request) -> Inside | None:
    """Whose session this is, locked or not."""
    token, room = token_of(request), room_of(request)
    if not token:
        return None
    now = room.clock()
    return await anyio.to_thread.run_sync(room.store.read, lambda conn: sessions.inside(conn, token, now))


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


def locked(inside: Inside, settings: Settings, now: datetime) -> bool:
    """Whether nobody was at this session for so long that it must be opened again.

    Who has neither a password nor a second factor could not open it, and came by a link a short while ago.
    """
    idle = timedelta(minutes=settings.idle_lock_minutes)
    keys = inside.member.password_hash is not None or (inside.second and settings.second_factor != SecondFactor.OFF)
    return bool(idle) and keys and now - inside.seen_at >= idle


def must_have_second(role: Role, settings: Settings) -> bool:
    """Whether the centre wants a second factor of this role."""
    wanted = settings.second_factor
    return wanted is SecondFactor.REQUIRED or (wanted is SecondFactor.MANAGERS and role is Role.MANAGER)


def for_staff(page: StaffPage, deed: Deed = Deed.SELF) -> Endpoint:
    """The page for whoever may do this deed, to the case that the address names. Raises 404 for everybody else.

    Strangers are sent to sign in and come back, and so is whoever left their desk for long.
    """

    @wraps(page)
    async def endpoint(request: Request) -> Response:
        room, inside = room_of(request), await who(request)
        if inside is None:
            return _away(request, "/login")
        if locked(inside, room.settings, room.clock()):
            return _away(request, "/login/locked")
        bare = must_have_second(inside.member.role, room.settings) and not inside.second
        if bare and not request.url.path.startswith(SET_UP):
            return RedirectResponse(SET_UP, 303)
        await _allow(request, inside.member, deed)
        if _by_hand(request):
            here(request, inside)
        return await page(request, inside.member)

    return endpoint


def _by_hand(request: Request) -> bool:
    """Whether somebody sits there: a page that refreshes or listens by itself is nobody."""
    by_itself = request.headers.get("hx-request") or "text/event-stream" in request.headers.get("accept", "")
    return request.method == "POST" or not by_itself


async def _allow(request: Request, member: Member, deed: Deed) -> None:
    room = room_of(request)
    case_id = number(request) if "case_id" in request.path_params else None
    if may(member.role, deed) is Reach.NONE:
        raise HTTPException(404)
    if case_id is None:
        return

    def look(conn: Connection) -> tuple[bool, bool]:
        head = cases.head_of(conn, case_id)
        return head is not None, head is not None and sight.of(conn, member).sees(head)

    there, seen = await anyio.to_thread.run_sync(room.store.read, look)
    if there and not seen:
        await write(room, [Entry(member.id, What.REFUSED, (case_id,))])
    if not seen:
        raise HTTPException(404)


def here(request: Request, inside: Inside) -> None:
    """Note, once in a while and without waiting for it, that somebody is at this session."""
    room, token = room_of(request), token_of(request)
    now = room.clock()
    if now - inside.seen_at >= AGAIN:
        job = room.store.writer.submit(lambda conn: sessions.touch(conn, token, now))
        job.add_done_callback(lambda done: None if done.cancelled() else done.exception() and None)


def _away(request: Request, door: str) -> Response:
    if request.headers.get("hx-request"):
        # A part of a page cannot show the form: the whole page is loaded again and leads there.
        return Response(status_code=401, headers={"HX-Refresh": "true"})
    path, query = request.url.path, request.url.query
    if request.method == "POST":
        path, query = path.rpartition("/")[0], ""
    back = quote(path + ("?" + query if query else ""), safe="")
    return RedirectResponse(f"{door}?next={back}", 303)
