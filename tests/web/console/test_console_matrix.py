"""Every address, every role, an object of one's own, of others, hidden, or absent: who may do what, exactly."""

from __future__ import annotations

import pytest
from starlette.routing import Route

from bot.mind import Mind
from storage import feed
from storage.staff import Role
from tests.web.console.listener import Listener
from tests.web.console.office import Office, key
from tests.web.console.scenes import NAMES, Scene, form_of, scene_of

pytestmark = pytest.mark.anyio
_CASE = "/console/cases/{case_id}"
_ANSWER = "/console/articles/{name}"
_POSTS = (
    "claim", "release", "close", "reopen", "reply", "notes", "wait", "apart", "part", "rejoin", "ask", "unask",
    "calls", "pass", "cover", "canned", "later", "untimed", "tick", "merge", "unmerge", "relate", "unrelate", "split",
    "share", "unshare", "appoint", "unappoint", "hold", "tags", "sort",
)  # fmt: skip

# Open to everybody: each has its own proof (a signature, a device's cookie, a password) or shows nothing personal.
OPEN = {
    "POST /line/webhook", "POST /telegram/webhook", "GET /health", "GET /login", "POST /login", "GET /login/once",
    "POST /login/once", "POST /logout", "POST /chat/start", "GET /clock", "POST /chat/say", "GET /chat/events",
    "POST /chat/leave", "POST /chat/{door:str}/say", "GET /chat/{door:str}/events", "POST /chat/{door:str}/leave",
    "GET /chat", "GET /chat/save", "GET /chat/{door:str}/save",
    "GET /chat/{door:str}", "GET /p/{token:str}", "POST /p/{token:str}", "GET /login/code",
    "POST /login/code", "GET /login/locked", "POST /login/locked",
    "GET /partner/{token:str}", "POST /partner/{token:str}",
    "GET /partner/at/{door:str}", "POST /partner/at/{door:str}", "GET /file/{token:str}", "POST /file/{token:str}",
    "POST /login/passkey/begin", "POST /login/passkey",
    "GET /events", "GET /events/{event_id}", "GET /events/{event_id}/picture/{picture_id}", "GET /to/{code:str}",
    "GET /events/{event_id}.ics", "GET /events.ics", "GET /events.atom", "GET /events.csv", "GET /events.json",
    "GET /events/t/{code}", "GET /grants", "GET /grants/{grant_id}", "GET /grants/{grant_id}.ics",
    "GET /grants.ics", "GET /grants.atom", "GET /grants.csv", "GET /grants.json",
}  # fmt: skip
# An address that only takes posts leads back to its case, which asks who one is.
BACK = {f"GET {_CASE}/{deed}" for deed in _POSTS} | {f"GET /console/knowledge/{deed}" for deed in ("try", "settle")}
BACK |= {f"GET /console/people/{{member_id}}/{one}" for one in ("ability", "away")}
BACK |= {"GET /console/settings/{part}", "GET /console/settings/{part}/back"}
BACK |= {f"GET {_ANSWER}/{deed}" for deed in ("try", "settle")}
BACK |= {f"GET /console/{deed}" for deed in ("views", "bulk", "bulk/do")}

