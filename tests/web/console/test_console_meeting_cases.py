"""Appointments where cases are brought together, parted, private or over."""

from __future__ import annotations

from html import unescape
from zoneinfo import ZoneInfo

import pytest

from bot.due import Due
from dialogs.heard import Tapped
from dialogs.uniting import Runs
from storage import cases, joined, news, standings, talk
from storage.cases import Mode
from storage.staff import Role
from tests.knowledge.test_hours import at
from tests.web.console.meetings import form, made, remind, says, told
from tests.web.console.office import Office

pytestmark = pytest.mark.anyio
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def desk(either: Office) -> Office:
    """An office on a Monday morning, with a case that 青木 holds."""
    return made(either)


async def test_what_is_agreed_on_in_a_case_that_went_into_another_is_kept_there_and_comes_out_with_it(
    desk: Office,
) -> None:
    there = desk.case(mode=Mode.OPEN)
    desk.write(lambda conn: cases.claim(conn, there, 1, desk.clock()))
    page, ref = "/console/cases/1", desk.head(there).ref
    async with desk.browser(1) as browser:
        await browser.post(f"/console/cases/{there}/appoint", data=form())
        (said,) = told(desk)
        assert (await browser.post(f"{page}/merge", data={"ref": ref})).status_code == 303
        assert "11月26日" in (await browser.get(page)).text
        says(desk, Tapped(said["buttons"][0][1]))
        assert [(one.kind, one.case_id) for one in desk.store.read(lambda conn: news.unseen(conn, 1))] == [
            (news.Kind.MEETING, 1)
        ]
        moved = form(hour="16:30", appointment="1", sequence="0")
        assert (await browser.post(f"{page}/appoint", data=moved)).status_code == 303
        assert "日時が変わりました" in told(desk)[0]["text"]
        await browser.post(f"{page}/unmerge", data={"other": str(there)})
        assert (await browser.post(f"{page}/unappoint", data={"appointment": "1"})).status_code == 409
        assert (await browser.post(f"/console/cases/{there}/unappoint", data={"appointment": "1"})).status_code == 303


async def test_S12_whoever_parted_is_not_reminded_of_what_the_other_agreed_on(desk: Office) -> None:
    there = desk.case("u2", mode=Mode.OPEN)
    desk.write(lambda conn: cases.claim(conn, there, 1, desk.clock()))
    pair = joiners(desk)
    desk.write(lambda conn: joined.join(conn, desk.store.vault, pair, Runs(0, 0, 0, taken=False), desk.clock()))
    async with desk.browser(1) as browser:
        await browser.post(f"/console/cases/{there}/appoint", data=form(place="ないしょの家"))
        assert (await browser.post("/console/cases/1/merge", data={"ref": desk.head(there).ref})).status_code == 303
        told(desk)
        desk.write(lambda conn: joined.part(conn, desk.store.vault, pair, desk.clock()))
        assert "ないしょの家" not in (await browser.get("/console/cases/1")).text
    desk.clock.now = at("2026-11-25 14:00")
    await Due(desk.store, desk.room.desk, desk.clock).look()
    said = desk.store.read(lambda conn: talk.of_person(conn, desk.store.vault, pair.keeper.id))
    assert "ないしょの家" not in str([one.body for one in said])
    said = desk.store.read(lambda conn: talk.of_person(conn, desk.store.vault, pair.other.id))
    assert "ないしょの家" in str([one.body for one in said][-1])


def joiners(office: Office) -> joined.Pair:
    """u1, and u2 who joins them."""
    keeper, other = office.store.read(lambda conn: [office.who(conn, "line", one)[1] for one in ("u1", "u2")])
    return joined.Pair(keeper, other)


async def test_S03_the_place_of_a_private_matter_stands_on_our_own_page_and_in_no_chat(desk: Office) -> None:
    case_id, place = desk.case(mode=Mode.PRIVATE), "女性の相談室 <b>2階</b>"
    desk.write(lambda conn: cases.claim(conn, case_id, 1, desk.clock()))
    async with desk.browser(1) as browser:
        await browser.post(f"/console/cases/{case_id}/appoint", data=form(place=place))
    desk_said = told(desk)
    desk.clock.now = at("2026-11-25 14:00")
    for said in [*desk_said, *await remind(desk)]:
        assert "相談室" not in said["text"]
        assert "くわしい場所は" in said["text"]
        async with desk.browser() as browser:
            page = (await browser.get(said["page"][2])).text
        assert unescape(page).count(place) == 1
        assert "<b>2階" not in page


async def test_an_appointment_of_a_case_that_is_over_can_still_be_called_off(desk: Office) -> None:
    baba, kato = desk.member("baba"), desk.member("kato", role=Role.SPECIALIST)
    asked = standings.New(standings.Kind.ASKED, kato, 1)
    desk.write(lambda conn: standings.put(conn, asked, desk.head(1), desk.clock()))
    form_of, path = {"appointment": "1"}, "/console/cases/1/unappoint"
    async with desk.browser(1) as browser, desk.browser(baba) as other, desk.browser(kato) as guest:
        await browser.post("/console/cases/1/appoint", data=form())
        assert (await other.post(path, data=form_of)).status_code == 409
        await browser.post("/console/cases/1/close")
        told(desk)
        assert (await guest.post(path, data=form_of)).status_code == 409
        assert "unappoint" in (await other.get("/console/cases/1")).text
        assert (await other.post(path, data=form_of)).status_code == 303
    assert "取りやめ" in told(desk)[0]["text"]
    desk.clock.now = at("2026-11-25 14:00")
    assert await remind(desk) == []
