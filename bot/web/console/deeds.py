"""What coordinators do to a case: each a POST that may come twice and still happens once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.handover import Done, Manner, Refused
from bot.pausing import Wait
from bot.timed import Later, closing, holding
from bot.web.badge import room_of
from bot.web.console.case import Attempt, page
from bot.web.console.held import wait_of
from bot.web.console.moments import read
from bot.web.console.number import line_of, number
from bot.web.console.queue import Folder
from bot.web.console.words import word
from storage.audit import What
from storage.staff import Member
from storage.worklist import newest_of_others

# What was wanted is so already: a second click, or a colleague was quicker. Either way nothing is wrong.
_SO_ALREADY: Mapping[str, tuple[str, str]] = {
    "close": ("closed", ""),
    "closing": ("closed", ""),
    "release": ("not_holder", ""),
    "reopen": ("not_holder", ""),
}


async def claim(request: Request, member: Member) -> Response:
    """POST …/claim."""
    done = await room_of(request).desk.claim(number(request), member)
    return await settle(request, member, "claim", done)


async def release(request: Request, member: Member) -> Response:
    """POST …/release."""
    done = await room_of(request).desk.release(number(request), member)
    return await settle(request, member, "release", done)


async def close(request: Request, member: Member) -> Response:
    """POST …/close: after a moment for second thoughts, unless that was switched off."""
    if wait := await wait_of(request, member):
        done = await room_of(request).desk.do(
            number(request), member, What.CLOSING, closing(await newest(request, member), wait)
        )
        return await settle(request, member, "closing", done)
    done = await room_of(request).desk.close(number(request), member)
    return await settle(request, member, "close", done)


async def reopen(request: Request, member: Member) -> Response:
    """POST …/reopen."""
    done = await room_of(request).desk.reopen(number(request), member)
    return await settle(request, member, "reopen", done)


async def reply(request: Request, member: Member) -> Response:
    """POST …/reply: refused while there is something newer than what the writer had before them."""
    text, key, seen = await written(request)
    answers = line_of((await request.form()).get("answers"))
    attempt = Attempt(reply=text, key=key, answers=answers)
    if not key:
        return await again(request, member, attempt, word("refused.form"))
    if await newest(request, member) > seen:
        return await again(request, member, attempt, word("refused.newer"))
    if wait := await wait_of(request, member):
        held = holding(Later(text, None, seen), key, wait, answers or None)
        done = await room_of(request).desk.do(number(request), member, What.TIMED, held)
        return await settle(request, member, "sending", done, attempt)
    done = await room_of(request).desk.reply(number(request), member, text, key, Manner(answers or None))
    return await settle(request, member, "reply", done, attempt)


async def note(request: Request, member: Member) -> Response:
    """POST …/notes: an address of its own, so that no mistake in a form can send a note to a resident."""
    text, key, _ = await written(request)
    attempt = Attempt(note=text, key=key)
    if not key:
        return await again(request, member, attempt, word("refused.form"))
    done = await room_of(request).desk.note(number(request), member, text, key)
    return await settle(request, member, "note", done, attempt)


async def wait(request: Request, member: Member) -> Response:
    """POST …/wait: what the case waits for, so that its clocks stand still or run."""
    form, zone = await request.form(), ZoneInfo(room_of(request).settings.timezone)
    asked, chosen = form.get("for"), read(form.get("day"), zone)
    if asked not in set(Wait):
        return await again(request, member, Attempt(), word("refused.form"))
    done = await room_of(request).desk.wait(number(request), member, Wait(str(asked)), chosen and chosen.date())
    return await settle(request, member, "wait", done)


async def written(request: Request) -> tuple[str, str, int]:
    """What a form brought: its words, its key (empty for none), and the newest line its writer had seen."""
    form = await request.form()
    text, key, seen = (form.get(name) for name in ("text", "key", "seen"))
    words = text.replace("\r\n", "\n") if isinstance(text, str) else ""
    return words, _uuid(key), line_of(seen)


def _uuid(key: object) -> str:
    try:
        return str(uuid.UUID(key)) if isinstance(key, str) else ""
    except ValueError:
        return ""


async def newest(request: Request, member: Member) -> int:
    """The newest line that somebody else wrote."""
    store, case_id = room_of(request).store, number(request)
    return await anyio.to_thread.run_sync(store.read, lambda conn: newest_of_others(conn, case_id, member.id))


async def settle(
    request: Request, member: Member, deed: str, done: Done | Refused, attempt: Attempt | None = None
) -> Response:
    """The answer to a deed: back to the case, or the case with why not and what was written."""
    if isinstance(done, Refused) and done.instead is not None:
        return RedirectResponse(address(request, done.instead, "linked"), 303)
    if isinstance(done, Refused) and done.why == "other_words":
        anew = replace(attempt or Attempt(), key=str(uuid.uuid4()))
        return await again(request, member, anew, _why(done), 422)
    if isinstance(done, Refused) and _SO_ALREADY.get(deed) != (done.why, done.by):
        return await again(request, member, attempt or Attempt(key=str(uuid.uuid4())), _why(done))
    return RedirectResponse(address(request, number(request), deed), 303)


def address(request: Request, case_id: int, said: str) -> str:
    """Of a case, in the folder that one comes from, with what was done."""
    return f"/console/cases/{case_id}?{Folder.of(request.query_params).query()}&said={said}"


def _why(refused: Refused) -> str:
    if refused.why == "not_holder" and not refused.by:
        return word("refused.nobody")
    return word("refused." + refused.why, name=refused.by)


async def again(request: Request, member: Member, attempt: Attempt, wrong: str, status: int = 409) -> Response:
    """The case once more, with what was wrong and all that was typed."""
    return await page(request, member, replace(attempt, wrong=wrong, key=attempt.key or str(uuid.uuid4())), status)
