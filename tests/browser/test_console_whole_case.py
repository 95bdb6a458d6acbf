"""A whole case by keyboard alone, from the login to its end, and everyday tasks by mouse: what each costs is counted."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from bot.web.passwords import hashed
from storage import appointments, notes, staff, ticks
from storage.cases import Mode
from tests.browser.desk import Desk

pytestmark = pytest.mark.browser
PASSWORD = "とても長い合言葉 2026"


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus; wherever it stands on the way, it is seen and goes on."""
    before = ""
    for _ in range(90):
        page.keyboard.press("Tab")
        here, outline, inside, found = page.evaluate(
            """wanted => {
                const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
                const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
                const shows = style.outlineStyle !== 'none' || one === document.body;
                return [one.outerHTML.slice(0, 200) + box.top + box.left, shows, seen, one.matches(wanted)];
            }""",
            selector,
        )
        assert here != before, f"the focus is caught at {here}"
        assert outline, f"the focus is not shown at {here}"
        if found:
            assert inside, f"the focus is out of sight at {here}"
            return
        before = here
    raise AssertionError(f"{selector} cannot be reached by keyboard")


def _enter(page: Page, selector: str) -> None:
    _tab_to(page, selector)
    page.keyboard.press("Enter")


def test_A02_from_the_login_to_the_end_of_a_case_by_keyboard_alone(desk: Desk) -> None:
    office = desk.office
    case_id, aoki = office.case(mode=Mode.OPEN), office.member("aoki", "青木")
    office.write(lambda conn: staff.set_password(conn, aoki, hashed(PASSWORD)))
    page = desk.window()
    press, write = page.keyboard.press, page.keyboard.insert_text
    page.goto("/login?next=%2Fconsole%3Ffolder%3Dunassigned")
    _tab_to(page, "[name=login]")
    write("aoki")
    _tab_to(page, "[name=password]")
    write(PASSWORD)
    press("Enter")
    _enter(page, ".cases a")
    page.wait_for_url("**/console/cases/*")
    _enter(page, ".deeds .button.main")
    expect(page.locator("#reply-text")).to_be_focused()
    write("来週お会いしましょう")
    press("Control+Enter")
    expect(page.locator(".bubble.staff .words")).to_have_text("来週お会いしましょう")
    _tab_to(page, "#note-text")
    write("青い資料を用意する")
    press("Control+Enter")
    expect(page.locator(".noted")).to_contain_text("青い資料")
    _enter(page, "#checks .check")
    expect(page.locator("#checks h2")).to_contain_text("1/")
    _enter(page, "summary:has(+ form[action*='/appoint?'])")
    _tab_to(page, "#day-new")
    for part in ("12", "01", "2026"):
        page.keyboard.type(part)
    _tab_to(page, "#hour-new")
    page.keyboard.type("1030AM")
    _enter(page, "#appoint-form-new button.main")
    expect(page.locator(".meeting")).to_have_count(1)
    _enter(page, '.sure:has([action*="/close"]) summary')
    _enter(page, '[action*="/close"] .button.alert')
    expect(page.get_by_role("button", name="もう一度開く")).to_be_visible()
    assert office.told(case_id) == ["来週お会いしましょう"]
    read, vault = office.store.read, office.store.vault
    assert len(read(lambda conn: ticks.of_case(conn, case_id))) == 1
    assert len(read(lambda conn: appointments.of_case(conn, vault, case_id))) == 1
    assert len(read(lambda conn: notes.of_case(conn, vault, case_id))) == 1
