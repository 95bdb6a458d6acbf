"""Broadcasts in the console: written, seen as they arrive, tested on testers alone, agreed to by a second person."""

from __future__ import annotations

from functools import partial
from typing import Any

import httpx2
import pytest
from sqlalchemy import Connection, insert, select

from knowledge.segment import All, Asked, Has, Segment
from storage import audit, broadcasts, outbox, people, pushes, segments, staff, ways
from storage.broadcasts import Broadcast, State
from storage.receive_tables import receiver
from storage.staff import Role
from storage.tables import outbox as outbox_table
from tests.web.console.office import Office

pytestmark = pytest.mark.anyio
WORDS = "11月29日に区民館で清掃活動があります。どなたでも参加できます。"
SURE = {"sure": "yes"}


def crowd(office: Office, count: int, channel: str = "line", language: str = "ja", topics: int = 1) -> None:
    """So many people who receive."""

    def job(conn: Connection) -> None:
        now = office.clock()
        found = people.contacts_for(
            conn, office.store.vault, [(channel, f"{channel}{language}{one}") for one in range(count)], now
        )
        same = {"channel": channel, "language": language, "often": "at_once", "quiet_from": 0, "quiet_to": 0}
        rows = [{"person_id": one.person_id, "contact_id": one.id, "topics": topics, **same} for one in found.values()]
        conn.execute(insert(receiver), rows)

    office.write(job)


def segment(office: Office, by: int, means: Segment | None = None) -> str:
    """A kept segment; its version."""
    new = segments.New(by, "催しの人", means or Has(Asked.TOPIC, ("events",)), 1)
    number = office.write(lambda conn: segments.add(conn, new, office.clock()))
    found = office.store.read(lambda conn: segments.find(conn, number))
    assert found is not None
    return str(found.id)


def people_to_tell(office: Office, by: int) -> None:
    """33 who ask for events, on two platforms in two languages, one who asks for something else, and LINE's month."""
    crowd(office, 30)
    crowd(office, 3, "telegram", "en")
    crowd(office, 1, "web", "zh", topics=2)
    office.write(lambda conn: pushes.told(conn, "line", 200, 20, office.clock()))
    segment(office, by)


def form(version: str, **more: str) -> dict[str, str]:
    """The composer, filled in."""
    return {"number": "0", "mark": "", "title": "清掃", "text-ja": WORDS, "segment": version, "lane": "news"} | more


def newest(office: Office) -> Broadcast:
    """The broadcast that was written last."""
    return office.store.read(broadcasts.latest)[0]


async def do(browser: httpx2.AsyncClient, office: Office, deed: str, **more: Any) -> httpx2.Response:
    """A button of the newest broadcast's page."""
    one = newest(office)
    return await browser.post(f"/console/broadcasts/{one.id}", data={"do": deed, "mark": one.mark} | more)


async def test_written_seen_on_each_channel_asked_for_and_agreed_to_by_a_second_person(office: Office) -> None:
    aoki, baba = office.member("aoki"), office.member("baba")
    crowd(office, 12)
    crowd(office, 3, "telegram", "en")
    crowd(office, 2, "web", "zh", topics=2)
    office.write(lambda conn: pushes.told(conn, "line", 200, 20, office.clock()))
    version = segment(office, aoki)
    async with office.browser(aoki) as a, office.browser(baba) as b:
        written = form(version, **{"text-en": "Cleaning on 29 November."})
        made, again = [await a.post("/console/broadcasts", data=written) for _ in range(2)]
        assert (made.status_code, made.headers["location"]) == (303, again.headers["location"])  # two clicks
        page = (await a.get(made.headers["location"])).text
        assert "15人" in page
        assert "12通使います。今月の残りは180通です。" in page
        assert page.count("なぜ届いたの?") == 3
        assert page.count("Why did I get it?") == 3
        assert (await do(a, office, "ask")).status_code == 422  # it was never tested
        assert (await do(a, office, "ask", **SURE)).status_code == 303
        assert (await do(b, office, "approve", expected="15", **SURE)).status_code == 303
    one = newest(office)
    assert (one.state, one.second, one.expected) == (State.APPROVED, "baba", 15)
    record = [entry.what for entry in office.store.read(audit.latest)]
    assert {"announce", "announce_ask", "announce_yes"} <= set(record)


