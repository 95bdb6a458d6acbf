"""Two real browsers and a Telegram group at one case: who presses first has it, and what is under way arrives once."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from playwright.sync_api import Browser, Page, expect

from tests.faults.contest import Console, Contest, contest
from tests.faults.living import HANAKO

pytestmark = pytest.mark.browser
T = TypeVar("T")


@dataclass
class Stage:
    """The contest, alive in a thread of its own, and the windows in front of it."""

    portal: BlockingPortal
    of: Contest
    browser: Browser
    wrongs: list[str] = field(default_factory=list)

    def do(self, what: Callable[..., Awaitable[T]], *values: object) -> T:
        """Let something happen there, and wait until it has."""
        return self.portal.call(what, *values)

    def window(self, console: Console, width: int) -> Page:
        """The case on this coordinator's screen."""
        base = str(console.web.base_url)
        context = self.browser.new_context(
            base_url=base, viewport={"width": width, "height": 900}, locale="ja-JP", reduced_motion="reduce"
        )
        context.add_cookies([{"name": "nakodo", "value": str(console.web.cookies["nakodo"]), "url": base}])
        page = context.new_page()
        page.on("pageerror", lambda error: self.wrongs.append(str(error)))
        page.goto(f"/console/cases/{self.of.case_id}")
        return page


@pytest.fixture
def stage(sqlite_url: str, now: datetime, browser: Browser) -> Iterator[Stage]:
    scene = contest(sqlite_url, now, undo_seconds="10")
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(scene) as of:
        made = Stage(portal, of, browser)
        yield made
        for context in browser.contexts:
            context.close()
    assert made.wrongs == []


def finger_on(page: Page, name: str) -> None:
    """Put the mouse on a button and press it down; it is a click when it is let go."""
    page.get_by_role("button", name=name, exact=True).hover()
    page.mouse.down()


def test_C31_both_buttons_clicked_at_once_and_the_group_taps(stage: Stage) -> None:
    of = stage.of
    pages = {one.member.name: stage.window(one, width) for one, width in zip(of.consoles, (1280, 390), strict=True)}
    for number in range(4):
        for page in pages.values():
            finger_on(page, "担当する")
        tapped = stage.portal.start_task_soon(of.press, "claim") if number % 2 else None
        for page in list(pages.values())[:: 1 if number % 4 < 2 else -1]:
            page.mouse.up()
        tapped = tapped or stage.portal.start_task_soon(of.press, "claim")
        toast, holder = tapped.result(60), stage.do(of.head).holder_name
        assert holder is not None
        for name, page in pages.items():
            if name == holder:
                expect(page.locator("#say")).to_contain_text("あなたが担当になりました")
                expect(page.locator(".deeds")).to_contain_text("あなたが担当しています")
            else:
                expect(page.locator("#warn")).to_contain_text(f"{holder}さんが担当しています")
                expect(page.locator(".deeds")).to_contain_text(f"{holder}さんが担当しています")
            expect(page.locator(".facts")).to_contain_text(holder)
        assert toast == ("あなたが担当になりました。" if holder == of.chiba.name else f"{holder}さんが担当しています。")
        stage.do(of.group_shows, f"担当：{holder}\n")
        if holder in pages:
            pages[holder].get_by_role("button", name="ボットにもどす").click()
        else:
            stage.do(of.press, "release")
        for page in pages.values():
            expect(page.get_by_role("button", name="担当する", exact=True)).to_be_visible()
        of.later(30)
        stage.do(of.group_shows, "担当：まだいません")
    assert stage.do(of.nothing_missed)


def test_R10_a_case_is_passed_on_with_a_draft_a_reply_on_its_way_and_the_resident_writing(stage: Stage) -> None:
    of = stage.of
    mine, theirs = (stage.window(one, 1280) for one in of.consoles)
    mine.get_by_role("button", name="担当する", exact=True).click()
    mine.locator("#reply-text").fill("すぐ見ます。")
    mine.get_by_role("button", name="返事を送る").click()
    expect(mine.locator(".held-back")).to_contain_text("すぐ見ます。")
    mine.locator("#reply-text").fill("書きかけの返事")
    mine.locator("#pass-fold summary").click()
    mine.locator("#pass-to").select_option(label="Baba")
    mine.locator("#pass-text").fill("会場の件、お願いします。")
    said = ["ひとつ目の話", "ふたつ目の話", "みっつ目の話"]

    async def writes() -> None:
        for words in said:
            assert (await of.living.line.say(HANAKO, words)).ok

    finger_on(mine, "引きつぐ")
    writing, tapped = stage.portal.start_task_soon(writes), stage.portal.start_task_soon(of.press, "claim")
    mine.mouse.up()
    theirs.reload()
    writing.result(60)
    assert re.fullmatch("(Aoki|Baba)さんが担当しています。", tapped.result(60))
    expect(mine.locator(".deeds")).to_contain_text("Babaさんが担当しています")
    expect(mine.locator("#kept-text")).to_have_value("書きかけの返事")
    expect(mine.locator("#reply-form")).to_have_count(0)
    expect(theirs.locator(".notes")).to_contain_text("会場の件、お願いします。")
    for page in (mine, theirs):
        expect(page.locator(".bubble.person .words")).to_have_text(said)
        expect(page.locator(".bubble.staff .words")).to_have_text(["すぐ見ます。"])
    theirs.locator("#reply-text").fill("引きつぎました。")
    theirs.get_by_role("button", name="返事を送る").click()
    expect(mine.locator(".held-back")).to_contain_text("引きつぎました。")
    of.later(11)
    expect(mine.locator(".held-back")).to_have_count(0)
    expect(mine.locator(".bubble.staff .words")).to_have_text(["すぐ見ます。", "引きつぎました。"])
    stage.do(of.quiet)
    ours = {"すぐ見ます。", "引きつぎました。", "書きかけの返事"}
    assert [words for words in of.told() if words in ours] == ["すぐ見ます。", "引きつぎました。"]
    assert stage.do(of.nothing_missed)
