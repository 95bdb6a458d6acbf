"""A coordinator's own page: password, second factor, and the devices they are signed in on, to be ended there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.settings import SecondFactor, Settings
from bot.web.badge import for_staff, room_of, token_of
from bot.web.console.held import CHOICES
from bot.web.console.words import word
from bot.web.drawing import draw
from bot.web.entry import admit, field, home, put, read
from bot.web.passwords import LONGEST, SHORTEST, Passwords
from storage import audit, passkeys, seconds, sessions, staff, undo, ways
from storage.audit import Entry, What
from storage.may import Deed, Reach, may
from storage.passkeys import Passkey
from storage.staff import Member

_SAID = {"saved": "me.saved", "unlinked": "me.unlinked", "ended": "me.ended", "undo": "undo.saved"}
_SAID |= {"passkey": "passkey.done", "passkey_gone": "passkey.gone"}


@dataclass(frozen=True)
class Place:
    """One session in words; `here` is the one that asks."""

    mark: str
    device: str
    created_at: datetime
    seen_at: datetime
    here: bool


class Own:
    """The pages under /me that are about oneself."""

    def __init__(self, passwords: Passwords) -> None:
        self._passwords = passwords

    async def show(self, request: Request, member: Member) -> Response:
        """GET /me."""
        told = [words for name, words in _SAID.items() if name in request.query_params]
        return await page(request, member, said=word(told[0]) if told else "")

    async def set_password(self, request: Request, member: Member) -> Response:
        """POST /me: every other session of this member ends."""
        form, room = await request.form(), room_of(request)
        old, new = field(form, "old"), field(form, "new")
        if member.password_hash and not await self._passwords.fits(member.password_hash, old):
            return await page(request, member, 422, wrong_old=word("me.wrong_old"))
        if wrong := unfit(member, new):
            return await page(request, member, 422, wrong=wrong)
        hashed = await self._passwords.hashed(new)

        def change(conn: Connection) -> None:
            staff.set_password(conn, member.id, hashed)
            audit.add(conn, room.store.vault, [Entry(member.id, What.PASSWORD)], room.clock())

        await put(room, change)
        return await admit(request, member, "/me?saved")


async def end(request: Request, member: Member) -> Response:
    """POST /me/sessions/{mark}/end: one of one's own sessions, also this one. Raises 404 for somebody else's."""
    room, mark, now = room_of(request), str(request.path_params["mark"]), room_of(request).clock()

    def job(conn: Connection) -> bool:
        done = sessions.end(conn, member.id, mark, now)
        if done:
            audit.add(conn, room.store.vault, [Entry(member.id, What.ENDED, about=member.id)], now)
        return done

    if not await put(room, job):
        raise HTTPException(404)
    return RedirectResponse("/me?ended", 303)


async def end_others(request: Request, member: Member) -> Response:
    """POST /me/sessions/others: every session but this one."""
    room, token, now = room_of(request), token_of(request), room_of(request).clock()

    def job(conn: Connection) -> None:
        if sessions.end_others(conn, member.id, token, now):
            audit.add(conn, room.store.vault, [Entry(member.id, What.ENDED, about=member.id)], now)

    await put(room, job)
    return RedirectResponse("/me?ended", 303)


async def page(request: Request, member: Member, status: int = 200, **said: str) -> Response:
    """The page; `said` may hold said, wrong, wrong_old, and the `code` that links one's Telegram."""
    room, own = room_of(request), sessions.mark_of(token_of(request))
    now = room.clock()

    def look(conn: Connection) -> tuple[list[Place], bool, list[str], list[Passkey]]:
        places = [
            Place(one.mark, one.device or word("me.some_device"), one.created_at, one.seen_at, one.mark == own)
            for one in sessions.of_member(conn, member.id, now)
        ]
        chats, keys = ways.of_member(conn, member.id), passkeys.of_member(conn, member.id)
        return places, member.id in seconds.have(conn), chats, keys

    places, second, chats, keys = await read(room, look)
    chosen = await read(room, lambda conn: undo.seconds(conn, member.id))
    values: dict[str, object] = {"said": "", "wrong": "", "wrong_old": "", "code": ""}
    values |= {"places": places, "second": second, "offered": room.settings.second_factor is not SecondFactor.OFF}
    values |= {"waits": room.settings.undo_seconds if chosen is None else chosen, "choices": CHOICES}
    values |= {"linkable": linkable(room.settings), "chats": [word(f"channel.{one}") for one in chats]}
    values |= {"passkeys": keys}
    values |= {"home": home(member.role), "manages": may(member.role, Deed.PEOPLE) is not Reach.NONE}
    return draw(request, "console/me.html", status, member=member, **(values | said))


def linkable(settings: Settings) -> bool:
    """Whether there is a platform on which coordinators could have a chat of their own with us."""
    return (
        settings.speaks_line
        or bool(settings.telegram_token.get_secret_value())
        or settings.telegram_staff_chat is not None
    )


async def second_thoughts(request: Request, member: Member) -> Response:
    """POST /me/undo: for how long what one sends or ends can be taken back."""
    told, room = field(await request.form(), "seconds"), room_of(request)
    if told not in map(str, CHOICES):
        return await page(request, member, 422)
    await put(room, lambda conn: undo.choose(conn, member.id, int(told)))
    return RedirectResponse("/me?undo", 303)


def unfit(member: Member, new: str) -> str:
    """Why somebody cannot have this password, in words; empty when they can."""
    if len(new) < SHORTEST:
        return word("me.short")
    if len(new) > LONGEST:
        return word("me.long")
    return word("me.same") if new.casefold() == member.login.casefold() else ""


def routes(passwords: Passwords) -> list[BaseRoute]:
    """/me and its sessions."""
    own = Own(passwords)
    return [
        Route("/me", for_staff(own.show), methods=["GET"]),
        Route("/me", for_staff(own.set_password), methods=["POST"]),
        Route("/me/undo", for_staff(second_thoughts), methods=["POST"]),
        Route("/me/sessions/others", for_staff(end_others), methods=["POST"]),
        Route("/me/sessions/{mark}/end", for_staff(end), methods=["POST"]),
    ]