async def test_B07_nobody_agrees_to_their_own_and_any_change_ends_an_agreement(office: Office) -> None:
    aoki, baba = office.member("aoki"), office.member("baba")
    crowd(office, 4)
    crowd(office, 1, "web", topics=2)
    version = segment(office, aoki)
    async with office.browser(aoki) as a, office.browser(baba) as b:
        await a.post("/console/broadcasts", data=form(version))
        await do(a, office, "ask", **SURE)
        assert (await do(a, office, "approve", expected="4", **SURE)).status_code == 422
        before = newest(office)
        await do(b, office, "approve", expected="4", **SURE)
        assert newest(office).state is State.APPROVED
        again = form(version, number=str(before.id), mark=before.mark, **{"text-ja": WORDS + "雨でもあります。"})
        assert (await b.post("/console/broadcasts", data=again)).status_code == 303
        assert (newest(office).state, newest(office).second) == (State.DRAFT, None)
        await do(a, office, "ask", **SURE)
        assert (await do(b, office, "approve", expected="4", **SURE)).status_code == 422  # who changed it wrote it too
        stale = {"do": "approve", "mark": before.mark, "expected": "4", **SURE}
        third = office.member("chiba")
        async with office.browser(third) as c:
            assert (await c.post(f"/console/broadcasts/{before.id}", data=stale)).status_code == 409
            assert (await do(c, office, "approve", expected="4", **SURE)).status_code == 303


async def ready(office: Office) -> tuple[int, int, str]:
    """Two coordinators, ten people on LINE and one besides, and a segment of the ten."""
    aoki, baba = office.member("aoki"), office.member("baba")
    crowd(office, 10)
    crowd(office, 1, "web", topics=2)
    return aoki, baba, segment(office, aoki)


async def test_B01_everybody_is_only_meant_with_their_number_typed_and_nobody_never(office: Office) -> None:
    aoki, _, _ = await ready(office)
    everyone, nobody = segment(office, aoki, All()), segment(office, aoki, Has(Asked.TOPIC, ("grants",)))
    async with office.browser(aoki) as a:
        await a.post("/console/broadcasts", data=form(everyone))
        for typed in ("", "10", "12", "x", "１２"):
            assert (await do(a, office, "ask", typed=typed, **SURE)).status_code == 422
        assert "人数を数字で書いてください(11)" in (await a.get(f"/console/broadcasts/{newest(office).id}")).text
        assert (await do(a, office, "ask", typed=" １１", **SURE)).status_code == 303
        await a.post("/console/broadcasts", data=form(nobody))
        assert (await do(a, office, "ask", **SURE)).status_code == 422
        for segment_id in ("", "0", "999", "null", "-1"):
            assert (await a.post("/console/broadcasts", data=form(segment_id))).status_code == 422


async def test_B02_B04_B20_words_that_must_not_go_out_are_stopped_and_odd_ones_asked_about(office: Office) -> None:
    aoki, _, version = await ready(office)
    stops = {
        "つい": "短すぎます", "{name}さん、催しのお知らせです。": "{name}",
        "〇〇で催しがあります。来てください。": "〇〇",
        WORDS + " https://bit.ly/3xY": "bit.ly", WORDS + " bit.ly/3xY": "bit.ly",
        WORDS + " https://www.city.taito.lg.jp.evil.example/": "evil.example",
        WORDS + " https://www.city.taito.lg.jp@evil.example/": "evil.example",
        WORDS + " https://evil.example\\.city.taito.lg.jp/": "evil.example",
        WORDS + " https://evil.example%2f.lg.jp/": "evil.example",
        WORDS + " https://www.city.taito.lg.jp/a?utm_source=line": "utm_source",
        "これは訓練です。" + WORDS: "訓練の印がありません",
    }  # fmt: skip
    warns = {
        "3月1日に区民館で清掃がありました。写真をお見せします。": "",
        "11月21日に区民館で清掃活動があります。": "11月21日",
        WORDS + " https://www.city.taito.lg.jp/kyodo": "https://www.city.taito.lg.jp/kyodo",
    }
    async with office.browser(aoki) as a:

        async def look(text: str) -> tuple[str, int]:
            made = await a.post("/console/broadcasts", data=form(version, **{"text-ja": text}))
            assert made.status_code == 303
            return (await a.get(made.headers["location"])).text, (await do(a, office, "ask", **SURE)).status_code

        for text, part in stops.items():
            page, status = await look(text)
            assert (part in page.partition("直すところ")[2], status) == (True, 422), text
        for text, part in warns.items():
            page, status = await look(text)
            assert part in page.partition("気をつけるところ")[2], text
            assert status == 303
        for blank in ("", " \n\u3000"):
            assert (await a.post("/console/broadcasts", data=form(version, **{"text-ja": blank}))).status_code == 422
        _, status = await look("あ" * 1001)
        assert status == 422
        for due in ("2026-11-22T18:00", "0001-01-01T00:00", "9999-12-31T23:59", "x"):
            assert (await a.post("/console/broadcasts", data=form(version, due=due))).status_code == 422


async def test_B04_a_drill_says_so_and_ends(office: Office) -> None:
    aoki, _, version = await ready(office)
    drill, ends = {"drill": "yes"}, {"expires": "2026-11-22T20:00"}
    async with office.browser(aoki) as a:
        assert (await a.post("/console/broadcasts", data=form(version, **drill))).status_code == 422
        assert (await a.post("/console/broadcasts", data=form(version, **drill, **ends))).status_code == 303
        assert (await do(a, office, "ask", **SURE)).status_code == 422
        said = {"text-ja": "これは訓練です。" + WORDS}
        assert (await a.post("/console/broadcasts", data=form(version, **drill, **ends, **said))).status_code == 303
        assert (await do(a, office, "ask", **SURE)).status_code == 303


