"""What a case is about is set right, and what its person came with before stands beside it."""

from __future__ import annotations

import re

import pytest

from storage import audit, cases, feed
from storage.audit import What
from storage.casefile import By, Who
from storage.cases import Mode
from storage.staff import Role
from tests.web.console.office import Office

pytestmark = pytest.mark.anyio


async def test_a_case_that_is_set_right_moves_with_its_clock_and_its_counts(either: Office) -> None:
    case_id, aoki = either.case(mode=Mode.OPEN), either.member("aoki", "青木")
    before, path = either.head(case_id).due_at, f"/console/cases/{case_id}"
    async with either.browser(aoki) as browser:
        for _ in range(2):
            answer = await browser.post(f"{path}/sort", data={"topic": "place", "urgency": "today"})
            assert (answer.status_code, answer.headers["location"].endswith("said=sort")) == (303, True)
        for wrong in ({"topic": "x", "urgency": "today"}, {"topic": "place", "urgency": "urgent"}, {}):
            assert (await browser.post(f"{path}/sort", data=wrong)).status_code == 409
        assert (await browser.get("/console?topic=money&folder=all")).text.count('id="row-') == 0
        page = (await browser.get("/console?topic=place&folder=all")).text
        assert (page.count('id="row-'), "今日か明日" in page, "場所・設備" in page) == (1, True, True)
        assert "困りごと・急ぎを直しました" in (await browser.get(path)).text
        await browser.post(f"{path}/close")
        assert (await browser.post(f"{path}/sort", data={"topic": "money", "urgency": "week"})).status_code == 409
    head = either.head(case_id)
    assert (head.topic, head.topics, head.urgency) == ("place", ("place",), "today")
    assert before is not None
    assert either.steps(case_id).count("sorted") == 1
    changes = either.store.read(lambda conn: feed.since(conn, 0))
    assert [one.kind for one in changes].count("sorted") == 1
    done = either.store.read(lambda conn: audit.of_case(conn, case_id))
    assert What.SORT in [one.what for one in done]


async def test_what_a_resident_came_with_before_is_shown_to_those_who_may_know_and_that_is_kept(office: Office) -> None:
    aoki, baba = office.member("aoki"), office.member("baba", role=Role.SPECIALIST)
    before, other = office.case("u1"), office.case("u2")
    office.write(lambda conn: [cases.close(conn, one, By(Who.STAFF, aoki), office.clock()) for one in (before, other)])
    now = office.case("u1")
    office.write(lambda conn: cases.claim(conn, now, baba, office.clock()))
    async with office.browser(aoki) as browser, office.browser(baba) as narrow:
        page = (await browser.get(f"/console/cases/{now}")).text
        assert re.findall(r'href="/console/cases/(\d+)', _part(page)) == [str(before)]
        assert _part((await browser.get(f"/console/cases/{other}")).text) == ""
        assert _part((await narrow.get(f"/console/cases/{now}")).text) == "", "a specialist sees what they hold"
    seen = office.store.read(lambda conn: audit.of_case(conn, before))
    assert [(one.staff_id, one.what) for one in seen] == [(aoki, What.LISTED)]


def _part(page: str) -> str:
    found = re.search(r'<section id="earlier".*?</section>', page, re.DOTALL)
    return found[0] if found else ""
