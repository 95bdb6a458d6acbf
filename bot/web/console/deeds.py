"""What coordinators do to a case: each a POST that may come twice and still happens once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.handover import Done, Manner, Refused
from bot.pausing import Wait
from bot.web.badge import room_of
from bot.web.console.case import Attempt, line_of, page
from bot.web.console.number import number
from bot.web.console.queue import Folder
from bot.web.console.words import word
from storage.staff import Member
from storage.worklist import newest_of_others

# What was wanted is so already: a second click, or a colleague was quicker. Either way nothing is wrong.
_SO_ALREADY: Mapping[str, tuple[str, str]] = {
    "close": ("closed", ""),
    "release": ("not_holder", ""),
    "reopen": ("not_holder", ""),
}


async def claim(request: Request, member: Member) -> Response:
    """POST …/claim."""
    done = await room_of(request).desk.claim(number(request), member)
    return await _settle(request, member, "claim", done)


async def release(request: Request, member: Member) -> Response:
    """POST …/release."""
    done = await room_of(request).desk.release(number(request), member)
    return await _settle(request, member, "release", done)


async def close(request: Request, member: Member) -> Response:
    """POST …/close."""
    done = await room_of(request).desk.close(number(request), member)
    return await _settle(request, member, "close", done)


async def reopen(request: Request, member: Member) -> Response:
    """POST …/reopen."""
    done = await room_of(request).desk.reopen(number(request), member)
    return await _settle(request, member, "reopen", done)


async def reply(request: Request, member: Member) -> Response:
    """POST …/reply: refused while there is something newer than what the writer had before them."""
    text, key, seen = await _written(request)
    answers = line_of((await request.form()).get("answers"))
    attempt = Attempt(reply=text, key=key, answers=answers)
    if not key:
        return await _again(request, member, attempt, word("refused.form"))
    if await _newest(request, member) > seen:
        return await _again(request, member, attempt, word("refused.newer"))
    done = await room_of(request).desk.reply(number(request), member, text, key, Manner(answers or None))
    return await _settle(request, member, "reply", done, attempt)


async def note(request: Request, member: Member) -> Response:
    """POST …/notes: an address of its own, so that no mistake in a form can send a note to a resident."""
    text, key, _ = await _written(request)
    attempt = Attempt(note=text, key=key)
    if not key:
        return await _again(request, member, attempt, word("refused.form"))
    done = await room_of(request).desk.note(number(request), member, text, key)
    return await _settle(request, member, "note", done, attempt)


async def wait(request: Request, member: Member) -> Response:
    """POST …/wait: what the case waits for, so that its clocks stand still or run."""
    asked = (await request.form()).get("for")
    if asked not in set(Wait):
        return await _again(request, member, Attempt(), word("refused.form"))
    done = await room_of(request).desk.wait(number(request), member, Wait(str(asked)))
    return await _settle(request, member, "wait", done)


async def _written(request: Request) -> tuple[str, str, int]:
    form = await request.form()
    text, key, seen = (form.get(name) for name in ("text", "key", "seen"))
    words = text.replace("\r\n", "\n") if isinstance(text, str) else ""
    return words, _uuid(key), line_of(seen)


def _uuid(key: object) -> str:
    try:
        return str(uuid.UUID(key)) if isinstance(key, str) else ""
    except ValueError:
        return ""


async def _newest(request: Request, member: Member) -> int:
    store, case_id = room_of(request).store, number(request)
    return await anyio.to_thread.run_sync(store.read, lambda conn: newest_of_others(conn, case_id, member.id))


async def _settle(
    request: Request, member: Member, deed: str, done: Done | Refused, attempt: Attempt | None = None
) -> Response:
    if isinstance(done, Refused) and done.instead is not None:
        return RedirectResponse(_case(request, done.instead, "linked"), 303)
    if isinstance(done, Refused) and done.why == "other_words":
        anew = replace(attempt or Attempt(), key=str(uuid.uuid4()))
        return await _again(request, member, anew, _why(done), 422)
    if isinstance(done, Refused) and _SO_ALREADY.get(deed) != (done.why, done.by):
        return await _again(request, member, attempt or Attempt(key=str(uuid.uuid4())), _why(done))
    return RedirectResponse(_case(request, number(request), deed), 303)


def _case(request: Request, case_id: int, said: str) -> str:
    return f"/console/cases/{case_id}?{Folder.of(request.query_params).query()}&said={said}"


def _why(refused: Refused) -> str:
    if refused.why == "not_holder" and not refused.by:
        return word("refused.nobody")
    return word("refused." + refused.why, name=refused.by)


async def _again(request: Request, member: Member, attempt: Attempt, wrong: str, status: int = 409) -> Response:
    return await page(request, member, replace(attempt, wrong=wrong, key=attempt.key or str(uuid.uuid4())), status)
