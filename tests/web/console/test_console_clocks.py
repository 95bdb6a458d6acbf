"""What breaks first is seen at a glance: in rows, on the case, and above the list for whom it concerns."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.bell import Bell
from bot.watchman import Watchman
from storage import audit
from storage.cases import State
from storage.staff import Role
from tests.knowledge.test_hours import at
from tests.web.console.office import Office, key, seen

pytestmark = pytest.mark.anyio


@pytest.fixture
def tuesday(office: Office) -> Office:
    """An office on a Tuesday at ten."""
    office.clock.now = at("2026-11-24 10:00")
    return office


async def _watch(office: Office) -> None:
    await Watchman(office.store, office.mind, office.room.desk, Bell(), office.clock).round()


async def _page(office: Office, staff_id: int, path: str) -> str:
    async with office.browser(staff_id) as browser:
        return re.sub(
            r"<svg.*?</svg>|</?strong[^>]*>|</?span[^>]*>", "", (await browser.get(path)).text, flags=re.DOTALL
        )


async def test_a_row_and_the_case_say_what_is_due_how_long_it_has_and_until_when(tuesday: Office) -> None:
    aoki, case_id = tuesday.member("aoki"), tuesday.case()
    for when, words in (
        ("2026-11-24 10:00", "はじめの返事 残り4時間 14:00まで"),
        ("2026-11-24 13:31", "はじめの返事 残り29分 14:00まで"),
        ("2026-11-24 16:00", "はじめの返事 2時間超過 期限 14:00"),
        ("2026-11-23 09:00", "はじめの返事 残り4時間 あす 14:00まで"),
        ("2026-12-01 10:00", "はじめの返事 6日超過 期限 11月24日(火) 14:00"),
    ):
        tuesday.clock.now = at(when)
        for path in ("/console?folder=all", f"/console/cases/{case_id}?folder=closed"):
            assert words in await _page(tuesday, aoki, path)


async def test_whoever_holds_a_case_is_warned_first_then_the_desk_then_who_leads_it(tuesday: Office) -> None:
    aoki, baba = tuesday.member("aoki"), tuesday.member("baba")
    chief = tuesday.member("chief", role=Role.MANAGER)
    case_id = tuesday.case()
    async with tuesday.browser(aoki) as browser:
        await browser.post(f"/console/cases/{case_id}/claim")
    for when, warned in (
        ("2026-11-24 12:30", set()),
        ("2026-11-24 13:00", {aoki}),
        ("2026-11-24 13:30", {aoki, baba}),
        ("2026-11-24 14:00", {aoki, baba, chief}),
    ):
        tuesday.clock.now = at(when)
        await _watch(tuesday)
        shown = {
            one for one in (aoki, baba, chief) if "breaches" in await _page(tuesday, one, "/console?folder=closed")
        }
        assert shown == warned
    async with tuesday.browser(aoki) as browser:
        page = (await browser.get(f"/console/cases/{case_id}")).text
        form = {"text": "こんにちは", "key": key(), "seen": seen(page)}
        await browser.post(f"/console/cases/{case_id}/reply", data=form)
    assert "breaches" not in await _page(tuesday, aoki, "/console?folder=closed")


async def test_who_is_shown_a_warning_has_seen_the_case_and_the_record_says_so(tuesday: Office) -> None:
    aoki, case_id = tuesday.member("aoki"), tuesday.case()
    tuesday.clock.on(hours=4)
    await _watch(tuesday)
    await _page(tuesday, aoki, "/console?folder=closed")
    seen_by = tuesday.store.read(lambda conn: audit.of_case(conn, case_id))
    assert [one.staff_id for one in seen_by] == [aoki]


async def test_danger_is_warned_of_above_all_and_only_the_first_few_are_shown(tuesday: Office) -> None:
    aoki = tuesday.member("aoki")
    for n in range(5):
        tuesday.case(f"u{n}", urgency="today")
    tuesday.clock.on(hours=2)
    danger = tuesday.case("danger", why="urgent", urgency="today")
    tuesday.clock.on(minutes=16)
    await _watch(tuesday)
    page = await _page(tuesday, aoki, "/console?folder=closed")
    linked = re.findall(r'<li><a href="/console/cases/(\d+)\?', page)
    assert (len(linked), int(linked[0])) == (3, danger)
    assert "ほかにも3件あります" in page


async def test_a_case_is_laid_aside_and_lies_in_its_folder_until_the_person_writes(tuesday: Office) -> None:
    aoki, case_id = tuesday.member("aoki"), tuesday.case()
    async with tuesday.browser(aoki) as browser:
        path = f"/console/cases/{case_id}"
        assert (await browser.post(f"{path}/wait", data={"for": "person"})).status_code == 409  # nobody holds it
        await browser.post(f"{path}/claim")
        assert (await browser.post(f"{path}/wait", data={"for": "ever"})).status_code == 409
        assert (await browser.post(f"{path}/wait", data={"for": "person"})).status_code == 303
        assert tuesday.head(case_id).state is State.WAITING_PERSON
        assert f'id="row-{case_id}"' in (await browser.get("/console?folder=waiting")).text
        tuesday.says(case_id, "お待たせしました")
        assert f'id="row-{case_id}"' not in (await browser.get("/console?folder=waiting")).text
        assert tuesday.head(case_id).state is State.CLAIMED
        await browser.post(f"{path}/wait", data={"for": "tomorrow"})
        assert "あす 10:00まで" in (await browser.get(path)).text


async def test_the_folder_of_what_is_overdue_is_read_page_by_page(tuesday: Office) -> None:
    ids = [tuesday.case(f"u{n}") for n in range(103)]
    tuesday.clock.now = tuesday.clock.now + timedelta(days=1)
    found, page = list[str](), ""
    async with tuesday.browser(tuesday.member("aoki")) as browser:
        path = "/console?folder=overdue"
        while path:
            page = (await browser.get(path)).text
            found += [part.split('"')[0] for part in page.split('id="row-')[1:]]
            path = page.partition('<p class="more"><a class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert [int(one) for one in found] == ids
    assert "99+" in page


@pytest.mark.parametrize("after", ["1-99999999999999-1", "x", "1-1.5-2", "9-9-9", "-1-0.000000-1"])
async def test_a_place_that_is_none_shows_the_beginning(tuesday: Office, after: str) -> None:
    aoki, case_id = tuesday.member("aoki"), tuesday.case()
    assert f'id="row-{case_id}"' in await _page(tuesday, aoki, f"/console?folder=all&after={after}")