# The whole of it. "any" object, only "own", "-" not at all; a case that is own is held by oneself.
ROLES = (Role.COORDINATOR, Role.SPECIALIST, Role.MANAGER, Role.COMMITTEE, Role.AUDITOR, Role.SYSTEM)
TABLE = f"""
    GET /me                              any  any  any  any  any  -
    POST /me                             any  any  any  any  any  -
    POST /me/here                        any  any  any  any  any  -
    GET /me/second                       any  any  any  any  any  -
    POST /me/second                      any  any  any  any  any  -
    POST /me/second/confirm              any  any  any  any  any  -
    POST /me/second/codes                any  any  any  any  any  -
    POST /me/second/off                  any  any  any  any  any  -
    POST /me/passkeys/begin              any  any  any  any  any  -
    POST /me/passkeys                    any  any  any  any  any  -
    POST /me/passkeys/{{passkey_id}}/remove own own own own  own  -
    POST /me/sessions/others             any  any  any  any  any  -
    POST /me/sessions/{{mark}}/end       own  own  own  own  own  -
    POST /me/undo                        any  any  any  any  any  -
    POST /me/telegram                    any  any  any  any  any  -
    POST /me/telegram/unlink             any  any  any  any  any  -
    GET /console                         any  any  any  -    -    -
    GET /console/begin                   -    -    any  -    -    -
    POST /console/begin                  -    -    any  -    -    -
    GET /console/live                    any  any  any  -    -    -
    GET /console/appointments            any  any  any  -    -    -
    GET /console/search                  any  any  any  -    -    -
    POST /console/search                 any  any  any  -    -    -
    POST /console/views                  any  any  any  -    -    -
    POST /console/bulk                   any  any  any  -    -    -
    POST /console/bulk/do                any  any  any  -    -    -
    GET /console/pushes                  any  any  any  -    -    -
    GET /console/knowledge               any  -    any  -    -    -
    POST /console/knowledge/try          any  -    any  -    -    -
    POST /console/knowledge/settle       any  -    any  -    -    -
    GET /console/canned                  any  -    any  -    -    -
    POST /console/canned                 any  -    any  -    -    -
    GET /console/articles                any  any  any  -    -    -
    POST /console/articles               any  any  any  -    -    -
    GET /console/articles/new            any  any  any  -    -    -
    GET {_ANSWER}                        any  any  any  -    -    -
    POST {_ANSWER}                       any  any  any  -    -    -
    GET {_ANSWER}/look                   any  any  any  -    -    -
    GET {_ANSWER}/check                  any  any  any  -    -    -
    POST {_ANSWER}/try                   any  any  any  -    -    -
    POST {_ANSWER}/settle                any  -    any  -    -    -
    GET /console/broadcasts              any  -    any  -    -    -
    POST /console/broadcasts             any  -    any  -    -    -
    GET /console/broadcasts/{{broadcast_id}} any - any  -    -    -
    POST /console/broadcasts/{{broadcast_id}} any - any -    -    -
    GET /console/broadcasts/{{broadcast_id}}/progress any - any - - -
    GET /console/segments                any  -    any  -    -    -
    POST /console/segments               any  -    any  -    -    -
    GET /console/events                  any  -    any  -    -    -
    POST /console/events/late            any  -    any  -    -    -
    GET /console/events/import           any  -    any  -    -    -
    POST /console/events/import          any  -    any  -    -    -
    POST /console/events/import/take     any  -    any  -    -    -
    POST /console/events/feeds           any  -    any  -    -    -
    POST /console/events/picture         any  -    any  -    -    -
    GET /console/door                    any  -    any  -    -    -
    POST /console/door                   any  -    any  -    -    -
    GET /console/events/{{event_id}}     own  -    own  -    -    -
    POST /console/events/{{event_id}}    own  -    own  -    -    -
    POST /console/events/{{event_id}}/publish own  -    own  -    -    -
    POST /console/events/{{event_id}}/cancel own  -    own  -    -    -
    POST /console/events/{{event_id}}/away own  -    own  -    -    -
    GET /console/events/{{event_id}}/poster own  -    own  -    -    -
    GET /console/events/{{event_id}}/picture/{{picture_id}} own - own - - -
    POST /console/events/{{event_id}}/picture/{{picture_id}}/show own - own - - -
    POST /console/events/{{event_id}}/picture/{{picture_id}}/drop own - own - - -
    GET /console/cards                   any  -    any  -    -    -
    GET /console/grants                  any  -    any  -    -    -
    POST /console/grants/late            any  -    any  -    -    -
    GET /console/grants/import           any  -    any  -    -    -
    POST /console/grants/import          any  -    any  -    -    -
    POST /console/grants/import/take     any  -    any  -    -    -
    POST /console/grants/feeds           any  -    any  -    -    -
    GET /console/grants/{{grant_id}}     own  -    own  -    -    -
    POST /console/grants/{{grant_id}}    own  -    own  -    -    -
    POST /console/grants/{{grant_id}}/check own -   own  -    -    -
    POST /console/grants/{{grant_id}}/away own  -    own  -    -    -
    POST /console/door/certificate       own  -    own  -    -    -
    GET /console/outcomes                any  -    any  any  any  -
    GET /console/people                  -    -    any  -    -    -
    POST /console/people                 -    -    any  -    -    -
    POST /console/people/{{member_id}}   -    -    any  -    -    -
    POST /console/people/{{member_id}}/ability - - any -  -    -
    POST /console/people/{{member_id}}/away    - - any -  -    -
    GET /console/settings                -    -    any  -    -    -
    POST /console/settings/{{part}}      -    -    any  -    -    -
    POST /console/settings/{{part}}/back -    -    any  -    -    -
    GET /console/record                  -    -    any  -    any  -
    GET /console/exports                 any  -    any  -    -    -
    POST /console/exports                any  -    any  -    -    -
    POST /console/exports/{{export_id}}  any  -    any  -    -    -
    GET /console/exports/{{export_id}}/file/{{token}} own - own -    -    -
    GET /console/deletions               -    -    any  -    -    -
    POST /console/deletions              -    -    any  -    -    -
    POST /console/deletions/{{deletion_id}} - -    any  -    -    -
    GET /console/retention               -    -    any  -    any  -
    POST /console/retention              -    -    any  -    -    -
    GET {_CASE}/print                    any  own  any  -    -    -
    POST {_CASE}/hold                    -    -    any  -    -    -
    GET {_CASE}                          any  own  any  -    -    -
    GET {_CASE}/things/{{thing_id}}      any  own  any  -    -    -
    POST {_CASE}/claim                   any  own  any  -    -    -
    POST {_CASE}/release                 any  own  any  -    -    -
    POST {_CASE}/close                   any  own  any  -    -    -
    POST {_CASE}/reopen                  any  own  any  -    -    -
    POST {_CASE}/reply                   any  own  any  -    -    -
    POST {_CASE}/notes                   any  own  any  -    -    -
    POST {_CASE}/wait                    any  own  any  -    -    -
    POST {_CASE}/calls                   any  own  any  -    -    -
    POST {_CASE}/pass                    any  own  any  -    -    -
    POST {_CASE}/cover                   any  own  any  -    -    -
    POST {_CASE}/canned                  any  own  any  -    -    -
    POST {_CASE}/later                   any  own  any  -    -    -
    POST {_CASE}/untimed                 any  own  any  -    -    -
    POST {_CASE}/tick                    any  own  any  -    -    -
    POST {_CASE}/merge                   any  own  any  -    -    -
    POST {_CASE}/unmerge                 any  own  any  -    -    -
    POST {_CASE}/relate                  any  own  any  -    -    -
    POST {_CASE}/unrelate                any  own  any  -    -    -
    POST {_CASE}/split                   any  own  any  -    -    -
    POST {_CASE}/share                   any  -    any  -    -    -
    POST {_CASE}/unshare                 any  -    any  -    -    -
    POST {_CASE}/appoint                 any  own  any  -    -    -
    POST {_CASE}/unappoint               any  own  any  -    -    -
    POST {_CASE}/tags                    any  own  any  -    -    -
    POST {_CASE}/sort                    any  own  any  -    -    -
    POST {_CASE}/apart                   any  own  any  -    -    -
    POST {_CASE}/part                    -    -    any  -    -    -
    POST {_CASE}/rejoin                  -    -    any  -    -    -
    POST {_CASE}/ask                     any  -    any  -    -    -
    POST {_CASE}/unask                   any  -    any  -    -    -
"""
MATRIX = {
    f"{row[0]} {row[1]}": dict(zip(ROLES, row[2:], strict=True))
    for row in (line.split() for line in TABLE.splitlines() if line.strip())
}
LET_IN = frozenset({200, 204, 303, 409, 422})


