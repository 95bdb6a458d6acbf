"""The last steps of coming in, what pages ask of the database, and what a form holds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from secrets import compare_digest
from typing import TypeVar

import anyio.to_thread
from sqlalchemy import Connection
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.settings import SecondFactor
from bot.web.badge import LASTS, is_secure, room_of, token_of, wear
from bot.web.device_name import device_name
from bot.web.room import Room
from storage import audit, passkeys, seconds, staff
from storage.audit import Entry, What
from storage.crypt import Vault
from storage.may import Deed, Reach, may
from storage.staff import Member, Role

T = TypeVar("T")
TICKET = "nakodo-halfway"
TICKET_LASTS = timedelta(minutes=5)
LONGEST_FIELD = 400


def field(form: FormData, name: str) -> str:
    """A field of a form as text; empty for a missing one, a file, or one longer than anybody types."""
    value = form.get(name)
    return value if isinstance(value, str) and len(value) <= LONGEST_FIELD else ""


async def sent_file(request: Request) -> tuple[str, bytes]:
    """The name and content of the field `file` of a form; empty where none was chosen."""
    async with request.form() as form:
        sent = form.get("file")
        return (sent.filename or "", await sent.read()) if isinstance(sent, UploadFile) else ("", b"")


async def read(room: Room, look: Callable[[Connection], T]) -> T:
    """What the database says, asked in a thread."""
    return await anyio.to_thread.run_sync(room.store.read, look)


async def put(room: Room, job: Callable[[Connection], T]) -> T:
    """Write, and wait for the commit."""
    return await asyncio.wrap_future(room.store.writer.submit(job))


def home(role: Role) -> str:
    """Where somebody of this role begins."""
    if may(role, Deed.DESK) is not Reach.NONE:
        return "/console"
    if may(role, Deed.RECORD) is not Reach.NONE:
        return "/console/record"
    return "/console/outcomes" if may(role, Deed.FIGURES) is not Reach.NONE else "/me"


async def come_in(request: Request, member: Member, wanted: str) -> Response:
    """After a password or a link: in, or on to the code or passkey where this member has one."""
    room = room_of(request)
    more = await read(room, lambda conn: member.id in seconds.have(conn) | passkeys.have(conn))
    if room.settings.second_factor is SecondFactor.OFF or not more:
        return await admit(request, member, wanted)
    answer = RedirectResponse("/login/code", 303)
    told = ticket(room.store.vault, member, wanted, room.clock() + TICKET_LASTS)
    most, secure = int(TICKET_LASTS.total_seconds()), is_secure(room.settings)
    answer.set_cookie(TICKET, told, most, path="/login", httponly=True, secure=secure, samesite="strict")
    return answer


async def admit(request: Request, member: Member, wanted: str, what: What = What.CAME) -> Response:
    """A new session under a new token; the one this browser came with is over."""
    room, old, now = room_of(request), token_of(request), room_of(request).clock()
    device = device_name(request.headers.get("user-agent", ""))

    def rotate(conn: Connection) -> str:
        if old:
            staff.end_session(conn, old)
        audit.add(conn, room.store.vault, [Entry(member.id, what)], now)
        return staff.start_session(conn, member.id, now, LASTS, device)

    answer = RedirectResponse(home(member.role) if wanted == "/console" else wanted, 303)
    wear(request, answer, await put(room, rotate))
    answer.delete_cookie(TICKET, path="/login", httponly=True, secure=is_secure(room.settings), samesite="strict")
    return answer


def ticket(vault: Vault, member: Member, wanted: str, until: datetime) -> str:
    """That this member's password (or link) was right; void once the password changes. It opens nothing by itself."""
    body = f"{member.id}.{int(until.timestamp())}.{wanted}"
    return f"{_proof(vault, member, body)}.{body}"


async def halfway(request: Request) -> tuple[Member, str] | None:
    """Whose ticket this browser holds and where they wanted to go; None for none, a made-up or an old one."""
    room = room_of(request)
    proof, _, body = request.cookies.get(TICKET, "").partition(".")
    parts = body.split(".", 2)
    numbers = [int(one) for one in parts[:2] if one.isascii() and one.isdecimal() and len(one) < 16]
    if len(parts) != 3 or len(numbers) != 2 or numbers[1] < room.clock().timestamp():
        return None
    member = await read(room, lambda conn: staff.get(conn, numbers[0]))
    if (
        member is None
        or not member.active
        or not compare_digest(proof.encode(), _proof(room.store.vault, member, body).encode())
    ):
        return None
    return member, parts[2]


def _proof(vault: Vault, member: Member, body: str) -> str:
    return vault.index("sign in/halfway", f"{member.role}|{member.password_hash}|{body}").hex()
