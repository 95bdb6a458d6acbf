"""Deleting for good: shown before, typed out to be sure, stopped in time or gone, and how long what is kept anyway."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.nights import Nights
from storage import audit, cases, deletions, keeping, talk
from storage.casefile import Mode
from storage.deletions import State
from storage.keeping import Kind
from storage.staff import Role
from tests.web.console.office import Office

pytestmark = pytest.mark.anyio
WORDS = "消してほしいことばです"


def nights(office: Office) -> Nights:
    return Nights(office.store, office.mind.zone, office.clock)


def over(office: Office, address: str = "u1", **other: Any) -> int:
    """A case with words in it that is closed."""
    case_id = office.case(address, **other)
    office.says(case_id, WORDS, address)
    office.write(lambda conn: cases.close(conn, case_id, cases.By(cases.Who.SYSTEM), office.clock()))
    return case_id


def words_of(office: Office, case_id: int) -> int:
    return len(office.store.read(lambda conn: talk.of_case(conn, office.store.vault, case_id)))


def chief_of(office: Office, undo_seconds: int = 0) -> int:
    """A manager, in a centre where there is so long for second thoughts."""
    office.under(undo_seconds=undo_seconds)
    return office.member("chief", role=Role.MANAGER)


def states(office: Office) -> list[State]:
    return [one.state for one in office.store.read(deletions.latest)]


@pytest.mark.parametrize("kind", ["case", "person"])
async def test_a_manager_sees_what_would_go_types_it_out_and_it_goes_for_good(either: Office, kind: str) -> None:
    chief, case_id = chief_of(either), over(either)
    ref = either.head(case_id).ref
    form = {"kind": kind, "ref": ref.lower()}
    async with either.browser(chief) as browser:
        page = (await browser.post("/console/deletions", data=form)).text
        assert "もとにもどせません" in page
        assert f"消すには、{ref} と書いてください" in page
        assert (await browser.post("/console/deletions", data=form | {"sure": "はい"})).status_code == 422
        assert words_of(either, case_id) == 1
        assert (await browser.post("/console/deletions", data=form | {"sure": ref.lower()})).status_code == 303
    assert await nights(either).obey() == 1
    assert (words_of(either, case_id), states(either)) == (0, [State.DONE])
    assert either.head(case_id).person_id is None
    kept = [(one.what, one.staff_id, one.cases) for one in either.store.read(audit.latest)]
    assert ("delete", chief, (case_id,)) in kept
    assert ("deleted", chief, (case_id,)) in kept
    async with either.browser(chief) as browser:
        for path in (f"/console/cases/{case_id}", "/console/deletions", "/console/record"):
            assert WORDS not in (await browser.get(path)).text


async def test_an_order_can_be_stopped_until_it_begins_also_on_another_server_and_never_after(either: Office) -> None:
    chief, case_id = chief_of(either, 10), over(either)
    ref = either.head(case_id).ref
    form = {"kind": "case", "ref": ref, "sure": ref}
    other = Office(either.store, either.clock, either.mind, either.settings)
    async with either.browser(chief) as browser, other.browser(chief) as second:
        await browser.post("/console/deletions", data=form)
        either.clock.now += timedelta(seconds=9)
        assert await nights(either).obey() == 0
        assert (await second.post("/console/deletions/1")).headers["location"] == "/console/deletions?kept"
        either.clock.now += timedelta(seconds=9)
        assert await nights(either).obey() == 0
        assert words_of(either, case_id) == 1
        await browser.post("/console/deletions", data=form)
        either.clock.now += timedelta(seconds=10)
        assert (await second.post("/console/deletions/2")).headers["location"] == "/console/deletions?late"
    assert await nights(either).obey() == 1
    assert (words_of(either, case_id), states(either)) == (0, [State.DONE, State.KEPT])


async def test_a_class_is_deleted_up_to_a_day_in_small_steps_and_what_is_younger_stays(either: Office) -> None:
    chief = chief_of(either)
    old = [over(either, f"u{n}", mode=Mode.OPEN) for n in range(25)]
    secret = over(either, "u99")
    either.clock.now += timedelta(days=60)
    young = over(either, "young", mode=Mode.OPEN)
    day = (either.clock() - timedelta(days=31)).date().isoformat()
    form = {"kind": "open", "day": day}
    async with either.browser(chief) as browser:
        page = (await browser.post("/console/deletions", data=form)).text
        assert "<dd>25</dd>" in page
        too_young = form | {"day": either.clock().date().isoformat()}
        assert (await browser.post("/console/deletions", data=too_young)).status_code == 422
        assert (await browser.post("/console/deletions", data=form | {"sure": "25"})).status_code == 303
    assert await nights(either).obey() == 3, "twenty at a time"
    assert [words_of(either, one) for one in old] == [0] * 25
    assert (words_of(either, secret), words_of(either, young)) == (1, 1)


async def test_P11_an_open_case_and_one_on_hold_cannot_be_deleted_and_the_page_says_why(office: Office) -> None:
    chief = chief_of(office)
    opened, held = office.case("u1"), over(office, "u2")
    async with office.browser(chief) as browser:
        await browser.post(f"/console/cases/{held}/hold", data={"why": "話し合い中のため"})
        assert "話し合い中のため" in (await browser.get(f"/console/cases/{held}")).text
        for case_id, why in ((opened, "終わっていない相談"), (held, "保留中の相談")):
            ref = office.head(case_id).ref
            page = await browser.post("/console/deletions", data={"kind": "case", "ref": ref, "sure": ref})
            assert why in page.text
            assert "消すには" not in page.text
        await browser.post(f"/console/cases/{held}/hold", data={"do": "end"})
        ref = office.head(held).ref
        assert "消すには" in (await browser.post("/console/deletions", data={"kind": "person", "ref": ref})).text
    assert states(office) == []


async def test_the_page_shows_every_class_how_long_why_and_what_is_next(office: Office) -> None:
    chief, auditor = chief_of(office), office.member("kansa", role=Role.AUDITOR)
    over(office, mode=Mode.OPEN)
    office.clock.now += timedelta(days=400)
    async with office.browser(chief) as browser:
        page = (await browser.get("/console/retention")).text
        assert all(f'id="kept-{kind}"' in page for kind in Kind)
        assert page.count("次の夜に消すもの: 1件") == 2  # the case, and its person
        assert "まだ一度も消していません" in page
        assert (await browser.post("/console/retention", data={"kind": "open", "days": "366"})).status_code == 422
        assert (await browser.post("/console/retention", data={"kind": "open", "days": "90"})).status_code == 303
        kept = (await browser.get("/console/settings")).text.partition('id="kept"')[2]
        assert ("90日" in kept, 'href="/console/retention"' in kept) == (True, True)
    await nights(office).look()
    async with office.browser(auditor) as browser:
        page = (await browser.get("/console/retention")).text
        assert "90日" in page
        assert "chiefさんが決めました" in page
        assert "1件を消しました" in page
        assert "期間を変える" not in page
        assert (await browser.post("/console/retention", data={"kind": "open", "days": "60"})).status_code == 404
    assert office.store.read(lambda conn: keeping.value(conn, Kind.OPEN)).days == 90
