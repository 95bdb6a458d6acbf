"""Appointments: set in the console, told, answered in the chat, reminded of once, and carried away as a file."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from sqlalchemy import select

from bot.conversation import hear
from dialogs.heard import Tapped
from storage import appointments, cases, inbox, news, outbox, people, talk
from storage.appointments import State
from storage.whole import metadata
from tests.knowledge.test_hours import at
from tests.web.console.meetings import did, form, found, made, remind, says, told
from tests.web.console.office import Office, at_once

pytestmark = pytest.mark.anyio
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def desk(either: Office) -> Office:
    """An office on a Monday morning, with a case that 青木 holds."""
    return made(either)


async def test_it_is_told_with_a_file_and_answered_by_one_tap(desk: Office) -> None:
    async with desk.browser(1) as browser:
        same = form()
        answers = await at_once(*(browser.post("/console/cases/1/appoint", data=same) for _ in range(3)))
        assert [one.status_code for one in answers] == [303] * 3
        (one,) = found(desk)
        (said,) = told(desk)
        when, where = "11月26日(木) 午後2時から60分", "センターの窓口(3階)"
        assert said["text"].startswith(f"相談の日時のご案内です。{when}、{where}です(担当:青木)。")
        assert [label for label, _, _ in said["buttons"]] == ["この日でよい", "別の日にしたい", "約束を取り消す"]
        (thanks,) = says(desk, Tapped(said["buttons"][0][1]))
        assert thanks["text"] == "わかりました。11月26日(木) 午後2時に、よろしくお願いします。"
        assert found(desk)[0].state is State.AGREED
        page = (await browser.get("/console/cases/1")).text
        assert "よいとのこと" in page
        assert "面談の日時でよいとのことです" in page
        await browser.post("/console/cases/1/appoint", data=form(hour="16:30", appointment="1", sequence="0"))
        (moved,) = told(desk)
        assert "日時が変わりました" in moved["text"]
        assert says(desk, Tapped(said["buttons"][2][1]))[0]["text"].startswith("この約束は、もう変わったか")
        assert (found(desk)[0].state, found(desk)[0].uid) == (State.PROPOSED, one.uid)
        (other,) = says(desk, Tapped(moved["buttons"][1][1]))
        assert "ご都合のよい日" in other["text"]
        assert "別の日にしたいとのこと" in (await browser.get("/console/cases/1")).text
        await browser.post("/console/cases/1/release")
    told(desk)
    assert "面談の約束:1件" in says(desk, Tapped("m:mine"))[0]["text"]
    assert desk.store.read(lambda conn: news.unseen(conn, 1)) == []  # the case was looked at since


async def test_only_the_holder_sets_a_time_to_come_and_nobody_else_answers_it(desk: Office) -> None:
    wrongs = [
        {"day": "2026-11-22"},
        {"day": "x"},
        {"hour": "25:00"},
        {"minutes": "61"},
        {"way": "boat"},
        {"whom": "99"},
    ]
    wrongs += [{"day": "2028-01-01"}, {"place": "あ" * 81}, {"appointment": "9", "sequence": "0"}, {"key": ""}]
    async with desk.browser(1) as browser, desk.browser(desk.member("baba")) as other:
        for wrong in wrongs:
            answer = await browser.post("/console/cases/1/appoint", data=form(**wrong))
            assert answer.status_code == 409, wrong
        assert (await other.post("/console/cases/1/appoint", data=form())).status_code == 409
        assert found(desk) == []
        await browser.post("/console/cases/1/appoint", data=form())
        assert (await other.post("/console/cases/1/unappoint", data={"appointment": "1"})).status_code == 409
    told(desk)
    event = did(desk, Tapped("at:1:0:x"), "u2")
    desk.write(lambda conn: inbox.receive(conn, desk.store.vault, [event], desk.clock()))
    desk.write(lambda conn: hear(conn, desk.store.vault, desk.mind, desk.clock()))
    told(desk)  # u2 is greeted, and no more
    assert says(desk, Tapped("at:7:0:y"))[0]["text"].startswith("この約束は")
    assert found(desk)[0].state is State.PROPOSED


async def test_reminders_come_the_day_and_the_hour_before_once_and_from_their_own_reserve(desk: Office) -> None:
    async with desk.browser(1) as browser:
        await browser.post("/console/cases/1/appoint", data=form())
    told(desk)
    desk.clock.now = at("2026-11-25 13:59")
    assert await remind(desk) == []
    desk.clock.now = at("2026-11-25 14:00")
    (day,) = await remind(desk)
    assert (day["text"][:12], day["lane"]) == ("あすの約束のお知らせです", outbox.REMINDER)
    assert await remind(desk) == []
    async with desk.browser(1) as browser:
        await browser.post("/console/cases/1/appoint", data=form(day="2026-11-27", appointment="1", sequence="0"))
    told(desk)
    desk.clock.now = at("2026-11-26 14:00")
    assert [one["text"][:12] for one in await remind(desk)] == ["あすの約束のお知らせです"]  # of the new day
    desk.clock.now = at("2026-11-27 13:00")
    assert [one["text"][:4] for one in await remind(desk)] == ["このあと"]
    assert await remind(desk) == []


async def test_what_is_called_off_or_asked_to_be_moved_is_not_reminded_of(desk: Office) -> None:
    async with desk.browser(1) as browser:
        for hour in ("14:00", "16:00"):
            await browser.post("/console/cases/1/appoint", data=form(hour=hour))
        told(desk)
        says(desk, Tapped("at:1:0:o"))
        for _ in range(2):
            off = await browser.post("/console/cases/1/unappoint", data={"appointment": "2"})
            assert off.status_code in {303, 409}
        assert len([one for one in told(desk) if "取りやめ" in one["text"]]) == 1
    desk.clock.now = at("2026-11-26 15:00")
    assert await remind(desk) == []


async def test_a_reminder_that_comes_too_late_is_not_sent_and_that_is_said(desk: Office) -> None:
    async with desk.browser(1) as browser:
        await browser.post("/console/cases/1/appoint", data=form())
    told(desk)
    desk.clock.now = at("2026-11-26 14:30")  # the bot was away for days
    assert await remind(desk) == []
    assert [one.kind for one in desk.store.read(lambda conn: news.unseen(conn, 1))] == [news.Kind.LATE]
    async with desk.browser(1) as browser:
        assert "時間どおりに送れませんでした" in (await browser.get("/console/cases/1")).text


async def test_the_calendar_file_is_one_event_that_moves_and_goes(desk: Office) -> None:
    files: list[Any] = []
    async with desk.browser(1) as browser, desk.browser() as phone:

        async def fetched() -> Any:
            (said,) = told(desk)
            path = "/" + said["page"][2].split("/", 3)[3]
            for _ in range(2):  # previews look first
                assert (await phone.get(path)).status_code == 200
            answers = [await phone.post(path) for _ in range(2)]  # a telephone asks twice
            assert [one.status_code for one in answers] == [200, 200]
            assert answers[0].headers["content-disposition"].startswith("attachment")
            desk.clock.now += timedelta(minutes=11)
            assert [(await phone.get(path)).status_code, (await phone.post(path)).status_code] == [404, 404]
            assert (await phone.post(path.replace("/file/", "/p/"))).status_code != 200  # it opens no talk
            assert b"\r\n" in answers[0].content
            return Calendar.from_ical(answers[0].content)

        await browser.post("/console/cases/1/appoint", data=form())
        files.append(await fetched())
        await browser.post("/console/cases/1/appoint", data=form(hour="16:30", appointment="1", sequence="0"))
        files.append(await fetched())
        await browser.post("/console/cases/1/unappoint", data={"appointment": "1"})
        files.append(await fetched())
    events = [one.walk("VEVENT")[0] for one in files]
    assert len({str(one["uid"]) for one in events}) == 1
    assert [int(one["sequence"]) for one in events] == [0, 1, 2]
    assert [str(one["method"]) for one in files] == ["PUBLISH", "PUBLISH", "CANCEL"]
    assert [str(one["status"]) for one in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    starts = [one["dtstart"] for one in events]
    assert [one.params["tzid"] for one in starts] == ["Asia/Tokyo"] * 3
    assert starts[0].dt == datetime(2026, 11, 26, 14, tzinfo=TOKYO)
    assert starts[1].dt == datetime(2026, 11, 26, 16, 30, tzinfo=TOKYO)
    assert [len(one.walk("VTIMEZONE")) for one in files] == [1, 1, 1]
    assert "助成" not in str([one.to_ical() for one in files])  # not what it is about


async def test_the_week_shows_everybodys_and_says_where_somebody_has_two_at_once(desk: Office) -> None:
    baba = desk.member("baba", "馬場")
    desk.case("u2")
    desk.write(lambda conn: cases.claim(conn, 2, baba, desk.clock()))
    async with desk.browser(1) as aoki, desk.browser(baba) as other:
        await aoki.post("/console/cases/1/appoint", data=form())
        await other.post("/console/cases/2/appoint", data=form(hour="14:30", whom=str(baba)))
        assert "重なっている" not in (await aoki.get("/console/appointments")).text
        await other.post("/console/cases/2/appoint", data=form(hour="14:59", whom="1"))
        page = (await aoki.get("/console/appointments")).text
        assert "時間が重なっている約束が2件あります。" in page
        assert page.count("青木さんは、同じ時間に別の約束があります。") == 2
        assert re.findall(r"<strong>(\d\d:\d\d–\d\d:\d\d)</strong>", page) == [
            "14:00–15:00",
            "14:30–15:30",
            "14:59–15:59",
        ]
        assert len(re.findall(r"<strong>\d\d:", (await other.get("/console/appointments?whose=mine")).text)) == 1
        assert "同じ時間に別の約束" in (await aoki.get("/console/cases/1")).text
        for told_week in ("1", "-1", "999", "x", "-"):
            away = await aoki.get("/console/appointments", params={"week": told_week})
            assert away.status_code == 200


def test_who_is_forgotten_leaves_no_appointment(desk: Office) -> None:
    when = appointments.When(1, desk.clock() + timedelta(days=2), 60, appointments.Way.DESK, "3階")
    desk.write(lambda conn: appointments.add(conn, desk.store.vault, 1, when, desk.clock()))
    desk.write(lambda conn: people.forget(conn, desk.head(1).person_id or 0, desk.clock()))
    rows = desk.store.read(lambda conn: conn.execute(select(metadata.tables["appointment"])).all())
    assert rows == []


async def test_on_our_own_page_the_file_is_a_link_in_the_talk(office: Office) -> None:
    office.clock.now = at("2026-11-23 10:00")
    aoki, case_id = office.member("aoki", "青木"), office.case("w1", channel="web")
    office.write(lambda conn: cases.claim(conn, case_id, aoki, office.clock()))
    async with office.browser(aoki) as browser, office.browser() as resident:
        await browser.post(f"/console/cases/{case_id}/appoint", data=form(place="", way="phone"))
        said = office.store.read(lambda conn: talk.of_case(conn, office.store.vault, case_id))[-1].body
        assert said is not None
        assert "電話です(担当:青木)" in said["text"]
        answer = await resident.post("/" + said["page"][2].split("/", 3)[3])
    assert Calendar.from_ical(answer.content).walk("VEVENT")[0].get("location") is None
