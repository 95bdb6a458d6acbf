"""The events for everybody: list, page, calendar, feed and data, without a script; taken from files and feeds."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta

import httpx2
import pytest
from icalendar import Calendar
from sqlalchemy import Connection

from bot.asking_out import Refused, checked, outside
from bot.certificate import certificate
from bot.event_in import read
from bot.mind import Mind
from knowledge.event import Content, Target, Way, What
from knowledge.event_csv import read as read_csv
from storage import events, sign_ups
from storage.events import Change, Event, Span, State
from tests.each import each
from tests.web.console.office import Office

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 1, tzinfo=UTC)
ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//x//
BEGIN:VEVENT
UID:a@x
SUMMARY:朝の体操
DTSTART;TZID=Asia/Tokyo:20261205T063000
DTEND;TZID=Asia/Tokyo:20261205T070000
LOCATION:公園
END:VEVENT
BEGIN:VEVENT
UID:b@x
SUMMARY:日なし
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def put(office: Office, publish: bool = True, **other: object) -> Event:
    content = Content.model_validate({"title": "<b>落ち葉</b>", "organiser": "町会", "place": "浅草公会堂"} | other)
    start = office.clock() + timedelta(days=3)

    def job(conn: Connection) -> Event:
        made = events.find(
            conn, events.add(conn, Change(content, [Span(start, start + timedelta(hours=2))], None), office.clock())
        )
        assert made is not None
        if publish:
            assert events.publish(conn, made, None, office.clock())
        return made

    made = office.write(job)
    assert isinstance(made, Event)
    return made


async def test_list_and_page_need_no_script_and_show_what_was_published_alone(office: Office) -> None:
    of, hidden = put(office, free=True, targets=[Target.CHILDREN]), put(office, publish=False, title="まだ秘密")
    async with office.browser() as browser:
        listing = await browser.get("/events")
        assert "&lt;b&gt;落ち葉" in listing.text
        assert "まだ秘密" not in listing.text
        assert "<script src" not in listing.text
        assert listing.headers["cache-control"] == "public, max-age=60"
        again = await browser.get("/events", headers={"if-none-match": listing.headers["etag"]})
        assert again.status_code == 304
        page = await browser.get(f"/events/{of.id}")
        assert 'itemtype="https://schema.org/Event"' in page.text
        assert "<b>落ち葉" not in page.text
        assert (await browser.get(f"/events/{hidden.id}")).status_code == 404
        for query, there in (("free=1", True), ("for=seniors", False), ("near=浅草", True), ("near=上野", False)):
            assert (f"/events/{of.id}" in (await browser.get(f"/events?{query}")).text) is there


async def test_the_page_for_everybody_has_easy_japanese_where_it_was_written(office: Office) -> None:
    both = put(office, about="落葉を清掃します。", easy="おちばを ひろいます。")
    plain = put(office, about="落葉を清掃します。")
    async with office.browser() as browser:
        page, other = [(await browser.get(f"/events/{of.id}")).text for of in (both, plain)]
    assert '<h2 id="easy">やさしい日本語</h2><p>おちばを ひろいます。</p>' in page
    assert "落葉を清掃します。" in page
    assert 'id="easy"' not in other
    assert "落葉を清掃します。" in other


async def test_calendar_feed_and_data_say_the_same(office: Office) -> None:
    of = put(office)
    async with office.browser() as browser:
        answers = {kind: await browser.get(f"/events.{kind}") for kind in ("ics", "atom", "csv", "json")}
        one = await browser.get(f"/events/{of.id}.ics")
    [entry] = Calendar.from_ical(answers["ics"].content).walk("VEVENT")
    assert entry["SUMMARY"] == "<b>落ち葉</b>"
    assert len(Calendar.from_ical(one.content).walk("VEVENT")) == 1
    assert "<entry>" in answers["atom"].text
    assert "<title>&lt;b&gt;落ち葉" in answers["atom"].text
    assert [found.content.title for found in read_csv(answers["csv"].content).found] == ["<b>落ち葉</b>"]
    assert json.loads(answers["json"].text)["イベント一覧"][0]["イベント名"] == "<b>落ち葉</b>"


async def test_who_wrote_it_cannot_publish_it_and_a_change_stays_unseen_until_somebody_read_it(office: Office) -> None:
    writer, reader = office.member("writer"), office.member("reader")
    form = {"title": "会", "organiser": "町会", "dates": "2026-12-05 10:00-12:00", "what": "event", "way": "bot"}
    async with office.browser(writer) as one, office.browser(reader) as other, office.browser() as anybody:
        at = (await one.post("/console/events/new", data=form)).headers["location"].partition("?")[0]
        assert (await one.post(f"{at}/publish", data={"after": "1"})).status_code == 409
        assert (await other.post(f"{at}/publish", data={"after": "1"})).status_code == 303
        assert "会</a>" in (await anybody.get("/events")).text
        await one.post(at, data=form | {"title": "新しい会", "after": "1"})
        assert "新しい会" not in (await anybody.get("/events")).text
        assert (await one.post(at, data=form | {"after": "1"})).status_code == 409  # somebody was quicker
        await other.post(f"{at}/publish", data={"after": "2"})
        assert "新しい会" in (await anybody.get("/events")).text
        wrong = await one.post("/console/events/new", data=form | {"dates": "あした"})
        assert (wrong.status_code, "日時の行を読みとれません" in wrong.text) == (422, True)


async def test_the_door_lets_a_code_in_once_and_a_course_gives_a_certificate(office: Office) -> None:
    of, door = put(office, what=What.COURSE, way=Way.BOT), office.member("door")

    def job(conn: Connection) -> str:
        contact, person = office.who(conn, "line", "u1")
        asked = []
        for who, people in (("u2", 3), ("u3", 1)):
            other, theirs = office.who(conn, "line", who)
            asked.append(sign_ups.ask(conn, of.dates[0].id, (theirs.id, other.id), people, office.clock()))
        assert sign_ups.leave(conn, asked[1], sign_ups.State.LEFT)
        return sign_ups.ask(conn, of.dates[0].id, (person.id, contact.id), 2, office.clock()).code

    code = str(office.write(job))
    async with office.browser(door) as browser, office.browser() as anybody:
        assert "<img src=" in (await anybody.get(f"/events/t/{code}")).text
        assert (await anybody.get("/events/t/NOBODY2345")).status_code == 404
        assert "2人を受け付ける" in (await browser.get(f"/console/door?c={code}")).text
        assert "今日の催しではありません" in (await browser.post("/console/door", data={"c": code})).text
    office.clock.on(days=3)
    async with office.browser(door) as browser:
        assert "受け付けました。" in (await browser.post("/console/door", data={"c": code})).text
        assert "もう使われました" in (await browser.post("/console/door", data={"c": code})).text
        paper = await browser.post("/console/door/certificate", data={"c": code, "name": "山田 花子"})
        page = (await browser.get(f"/console/events/{of.id}")).text
        assert "来る予定 5人・来た 2人" in page
        assert "来なかった" not in page  # it is not over yet
        assert "修了証を受け取れる人: 1件" in page
        office.clock.on(hours=3)
        assert "来る予定 5人・来た 2人・来なかった 3人" in (await browser.get(f"/console/events/{of.id}")).text
    assert paper.content.startswith(b"%PDF-")


async def test_a_course_of_several_days_is_summed_for_each_and_for_all(office: Office) -> None:
    editor, start = office.member("editor"), office.clock() + timedelta(days=1)
    spans = [Span(start + timedelta(days=day), start + timedelta(days=day, hours=1)) for day in (0, 7)]
    course = Content(title="会計の講座", organiser="センター", what=What.COURSE, way=Way.BOT)
    made = office.write(lambda conn: events.add(conn, Change(course, spans, editor), office.clock()))

    def job(conn: Connection) -> None:
        now, of = office.clock(), events.find(conn, made)
        assert of is not None
        assert events.publish(conn, of, None, now)
        first, second = of.dates
        for who, day, people, came in (("u1", first, 2, True), ("u2", first, 3, False), ("u1", second, 4, True)):
            contact, person = office.who(conn, "line", who)
            one = sign_ups.ask(conn, day.id, (person.id, contact.id), people, now)
            assert not came or sign_ups.arrive(conn, one, now)

    office.write(job)
    office.clock.on(days=30)
    async with office.browser(editor) as browser:
        page = (await browser.get(f"/console/events/{made}")).text
    sums = re.findall("来る予定 [0-9]+人・来た [0-9]+人・来なかった [0-9]+人", page)
    days = ["来る予定 5人・来た 2人・来なかった 3人", "来る予定 4人・来た 4人・来なかった 0人"]
    assert sums == [*days, "来る予定 9人・来た 6人・来なかった 3人"]
    assert "全部の日" in page.partition(days[1])[2]


def test_a_certificate_is_one_page_that_is_always_the_same() -> None:
    day = date(2026, 12, 5)
    content = Content(title="会計の講座" * 12, organiser="センター")
    assert certificate("山田", content, day) == certificate("山田", content, day)


async def test_C26_a_file_is_previewed_and_taken_whole_or_not_at_all_and_changes_are_found(office: Office) -> None:
    member = office.member("taker")
    head = "NO,イベント名,開始日,場所名称\n"

    async def send(browser: httpx2.AsyncClient, rows: str) -> httpx2.Response:
        return await browser.post("/console/events/import", files={"file": ("a.csv", (head + rows).encode("cp932"))})

    async with office.browser(member) as browser:
        bad = await send(browser, "1,祭り,2026-12-05,公園\n2,祭り,いつか,公園\n")
        assert "3行目 開始日" in bad.text
        assert office.store.read(events.latest) == []
        for rows, said in (
            ("1,祭り,2026-12-05,公園\n2,会,2026-12-06,\n", "新しいもの 2件、変わったもの 0件、同じもの 0件"),
            ("1,祭り,2026-12-07,公園\n2,会,2026-12-06,\n", "新しいもの 0件、変わったもの 1件、同じもの 1件"),
        ):
            good = await send(browser, rows)
            assert said in good.text
            number = good.text.partition('name="number" value="')[2].partition('"')[0]
            took = [await browser.post("/console/events/import/take", data={"number": number}) for _ in range(2)]
            assert [one.status_code for one in took] == [303, 409]
    found = {one.content.title: one for one in office.store.read(events.latest)}
    assert (len(found), found["祭り"].state, found["祭り"].version) == (2, State.DRAFT, 2)


def test_calendars_and_feeds_are_read_and_what_has_no_date_is_named(mind: Mind) -> None:
    found = read(ICS.encode(), mind.zone, NOW)
    assert [one.content.title for one in found.found] == ["朝の体操"]
    assert found.found[0].spans[0].starts_at.isoformat() == "2026-12-05T06:30:00+09:00"
    assert [one.why for one in found.wrong] == ["day"]
    item = "<item><title>{}</title><guid>{}</guid>{}</item>"
    dated = item.format("会", 1, "<ev:startdate>2026-12-05T10:00:00+09:00</ev:startdate>")
    items = dated + item.format("記事", 2, "")
    rss = f'<rss xmlns:ev="http://purl.org/rss/1.0/modules/event/"><channel>{items}</channel></rss>'
    found = read(rss.encode(), mind.zone, NOW)
    assert ([one.content.title for one in found.found], len(found.wrong)) == (["会"], 1)
    bomb = b'<!DOCTYPE x [<!ENTITY a "b">]><rss/>'
    assert [one.why for one in read(bomb, mind.zone, NOW).wrong] == ["broken"]


@each(
    "url",
    [
        "http://127.0.0.1/x", "http://localhost/x", "http://[::1]/x", "http://[::ffff:10.0.0.1]/x", "http://2130706433/",
        "http://0x7f000001/", "http://169.254.169.254/latest", "http://192.168.1.1/", "ftp://city.example/", "file:///etc",
        "http://user@city.example/", "http://city.example:22/", "http://intranet/", "http://db.internal/",
        "http://[64:ff9b::7f00:1]/",
    ],
)  # fmt: skip
def test_C22_no_feed_is_asked_inside(url: str) -> None:
    with pytest.raises(Refused):
        checked(url)


@each(
    ("address", "yes"), [("93.184.216.34", True), ("10.0.0.1", False), ("::ffff:127.0.0.1", False), ("fe80::1", False)]
)
def test_C22_an_address_behind_a_name_is_judged_as_well(address: str, yes: bool) -> None:
    assert outside(address) is yes
