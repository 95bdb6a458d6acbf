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


def test_a_segment_by_group_and_by_taking_part_is_built_by_hand(desk: Desk) -> None:
    receivers.fill(desk.office.store, 500, desk.office.clock())
    page = desk.window(desk.office.member("aoki"))
    page.goto("/console/segments?edit=0")
    many = page.locator(".many")
    page.get_by_role("button", name="この条件を消す").click()
    page.get_by_role("button", name="＋ 団体の種類").click()
    page.get_by_label("NPO法人").check()
    expect(many).not_to_have_text("0人")
    page.get_by_role("button", name="＋ 催しや講座への参加").click()
    page.get_by_label("前の条件とのつなぎ方").last.select_option("or")
    page.get_by_label("どの催しか").select_option("course")
    page.get_by_label("受付をして、来た人").check()
    page.get_by_label("何日前からの参加か").fill("400")
    page.get_by_label("何日前からの参加か").blur()
    expect(page.locator("#means")).to_contain_text("またはこの400日のうちに「講座のどれか」に来た人")
    assert wrong_in(page, "by group and taking part", LOOKS) == []
    page.screenshot(path=desk.folder / "segment-took.png", full_page=True)
