"""Passkeys: set up at /me, used in the place of password and code; each signature is asked for and counts once."""

from __future__ import annotations

import asyncio
import importlib
import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.settings import SecondFactor
from bot.web.badge import for_staff, own_path, room_of
from bot.web.console.number import number
from bot.web.console.words import word
from bot.web.entry import admit, put, read
from bot.web.patience import may_try_code
from storage import audit, passkeys, staff
from storage.audit import Entry, What
from storage.passkeys import New
from storage.staff import Member

if TYPE_CHECKING:
    from types import ModuleType

LONGEST = 16_384  # signs of what a device tells
_ENTER = "enter"


async def begin(request: Request, member: Member) -> Response:
    """POST /me/passkeys/begin: what the browser needs to make a new one."""
    _must_be_on(request)
    room, proof = room_of(request), await _proof()
    now, purpose = room.clock(), f"register:{member.id}"
    mine = await read(room, lambda conn: passkeys.of_member(conn, member.id))
    drawn = await put(room, lambda conn: passkeys.ask(conn, purpose, now))
    handle = room.store.vault.index("passkey.user", str(member.id))[:32]
    return JSONResponse(
        json.loads(proof.to_make(_place(request), member, handle, drawn, [one.credential for one in mine]))
    )


async def keep(request: Request, member: Member) -> Response:
    """POST /me/passkeys: the new one, under the name its owner gave it; other sessions go on."""
    _must_be_on(request)
    room, proof = room_of(request), await _proof()
    told, name = await _told(request)
    now, purpose = room.clock(), f"register:{member.id}"
    drawn = proof.drawn(told)
    if not await put(room, lambda conn: passkeys.spend(conn, drawn, purpose, now)):
        return _refused(word("passkey.old"), 422)
    made = await asyncio.to_thread(proof.made, told, drawn, _place(request))
    if made is None:
        return _refused(word("passkey.wrong"), 422)
    new = New(member.id, made[0], made[1], made[2], name or word("passkey.some"))

    def job(conn: Connection) -> bool:
        done = passkeys.add(conn, new, now)
        if done:
            audit.add(conn, room.store.vault, [Entry(member.id, What.PASSKEY, about=member.id)], now)
        return done

    return JSONResponse({"to": "/me?passkey"}) if await put(room, job) else _refused(word("passkey.there"), 422)


async def remove(request: Request, member: Member) -> Response:
    """POST /me/passkeys/{passkey_id}/remove. Raises 404 for somebody else's."""
    room, which, now = room_of(request), number(request, "passkey_id"), room_of(request).clock()

    def job(conn: Connection) -> bool:
        done = passkeys.remove(conn, member.id, which)
        if done:
            audit.add(conn, room.store.vault, [Entry(member.id, What.NO_PASSKEY, about=member.id)], now)
        return done

    if not await put(room, job):
        raise HTTPException(404)
    return RedirectResponse("/me?passkey_gone", 303)


async def ask(request: Request) -> Response:
    """POST /login/passkey/begin: what a device must sign; whose it is, it tells itself."""
    _must_be_on(request)
    room, proof = room_of(request), await _proof()
    drawn = await put(room, lambda conn: passkeys.ask(conn, _ENTER, room.clock()))
    return JSONResponse(json.loads(proof.to_sign(_place(request), drawn)))


async def enter(request: Request) -> Response:
    """POST /login/passkey: a signature over what was asked, by a known device, whose owner was there: one is in."""
    _must_be_on(request)
    room, proof = room_of(request), await _proof()
    told, wanted = await _told(request)
    now, drawn = room.clock(), proof.drawn(told)
    fresh = await put(room, lambda conn: passkeys.spend(conn, drawn, _ENTER, now))
    known = await read(room, lambda conn: passkeys.find(conn, proof.named(told)))
    if not fresh or known is None:
        return _refused(word("passkey.wrong"), 422)
    signs = await asyncio.to_thread(proof.signed, told, drawn, _place(request), known)
    if signs is None:
        return _refused(word("passkey.wrong"), 422)

    def job(conn: Connection) -> Member | None:
        owner = staff.get(conn, known.staff_id)
        alive = owner is not None and owner.active and may_try_code(conn, owner.id, now)
        return owner if alive and passkeys.used(conn, known, signs, now) else None

    owner = await put(room, job)
    if owner is None:
        return _refused(word("passkey.wrong"), 422)
    inside = await admit(request, owner, own_path(wanted))
    answer = JSONResponse({"to": inside.headers["location"]})
    for name, value in inside.raw_headers:
        if name == b"set-cookie":
            answer.raw_headers.append((name, value))
    return answer


def _refused(why: str, status: int) -> Response:
    return JSONResponse({"wrong": why}, status)


def _must_be_on(request: Request) -> None:
    if room_of(request).settings.second_factor is SecondFactor.OFF:
        raise HTTPException(404)


def _place(request: Request) -> tuple[str, str]:
    """Whose passkeys these are and the origin that must have asked. The wall lets no other host in than our own."""
    scheme, host = room_of(request).settings.public_url.scheme, request.headers["host"]
    return request.url.hostname or "", f"{scheme}://{host}"


async def _told(request: Request) -> tuple[dict[str, Any], str]:
    """What the device told, and the text beside it: a name, or where to go. 400 for what our script never sends."""
    form = await request.form()
    raw, beside = form.get("told"), form.get("beside")
    try:
        told = json.loads(raw) if isinstance(raw, str) and len(raw) <= LONGEST else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise HTTPException(400)
    return told, " ".join(beside.split())[:200] if isinstance(beside, str) else ""


async def _proof() -> ModuleType:
    """Loaded beside the loop when it is first needed: it takes a second."""
    return await asyncio.to_thread(importlib.import_module, "bot.web.passkey_proof")


def routes() -> list[BaseRoute]:
    """/me/passkeys and /login/passkey."""
    return [
        Route("/login/passkey/begin", ask, methods=["POST"]),
        Route("/login/passkey", enter, methods=["POST"]),
        Route("/me/passkeys/begin", for_staff(begin), methods=["POST"]),
        Route("/me/passkeys", for_staff(keep), methods=["POST"]),
        Route("/me/passkeys/{passkey_id}/remove", for_staff(remove), methods=["POST"]),
    ]
