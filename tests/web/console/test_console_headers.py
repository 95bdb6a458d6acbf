"""Every address of the house, found or not, broken or still, answers with the headers that keep its readers safe."""

from __future__ import annotations

import re

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.mind import Mind
from bot.settings import Settings
from bot.web.statics import asset
from storage import audit, cases, people
from storage.casefile import Mode
from storage.staff import Role
from tests.conftest import SECRET
from tests.web.console.office import Office

pytestmark = pytest.mark.anyio
HOST = "nakodo.example.lg.jp"
ALWAYS = {
    "strict-transport-security": "max-age=63072000",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-robots-tag": "noindex, nofollow",
}
STREAMS = (
    "/console/live",
    "/chat/events",
    "/chat/{door:str}/events",
)  # they end with their readers; the wall is the same
ELSEWHERE = (
    "/static/nothing.css",
    asset("app.css"),
    "/nothing",
    "/broken",
    "/console/cases/x",
    "/console/exports/1/file/x",
)


@pytest.fixture
def secure(office: Office, mind: Mind) -> Office:
    """The centre behind https, with a case in it, and a page that breaks."""
    told = {"secret_key": SECRET, "public_url": f"https://{HOST}/", "telegram_staff_chat": -100}
    made = Office(office.store, office.clock, mind, Settings.model_validate(told))
    made.case()

    async def broken(_request: Request) -> Response:
        raise RuntimeError("住民の秘密")

    made.app.router.routes.append(Route("/broken", broken))
    return made


# What everybody may read and search engines may show: nothing in them belongs to anybody.
OPENLY = ("/events", "/grants")


def _browser(office: Office, member: int) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=office.app, raise_app_exceptions=False)
    cookies = {"__Host-nakodo": office.session(member)}
    headers = {"sec-fetch-site": "same-origin", "host": HOST}
    return httpx2.AsyncClient(transport=transport, base_url=f"https://{HOST}", cookies=cookies, headers=headers)


def _wrong(name: str, answer: httpx2.Response) -> list[str]:
    told = {header: answer.headers.get(header) for header in ALWAYS}
    openly = answer.status_code < 300 and any(f" {one}" in name for one in OPENLY)
    wanted = ALWAYS | (dict.fromkeys({"x-robots-tag"} & set(ALWAYS), "all") if openly else {})
    wrong = [f"{name}: {header}: {told[header]}" for header, value in wanted.items() if told[header] != value]
    if "object-src 'none'" not in answer.headers.get(
        "content-security-policy", ""
    ) and "sandbox" not in answer.headers.get("content-security-policy", ""):
        wrong.append(f"{name}: no policy")
    kept = answer.headers.get("cache-control", "")
    still = " /static/" in name
    right = {"no-cache", "no-store", "public, max-age=31536000, immutable"} if still else {"no-store"}
    if kept not in ({"public, max-age=60"} if openly else right):
        wrong.append(f"{name}: kept {kept!r}")
    return wrong


async def test_C04_every_route_by_every_way_and_404_500_and_static_carry_the_headers(secure: Office) -> None:
    chief = secure.member("chief", role=Role.MANAGER)
    paths = [one.path for one in secure.app.routes if isinstance(one, Route) and one.path not in STREAMS]
    shared = ("/embed.js", "/embed")  # for other sites' pages, by their nature: their own tests hold their headers
    found: list[str] = []
    seen = set()
    async with _browser(secure, chief) as browser:
        for path in sorted({*paths, *ELSEWHERE}):
            where = re.sub(r"\{\w+_id\}", "1", re.sub(r"\{(door|token|mark)(:\w+)?\}", "x" * 20, path))
            for method in ("GET", "POST", *(("PUT", "HEAD") if path in ELSEWHERE else ())):
                answer = await browser.request(method, where)
                seen.add(answer.status_code)
                if not path.startswith(shared):
                    found += _wrong(f"{method} {where}", answer)
                assert "住民の秘密" not in answer.text
    assert found == []
    assert {200, 303, 404, 405, 500} <= seen


async def test_a_sheet_for_paper_is_on_record_says_who_and_when_and_leads_nowhere(office: Office) -> None:
    aoki, case_id = office.member("aoki", "青木"), office.case(mode=Mode.OPEN)
    office.says(case_id, "印刷することば")
    async with office.browser(aoki) as browser:
        page = (await browser.get(f"/console/cases/{case_id}/print")).text
    assert "印刷した人: 青木" in page
    assert page.count(f"{office.clock().astimezone(office.mind.zone):%Y}年") >= 3, "no date is left out on paper"
    assert "印刷することば" in page
    assert [one.what for one in office.store.read(lambda conn: audit.of_case(conn, case_id))] == ["opened", "printed"]
    assert re.findall(r'href="(/[^"]*)"', page.partition("<main")[2]) == [f"/console/cases/{case_id}"]
    person = office.head(case_id).person_id
    assert person is not None

    office.write(lambda conn: people.forget(conn, person, office.clock()))
    assert office.store.read(lambda conn: cases.head_of(conn, case_id)) is not None
    async with office.browser(aoki) as browser:
        assert (await browser.get(f"/console/cases/{case_id}/print")).status_code == 404
