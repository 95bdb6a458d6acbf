"""A segment built by hand in a browser: the number follows every tick, on a desk and on a telephone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from storage import segments
from tests.bench import receivers
from tests.browser.desk import Desk
from tests.browser.looks import Look, wrong_in

pytestmark = pytest.mark.browser
LOOKS: tuple[Look, ...] = ((390, {"color_scheme": "light"}), (1280, {"color_scheme": "dark"}))


def test_B01_whoever_builds_a_segment_sees_whom_it_means_before_keeping_it(desk: Desk) -> None:
    receivers.fill(desk.office.store, 500, desk.office.clock())
    page = desk.window(desk.office.member("aoki"))
    page.goto("/console/segments")
    page.get_by_role("link", name="新しい配信対象").click()
    many = page.locator(".many")
    expect(many).to_have_text("0人")
    page.get_by_label("名前").fill("浅草の催し")
    page.get_by_label("催し", exact=True).check()
    expect(many).not_to_have_text("0人")
    first = many.inner_text()
    page.get_by_role("button", name="＋ 地域").click()
    page.get_by_label("浅草", exact=True).check()
    expect(many).not_to_have_text(first)
    page.get_by_role("button", name="＋ 窓口").click()
    page.get_by_label("前の条件とのつなぎ方").last.select_option("not")
    page.get_by_label("ウェブ").check()
    expect(page.locator("#means")).to_contain_text("「ウェブ」で受け取る人は除く")
    found = wrong_in(page, "building", LOOKS)
    page.screenshot(path=desk.folder / "segment.png", full_page=True)
    page.get_by_label("受け取っている全員に").check()
    expect(page.locator("#typed")).to_be_visible()
    found += wrong_in(page, "everybody", LOOKS)
    page.get_by_label("条件に合う人に").check()
    expect(page.locator("#typed")).to_have_count(0)
    page.get_by_role("button", name="この配信対象を残す").click()
    expect(page.get_by_role("status")).to_have_text("配信対象を残しました。")
    found += wrong_in(page, "all", LOOKS)
    assert found == []
    (kept,) = desk.office.store.read(segments.everything)
    assert kept.name == "浅草の催し"
