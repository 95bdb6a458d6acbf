"""The second factor: asked after the password, set up by each at /me/second, with ten recovery codes shown once."""

from __future__ import annotations

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.settings import SecondFactor
from bot.web import totp
from bot.web.badge import SET_UP, for_staff, must_have_second, own_path, room_of, token_of
from bot.web.console.words import word
from bot.web.drawing import draw
from bot.web.entry import admit, field, halfway, put, read
from bot.web.patience import may_try_code
from bot.web.room import Room
from storage import audit, passkeys, seconds, sessions
from storage.audit import Entry, What
from storage.staff import Member


async def ask(request: Request) -> Response:
    """GET /login/code."""
    found = await halfway(request)
    return RedirectResponse("/login", 303) if found is None else await _ask(request, found)


async def answer(request: Request) -> Response:
    """POST /login/code: a code of now that was not used, or a recovery code, and one is in."""
    found, room = await halfway(request), room_of(request)
    if found is None:
        return RedirectResponse("/login", 303)
    member, wanted = found
    typed = field(await request.form(), "code")
    what = await put(room, lambda conn: accepts(conn, room, member, typed))
    if what is None:
        return await _ask(request, found, 422, word("second.wrong"))
    if what is What.MANY:
        slow = await _ask(request, found, 429, word("second.slow"))
        slow.headers["Retry-After"] = "900"
        return slow
    return await admit(request, member, own_path(wanted), what)


async def _ask(request: Request, found: tuple[Member, str], status: int = 200, wrong: str = "") -> Response:
    """The page that asks for a code, a passkey, or either, as this member has them."""
    member, wanted = found
    keys = await read(room_of(request), lambda conn: member.id in passkeys.have(conn))
    coded = await _on(room_of(request), member)
    return draw(request, "console/code.html", status, wrong=wrong, next=wanted, passkeys=keys, coded=coded)


def accepts(conn: Connection, room: Room, member: Member, typed: str) -> What | None:
    """What a code that somebody typed is: CAME or RECOVERED lets in, MANY is too many tries, None is wrong or used."""
    vault, now = room.store.vault, room.clock()
    if not may_try_code(conn, member.id, now):
        return What.MANY
    second = seconds.get(conn, vault, member.id)
    if second is None or second.confirmed_at is None:
        return None
    step = totp.step_of(second.secret, typed, now)
    if step is not None:
        return What.CAME if seconds.spend(conn, member.id, step) else None
    return What.RECOVERED if seconds.use_code(conn, vault, member.id, typed, now) else None


async def show(request: Request, member: Member) -> Response:
    """GET /me/second: whether there is one, and how to begin."""
    room = room_of(request)
    _must_be_on(room)
    second = await read(room, lambda conn: seconds.get(conn, room.store.vault, member.id))
    on = second is not None and second.confirmed_at is not None
    left = await read(room, lambda conn: seconds.left(conn, member.id))
    return _page(request, member, on=on, left=left, must=must_have_second(member.role, room.settings))


async def begin(request: Request, member: Member) -> Response:
    """POST /me/second: a fresh secret as a picture and as letters; it counts once a code of it is typed."""
    room = room_of(request)
    _must_be_on(room)
    if await _on(room, member):  # whoever sits down at an open desk must not put theirs in its place
        return RedirectResponse(SET_UP, 303)
    secret = totp.fresh()
    await put(room, lambda conn: seconds.lay(conn, room.store.vault, member.id, secret))
    return _show_secret(request, member, secret)


async def confirm(request: Request, member: Member) -> Response:
    """POST /me/second/confirm: the first code of it; other sessions end, and the recovery codes are shown this once."""
    room = room_of(request)
    _must_be_on(room)
    typed, token, now = field(await request.form(), "code"), token_of(request), room.clock()
    vault = room.store.vault

    def job(conn: Connection) -> list[str] | str | None:
        second = seconds.get(conn, vault, member.id)
        if second is None or second.confirmed_at is not None:
            return None
        step = totp.step_of(second.secret, typed, now) if may_try_code(conn, member.id, now) else None
        if step is None or not seconds.confirm(conn, member.id, step, now):
            return second.secret
        sessions.end_others(conn, member.id, token, now)
        audit.add(conn, vault, [Entry(member.id, What.SECOND, about=member.id)], now)
        return seconds.draw_codes(conn, vault, member.id)

    done = await put(room, job)
    if isinstance(done, str):
        return _show_secret(request, member, done, 422, word("second.wrong"))
    return (
        RedirectResponse(SET_UP, 303) if done is None else _page(request, member, on=True, left=len(done), codes=done)
    )


async def anew(request: Request, member: Member) -> Response:
    """POST /me/second/codes: ten fresh recovery codes for a code of now; those before are void."""
    return await _with_code(request, member, off=False)


async def off(request: Request, member: Member) -> Response:
    """POST /me/second/off: for a code of now, where the centre does not want one of everybody."""
    return await _with_code(request, member, off=True)


async def _with_code(request: Request, member: Member, *, off: bool) -> Response:
    room = room_of(request)
    _must_be_on(room)
    must = must_have_second(member.role, room.settings)
    if off and must:
        raise HTTPException(404)
    typed, vault, now = field(await request.form(), "code"), room.store.vault, room.clock()

    def job(conn: Connection) -> tuple[list[str] | None, int]:
        fits = accepts(conn, room, member, typed) in (What.CAME, What.RECOVERED)
        codes: list[str] | None = None
        if fits and off:
            seconds.drop(conn, member.id)
            audit.add(conn, vault, [Entry(member.id, What.NO_SECOND, about=member.id)], now)
        elif fits:
            codes = seconds.draw_codes(conn, vault, member.id)
        return ([] if fits and off else codes), seconds.left(conn, member.id)

    codes, left = await put(room, job)
    if codes is None:
        return _page(request, member, 422, on=True, left=left, must=must, wrong=word("second.wrong"))
    return _page(
        request, member, on=not off, left=left, must=must, codes=codes, said=word("second.off_done") if off else ""
    )


def _must_be_on(room: Room) -> None:
    if room.settings.second_factor is SecondFactor.OFF:
        raise HTTPException(404)


async def _on(room: Room, member: Member) -> bool:
    second = await read(room, lambda conn: seconds.get(conn, room.store.vault, member.id))
    return second is not None and second.confirmed_at is not None


def _show_secret(request: Request, member: Member, secret: str, status: int = 200, wrong: str = "") -> Response:
    centre = room_of(request).house.centre["ja"]
    address = totp.address(secret, member.login, centre)
    spelt = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return _page(request, member, status, secret=spelt, address=address, picture=totp.picture(address), wrong=wrong)


def _page(request: Request, member: Member, status: int = 200, **values: object) -> Response:
    bare: dict[str, object] = {
        "on": False,
        "left": 0,
        "must": False,
        "codes": (),
        "secret": "",
        "wrong": "",
        "said": "",
    }
    return draw(request, "console/second.html", status, member=member, **(bare | values))


def routes() -> list[BaseRoute]:
    """/login/code and /me/second."""
    return [
        Route("/login/code", ask, methods=["GET"]),
        Route("/login/code", answer, methods=["POST"]),
        Route(SET_UP, for_staff(show), methods=["GET"]),
        Route(SET_UP, for_staff(begin), methods=["POST"]),
        Route(f"{SET_UP}/confirm", for_staff(confirm), methods=["POST"]),
        Route(f"{SET_UP}/codes", for_staff(anew), methods=["POST"]),
        Route(f"{SET_UP}/off", for_staff(off), methods=["POST"]),
    ]
