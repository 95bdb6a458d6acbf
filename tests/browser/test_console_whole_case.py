"""A whole case by keyboard alone, from the password to its end and back by search: the focus seen, and never lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from storage import appointments, notes, ticks
from storage.cases import Mode
from tests.browser.desk import Desk
from tests.browser.hands import Keys

pytestmark = pytest.mark.browser
GOOD = "合言葉は秋の隅田川です"


def test_A02_from_the_login_to_the_end_of_a_case_by_keyboard_alone(desk: Desk) -> None:
    office = desk.office
    case_id, aoki = office.case(mode=Mode.OPEN), office.member("aoki", "青木")
    office.says(case_id, "申請書を見てください")
    office.member("baba", "馬場")
    page = desk.window()
    hand = Keys(page)
    page.goto(f"/login/once?t={office.link(aoki)}")
    for step in (
        _come_in,
        _take,
        _answer,
        _set_right,
        _jot,
        _agree_on_a_day,
        _lay_aside,
        _give_back,
        _end,
        _find_again,
    ):
        step(hand, page)
    read, vault = office.store.read, office.store.vault
    assert office.told(case_id) == ["来週お会いしましょう"]
    assert len(read(lambda conn: ticks.of_case(conn, case_id))) == 1
    assert len(read(lambda conn: appointments.of_case(conn, vault, case_id))) == 1
    assert len(read(lambda conn: notes.of_case(conn, vault, case_id))) == 1
    head = office.head(case_id)
    assert (head.closed_at is not None, head.topic, head.urgency) == (True, "accounts", "week")


def _come_in(hand: Keys, page: Page) -> None:
    hand.tab_to("#new")
    hand.write(GOOD)
    hand.press("Enter")
    page.wait_for_url("**/console*")
    hand.enter("[action='/logout'] button")
    page.wait_for_url("**/login*")
    hand.tab_to("#login")
    hand.write("aoki")
    hand.tab_to("#password")
    hand.write(GOOD)
    hand.press("Enter")
    page.wait_for_url("**/console*")


def _take(hand: Keys, page: Page) -> None:
    """From the list into the case: past what stands before it by the first link of each page."""
    hand.enter(".jump")
    hand.at("#main")
    hand.tab_to("#search-text")
    hand.enter(".cases a")
    page.wait_for_url("**/console/cases/*")
    hand.enter(".jump")
    hand.at("#main")
    hand.enter("#deed-claim button")
    hand.at("#reply-text")


def _answer(hand: Keys, page: Page) -> None:
    hand.tab_to("#lines", "Shift+Tab")
    hand.press("ArrowDown")
    hand.tab_to("#reply-text")
    hand.write("来週お会いしましょう")
    hand.press("Control+Enter")
    expect(page.locator(".bubble.staff .words")).to_have_text("来週お会いしましょう")
    hand.at("#reply-text")


def _set_right(hand: Keys, page: Page) -> None:
    hand.enter("#sort summary")
    hand.tab_to("#sort-topic")
    hand.press("ArrowDown")
    hand.tab_to("#sort-urgency")
    hand.press("ArrowUp")
    hand.enter("#sort-form button")
    expect(page.locator(".case .tag.warm")).to_be_visible()
    hand.at("#sort summary")


def _jot(hand: Keys, page: Page) -> None:
    hand.enter("#checks .check")
    expect(page.locator("#checks h2")).to_contain_text("1/")
    hand.at("#checks .check")
    hand.tab_to("#tag-words")
    hand.write("花だん")
    hand.press("Enter")
    expect(page.locator("#tags .tag")).to_contain_text("花だん")
    hand.at("#tag-words")
    hand.tab_to("#note-text")
    hand.write("青い資料を用意する")
    hand.press("Control+Enter")
    expect(page.locator(".noted")).to_contain_text("青い資料")
    hand.at("#note-text")


def _agree_on_a_day(hand: Keys, page: Page) -> None:
    hand.enter("summary:has(+ form#appoint-form-0)")
    hand.tab_to("#day-0")
    hand.type("12012026")  # as this browser writes dates, whatever language a page is in
    hand.tab_to("#hour-0")
    hand.type("1030AM")
    hand.enter("#appoint-form-0 button.main")
    expect(page.locator(".meeting")).to_contain_text("10:30")
    hand.at("#meetings")


def _lay_aside(hand: Keys, page: Page) -> None:
    hand.tab_to(".waits summary", "Shift+Tab")
    hand.press("Enter")
    hand.enter("#deed-wait button[value=monday]")
    hand.at(".waits summary")
    expect(page.locator(".case .cover")).to_contain_text("あとで対応します")
    hand.press("Enter")
    hand.enter("#deed-wait button[value=nothing]")
    hand.at("#reply-text")
    hand.tab_to(".waits summary", "Shift+Tab")
    hand.press("Enter")
    hand.tab_to("#deed-wait button")
    hand.press("Escape")
    hand.at(".waits summary")


def _give_back(hand: Keys, page: Page) -> None:
    """Released, and taken again."""
    hand.tab_to("#deed-release button", "Shift+Tab")
    hand.press("Enter")
    expect(page.locator("#deed-claim")).to_be_visible()
    hand.at("#main")
    hand.enter("#deed-claim button")
    hand.at("#reply-text")


def _end(hand: Keys, page: Page) -> None:
    hand.tab_to('.sure:has([action*="/close"]) summary', "Shift+Tab")
    hand.press("Enter")
    hand.enter('[action*="/close"] .button.alert')
    expect(page.get_by_role("button", name="もう一度開く")).to_be_visible()
    hand.at("#main")


def _find_again(hand: Keys, page: Page) -> None:
    hand.press("/")
    hand.at("#search-text")
    hand.write("青い資料")
    hand.press("Enter")
    expect(page.locator("mark")).to_have_text("青い資料")
    hand.at("#main")
    hand.enter(".found .cases a")
    page.wait_for_url("**/console/cases/*")
