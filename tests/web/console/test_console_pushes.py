"""Coordinators see what LINE's month has left, what a reply costs before it goes, and what waits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection

from bot.cli.doctor import pushes_of
from bot.settings import Settings
from storage import outbox, people, pushes, rights
from storage.outbox import Delivery, Finished, Outgoing
from tests.web.console.office import Office

pytestmark = pytest.mark.anyio


def told(office: Office, most: int | None, used: int) -> None:
    """LINE said so."""
    office.write(lambda conn: pushes.told(conn, "line", most, used, office.clock()))


def waits(office: Office, case_id: int, number: int) -> None:
    """So many words of a case wait for their person."""
    head, now = office.head(case_id), office.clock()

    def job(conn: Connection) -> None:
        who = people.load(conn, office.store.vault, [head.person_id or 0])[head.person_id or 0]
        out = Outgoing(who.id, who.contacts[0].id, "line", who.key, [{"text": "x"}], case_id=case_id)
        outbox.put(conn, office.store.vault, [out] * number, now)
        while claimed := outbox.claim(conn, office.store.vault, "me", now):
            outbox.finish(conn, [Finished(one.id, "me", Delivery.WAITING_PERSON, now) for one in claimed])

    office.write(job)


async def test_N02_the_page_of_the_month_says_used_limit_rest_reserve_and_what_waits(office: Office) -> None:
    case = office.case()
    async with office.browser(office.member("sato")) as browser:
        assert "まだ数がとどいていません" in (await browser.get("/console/pushes")).text
        told(office, 200, 120)
        page = (await browser.get("/console/pushes")).text
        for words in (
            "120通",
            "200通",
            "80通",
            "緊急20通、お知らせ30通",
            "<strong>30通</strong>",
            "待っている返事はありません",
        ):
            assert words in page, words
        told(office, 200, 155)
        waits(office, case, 3)
        page = (await browser.get("/console/pushes")).text
        assert "返事に使える数がなくなりました" in page
        assert f'<a href="/console/cases/{case}" class="ref">{office.head(case).ref}</a> 3通' in page
        told(office, None, 155)
        assert "上限なし" in (await browser.get("/console/pushes")).text
    async with office.browser() as stranger:
        assert (await stranger.get("/console/pushes")).status_code == 303


async def test_N02_a_reply_says_what_it_costs_before_it_goes(office: Office) -> None:
    sato, case, web = office.member("sato"), office.case(), office.case("w1", "web")
    head = office.head(case)
    async with office.browser(sato) as browser:

        async def said(case_id: int = case) -> str:
            page = (await browser.get(f"/console/cases/{case_id}")).text
            return page.partition('id="cost">')[2].partition("<")[0]

        for number in (case, web):
            await browser.post(f"/console/cases/{number}/claim")
        assert await said() == ""
        told(office, 200, 120)
        assert (await said(), await said(web)) == ("1通使います(返事に使える残り:およそ30通)。", "")
        told(office, 200, 150)
        assert "次に相手が書いたときに届きます" in await said()
        until = office.clock() + timedelta(seconds=50)

        def keep(conn: Connection) -> None:
            who = people.load(conn, office.store.vault, [head.person_id or 0])[head.person_id or 0]
            right = rights.Right(head.contact_id or 0, who.id, "token", until)
            rights.keep(conn, office.store.vault, [right])

        office.write(keep)
        assert "無料" in await said()
        waits(office, case, 1)


async def test_N02_an_urgent_case_is_pushed_from_the_reserve(office: Office) -> None:
    case = office.case(why="urgent")
    told(office, 200, 195)
    async with office.browser(office.member("sato")) as browser:
        await browser.post(f"/console/cases/{case}/claim")
        assert "およそ5通" in (await browser.get(f"/console/cases/{case}")).text


async def test_N02_the_doctor_says_what_is_left(office: Office) -> None:
    settings = Settings(line_access_token=SecretStr("t"))

    def said(settings: Settings = settings) -> list[tuple[bool, str]]:
        return [(one.well, one.said) for one in pushes_of(office.store, settings, office.clock())]

    assert said() == [(True, "LINEの送信数は、サーバーが動いてから分かります。")]
    told(office, 200, 120)
    left = "返事に使える残り30通(取っておく数 20+30通)。待っている返事0通。"
    assert said() == [(True, f"LINEの送信数:今月120通、上限200通、{left}")]
    waits(office, office.case(), 2)
    told(office, 200, 180)
    assert said()[0][0] is False
    assert "待っている返事2通" in said()[0][1]
    told(office, 50, 0)
    assert "料金プラン" in said()[1][1]
    told(office, None, 7)
    assert said() == [(True, "LINEの送信数:今月7通。上限はありません。")]
    assert said(Settings()) == []


async def test_the_way_to_the_months_page_is_there_however_line_is_spoken_to(office: Office) -> None:
    sato, way = office.member("sato"), 'href="/console/pushes"'
    for more, there in (({}, False), ({"line_access_token": SecretStr("t")}, True), ({"line_channel_id": "1"}, True)):
        settings = office.settings.model_copy(update={"line_access_token": SecretStr(""), **more})
        other = Office(office.store, office.clock, office.mind, settings)
        async with other.browser(sato) as browser:
            assert (way in (await browser.get("/console")).text) is there
