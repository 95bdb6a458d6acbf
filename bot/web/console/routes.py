"""The addresses of the console."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.web.badge import StaffPage, for_staff
from bot.web.console import (
    article,
    article_check,
    article_list,
    article_look,
    begin,
    broadcasts,
    bulk,
    canned,
    cards,
    case,
    deeds,
    deletions,
    door,
    duty,
    event_picture,
    events,
    exports,
    feeds,
    grants,
    knowledge,
    live,
    meeting,
    moves,
    outcomes,
    people,
    printed,
    pushes,
    queue,
    record,
    retention,
    search,
    segments,
    sorting,
    standing,
    tagging,
    things,
    timed,
    views,
    working,
)
from bot.web.console.event_import import EVENTS_IN
from bot.web.console.grant_import import GRANTS_IN
from bot.web.console.setting import page as setting
from bot.web.room import Room
from storage.may import Deed

_CASE = "/console/cases/{case_id}"
_ARTICLE = "/console/articles/{name}"


async def _back(request: Request) -> Response:
    """GET of an address that only takes posts: a reload or a way back from signing in leads to its page."""
    return RedirectResponse(request.url.path.rpartition("/")[0], 303)


async def _people(_request: Request) -> Response:
    return RedirectResponse("/console/people", 303)


def _articles() -> list[BaseRoute]:
    """The answers and their editor; "new" stands before the names, and no release has an answer of that name."""
    return [
        Route("/console/articles", for_staff(article_list.show, Deed.ARTICLES), methods=["GET"]),
        Route("/console/articles", for_staff(article.keep, Deed.ARTICLES), methods=["POST"]),
        Route("/console/articles/new", for_staff(article.new, Deed.ARTICLES), methods=["GET"]),
        Route(_ARTICLE, for_staff(article.show, Deed.ARTICLES), methods=["GET"]),
        Route(_ARTICLE, for_staff(article.keep, Deed.ARTICLES), methods=["POST"]),
        Route(f"{_ARTICLE}/look", for_staff(article_look.show, Deed.ARTICLES), methods=["GET"]),
        Route(f"{_ARTICLE}/check", for_staff(article_check.show, Deed.ARTICLES), methods=["GET"]),
        Route(f"{_ARTICLE}/try", for_staff(article_check.try_out, Deed.ARTICLES), methods=["POST"]),
        Route(f"{_ARTICLE}/settle", for_staff(article_check.settle, Deed.PUBLISH), methods=["POST"]),
        *(Route(f"{_ARTICLE}/{name}", _back, methods=["GET"]) for name in ("try", "settle")),
    ]


async def _back_twice(_request: Request) -> Response:
    """The same two steps down."""
    return RedirectResponse("/console", 303)


def _grants() -> list[BaseRoute]:
    one = "/console/grants/{grant_id}"
    pages: list[tuple[str, str, StaffPage]] = [
        ("GET", "/console/grants", grants.show),
        ("POST", "/console/grants/late", events.late),
        ("GET", "/console/grants/import", GRANTS_IN.show),
        ("POST", "/console/grants/import", GRANTS_IN.preview),
        ("POST", "/console/grants/import/take", GRANTS_IN.take),
        ("POST", "/console/grants/feeds", feeds.change),
        ("GET", one, grants.one),
        ("POST", one, grants.keep),
        ("POST", f"{one}/check", grants.check),
        ("POST", f"{one}/away", grants.take_away),
    ]
    return [Route(path, for_staff(page, Deed.GRANTS), methods=[method]) for method, path, page in pages]


def _events() -> list[BaseRoute]:
    one = "/console/events/{event_id}"
    pages: list[tuple[str, str, StaffPage]] = [
        ("GET", "/console/events", events.show),
        ("POST", "/console/events/late", events.late),
        ("GET", "/console/events/import", EVENTS_IN.show),
        ("POST", "/console/events/import", EVENTS_IN.preview),
        ("POST", "/console/events/import/take", EVENTS_IN.take),
        ("POST", "/console/events/feeds", feeds.change),
        ("POST", "/console/events/picture", event_picture.bring),
        ("GET", one, events.one),
        ("POST", one, events.keep),
        ("GET", f"{one}/picture/{{picture_id}}", event_picture.look),
        *(("POST", f"{one}/picture/{{picture_id}}/{to}", event_picture.decide) for to in ("show", "drop")),
        *(("POST", f"{one}/{to}", events.move) for to in ("publish", "cancel", "away")),
        ("GET", f"{one}/poster", cards.of_event),
        ("GET", "/console/cards", cards.show),
        ("GET", "/console/door", door.show),
        ("POST", "/console/door", door.let_in),
        ("POST", "/console/door/certificate", door.paper),
    ]
    return [Route(path, for_staff(page, Deed.EVENTS), methods=[method]) for method, path, page in pages]


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
        "cover": (moves.cover, Deed.WORK),
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
        "hold": (deletions.hold, Deed.ERASE),
        "tags": (tagging.change, Deed.NOTE),
        "sort": (sorting.sort, Deed.WORK),
    }
    return [
        Route("/console", for_staff(queue.show, Deed.DESK), methods=["GET"]),
        Route(begin.ADDRESS, for_staff(begin.show, Deed.SETTINGS), methods=["GET"]),
        Route(begin.ADDRESS, for_staff(begin.go, Deed.SETTINGS), methods=["POST"]),
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
        *_events(),
        *_grants(),
        Route("/console/outcomes", for_staff(outcomes.show, Deed.FIGURES), methods=["GET"]),
        Route("/console/people", for_staff(people.show, Deed.PEOPLE), methods=["GET"]),
        Route("/console/people", for_staff(people.invite, Deed.PEOPLE), methods=["POST"]),
        Route("/console/people/{member_id}/ability", for_staff(duty.ability, Deed.PEOPLE), methods=["POST"]),
        Route("/console/people/{member_id}/away", for_staff(duty.away, Deed.PEOPLE), methods=["POST"]),
        *(Route(f"/console/people/{{member_id}}/{one}", _people, methods=["GET"]) for one in ("ability", "away")),
        Route("/console/people/{member_id}", for_staff(people.change, Deed.PEOPLE), methods=["POST"]),
        Route("/console/record", for_staff(record.show, Deed.RECORD), methods=["GET"]),
        Route("/console/settings", for_staff(setting.show, Deed.SETTINGS), methods=["GET"]),
        Route("/console/settings/{part}", for_staff(setting.keep, Deed.SETTINGS), methods=["POST"]),
        Route("/console/settings/{part}/back", for_staff(setting.back, Deed.SETTINGS), methods=["POST"]),
        Route("/console/settings/{part}", _back, methods=["GET"]),
        Route("/console/settings/{part}/back", _back, methods=["GET"]),
        Route("/console/canned", for_staff(canned.show, Deed.SHELF), methods=["GET"]),
        Route("/console/canned", for_staff(canned.keep, Deed.SHELF), methods=["POST"]),
        Route("/console/exports", for_staff(exports.show, Deed.EXPORT), methods=["GET"]),
        Route("/console/exports", for_staff(exports.ask, Deed.EXPORT), methods=["POST"]),
        Route("/console/exports/{export_id}", for_staff(exports.change, Deed.EXPORT), methods=["POST"]),
        Route("/console/exports/{export_id}/file/{token}", for_staff(exports.hand_out, Deed.EXPORT), methods=["GET"]),
        Route("/console/deletions", for_staff(deletions.show, Deed.ERASE), methods=["GET"]),
        Route("/console/deletions", for_staff(deletions.plan, Deed.ERASE), methods=["POST"]),
        Route("/console/deletions/{deletion_id}", for_staff(deletions.stop, Deed.ERASE), methods=["POST"]),
        Route("/console/retention", for_staff(retention.show, Deed.KEEPING), methods=["GET"]),
        Route("/console/retention", for_staff(retention.change, Deed.ERASE), methods=["POST"]),
        Route(f"{_CASE}/print", for_staff(printed.show, Deed.READ), methods=["GET"]),
        *_articles(),
        Route("/console/broadcasts", for_staff(broadcasts.show, Deed.ANNOUNCE), methods=["GET"]),
        Route("/console/broadcasts", for_staff(broadcasts.write, Deed.ANNOUNCE), methods=["POST"]),
        Route("/console/broadcasts/{broadcast_id}", for_staff(broadcasts.one, Deed.ANNOUNCE), methods=["GET"]),
        Route("/console/broadcasts/{broadcast_id}", for_staff(broadcasts.change, Deed.ANNOUNCE), methods=["POST"]),
        Route("/console/broadcasts/{broadcast_id}/progress", for_staff(broadcasts.progress, Deed.ANNOUNCE)),
        Route("/console/segments", for_staff(segments.show, Deed.SEGMENT), methods=["GET"]),
        Route("/console/segments", for_staff(segments.change, Deed.SEGMENT), methods=["POST"]),
        Route(_CASE, for_staff(case.show, Deed.READ), methods=["GET"]),
        Route(f"{_CASE}/things/{{thing_id}}", for_staff(things.hand_out, Deed.READ), methods=["GET"]),
        *(Route(f"{_CASE}/{name}", for_staff(page, deed), methods=["POST"]) for name, (page, deed) in posts.items()),
        *(Route(f"{_CASE}/{name}", _back, methods=["GET"]) for name in posts),
    ]
