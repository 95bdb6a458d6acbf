"""The addresses of the console."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.web.badge import for_staff
from bot.web.console import case, deeds, knowledge, live, outcomes, pushes, queue, things
from bot.web.room import Room

_CASE = "/console/cases/{case_id}"


async def _back(request: Request) -> Response:
    """GET of an address that only takes posts: a reload or a way back from signing in leads to its page."""
    return RedirectResponse(request.url.path.rpartition("/")[0], 303)


def routes(_room: Room) -> list[BaseRoute]:
    """/console and everything under it."""
    posts = {
        "claim": deeds.claim,
        "release": deeds.release,
        "close": deeds.close,
        "reopen": deeds.reopen,
        "reply": deeds.reply,
        "notes": deeds.note,
        "wait": deeds.wait,
    }
    return [
        Route("/console", for_staff(queue.show), methods=["GET"]),
        Route("/console/live", for_staff(live.changes), methods=["GET"]),
        Route("/console/pushes", for_staff(pushes.show), methods=["GET"]),
        Route("/console/knowledge", for_staff(knowledge.show), methods=["GET"]),
        Route("/console/knowledge/try", for_staff(knowledge.try_out), methods=["POST"]),
        Route("/console/knowledge/settle", for_staff(knowledge.settle), methods=["POST"]),
        Route("/console/knowledge/try", _back, methods=["GET"]),
        Route("/console/knowledge/settle", _back, methods=["GET"]),
        Route("/console/outcomes", for_staff(outcomes.show), methods=["GET"]),
        Route(_CASE, for_staff(case.show), methods=["GET"]),
        Route(f"{_CASE}/things/{{thing_id}}", for_staff(things.hand_out), methods=["GET"]),
        *(Route(f"{_CASE}/{name}", for_staff(deed), methods=["POST"]) for name, deed in posts.items()),
        *(Route(f"{_CASE}/{name}", _back, methods=["GET"]) for name in posts),
    ]
