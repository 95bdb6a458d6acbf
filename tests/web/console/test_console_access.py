"""Nobody sees or does anything in the console without being let in."""

from __future__ import annotations

import pytest

from storage import feed
from storage.staff import Role
from tests.web.console.office import Office, key

pytestmark = pytest.mark.anyio
PAGES = ["/console", "/console?folder=mine", "/console/live", "/console/cases/1", "/me"]
DEEDS = ["claim", "release", "close", "reopen", "reply", "notes", "wait"]


@pytest.mark.parametrize("path", PAGES)
async def test_who_is_not_signed_in_is_sent_to_sign_in_and_comes_back(office: Office, path: str) -> None:
    office.case()
    async with office.browser() as browser:
        answer = await browser.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?next=%2F")


@pytest.mark.parametrize("deed", DEEDS)
async def test_who_is_not_signed_in_changes_nothing(office: Office, deed: str) -> None:
    case_id = office.case()
    before = office.store.read(feed.newest)
    async with office.browser() as browser:
        answer = await browser.post(f"/console/cases/{case_id}/{deed}", data={"text": "x", "key": key()})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/login?next=%2Fconsole%2Fcases%2F{case_id}")
    assert office.store.read(feed.newest) == before


async def test_a_part_of_a_page_asked_for_without_a_session_makes_the_page_load_again(office: Office) -> None:
    async with office.browser() as browser:
        answer = await browser.get("/console", headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["hx-refresh"]) == (401, "true")


async def test_a_reader_of_figures_sees_no_cases(office: Office) -> None:
    case_id = office.case()
    reader = office.member("reader", role=Role.COMMITTEE)
    async with office.browser(reader) as browser:
        assert [(await browser.get(path)).status_code for path in ("/console", f"/console/cases/{case_id}")] == [
            404,
            404,
        ]
        assert (await browser.post(f"/console/cases/{case_id}/claim")).status_code == 404
    assert office.head(case_id).holder is None


@pytest.mark.parametrize("number", ["999", "0", "-1", "1e3", "１", "9" * 40, "x"])
async def test_C11_a_case_that_is_not_there_is_404(office: Office, number: str) -> None:
    async with office.browser(office.member("aoki")) as browser:
        assert (await browser.get(f"/console/cases/{number}")).status_code == 404
        assert (await browser.post(f"/console/cases/{number}/claim")).status_code == 404
        assert (
            await browser.post(f"/console/cases/{number}/notes", data={"text": "x", "key": key()})
        ).status_code == 404
