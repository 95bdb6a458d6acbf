"""Which device is let in to whose talk: one cookie per door, so that two people on one tablet never meet."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import anyio.to_thread
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from bot.web.room import Room
from storage import pages, people, tokens
from storage.attaching import attach
from storage.cases import of_person_open
from storage.crypt import Key
from storage.pages import Link, NewSession, Purpose
from storage.people import Person
from storage.window import language_of

CHANNEL = "web"
VISITOR_LASTS, BOUND_LASTS = timedelta(days=30), timedelta(days=7)


@dataclass(frozen=True)
class Seat:
    """A device in front of a talk. `door` is empty for a visitor, else the public name of the link it came by."""

    person_id: int
    contact_id: int
    address: str
    language: str
    token: str
    door: str = ""
    key: Key | None = None  # the person's; a seat that was just given does not need it

    @property
    def base(self) -> str:
        """Where the page lives."""
        return f"/chat/{self.door}" if self.door else "/chat"

    def spoken(self, conn: Connection, now: datetime) -> tuple[int, str] | None:
        """Whose talk it is by now, and their language; None once the session is over by time, leaving or forgetting."""
        session = pages.of_session(conn, self.token, now)
        language = None if session is None else language_of(conn, session.person_id)
        return None if session is None or language is None else (session.person_id, language)


@dataclass(frozen=True)
class Bound:
    """A link that was just given to this device. `waiting` says that the bot has a question to ask there."""

    seat: Seat
    waiting: bool


@dataclass(frozen=True)
class Stranger:
    """A link that is for somebody else than whoever proved who they are; the language of the one it is for."""

    language: str


Owner = tuple[str, str]  # a channel, and the address on it that was proven there


@dataclass(frozen=True)
class Found:
    """A link that is still good, whether a device has it or not, and the one it is for."""

    link: Link
    person: Person

    @property
    def language(self) -> str:
        """The person's."""
        return self.person.language

    @property
    def channel(self) -> str:
        """Where it was given; empty when nobody knows."""
        return next((one.channel for one in self.person.contacts if one.id == self.link.contact_id), "")


def door_of(link_token: str) -> str:
    """The public name of a link's page. Whoever knows it gets nowhere without the device's cookie."""
    return hashlib.sha256(b"door:" + link_token.encode()).hexdigest()[:16]


async def seat_of(room: Room, request: Request, door: str) -> Seat | None:
    """The seat of this device at this door, or None."""
    token = request.cookies.get(_cookie(room, door), "")
    if not token:
        return None
    now = room.clock()

    def find(conn: Connection) -> Seat | None:
        session = pages.of_session(conn, token, now)
        if session is None:
            return None
        person = people.load(conn, room.store.vault, [session.person_id])[session.person_id]
        own = next((one for one in person.contacts if one.id == session.contact_id), None)
        return None if own is None else Seat(person.id, own.id, own.address, person.language, token, door, person.key)

    return await anyio.to_thread.run_sync(room.store.read, find)


async def start(room: Room) -> Seat:
    """A seat for somebody new."""
    now, address = room.clock(), tokens.draw()

    def job(conn: Connection) -> Seat:
        pair = (CHANNEL, address)
        contact = people.contacts_for(conn, room.store.vault, [pair], now)[pair]
        new = NewSession(contact.person_id, Purpose.CHAT, VISITOR_LASTS, contact.id)
        token = pages.start_session(conn, new, now)
        return Seat(contact.person_id, contact.id, address, "ja", token)

    return await asyncio.wrap_future(room.store.writer.submit(job))


async def look(room: Room, link_token: str) -> Found | None:
    """A link and its person; looking uses nothing up."""
    now = room.clock()
    return await anyio.to_thread.run_sync(room.store.read, lambda conn: _find(conn, room, link_token, now))


def _find(conn: Connection, room: Room, link_token: str, now: datetime) -> Found | None:
    link = pages.look(conn, link_token, now)
    if link is None or link.purpose is Purpose.FILE:  # that opens a file and no talk
        return None
    return Found(link, people.load(conn, room.store.vault, [link.person_id])[link.person_id])


async def bind(room: Room, link_token: str, owner: Owner | None = None) -> Bound | Stranger | None:
    """Give the link to this device, in one transaction with its session; None when it is used up or too old.

    A proven owner must be one of the ways to the link's own person: for anybody else nothing is used up.
    """
    now = room.clock()

    def job(conn: Connection) -> Bound | Stranger | None:
        found = _find(conn, room, link_token, now) if owner else None
        if found and owner not in {(one.channel, one.address) for one in found.person.contacts}:
            return Stranger(found.language)
        got = pages.bind(conn, link_token, now)
        if got is None:
            return None
        link, _ = got
        person_id, vault = link.person_id, room.store.vault
        contact = attach(conn, vault, person_id, CHANNEL, link.contact_id)
        token = pages.start_session(conn, NewSession(person_id, link.purpose, BOUND_LASTS, contact.id), now)
        case = of_person_open(conn, [person_id]).get(person_id)
        held = case is not None and case.holder is not None
        seat = Seat(person_id, contact.id, contact.address, "ja", token, door_of(link_token))
        # While a coordinator holds the case the bot is silent, and asking it to go on would end their talk.
        return Bound(seat, waiting=link.purpose is Purpose.ANSWER and not held)

    return await asyncio.wrap_future(room.store.writer.submit(job))


def give(answer: Response, room: Room, seat: Seat, *, framed: bool = False) -> None:
    """Let this device keep its seat. Only the seat's own pages ever get the cookie.

    In a frame of another site it is kept apart for that site (Partitioned): it tells nobody who was where, and no other
    page of ours ever sees it. What changes something is guarded by the wall (same origin), not by SameSite.
    """
    lasts = BOUND_LASTS if seat.door else VISITOR_LASTS
    answer.set_cookie(
        _cookie(room, seat.door),
        seat.token,
        max_age=int(lasts.total_seconds()),
        path=seat.base,
        secure=secure(room) or framed,
        httponly=True,
        samesite="none" if framed else "lax",
    )
    if framed:
        _apart(answer)


def _apart(answer: Response) -> None:
    """Starlette writes it from Python 3.14 on."""
    answer.headers["set-cookie"] += "; Partitioned"


async def leave(room: Room, request: Request, answer: Response, door: str, *, framed: bool = False) -> None:
    """End the session of this device, if it has one, and take the cookie away, the one of a frame as well."""
    name = _cookie(room, door)
    if token := request.cookies.get(name):
        await asyncio.wrap_future(room.store.writer.submit(lambda conn: pages.end_session(conn, token)))
        path = f"/chat/{door}" if door else "/chat"
        if framed:  # a page says by script that it leaves, which does not tell whether it is in a frame
            answer.delete_cookie(name, path=path, secure=True, httponly=True, samesite="none")
            _apart(answer)
        answer.delete_cookie(name, path=path, secure=secure(room), httponly=True, samesite="lax")


def _cookie(room: Room, door: str) -> str:
    return ("__Secure-" if secure(room) else "") + "nakodo-" + (door or "chat")


def secure(room: Room) -> bool:
    """Whether people reach us by https."""
    return room.settings.public_url.scheme == "https"
