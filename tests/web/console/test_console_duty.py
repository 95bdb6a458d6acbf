"""Who does what and when: topics, languages and duty of members, absence with cover, and proposals of a holder."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from storage import abilities, cases, news
from storage.abilities import Ability
from storage.engine import Store
from storage.staff import Role
from tests import ours
from tests.clock import Clock
from tests.web.console.conftest import settings_of
from tests.web.console.office import Office
from tests.web.console.test_console_settings import MONDAY

pytestmark = pytest.mark.anyio
HERE = {"first": "2026-11-30", "last": "2026-12-04"}


@pytest.fixture
def desk(store: Store) -> Office:
    """A centre on a Monday morning, once on each database."""
    return Office(store, Clock(MONDAY), ours.mind(), settings_of())


def _able(desk: Office, staff_id: int, **ability: Any) -> None:
    desk.write(lambda conn: abilities.put(conn, staff_id, Ability(**ability)))


async def _page(desk: Office, viewer: int, path: str) -> str:
    async with desk.browser(viewer) as browser:
        return (await browser.get(path)).text


def _proposed(page: str) -> list[str]:
    shown = re.search(r"担当の候補(.*?)</details>", page, re.DOTALL)
    return re.findall(r"<li><strong>(?:<[^>]*>)*([a-z]+)", shown[1]) if shown else []


async def test_a_manager_sets_what_somebody_can_do_and_when_and_sees_what_they_hold(desk: Office) -> None:
    chief, aoki = desk.member("chief", role=Role.MANAGER), desk.member("aoki", "青木")
    case_id = desk.case()
    desk.write(lambda conn: cases.claim(conn, case_id, aoki, desk.clock()))
    form = {"topics": ["money", "made_up"], "languages": ["en"], "duty.mon": "１０時", "duty.tue": ""}
    async with desk.browser(chief) as browser:
        wrong = await browser.post(f"/console/people/{aoki}/ability", data=form)
        assert (wrong.status_code, "10:00-16:00 のように" in wrong.text) == (422, True)
        form |= {"duty.mon": "9:00〜12:00、13:00-15:00"}
        assert (await browser.post(f"/console/people/{aoki}/ability", data=form)).status_code == 303
        page = (await browser.get("/console/people?ability")).text
        settings = (await browser.get("/console/settings")).text
    assert "いま1件を担当・お金・助成・英語" in page
    assert 'value="9:00-12:00、13:00-15:00"' in page
    assert "<dt>お金・助成</dt><dd>" in settings
    assert desk.store.read(abilities.everything)[aoki].topics == ("money",)


async def test_a_holder_is_proposed_by_skill_then_load_then_turn_and_never_put_in_by_itself(desk: Office) -> None:
    names = ("abe", "baba", "chiba", "doi")
    abe, baba, chiba, doi = (desk.member(one, one) for one in names)
    _able(desk, baba, topics=("money",))
    _able(desk, chiba, topics=("money",))
    _able(desk, doi, topics=("money",), duty={"tue": ["10:00-18:00"]})
    other, case_id = desk.case("u2"), desk.case("u1")
    desk.write(lambda conn: cases.claim(conn, other, baba, desk.clock()))
    found = await _page(desk, abe, f"/console/cases/{case_id}")
    assert _proposed(found) == ["chiba", "baba", "abe"], "doi is not on duty on Mondays"
    assert desk.head(case_id).holder is None
    desk.write(lambda conn: abilities.away(conn, chiba, "2026-11-30", "2026-11-30", None))
    assert _proposed(await _page(desk, abe, f"/console/cases/{case_id}")) == ["baba", "abe"]


async def test_whoever_stands_in_takes_the_case_of_an_absent_holder_and_nobody_else_does(desk: Office) -> None:
    chief, aoki, baba, doi = (desk.member("chief", role=Role.MANAGER), *map(desk.member, ("aoki", "baba", "doi")))
    case_id = desk.case()
    desk.write(lambda conn: cases.claim(conn, case_id, aoki, desk.clock()))
    path, at_case = f"/console/people/{aoki}/away", f"/console/cases/{case_id}"
    async with desk.browser(baba) as stands_in, desk.browser(doi) as other, desk.browser(chief) as manager:
        assert "まで休みです" not in (await stands_in.get(at_case)).text
        await stands_in.post(f"{at_case}/cover", data={})
        assert desk.head(case_id).holder == aoki, "nobody is away"
        for wrong in ({"first": "2026-12-04", "last": "2026-11-30"}, {"first": "x", "last": ""}):
            assert (await manager.post(path, data=wrong)).status_code == 422
        assert (await manager.post(path, data=HERE | {"cover": str(aoki)})).status_code == 404
        assert (await manager.post(path, data=HERE | {"cover": str(baba)})).status_code == 303
        assert "2026-11-30から2026-12-04まで" in (await manager.get("/console/people?away")).text
        page = (await other.get(at_case)).text
        assert "代わりはbabaさんです" in page
        assert "代わりに担当する" not in page
        await other.post(f"{at_case}/cover", data={})
        assert desk.head(case_id).holder == aoki
        assert "代わりに担当する" in (await stands_in.get(at_case)).text
        await stands_in.post(f"{at_case}/cover", data={})
        assert desk.head(case_id).holder == baba
    assert [one.kind for one in desk.store.read(lambda conn: news.unseen(conn, aoki))] == ["covered"]


async def test_an_absence_ends_by_itself_or_is_taken_back(desk: Office) -> None:
    chief, aoki = desk.member("chief", role=Role.MANAGER), desk.member("aoki")
    path = f"/console/people/{aoki}/away"
    async with desk.browser(chief) as manager:
        assert (await manager.post(path, data=HERE)).status_code == 303
        assert "いま休み" in (await manager.get("/console/people")).text
        [gone] = desk.store.read(abilities.absences)
        assert (await manager.post(f"/console/people/{chief}/away", data={"back": str(gone.id)})).status_code == 404
        desk.clock.now += timedelta(days=7)
        manager.cookies.set("nakodo", desk.session(chief))
        assert "いま休み" not in (await manager.get("/console/people")).text
        assert (await manager.post(path, data={"back": str(gone.id)})).status_code == 303
    assert desk.store.read(abilities.absences) == []
