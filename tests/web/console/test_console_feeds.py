"""Feeds in the console: followed and left, what they kept back decided on, their leads made into drafts."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection
from starlette.datastructures import FormData

from bot.web.console.event_form import read
from knowledge.event import Content
from storage import event_offers, events, feeds, grants, outbox
from storage.event_offers import Offer
from storage.events import Change, Span
from storage.feeds import Feed, Kind, Lead, Look
from tests.each import each
from tests.web.console.office import Office

pytestmark = pytest.mark.anyio
TOKYO = ZoneInfo("Asia/Tokyo")
LEAD = Lead("u1", "<b>まつり</b>の手伝い", "https://city.example.jp/1", "案内", "m")
FORM = {"organiser": "町会", "dates": "2026-12-05 10:00-12:00", "what": "event", "way": "none"}
CALL = {"funder": "財団", "closes": "2026-12-20", "delivery": "arrive"}


def feed_of(office: Office, kind: Kind) -> Feed:
    [found] = office.store.read(lambda conn: feeds.every(conn, kind))
    return found


async def test_an_address_inside_is_refused_and_what_is_kept_back_is_told_until_somebody_decides(
    office: Office,
) -> None:
    member = office.member("sato")
    async with office.browser(member) as browser:
        bad = await browser.post("/console/events/feeds", data={"url": "http://127.0.0.1/x"}, follow_redirects=True)
        assert "このアドレスは使えません" in bad.text
        good = {"url": "https://city.example.jp/feed", "oldest_days": "30", "at_most": "5"}
        await browser.post("/console/events/feeds", data=good)
        one = feed_of(office, Kind.EVENTS)
        assert (one.oldest_days, one.at_most) == (30, 5)
        office.write(lambda conn: feeds.looked(conn, one, Look("ok", held=40, why="many"), office.clock()))
        assert "city.example.jp のフィードに、一度に40件" in (await browser.get("/console")).text
        assert "一度に40件は多すぎる" in (await browser.get("/console/events/import")).text
        await browser.post("/console/events/feeds", data={"seen": one.id})
        assert "city.example.jp" not in (await browser.get("/console")).text
        await browser.post("/console/events/feeds", data={"allow": one.id})
        assert feed_of(office, Kind.EVENTS).allowed == 40
        await browser.post("/console/events/feeds", data={"gone": one.id})
        assert office.store.read(lambda conn: feeds.every(conn, Kind.EVENTS)) == []


@pytest.mark.parametrize(
    ("look", "shown"),
    [
        (Look("ok"), "読みました。半年より"),
        (Look("wrong 12 0"), "読みました。12件は読みとれませんでした。半年"),
        (Look("wrong 12 9"), "12件は読みとれませんでした。うち9件は、くりかえしの計算が多すぎるためです。"),
        (Look("wrong 12"), "12件は読みとれませんでした。半年"),
        (Look("HTTP 503", failed=True), "読めませんでした(HTTP 503)。"),
    ],
    ids=["read", "partly", "too_much_work", "partly_by_the_release_before", "not"],
)
async def test_the_page_says_how_the_last_look_went(office: Office, look: Look, shown: str) -> None:
    async with office.browser(office.member("sato")) as browser:
        await browser.post("/console/events/feeds", data={"url": "https://city.example.jp/feed"})
        assert "これから見ます。" in (await browser.get("/console/events/import")).text
        one = feed_of(office, Kind.EVENTS)
        office.write(lambda conn: feeds.looked(conn, one, look, office.clock()))
        assert shown in (await browser.get("/console/events/import")).text


@pytest.mark.parametrize("kind", list(Kind))
async def test_a_lead_fills_the_form_and_is_gone_once_somebody_made_a_draft_of_it(office: Office, kind: Kind) -> None:
    member, place = office.member("sato"), f"/console/{kind.value}"
    async with office.browser(member) as browser:
        await browser.post(f"{place}/feeds", data={"url": "https://city.example.jp/feed"})
        one = feed_of(office, kind)
        office.write(lambda conn: feeds.propose(conn, one, [LEAD], office.clock()))
        [lead] = office.store.read(lambda conn: feeds.leads(conn, kind))
        assert "フィードの候補(1)" in (await browser.get(place)).text
        assert "&lt;b&gt;まつり" in (await browser.get(f"{place}/import")).text
        form = (await browser.get(f"{place}/new?lead={lead.id}")).text
        assert 'value="https://city.example.jp/1"' in form
        told = FORM | {"title": "まつり"} if kind is Kind.EVENTS else CALL | {"name": "まつり", "url": LEAD.url}
        assert (await browser.post(f"{place}/new", data=told | {"lead": lead.id})).status_code == 303
    assert office.store.read(lambda conn: feeds.leads(conn, kind)) == []
    titles = [one.content.title for one in office.store.read(events.latest)]
    names = [one.content.name for one in office.store.read(grants.latest)]
    assert titles + names == ["まつり"]


async def test_what_was_read_is_what_is_published_and_whoever_offered_it_is_told(office: Office) -> None:
    member, start = office.member("sato"), office.clock() + timedelta(days=5)
    span = Span(start, start + timedelta(hours=2))

    def offered(conn: Connection) -> int:
        contact, person = office.who(conn, "line", "u1")
        change = Change(Content(title="会", organiser="町会"), [span], None)
        number = events.add(conn, change, office.clock())
        event_offers.keep(conn, Offer(number, person.id, contact.id), office.clock())
        return number

    which = office.write(offered)
    async with office.browser(member) as browser:
        assert "団体から" in (await browser.get("/console/events")).text
        assert "自動で知らせます" in (await browser.get(f"/console/events/{which}")).text
        assert (await browser.post(f"/console/events/{which}/publish", data={"after": "0"})).status_code == 409
        assert (await browser.post(f"/console/events/{which}/publish", data={"after": "1"})).status_code == 303
        assert "団体から" not in (await browser.get("/console/events")).text
    later = office.clock() + timedelta(days=1)
    claimed = office.write(lambda conn: outbox.claim(conn, office.store.vault, "p", later, at_most=9))
    assert ["「会」を公開しました" in one.messages[0]["text"] for one in claimed] == [True]


@each(
    ("first", "how", "until", "wanted"),
    [
        ("2026-12-12", "month", "2027-03-31", ["12-12", "01-09", "02-13", "03-13"]),  # every second Saturday
        ("2026-12-12", "14", "2027-01-09", ["12-12", "12-26", "01-09"]),
        ("2028-02-29", "7", "2028-03-07", ["02-29", "03-07"]),
        ("2026-12-12", "", "", ["12-12"]),
        ("2026-12-12", "7", "", []),
        ("2026-12-12", "7", "2027-02-30", []),
        ("2026-01-01", "7", "2036-12-31", None),
    ],
)
def test_every_second_saturday_until_a_day_becomes_dates(
    first: str, how: str, until: str, wanted: list[str] | None
) -> None:
    given = {"title": "会", "organiser": "町会", "what": "event", "way": "none"}
    typed = read(FormData(given | {"dates": f"{first} 10:00-12:00", "repeat": how, "until": until}), TOKYO)
    if wanted is None:
        assert 50 < len(typed.spans) < 55  # a year at most
    else:
        assert [f"{one.starts_at:%m-%d}" for one in typed.spans] == wanted
        assert bool(typed.wrong) is not bool(wanted)
