"""Grants for everybody and in the console: pages, feeds and data; written, checked by another, taken from a file."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar

from knowledge.grant_csv import read as read_csv
from storage import audit, grants
from storage.grants import Grant, State
from tests.grants import content, put
from tests.knowledge.test_grants import HEAD, LINE
from tests.web.console.office import Office

pytestmark = pytest.mark.anyio


def call(office: Office, days: int = 20, check: bool = True, ago: int = 0, **other: Any) -> Grant:
    what = content(office.mind.local(office.clock()).date() + timedelta(days=days), **other)
    made = office.write(lambda conn: put(conn, what, office.clock(), check=check, ago=ago))
    assert isinstance(made, Grant)
    return made


async def test_open_calls_alone_are_shown_without_a_script_and_vanish_by_themselves(office: Office) -> None:
    of = call(office, 20, name="<b>助成</b>", fields=["nature"])
    call(office, 30, check=False, name="まだ秘密")
    call(office, -1, name="終わった助成")
    old = call(office, 40, ago=181, name="古い助成")
    async with office.browser() as browser:
        listing = await browser.get("/grants")
        assert "&lt;b&gt;助成" in listing.text
        assert "まだ秘密" not in listing.text + (await browser.get("/grants.csv")).text
        assert "終わった助成" not in listing.text
        assert listing.text.count("しばらく確かめていません") == 1
        assert "<script src" not in listing.text
        again = await browser.get("/grants", headers={"if-none-match": listing.headers["etag"]})
        assert again.status_code == 304
        for query, there in (("field=nature", True), ("field=town", False), ("form=npo", True), ("field=x", True)):
            assert (f'href="/grants/{of.id}"' in (await browser.get(f"/grants?{query}")).text) is there
        assert "必ず元のページをご覧ください" in (await browser.get(f"/grants/{old.id}")).text
        assert (await browser.get(f"/grants/{of.id}")).status_code == 200
        office.clock.on(days=22)
        assert (await browser.get(f"/grants/{of.id}")).status_code == 404


async def test_calendar_feed_and_data_say_the_same(office: Office) -> None:
    of = call(office, name="<b>助成</b>", delivery="postmark")
    async with office.browser() as browser:
        answers = {kind: await browser.get(f"/grants.{kind}") for kind in ("ics", "atom", "csv", "json")}
        one = await browser.get(f"/grants/{of.id}.ics")
    [entry] = Calendar.from_ical(answers["ics"].content).walk("VEVENT")
    assert entry["SUMMARY"] == "締切(消印有効) <b>助成</b>"
    assert f"DTSTART;VALUE=DATE:{of.content.closes:%Y%m%d}" in answers["ics"].text
    assert len(Calendar.from_ical(one.content).walk("VEVENT")) == 1
    assert "<title>&lt;b&gt;助成" in answers["atom"].text
    assert [found.content for found in read_csv(answers["csv"].content).found] == [of.content]
    assert json.loads(answers["json"].text)["助成一覧"][0]["名前"] == "<b>助成</b>"


async def test_who_wrote_a_call_cannot_check_it_and_a_change_stays_unseen_until_then(office: Office) -> None:
    writer, reader = office.member("writer"), office.member("reader")
    form = {"name": "助成A", "funder": "財団", "closes": "2099-01-10", "delivery": "arrive", "url": "https://x.jp/"}
    form |= {"forms": "npo", "ceiling": "1,000,000円", "years_from": "3"}
    async with office.browser(writer) as one, office.browser(reader) as other, office.browser() as anybody:
        at = (await one.post("/console/grants/new", data=form)).headers["location"].partition("?")[0]
        assert (await one.post(f"{at}/check", data={"after": "1"})).status_code == 409
        assert (await other.post(f"{at}/check", data={"after": "0"})).status_code == 409  # not what they looked at
        assert (await other.post(f"{at}/check", data={"after": "1"})).status_code == 303
        assert "助成A</a>" in (await anybody.get("/grants")).text
        await one.post(at, data=form | {"name": "助成B", "after": "1"})
        assert "助成B" not in (await anybody.get("/grants")).text
        assert (await one.post(at, data=form | {"after": "1"})).status_code == 409  # somebody was quicker
        await other.post(f"{at}/check", data={"after": "2"})
        assert "助成B" in (await anybody.get("/grants")).text
        assert (await one.post(f"{at}/check", data={"after": "2"})).status_code == 303  # checked again, by anybody
        wrong = await one.post("/console/grants/new", data=form | {"closes": "年末"})
        assert (wrong.status_code, "「締切」を直してください" in wrong.text) == (422, True)
        page = (await other.get(at)).text
        assert "これまで(5)" in page
        assert (await other.post(f"{at}/away", data={})).status_code == 303
        assert "助成B" not in (await anybody.get("/grants")).text
    audit.check(office.store)


async def test_two_clicks_and_a_stale_tab_leave_one_call_and_wide_digits_are_digits(office: Office) -> None:
    form = {"name": "助成A", "funder": "財団", "closes": "2099-01-10", "delivery": "arrive", "url": "https://x.jp/"}
    async with office.browser(office.member("writer")) as one:
        made = [await one.post("/console/grants/new", data=form | {"ceiling": "１００，０００円"}) for _ in range(2)]
        at = made[0].headers["location"].partition("?")[0]
        assert made[1].headers["location"].startswith(at)
        assert [of.content.ceiling for of in office.store.read(grants.latest)] == [100_000]
        assert [(await one.post(at, data=form | {"after": "1"})).status_code for _ in range(2)] == [303, 303]
        stale = await one.post(at, data=form | {"name": "助成C", "after": "1"})
        assert (stale.status_code, 'name="after" value="1"' in stale.text) == (409, True)
        for closes in ("9999-12-31", "0001-01-01"):  # what is worked out from them would break
            assert (await one.post("/console/grants/new", data=form | {"closes": closes})).status_code == 422
        assert [(await one.post(f"{at}/away", data={})).status_code for _ in range(2)] == [303, 303]


async def test_a_file_is_shown_before_it_is_taken_and_not_taken_while_a_row_is_wrong(office: Office) -> None:
    member, other = office.member("taker"), office.member("other")
    good, bad = (HEAD + LINE).encode("cp932"), (HEAD + LINE + LINE.replace("必着", "?")).encode()
    async with office.browser(member) as browser, office.browser(other) as stranger:
        page = await browser.post("/console/grants/import", files={"file": ("a.csv", bad)})
        assert "3行目 締切の方法 決まった言葉ではありません" in page.text
        assert "まだ何も取りこんでいません" in page.text
        page = await browser.post("/console/grants/import", files={"file": ("a.csv", good)})
        assert "新しいもの 1件" in page.text
        assert office.store.read(grants.latest) == []
        number = page.text.partition('name="number" value="')[2].partition('"')[0]
        taken = "/console/grants/import/take"
        assert (await stranger.post(taken, data={"number": number})).status_code == 409
        assert (await browser.post(taken, data={"number": number})).status_code == 303
        assert (await browser.post(taken, data={"number": number})).status_code == 409
        [made] = office.store.read(grants.latest)
        assert made.state is State.DRAFT
        page = await browser.post("/console/grants/import", files={"file": ("a.csv", good)})
        assert "同じもの 1件" in page.text