async def test_B03_a_test_reaches_named_testers_alone(office: Office) -> None:
    aoki, baba, version = await ready(office)

    def link(conn: Connection, staff_id: int, address: str) -> int:
        contact, _ = office.who(conn, "line", address)
        member = staff.get(conn, staff_id)
        assert member is not None
        ways.keep(conn, contact, member, office.clock())
        return contact.id

    mine, theirs = (office.write(partial(link, staff_id=who, address=f"staff{who}")) for who in (aoki, baba))
    resident = office.store.read(lambda conn: conn.execute(select(receiver.c.contact_id)).scalars().all())
    async with office.browser(aoki) as a:
        await a.post("/console/broadcasts", data=form(version, **{"text-en": "Cleaning on 29 November, all welcome."}))
        for tester in ([], [str(one) for one in resident], ["x"]):
            assert (await do(a, office, "test", tester=tester)).status_code == 422
        assert office.store.read(outbox.depth) == 0
        assert (await do(a, office, "test", tester=[str(mine), str(resident[0])])).status_code == 303
        rows = office.store.read(lambda conn: conn.execute(select(outbox_table.c.contact_id)).scalars().all())
        assert rows == [mine, mine]  # one for each language
        assert theirs not in rows
        one = newest(office)
        assert one.tested == one.mark
        assert (await do(a, office, "ask")).status_code == 303  # nothing is left to confirm


async def test_B08_more_people_than_were_agreed_to_are_shown_first(office: Office) -> None:
    aoki, baba, version = await ready(office)
    async with office.browser(aoki) as a, office.browser(baba) as b:
        await a.post("/console/broadcasts", data=form(version))
        await do(a, office, "ask", **SURE)
        crowd(office, 3, "telegram")
        answer = await do(b, office, "approve", expected="10", **SURE)
        assert answer.status_code == 409
        assert "13人に送ることを承認する" in answer.text
        assert (await do(b, office, "approve", expected="13", **SURE)).status_code == 303


async def test_B18_the_same_content_within_an_hour_is_asked_about_by_typing(office: Office) -> None:
    aoki, baba, version = await ready(office)
    async with office.browser(aoki) as a, office.browser(baba) as b:
        await a.post("/console/broadcasts", data=form(version))
        await do(a, office, "ask", **SURE)
        await do(b, office, "approve", expected="10", **SURE)
        first = newest(office)
        assert office.write(lambda conn: broadcasts.start(conn, first, office.clock()))
        await a.post("/console/broadcasts", data=form(version, **{"text-ja": WORDS.replace("。", "。\n")}))
        assert (await do(a, office, "ask", **SURE)).status_code == 422
        assert (await do(a, office, "ask", twin="もう一度送る", **SURE)).status_code == 303
        office.clock.on(minutes=61)
        await a.post("/console/broadcasts", data=form(version))
        assert (await do(a, office, "ask", **SURE)).status_code == 303


async def test_B19_to_many_only_by_whoever_has_just_come_in_and_never_from_another_site(office: Office) -> None:
    aoki, baba, version = await ready(office)
    office.under(broadcast_again_over=9)
    async with office.browser(aoki) as a, office.browser(baba) as b:
        await a.post("/console/broadcasts", data=form(version))
        await do(a, office, "ask", **SURE)
        b.headers["sec-fetch-site"] = "cross-site"
        assert (await do(b, office, "approve", expected="10", **SURE)).status_code == 403
        b.headers["sec-fetch-site"] = "same-origin"
        office.clock.on(minutes=11)
        answer = await do(b, office, "approve", expected="10", **SURE)
        assert answer.status_code == 403
        assert "/login?next=/console/broadcasts/" in answer.text
    async with office.browser(office.member("kato", role=Role.SPECIALIST)) as low:
        assert (await do(low, office, "approve", expected="10", **SURE)).status_code == 404
    async with office.browser(baba) as fresh:
        assert (await do(fresh, office, "approve", expected="10", **SURE)).status_code == 303


async def test_N02_what_the_month_has_no_room_for_is_said_before_the_button(office: Office) -> None:
    aoki, _, version = await ready(office)
    office.write(lambda conn: pushes.told(conn, "line", 200, 145, office.clock()))
    async with office.browser(aoki) as a:
        made = await a.post("/console/broadcasts", data=form(version))
        assert "5人分足りません" in (await a.get(made.headers["location"])).text
        assert (await do(a, office, "ask", **SURE)).status_code == 422
        one = newest(office)
        more = form(version, number=str(one.id), mark=one.mark, partly="yes")
        assert (await a.post("/console/broadcasts", data=more)).status_code == 303
        assert (await do(a, office, "ask", **SURE)).status_code == 303
