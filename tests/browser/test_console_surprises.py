"""What happens to an open case while somebody works on it: the resident leaves, is forgotten, writes again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from storage import cases, forgetting
from storage.cases import Mode
from tests.browser.desk import Desk
from tests.browser.looks import complaints
from tests.browser.test_console_work import at_own_case

pytestmark = pytest.mark.browser


def _stayed(page: Page) -> bool:
    """Whether the page was never loaded anew."""
    return bool(page.evaluate("window.stayed === true"))


def test_when_the_resident_goes_back_to_the_bot_the_draft_stays_to_be_read(desk: Desk) -> None:
    case_id, page = at_own_case(desk)
    expect(page.locator("#say")).to_contain_text("あなたが担当になりました")
    page.locator("#reply-text").fill("書きかけの返事")
    holder, clock = desk.office.head(case_id).holder, desk.office.clock
    assert holder is not None
    desk.office.write(lambda conn: cases.release(conn, case_id, holder, clock()))
    expect(page.locator("#say")).to_have_text("住民がボットにもどりました。書いた文は残っています。")
    expect(page.locator("#kept-text")).to_have_value("書きかけの返事")
    expect(page.locator("#kept-text")).not_to_be_editable()
    assert complaints(page) == []
    page.get_by_role("button", name="担当する").click()
    expect(page.locator("#reply-text")).to_have_value("書きかけの返事")


def test_what_one_has_unfolded_stays_so_while_news_comes_in(desk: Desk) -> None:
    case_id, page = at_own_case(desk)
    page.locator(".history summary").click()
    page.locator(".sure summary", has_text="終了").click()
    desk.office.says(case_id, "ひとつ言い忘れました", "later")
    expect(page.locator("#lines")).to_contain_text("ひとつ言い忘れました")
    expect(page.locator(".sure", has_text="終了")).to_have_attribute("open", "")
    assert page.locator(".history").get_attribute("open") is None


def test_after_a_forget_nothing_of_the_resident_stays_and_no_hint_misleads(desk: Desk) -> None:
    case_id, page = at_own_case(desk)
    page.locator("#reply-text").fill("花岡さんへの返事")
    person, clock = desk.office.head(case_id).person_id, desk.office.clock
    assert person is not None
    desk.office.write(lambda conn: forgetting.forget(conn, person, clock()))
    expect(page.locator("body")).to_contain_text("本人の希望で消しました")
    expect(page.locator("#say")).to_be_empty()
    for wrong in ("本文が", "受付の答えはありません", "まだ発言はありません"):
        expect(page.locator("main")).not_to_contain_text(wrong)
    assert page.evaluate("Object.keys(sessionStorage).filter((one) => one.startsWith('draft/')).length") == 0


def test_on_a_small_screen_the_box_that_one_writes_in_stays_in_view(desk: Desk) -> None:
    case_id = desk.office.case(mode=Mode.OPEN)
    for number in range(12):
        desk.office.says(case_id, f"{number}番目の長い話です。" * 6)
    page = desk.window(desk.office.member("aoki", "青木"), width=390, height=780, has_touch=True)
    page.goto(f"/console/cases/{case_id}")
    page.get_by_role("button", name="担当する").click()
    expect(page.locator("#reply-text")).to_be_focused()
    expect(page.locator("#reply-text")).to_be_in_viewport(ratio=1)
    page.keyboard.type("はい、")
    desk.office.says(case_id, "もう一つ、長い話があります。" * 20)
    expect(page.locator(".bubble.person")).to_have_count(13)
    expect(page.locator("#reply-text")).to_be_in_viewport(ratio=1)
    expect(page.locator("#reply-text")).to_be_focused()
