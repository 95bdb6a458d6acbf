"""The settings desk, the first steps, the people and the passkeys in a real browser: seen, pressed, read by axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from storage import passkeys
from storage.staff import Role
from tests import ours
from tests.browser.desk import Desk
from tests.browser.looks import Look, wrong_in
from tests.web.console.office import Office

pytestmark = pytest.mark.browser
LOOKS: list[Look] = [(1280, {}), (390, {"color_scheme": "dark"})]


@pytest.fixture
def office(office: Office) -> Office:
    """A centre that may set things without others seeing it."""
    return Office(office.store, office.clock, ours.own_mind(), office.settings)


def _unfold(page: Page, within: str) -> None:
    for one in page.locator(f"{within} summary").all():
        one.click()


def test_A01_A03_a_manager_takes_the_first_steps_changes_a_setting_and_goes_back(desk: Desk) -> None:
    chief = desk.office.member("chief", "山田 花子", Role.MANAGER)
    page, found = desk.window(chief), list[str]()
    page.goto("/console/begin")
    found += wrong_in(page, "begin", LOOKS)
    page.locator("#phone").fill("03-1111-2222")
    page.get_by_role("button", name="残して次へ").click()
    page.get_by_role("link", name="担当者の管理").click()
    page.locator(".people summary").first.click()
    found += wrong_in(page, "people and duty", LOOKS)
    page.goto("/console/settings")
    _unfold(page, "#part-hours")
    _unfold(page, "#part-clocks")
    found += wrong_in(page, "settings", LOOKS)
    part = page.locator("#part-centre")
    part.locator("summary").first.click()
    part.locator("#centre-phone").fill("{{ 7 }}")
    part.get_by_label("変える理由").fill("番号が変わったため")
    part.get_by_role("button", name="変えて残す").click()
    expect(page.get_by_text("{{ 7 }} は使えません")).to_be_visible()
    found += wrong_in(page, "refused", LOOKS)
    part.locator("#centre-phone").fill("03-3333-4444")
    part.get_by_role("button", name="変えて残す").click()
    expect(part.locator(".set")).to_contain_text("03-3333-4444")
    part.locator("summary").last.click()
    part.get_by_role("button", name="第1版にもどす").click()
    expect(part.locator(".set")).to_contain_text("03-1111-2222")
    assert found == []


def test_C34_a_passkey_is_made_and_opens_the_console_without_a_password(desk: Desk) -> None:
    member = desk.office.member("aoki", "青木 さゆり")
    here = f"http://localhost:{desk.served.port}"  # a browser makes no passkey for a bare number
    page = desk.window(member)
    page.context.add_cookies([{"name": "nakodo", "value": desk.office.session(member), "url": here}])
    desk.served.also = here
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    about = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": about | {"isUserVerified": True}})
    page.goto(f"{here}/me")
    assert wrong_in(page, "me", LOOKS) == []
    page.get_by_label("この端末の呼び名").fill("窓口のパソコン")
    page.get_by_role("button", name="この端末にパスキーを作る").click()
    expect(page.get_by_text("パスキーを作りました")).to_be_visible()
    expect(page.locator("bdi", has_text="窓口のパソコン")).to_be_visible()
    page.context.clear_cookies()
    page.goto(f"{here}/login?next=%2Fconsole%3Ffolder%3Dall")
    assert wrong_in(page, "login", LOOKS) == []
    page.get_by_role("button", name="パスキーでログイン").click()
    page.wait_for_url("**/console?folder=all")
    [kept] = desk.office.store.read(lambda conn: passkeys.of_member(conn, member))
    assert kept.used_at is not None
