"""The page of a partner outside the centre: a link and a number open one case on one device, and nothing else."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.acts import LONGEST
from bot.sharing import answered, looked
from bot.told import TELLING, in_japanese
from bot.told import answered as filled
from bot.web.badge import is_secure, room_of
from bot.web.console.bubbles import Beside, Bubble, bubbles
from bot.web.console.deeds import written
from bot.web.console.gist import Gist, gist
from bot.web.console.rows import title
from bot.web.console.words import word
from bot.web.drawing import draw
from bot.web.entry import field, put, read
from bot.web.room import Room
from dialogs.words import ORIGINAL
from storage import cases, partners, talk, tries
from storage.cases import Case
from storage.partners import Deed, Partner, Scope

STRETCH, PER_LINK = timedelta(minutes=15), 5
_LINES = 500
_AT = "/partner/at"


@dataclass(frozen=True)
class Shown:
    """What a partner reads: never names of the way to the resident, nor notes, nor anything of another case."""

    partner: Partner
    title: str
    gist: Gist | None
    answers: list[tuple[str, str]]
    talk: list[Bubble]
    mine: list[Deed]


def routes() -> list[BaseRoute]:
    """/partner/{token} and /partner/at/{door}."""
    return [
        Route(_AT + "/{door:str}", show, methods=["GET"]),
        Route(_AT + "/{door:str}", write, methods=["POST"]),
        Route("/partner/{token:str}", door, methods=["GET"]),
        Route("/partner/{token:str}", enter, methods=["POST"]),
    ]


async def door(request: Request) -> Response:
    """GET /partner/{token}: asks for the number. Looking uses nothing up: previews may look."""
    room, token = room_of(request), request.path_params["token"]
    now, vault = room.clock(), room.store.vault
    found = await read(room, lambda conn: partners.by_token(conn, vault, token, now))
    if found is None:
        return _shut(request)
    if found.opened_at is not None:  # it may be this very device that tapped its link again: its own page knows
        return RedirectResponse(f"{_AT}/{_name(token)}", 303)
    return draw(request, "partner/door.html", wrong="")


async def enter(request: Request) -> Response:
    """POST /partner/{token}: the number that was handed over another way; right, this device has the page for good."""
    room, token = room_of(request), request.path_params["token"]
    code = "".join(sign for sign in field(await request.form(), "code") if sign.isdecimal())
    now, vault = room.clock(), room.store.vault

    def job(conn: Connection) -> tuple[str, Partner | None]:
        found = partners.by_token(conn, vault, token, now)
        if found is None:
            return "shut", None
        name = f"partner:{found.id}"
        if tries.count(conn, [name], now, STRETCH)[name] > PER_LINK:
            return "slow", None
        if not partners.fits(vault, found, token, code):
            return "wrong", None
        secret = partners.enter(conn, found, now)
        return ("shut", None) if secret is None else (secret, found)

    said, found = await put(room, job)
    if found is None and said == "shut":
        return _shut(request)
    if found is None:
        return draw(request, "partner/door.html", 429 if said == "slow" else 422, wrong=word("partner." + said))
    at = f"{_AT}/{_name(token)}"
    answer = RedirectResponse(at, 303)
    lasts = int((found.expires_at - now).total_seconds())
    secure = is_secure(room.settings)
    answer.set_cookie(_cookie(_name(token)), said, lasts, path=at, httponly=True, secure=secure, samesite="lax")
    return answer


async def show(request: Request) -> Response:
    """GET /partner/at/{door}: the case; that it was read is written down first."""
    return await _page(request)


async def write(request: Request) -> Response:
    """POST /partner/at/{door}: words for the coordinators. They never reach the resident by themselves."""
    room, session = room_of(request), _session(request)
    text, key, _ = await written(request)
    text = text.strip()
    if not text or len(text) > LONGEST or not key:
        why = "too_long" if len(text) > LONGEST else "form" if text else "empty"
        wrong = word("refused." + why)
        return await _page(request, text, wrong, 422)
    now, vault = room.clock(), room.store.vault
    if not await put(room, lambda conn: answered(conn, vault, session, (key, text), now)):
        return _shut(request)
    room.bell.ring()
    return RedirectResponse(f"{_AT}/{request.path_params['door']}?said=yes", 303)


async def _page(request: Request, text: str = "", wrong: str = "", status: int = 200) -> Response:
    room, session = room_of(request), _session(request)
    now, vault = room.clock(), room.store.vault
    found = await put(room, lambda conn: looked(conn, vault, session, now)) if session else None
    shown = None if found is None else await read(room, lambda conn: _shown(conn, room, found))
    if shown is None:
        return _shut(request)
    room.bell.ring()
    said = word("partner.said") if "said" in request.query_params and not wrong else ""
    return draw(
        request, "partner/case.html", status, of=shown, said=said, text=text, wrong=wrong, key=str(uuid.uuid4())
    )


def _shown(conn: Connection, room: Room, partner: Partner) -> Shown | None:
    vault = room.store.vault
    found = cases.get(conn, vault, partner.case_id)
    if found is None or found.head.person_id is None:
        return None
    rows = _without_ways(found, room)
    lines = talk.of_case(conn, vault, found.head.id, at_most=_LINES) if partner.scope is Scope.TALK else []
    said = bubbles(lines, Beside({}, {}, {}, found.head))
    mine = [one for one in partners.deeds(conn, vault, partner.case_id) if one.partner_id == partner.id and one.text]
    answers = filled(rows, room.house.library, TELLING)
    return Shown(partner, title(found.head, room.house.library[ORIGINAL]), gist(rows, said), answers, said, mine)


def _without_ways(found: Case, room: Room) -> list[tuple[str, str, str]]:
    """The answers without name, telephone and mail: a partner answers the coordinators, not the resident."""
    flow = room.house.flows.get(found.head.flow)

    def personal(key: str) -> bool:
        question = flow.find(key) if flow else None
        return question is not None and question.personal

    return [row for row in in_japanese(found, room.house) if not personal(row[0])]


def _shut(request: Request) -> Response:
    """One answer for all that is not open: never was, is over, was taken back, or belongs to another device."""
    return draw(request, "partner/shut.html", 404)


def _name(token: str) -> str:
    return hashlib.sha256(b"partner:" + token.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _cookie(name: str) -> str:
    return f"nakodo-partner-{name}"


def _session(request: Request) -> str:
    return request.cookies.get(_cookie(str(request.path_params["door"])), "")
