"""What a resident sent besides words: as a coordinator sees it in the talk, and as it is handed out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import quote

import anyio.to_thread
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.web.badge import room_of, token_of
from bot.web.console.number import number
from bot.web.console.shown import write
from bot.web.console.words import known, word
from bot.web.room import Room
from storage import audit, staff, things
from storage.audit import Entry, What
from storage.staff import Member
from storage.things import Kept, State, Thing

# What a name ends with is ours to say: by it the reader's own computer decides what to do with a file.
_ENDINGS = {
    "jpeg": "jpg", "pdf": "pdf", "docx": "docx", "xlsx": "xlsx", "pptx": "pptx", "ole": "doc", "rtf": "rtf",
    "txt": "txt", "zip": "zip", "mp4": "mp4", "webm": "webm", "avi": "avi", "m4a": "m4a", "mp3": "mp3", "aac": "aac",
    "ogg": "ogg", "wav": "wav", "amr": "amr", "heic": "heic",
}  # fmt: skip
_OLE = frozenset({"doc", "xls", "ppt"})  # one form, three programs: here the sender's word decides
_LONGEST = 80
_NO_NAME = re.compile(r'[<>:"/\\|?*%]')


@dataclass(frozen=True)
class Enclosed:
    """A thing under its line: `label` in words, `href` where it can be had, `picture` when it can be looked at here."""

    label: str
    href: str = ""
    picture: bool = False
    sign: str = ""  # "wait" or "bad"


def enclosed(thing: Thing, case_id: int) -> Enclosed:
    """How a thing is shown, and honestly whether it is there."""
    href = f"/console/cases/{case_id}/things/{thing.id}"
    match thing.state:
        case State.WANTED | State.FETCHING:
            return Enclosed(word("thing.waiting"), sign="wait")
        case State.LOST:
            return Enclosed(word("thing.lost", why=known("lost", thing.why)), sign="bad")
        case State.KEPT if thing.form == "jpeg":
            return Enclosed(word("thing.picture"), href, picture=True)
        case State.KEPT:
            form = known("form", thing.form)
            return Enclosed(word("thing.save", form=form, size=_size(thing.size)), href)


def _size(count: int) -> str:
    return f"{max(1, round(count / 1024))} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"


async def hand_out(request: Request, member: Member) -> Response:
    """GET …/things/{thing_id}: a picture to look at, anything else only to be saved. Raises 404."""
    room, case_id, thing_id = room_of(request), number(request, "case_id"), number(request, "thing_id")
    vault, now = room.store.vault, room.clock()

    def look(conn: Connection) -> tuple[Kept | None, list[Entry]]:
        return things.find(conn, vault, case_id, thing_id), audit.unwritten(conn, member.id, case_id, (), now)

    found, opened = await anyio.to_thread.run_sync(room.store.read, look)
    if found is None:
        raise HTTPException(404)
    picture = found.thing.form == "jpeg"
    await write(room, opened if picture else [*opened, Entry(member.id, What.SAVED, (case_id,))])
    headers = {
        "Content-Length": str(found.thing.size),
        "Content-Disposition": _disposition(found, "inline" if picture else "attachment"),
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    kind = "image/jpeg" if picture else "application/octet-stream"
    parts = _parts(room, found.thing, token_of(request))
    return StreamingResponse(parts, media_type=kind, headers=headers)


async def _parts(room: Room, thing: Thing, token: str) -> AsyncIterator[bytes]:
    """Part by part; what is taken back while it is read, or read by somebody who is out, ends as a broken line does."""
    for place in range(thing.parts):

        def look(conn: Connection, place: int = place) -> bytes | None:
            inside = staff.of_session(conn, token, room.clock())
            return None if inside is None else things.part(conn, room.store.vault, thing.id, place)

        part = await anyio.to_thread.run_sync(room.store.read, look)
        if part is None:
            raise ConnectionAbortedError("the thing was taken back, or its reader is out")
        yield part


def _disposition(kept: Kept, how: str) -> str:
    """The header of RFC 6266: a plain name for old browsers, and the sender's own, made harmless, for all others."""
    stem, ending = file_name(kept.name, kept.thing.form)
    own = f"nakodo-{kept.thing.id}.{ending}"
    return f"{how}; filename=\"{own}\"; filename*=UTF-8''{quote(f'{stem}.{ending}' if stem else own, safe='')}"


def file_name(told: str, form: str) -> tuple[str, str]:
    """A name that can be given to a file on any computer, without its ending, and the ending that is true.

    Nothing of a path, no sign that is not seen or turns the writing round, no name that Windows keeps for itself.
    """
    last = re.split(r"[/\\]", told)[-1]
    seen = "".join(sign for sign in last if unicodedata.category(sign)[0] not in "CZ" or sign == " ")
    stem, _, claimed = _NO_NAME.sub("", seen).rpartition(".")
    stem = (stem or claimed).strip(" .")[:_LONGEST].strip(" .")
    ending = _ENDINGS.get(form, "bin")
    if form == "ole" and claimed.lower() in _OLE:
        ending = claimed.lower()
    return ("" if re.fullmatch(r"(?i)con|prn|aux|nul|(com|lpt)\d", stem) else stem), ending
