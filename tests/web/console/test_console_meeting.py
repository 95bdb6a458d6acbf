"""Appointments: set in the console, told, answered in the chat, reminded of once, and carried away as a file."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from sqlalchemy import Connection, select

from bot.conversation import hear
from bot.due import Due
from dialogs.heard import Heard, Tapped, to_json
from dialogs.uniting import Runs
from storage import appointments, cases, inbox, joined, news, outbox, people, standings, talk
from storage.appointments import Appointment, State
from storage.cases import Mode
from storage.inbox import Incoming
from storage.staff import Role
from storage.whole import metadata
from tests.knowledge.test_hours import at
from tests.web.console.office import Office, at_once, key

pytestmark = pytest.mark.anyio
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def desk(either: Office) -> Office:
    """An office on a Monday morning, with a case that 青木 holds."""
    either.clock.now = at("2026-11-23 10:00")
    aoki = either.member("aoki", "青木")
    for tap in ("m:menu", "m:consent"):
        says(either, Tapped(tap))
    case_id = either.case(mode=Mode.OPEN)
    either.write(lambda conn: cases.claim(conn, case_id, aoki, either.clock()))
    return either


def form(**other: str) -> dict[str, str]:
    told = {"day": "2026-11-26", "hour": "14:00", "minutes": "60", "way": "desk", "place": "3階", "whom": "1"}
    return told | {"key": key()} | other


def found(office: Office) -> list[Appointment]:
    return list(office.store.read(lambda conn: appointments.of_case(conn, office.store.vault, 1)))


def told(office: Office) -> list[dict[str, Any]]:
    """What left for the resident, whole, and the lane of each."""

    def job(conn: Connection) -> list[dict[str, Any]]:
        parcels = outbox.claim(conn, office.store.vault, "p", office.clock(), at_most=100)
        done = [outbox.Finished(one.id, "p", outbox.Delivery.SENT, office.clock()) for one in parcels]
        outbox.finish(conn, done)
        return [message | {"lane": one.lane} for one in parcels for message in one.messages]

    out: list[dict[str, Any]] = []
    while more := office.write(job):
        out += more
    return out


def did(office: Office, heard: Heard, who: str) -> Incoming:
    return Incoming("line", key(), who, office.clock(), {"heard": to_json(heard), "said": ""})


def says(office: Office, heard: Heard) -> list[dict[str, Any]]:
    """The resident does something; what they are answered."""
    event = did(office, heard, "u1")
    office.write(lambda conn: inbox.receive(conn, office.store.vault, [event], office.clock()))
    office.write(lambda conn: hear(conn, office.store.vault, office.mind, office.clock()))
    return told(office)


async def remind(office: Office) -> list[dict[str, Any]]:
    """Two processes look at once."""
    due = [Due(office.store, office.room.desk, office.clock) for _ in range(2)]
    await at_once(*(one.look() for one in due))
    return told(office)


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