@pytest.fixture
def group(office: Office, mind: Mind) -> Office:
    """An office with every address there is: those of the Telegram group too."""
    return Office(office.store, office.clock, mind, office.settings.model_copy(update={"telegram_staff_chat": -100}))


def addresses(office: Office) -> set[str]:
    """Every address of the application."""
    routes = [one for one in office.app.routes if isinstance(one, Route)]
    return {f"{method} {one.path}" for one in routes for method in (one.methods or ()) if method != "HEAD"}


def test_C10_C14_no_address_is_without_an_entry_and_none_is_changed_otherwise_than_by_post(group: Office) -> None:
    found = addresses(group)
    assert found == OPEN | BACK | set(MATRIX)
    assert {one.partition(" ")[0] for one in found} == {"GET", "POST"}  # C-14: nothing said can be edited or deleted
    assert set(ROLES) == set(Role)


async def _status(office: Office, scene: Scene, address: str, whose: str) -> int:
    method, _, shape = address.partition(" ")
    path = shape
    for name, value in scene.objects[whose].items():
        path = path.replace("{" + name + "}", value)
    if path == "/console/live":
        async with Listener(office.app, path, office.session(scene.member)) as ear:
            await ear.next()
            return ear.status
    async with office.browser(scene.member) as browser:
        code = scene.objects[whose].get("code", "")
        data = form_of(scene, path) | {"c": code} if method == "POST" else None
        return (await browser.request(method, path, data=data)).status_code


