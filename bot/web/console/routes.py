"""The addresses of the console."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.web.badge import StaffPage, for_staff
from bot.web.console import (
    bulk,
    canned,
    case,
    deeds,
    knowledge,
    live,
    meeting,
    moves,
    outcomes,
    people,
    pushes,
    queue,
    record,
    search,
    standing,
    tagging,
    things,
    timed,
    views,
    working,
)
from bot.web.room import Room
from storage.may import Deed

_CASE = "/console/cases/{case_id}"


async def _back(request: Request) -> Response:
    """GET of an address that only takes posts: a reload or a way back from signing in leads to its page."""
    return RedirectResponse(request.url.path.rpartition("/")[0], 303)


async def _back_twice(_request: Request) -> Response:
    """The same two steps down."""
    return RedirectResponse("/console", 303)


def routes(_room: Room) -> list[BaseRoute]:
    """/console and everything under it."""
    posts: dict[str, tuple[StaffPage, Deed]] = {
        "claim": (deeds.claim, Deed.WORK),
        "release": (deeds.release, Deed.WORK),
        "close": (deeds.close, Deed.WORK),
        "reopen": (deeds.reopen, Deed.WORK),
        "reply": (deeds.reply, Deed.WORK),
        "notes": (deeds.note, Deed.NOTE),
        "apart": (standing.apart, Deed.APART),
        "part": (standing.part, Deed.PART),
        "rejoin": (standing.rejoin, Deed.PART),
        "ask": (standing.ask, Deed.ASK),
        "unask": (standing.unask, Deed.ASK),
        "wait": (deeds.wait, Deed.WORK),
        "calls": (moves.call, Deed.NOTE),
        "pass": (moves.give, Deed.WORK),
        "canned": (canned.fill, Deed.WORK),
        "later": (timed.later, Deed.WORK),
        "untimed": (timed.back, Deed.WORK),
        "tick": (working.tick, Deed.NOTE),
        "merge": (working.merge, Deed.WORK),
        "unmerge": (working.unmerge, Deed.WORK),
        "relate": (working.relate, Deed.WORK),
        "unrelate": (working.unrelate, Deed.WORK),
        "split": (working.split, Deed.WORK),
        "share": (working.share, Deed.SHARE),
        "unshare": (working.unshare, Deed.SHARE),
        "appoint": (meeting.appoint, Deed.WORK),
        "unappoint": (meeting.unappoint, Deed.WORK),
        "tags": (tagging.change, Deed.NOTE),
    }
    return [
        Route("/console", for_staff(queue.show, Deed.DESK), methods=["GET"]),
        Route("/console/live", for_staff(live.changes, Deed.DESK), methods=["GET"]),
        Route("/console/appointments", for_staff(meeting.week, Deed.DESK), methods=["GET"]),
        Route("/console/search", for_staff(search.show, Deed.DESK), methods=["GET"]),
        Route("/console/search", for_staff(search.ask, Deed.DESK), methods=["POST"]),
        Route("/console/views", for_staff(views.change, Deed.DESK), methods=["POST"]),
        Route("/console/bulk", for_staff(bulk.look, Deed.DESK), methods=["POST"]),
        Route("/console/bulk/do", for_staff(bulk.do, Deed.DESK), methods=["POST"]),
        *(Route(f"/console/{name}", _back, methods=["GET"]) for name in ("views", "bulk")),
        Route("/console/bulk/do", _back_twice, methods=["GET"]),
        Route("/console/pushes", for_staff(pushes.show, Deed.DESK), methods=["GET"]),
        Route("/console/knowledge", for_staff(knowledge.show, Deed.SHELF), methods=["GET"]),
        Route("/console/knowledge/try", for_staff(knowledge.try_out, Deed.SHELF), methods=["POST"]),
        Route("/console/knowledge/settle", for_staff(knowledge.settle, Deed.SHELF), methods=["POST"]),
        Route("/console/knowledge/try", _back, methods=["GET"]),
        Route("/console/knowledge/settle", _back, methods=["GET"]),
        Route("/console/outcomes", for_staff(outcomes.show, Deed.FIGURES), methods=["GET"]),
        Route("/console/people", for_staff(people.show, Deed.PEOPLE), methods=["GET"]),
        Route("/console/people", for_staff(people.invite, Deed.PEOPLE), methods=["POST"]),
        Route("/console/people/{member_id}", for_staff(people.change, Deed.PEOPLE), methods=["POST"]),
        Route("/console/record", for_staff(record.show, Deed.RECORD), methods=["GET"]),
        Route("/console/canned", for_staff(canned.show, Deed.SHELF), methods=["GET"]),
        Route("/console/canned", for_staff(canned.keep, Deed.SHELF), methods=["POST"]),
        Route(_CASE, for_staff(case.show, Deed.READ), methods=["GET"]),
        Route(f"{_CASE}/things/{{thing_id}}", for_staff(things.hand_out, Deed.READ), methods=["GET"]),
        *(Route(f"{_CASE}/{name}", for_staff(page, deed), methods=["POST"]) for name, (page, deed) in posts.items()),
        *(Route(f"{_CASE}/{name}", _back, methods=["GET"]) for name in posts),
    ]
