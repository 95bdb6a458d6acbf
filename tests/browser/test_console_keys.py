"""The queue by single keys: from the first look to the reply without a mouse, and never while somebody writes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from storage.cases import Mode
from tests.browser.desk import Desk
from tests.browser.looks import complaints, too_wide

pytestmark = pytest.mark.browser


def _focused(page: Page) -> str:
    """The id of what has the focus, or of the line of the list that it is in."""
    return str(page.evaluate("(document.activeElement.closest('.cases li') || document.activeElement).id"))


def test_A_a_case_is_found_claimed_and_answered_by_single_keys(desk: Desk) -> None:
    office = desk.office
    one, two = office.case("u1", mode=Mode.OPEN), office.case("u2", mode=Mode.OPEN, urgency="today")
    office.says(one, "花だんをつくりたい", "u1")
    page = desk.window(office.member("aoki"))
    page.goto("/console?folder=all")
    press = page.keyboard.press
    press("j")
    assert _focused(page) == f"row-{two}", "what breaks first stands first"
    press("j")
    press("j")
    assert _focused(page) == f"row-{one}"
    press("k")
    press("x")
    expect(page.locator(f"#row-{two} .tick input")).to_be_checked()
    press("/")
    expect(page.locator("#search-text")).to_be_focused()
    page.keyboard.type("jk花だん?")
    expect(page.locator("#search-text")).to_have_value("jk花だん?")
    page.locator("#search-text").fill("花だん")
    press("Enter")
    expect(page.locator("mark")).to_have_text("花だん")
    assert "花" not in page.url
    press("j")
    press("o")
    page.wait_for_url(f"**/cases/{one}**")
    press("c")
    expect(page.locator("#reply-text")).to_be_focused()
    page.locator("#main").focus()
    press("n")
    page.keyboard.type("c")
    expect(page.locator("#note-text")).to_have_value("c")
    page.locator("#main").focus()
    press("r")
    page.keyboard.type("はい")
    press("Control+Enter")
    expect(page.locator(".bubble.staff .words")).to_have_text("はい")
    assert office.told(one) == ["はい"]


def test_A_the_keys_are_shown_rest_while_composing_and_can_be_switched_off(desk: Desk) -> None:
    desk.office.case()
    page = desk.window(desk.office.member("aoki"), 390, 844)
    page.goto("/console?folder=all")
    compose = "isComposing: true, bubbles: true"
    page.evaluate(f"document.body.dispatchEvent(new KeyboardEvent('keydown', {{key: '?', {compose}}}))")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    assert complaints(page) == []
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    for _ in range(2):
        page.keyboard.press("j")
        assert not _focused(page).startswith("row-")
        page.reload()
    page.locator(".pages summary").click()
    page.locator("#keys-open").click()
    page.locator("#keys-on").check()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert _focused(page).startswith("row-")


def test_A_search_filters_and_several_at_once_are_for_everybody_at_every_width(desk: Desk) -> None:
    office = desk.office
    for n in range(3):
        office.says(office.case(f"u{n}"), "公園の花だんの水やりについて相談したいです" + "長い文" * 60, f"u{n}")
    page = desk.window(office.member("aoki"))
    page.goto("/console?folder=all")
    page.locator(".narrow summary").click()
    page.locator("#view-name").fill("お金の相談")
    page.get_by_role("button", name="保存する").click()
    expect(page.locator(".views a")).to_contain_text("お金の相談")
    page.locator("#bulk-fold summary").click()
    page.locator(".tick input").first.check()
    page.locator("#bulk-deed").select_option("tag")
    page.locator("#bulk-words").fill("花だん")
    states = {"list": complaints(page)}
    page.get_by_role("button", name="確かめる").click()
    states["asked"] = complaints(page)
    page.get_by_role("button", name="1件に行う").click()
    expect(page.get_by_role("status")).to_contain_text("1件に行いました")
    states["done"] = complaints(page)
    page.goto("/console?folder=all")
    page.locator("#search-text").fill("水やり")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"search\?of="))
    expect(page.locator("mark")).to_have_count(3)
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        states[f"found {width}"] = [*complaints(page), *(["too wide"] if too_wide(page) else [])]
    assert {name: wrong for name, wrong in states.items() if wrong} == {}
