"""Coming in with a code, one's own page, the people of the centre, and a desk that locks: how they look and work."""

from __future__ import annotations

import pyotp
import pytest
from playwright.sync_api import Page, expect

from storage.staff import Role
from tests.browser.desk import Desk
from tests.browser.looks import Look, wrong_in

pytestmark = pytest.mark.browser
LOOKS: tuple[Look, ...] = ((390, {"color_scheme": "light"}), (1280, {"color_scheme": "dark"}))
GOOD = "合言葉は秋の隅田川です"


def _set_password(page: Page) -> None:
    page.goto("/me")
    page.fill("#new", GOOD)
    page.get_by_role("button", name="パスワードを決める").click()
    expect(page.get_by_text("パスワードを決めました")).to_be_visible()


def test_A01_A03_setting_up_a_second_factor_and_coming_in_with_it(desk: Desk) -> None:
    office = desk.office
    office.member("aoki", "青木 さゆり")
    page, found = desk.window(1), list[str]()
    _set_password(page)
    found += wrong_in(page, "me", LOOKS)
    page.get_by_role("link", name="設定をはじめる").click()
    found += wrong_in(page, "before", LOOKS)
    page.get_by_role("button", name="設定をはじめる").click()
    found += wrong_in(page, "picture", LOOKS)
    shown = pyotp.TOTP(page.locator(".spelt").inner_text().replace(" ", ""))
    page.fill("#code", shown.at(office.clock()))
    page.get_by_role("button", name="設定する").click()
    expect(page.locator(".codes li")).to_have_count(10)
    found += wrong_in(page, "recovery codes", LOOKS)
    fresh = desk.window()
    fresh.goto("/login?next=%2Fme")
    fresh.fill("#login", "aoki")
    fresh.fill("#password", GOOD)
    fresh.keyboard.press("Enter")
    expect(fresh.locator("#code")).to_be_focused()
    fresh.keyboard.type("000000")
    fresh.keyboard.press("Enter")
    expect(fresh.locator("#wrong")).to_be_visible()
    found += wrong_in(fresh, "wrong code", LOOKS)
    office.clock.on(seconds=30)
    fresh.keyboard.type(shown.at(office.clock()))
    fresh.keyboard.press("Enter")
    expect(fresh.get_by_text("いま使っている端末")).to_be_visible()
    assert found == []


def test_a_desk_locks_by_itself_and_what_was_being_written_is_there_again(desk: Desk) -> None:
    office = desk.office
    case_id = office.case()
    page = desk.window(office.member("aoki", "青木 さゆり"))
    _set_password(page)
    page.goto(f"/console/cases/{case_id}")
    page.get_by_role("button", name="担当する").click()
    page.locator("#reply-text").fill("隅田川の下書きです。")
    office.clock.on(minutes=20)
    page.wait_for_url("**/login/locked?next=**")
    assert "隅田川" not in page.content()
    assert wrong_in(page, "locked", LOOKS) == []
    page.keyboard.type(GOOD)
    page.keyboard.press("Enter")
    expect(page.locator("#reply-text")).to_have_value("隅田川の下書きです。")
    assert page.url.endswith(f"/console/cases/{case_id}")


def test_A01_A03_a_manager_looks_after_people_and_steps_aside_from_a_case(desk: Desk) -> None:
    office = desk.office
    case_id = office.case()
    chief = office.member("chief", "山田 花子", Role.MANAGER)
    office.member("kato", "加藤 進", Role.SPECIALIST)
    page, found = desk.window(chief), list[str]()
    page.goto("/console/people")
    page.locator(".people summary").first.click()
    found += wrong_in(page, "people", LOOKS)
    page.fill("#login", "sato")
    page.fill("#name", "佐藤 恵")
    page.get_by_role("button", name="加えて、リンクを作る").click()
    expect(page.locator(".link")).to_contain_text("/login/once?t=")
    found += wrong_in(page, "invited", LOOKS)
    page.goto(f"/console/cases/{case_id}")
    for summary in page.locator(".standing summary").all():
        summary.click()
    found += wrong_in(page, "standing", LOOKS)
    page.goto("/console/record")
    found += wrong_in(page, "record", LOOKS)
    page.goto(f"/console/cases/{case_id}")
    page.get_by_text("この件には関わりません").click()
    page.get_by_role("button", name="関わらないことにする").click()
    expect(page.get_by_text("担当を待っている相談はありません")).to_be_visible()
    assert found == []