@pytest.mark.parametrize("address", sorted(MATRIX))
async def test_C10_C11_C15_each_role_does_exactly_what_it_may_to_exactly_what_is_theirs(
    group: Office, address: str
) -> None:
    wrong = []
    for role in ROLES:
        scene, reach = scene_of(group, role, address), MATRIX[address][role]
        for whose in sorted(scene.objects):
            allowed = reach != "-" and whose not in ("absent", "apart") and (reach == "any" or whose == "own")
            before = group.store.read(feed.newest)
            status = await _status(group, scene, address, whose)
            if (status in LET_IN) != allowed or (not allowed and status != 404):
                wrong.append(f"{role} {whose}: {status}")
            if not allowed and group.store.read(feed.newest) != before:
                wrong.append(f"{role} {whose}: something changed")
    assert wrong == []


async def test_C10_a_stranger_is_sent_to_sign_in_whether_the_object_is_there_or_not(group: Office) -> None:
    case_id = group.case()
    before, wrong = group.store.read(feed.newest), []
    for address in sorted(MATRIX):
        method, _, shape = address.partition(" ")
        for number in (str(case_id), "999"):
            path = shape
            for name in NAMES:
                path = path.replace("{" + name + "}", number)
            data = {"text": "x", "key": key()} if method == "POST" else None
            async with group.browser() as browser:
                answer = await browser.request(method, path, data=data)
            if answer.status_code != 303 or not answer.headers["location"].startswith("/login?next="):
                wrong.append(f"{address} {number}: {answer.status_code}")
    assert wrong == []
    assert group.store.read(feed.newest) == before


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example"])
async def test_C18_another_site_reads_nothing_of_the_stream(office: Office, origin: str) -> None:
    """A browser sends our cookie (SameSite=Lax) with nobody's request but a top one, and no answer allows another."""
    async with office.browser() as browser:
        answer = await browser.get("/console/live?token=x", headers={"origin": origin, "sec-fetch-site": "cross-site"})
    assert answer.status_code in (303, 403)
    assert not [name for name in answer.headers if name.startswith("access-control-")]
