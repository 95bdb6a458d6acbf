"""Every address, every role, a case that is there and one that is not: who may do what, exactly, for all there is."""

from __future__ import annotations

import pytest
from starlette.routing import Route

from storage import feed
from storage.staff import Role
from tests.web.console.office import Office, key

pytestmark = pytest.mark.anyio
_CASE = "/console/cases/{case_id}"
_DEEDS = ("claim", "release", "close", "reopen", "reply", "notes", "wait")

# Open to everybody: each has its own proof (a signature, a device's cookie, a password) or shows nothing personal.
OPEN = {
    "POST /line/webhook", "POST /telegram/webhook", "GET /health", "GET /login", "POST /login", "GET /login/once",
    "POST /login/once", "POST /logout", "POST /chat/start", "GET /clock", "POST /chat/say", "GET /chat/events",
    "POST /chat/leave", "POST /chat/{door:str}/say", "GET /chat/{door:str}/events", "POST /chat/{door:str}/leave",
    "GET /chat", "GET /chat/{door:str}", "GET /p/{token:str}", "POST /p/{token:str}",
}  # fmt: skip
# An address that only takes posts leads back to its case, which asks who one is.
BACK = {f"GET {_CASE}/{deed}" for deed in _DEEDS} | {f"GET /console/knowledge/{deed}" for deed in ("try", "settle")}
SIGNED_IN = {"GET /me", "POST /me"}
THING = f"GET {_CASE}/things/{{thing_id}}"
DESK = {
    "GET /console",
    "GET /console/live",
    "GET /console/knowledge",
    "POST /console/knowledge/try",
    "POST /console/knowledge/settle",
    "GET /console/outcomes",
    "GET /console/pushes",
    f"GET {_CASE}",
    THING,
    *(f"POST {_CASE}/{deed}" for deed in _DEEDS),
}
CASES = {one for one in DESK if _CASE in one} - {THING}  # what a case holds: tests/faults/test_things.py


def addresses(office: Office) -> set[str]:
    """Every address of the application."""
    routes = [one for one in office.app.routes if isinstance(one, Route)]
    return {f"{method} {one.path}" for one in routes for method in (one.methods or ()) if method != "HEAD"}


async def status(office: Office, who: int | None, address: str, case_id: int) -> int:
    """What this member is answered."""
    method, _, shape = address.partition(" ")
    path = shape.replace("{case_id}", str(case_id)).replace("{thing_id}", "1")
    data = {"text": "x", "key": key(), "seen": "0"} if method == "POST" else None
    async with office.browser(who) as browser:
        answer = await browser.request(
            method, path.replace("{case_id}", str(case_id)).replace("{thing_id}", "1"), data=data
        )
    return answer.status_code


async def test_C10_no_address_is_without_an_entry_and_none_is_changed_otherwise_than_by_post(office: Office) -> None:
    found = addresses(office)
    assert found == OPEN | BACK | SIGNED_IN | DESK
    assert {one.partition(" ")[0] for one in found} == {"GET", "POST"}  # C-14: nothing said can be edited or deleted


@pytest.mark.parametrize("address", sorted(DESK | SIGNED_IN))
async def test_C10_a_stranger_is_sent_to_sign_in_whether_the_case_is_there_or_not(office: Office, address: str) -> None:
    case_id = office.case()
    before = office.store.read(feed.newest)
    assert [await status(office, None, address, one) for one in (case_id, 999)] == [303, 303]
    assert office.store.read(feed.newest) == before


@pytest.mark.parametrize("address", sorted(DESK))
async def test_C10_C15_a_reader_of_figures_is_refused_alike_whether_the_case_is_there_or_not(
    office: Office, address: str
) -> None:
    case_id, reader = office.case(), office.member("reader", role=Role.READER)
    before = office.store.read(feed.newest)
    assert [await status(office, reader, address, one) for one in (case_id, 999)] == [403, 403]
    assert office.store.read(feed.newest) == before


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.CHIEF])
@pytest.mark.parametrize("address", sorted(CASES))
async def test_C10_who_works_at_the_desk_is_let_in_and_finds_no_case_that_is_not_there(
    office: Office, role: Role, address: str
) -> None:
    case_id, member = office.case(), office.member("aoki", role=role)
    assert await status(office, member, address, case_id) in (200, 303, 409)
    assert await status(office, member, address, 999) == 404


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example"])
async def test_C18_another_site_reads_nothing_of_the_stream(office: Office, origin: str) -> None:
    """A browser sends our cookie (SameSite=Lax) with nobody's request but a top one, and no answer allows another."""
    async with office.browser() as browser:
        answer = await browser.get("/console/live?token=x", headers={"origin": origin, "sec-fetch-site": "cross-site"})
    assert answer.status_code in (303, 403)
    assert not [name for name in answer.headers if name.startswith("access-control-")]
