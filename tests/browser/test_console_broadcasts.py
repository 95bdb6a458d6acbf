"""A broadcast in a browser: written, seen, agreed to, watched and stopped, on a desk and on a telephone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import Connection

from storage import broadcasts, chunks
from storage.crowd import Group, Packed
from storage.outbox import BULK
from tests.browser.desk import Desk
from tests.browser.looks import Look, wrong_in
from tests.web.console.test_console_broadcasts import WORDS, people_to_tell

pytestmark = pytest.mark.browser
LOOKS: tuple[Look, ...] = ((390, {"color_scheme": "light"}), (1280, {"color_scheme": "dark"}))


def test_B07_B09_composed_by_one_agreed_to_by_another_watched_and_stopped(desk: Desk) -> None:
    office = desk.office
    aoki, baba = office.member("aoki", "青木"), office.member("baba", "馬場")
    people_to_tell(office, aoki)
    page = desk.window(aoki)
    page.goto("/console/broadcasts")
    page.get_by_role("link", name="新しく書く").click()
    page.get_by_label("見出し").fill("清掃活動")
    page.get_by_label("だれに送りますか").select_option(index=1)
    page.get_by_label("本文: 日本語", exact=True).fill("{name}さん、11月29日に区民館で清掃活動があります。")
    found = wrong_in(page, "writing", LOOKS)
    page.get_by_role("button", name="下書きを保存").click()
    expect(page.get_by_text("書き入れていないところがあります: {name}")).to_be_visible()
    found += wrong_in(page, "stopped by its words", LOOKS)
    page.get_by_role("link", name="書きなおす").click()
    page.get_by_label("本文: 日本語", exact=True).fill(WORDS)
    page.get_by_role("button", name="下書きを保存").click()
    page.get_by_label("上のところを").check()
    found += wrong_in(page, "ready", LOOKS)
    page.get_by_role("button", name="承認をたのむ").click()
    expect(page.get_by_text("ほかの人の承認を待っています")).to_be_visible()
    other = desk.window(baba)
    other.goto("/console/broadcasts/1")
    other.get_by_label("上のところを").check()
    found += wrong_in(other, "to be agreed to", LOOKS)
    other.get_by_role("button", name="33人に送ることを承認する").click()
    expect(other.get_by_text("承認しました。")).to_be_visible()
    office.write(lambda conn: under_way(conn, desk))
    other.goto("/console/broadcasts/1")
    expect(other.locator("#progress .many")).to_have_text("0 / 33人")
    office.write(lambda conn: goes_on(conn, desk))
    expect(other.locator("#progress .many")).to_have_text("3 / 33人")  # by itself
    found += wrong_in(other, "under way", LOOKS)
    other.screenshot(path=desk.folder / "broadcast.png", full_page=True)
    other.get_by_role("button", name="今すぐ止める").click()
    expect(other.get_by_text("止めました。残りの人には送りません。")).to_be_visible()
    assert found == []


def under_way(conn: Connection, desk: Desk) -> None:
    """The first broadcast has begun, to thirty on LINE and three on Telegram."""
    one, packed = broadcasts.find(conn, 1), Packed()
    assert one is not None
    assert broadcasts.start(conn, one, desk.office.clock())
    packed.groups[Group("line", "ja")].extend(range(1, 31))
    packed.groups[Group("telegram", "en")].extend(range(31, 34))
    chunks.freeze(conn, (1, BULK), packed, None, desk.office.clock())


def goes_on(conn: Connection, desk: Desk) -> None:
    """Those on Telegram are told."""
    now = desk.office.clock()
    [got] = chunks.claim(conn, chunks.Taker("me"), ("telegram", BULK), now, 1)
    assert chunks.finish(conn, chunks.Finished(got, "me", "aau", now))
