"""The demo from its printed address to a closed case, as a newcomer would walk through it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from dialogs.words import ORIGINAL, bracketed, library
from tests.browser.looks import complaints
from tests.browser.street import CALM
from tests.serving import ROOT, free_port

pytestmark = pytest.mark.browser
PATIENCE_MS = 20_000


def says(key: str) -> str:
    """What a button of this key says."""
    return bracketed(library()[ORIGINAL].say(key))


@pytest.fixture
def entrance() -> Iterator[str]:
    """A real `nakodo demo`; yields the one-time address that it prints."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NAKODO_")}
    running = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", "--port", str(free_port())],
        cwd=ROOT,
        env=environment | {"PYTHONUNBUFFERED": "1", "COLUMNS": "200"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert running.stdout is not None
    printed = []
    try:
        for line in running.stdout:
            printed.append(line)
            if found := re.search(r"http://\S+/login/once\S+", line):
                yield found.group()
                break
        else:
            pytest.fail("the demo did not start:\n" + "".join(printed))
    finally:
        running.terminate()
        running.wait(20)
        running.stdout.close()


@dataclass
class Show:
    """The page with the phone on the left and the console on the right."""

    page: Page

    @property
    def phone(self) -> Locator:
        """The phone's glass."""
        return self.page.locator(".handset")

    @property
    def desk(self) -> FrameLocator:
        """The console."""
        return self.page.frame_locator("section.console iframe")

    def tap(self, label: str) -> None:
        """The newest button on the phone that says this."""
        button = self.page.locator("#log, #quick").get_by_role("button", name=label, exact=True).last
        button.wait_for(timeout=PATIENCE_MS)
        self.page.wait_for_timeout(1500)  # offers rest until they stand still (bot/web/static/still.js)
        self.page.wait_for_function(CALM)
        button.click(timeout=PATIENCE_MS)

    def say(self, words: str) -> None:
        """Type on the phone."""
        self.phone.locator("#write").get_by_role("textbox").fill(words)
        self.phone.locator("#write").get_by_role("textbox").press("Enter")

    def sees(self, words: str) -> None:
        """The phone shows these words."""
        expect(self.phone.get_by_text(words).last).to_be_visible(timeout=PATIENCE_MS)


def test_a_newcomer_walks_through_the_whole_demo(entrance: str, browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ja-JP").new_page()
    page.goto(entrance)
    expect(page).to_have_url(re.compile("/demo"))
    show = Show(page)
    asks_a_question(show)
    reference = sends_a_consultation(show)
    is_answered_by_a_person(show, reference)
    agrees_to_an_announcement(show)
    assert complaints(page) == []
    page.context.close()


def asks_a_question(show: Show) -> None:
    """Greeting, consent, menu, a question answered with its source."""
    show.phone.get_by_role("button", name="友だちに追加").click()
    show.sees("なこうど")
    show.tap(says("common.agree"))
    show.say("NPO法人はどうやって作りますか")
    show.sees("出典")


def sends_a_consultation(show: Show) -> str:
    """Interrupted by a question, corrected, checked, sent; the reference number at the end."""
    show.say(says("command.menu"))
    show.tap(says("consultation.title"))
    show.tap(says("consultation.standing.planning"))
    show.say(says("consultation.trouble.place"))
    show.say("会議室は予約できますか")
    show.sees(says("resume.onward").split("。")[0])
    show.tap(says("consultation.urgency.week"))
    show.tap(says("consultation.way.text"))
    show.tap(says("common.no"))
    show.tap(says("consultation.share.nobody"))
    show.say("二十人くらいで集まれる部屋をさがしています。")
    show.sees(says("consultation.consent.ask").split("。")[0])
    show.tap(says("common.agree"))
    show.sees(says("check.ask").split("。")[0])
    show.say("3")
    show.tap(says("consultation.urgency.month"))
    show.sees(says("common.changed").split("。")[0])
    show.tap(says("common.send"))
    show.sees("受付番号")
    reference = re.search(r"[2-9A-Z]{3}-[2-9A-Z]{4}", show.phone.inner_text())
    assert reference
    return reference.group()


def is_answered_by_a_person(show: Show, reference: str) -> None:
    """The case appears in the console without a reload; claim, both ways, an inner note, release, close."""
    case = show.desk.locator(".cases a", has_text=reference).first
    expect(case).to_be_visible(timeout=PATIENCE_MS)
    case.click()
    show.desk.get_by_role("button", name="担当する").first.click()
    show.sees("佐藤が担当します")
    show.desk.get_by_role("textbox", name=re.compile("返事")).fill("佐藤です。会議室Aはいかがですか。")
    show.desk.get_by_role("button", name=re.compile("返事を送る|送る")).first.click()
    show.sees("会議室Aはいかがですか")
    show.say("ありがとうございます、見に行きます")
    expect(show.desk.get_by_text("見に行きます").first).to_be_visible(timeout=PATIENCE_MS)
    show.desk.get_by_role("textbox", name=re.compile("メモ")).fill("ひみつのメモ")
    show.desk.get_by_role("button", name=re.compile("メモ")).last.click()
    expect(show.desk.get_by_text("ひみつのメモ").first).to_be_visible(timeout=PATIENCE_MS)
    assert "ひみつのメモ" not in show.phone.inner_text()
    show.desk.get_by_role("button", name=re.compile("ボットにもどす")).first.click()
    show.sees(says("person.left").split("。")[0])
    end = show.desk.get_by_role("button", name="終了する")
    for _ in range(5):  # news may close what was opened, for a person as well
        show.desk.locator("summary", has_text="終了").click()
        with suppress(PlaywrightTimeout):
            end.click(timeout=3000)
            break
    show.sees("終わりになりました")


def agrees_to_an_announcement(show: Show) -> None:
    """One waits for a second person; whoever asked for news of events gets it."""
    show.page.locator(".people").get_by_role("button", name=re.compile("山田")).click()
    page = show.page.context.new_page()
    page.goto(re.sub("/demo.*", "/console/broadcasts", show.page.url))
    page.get_by_role("link", name=re.compile("落ち葉そうじ")).click()
    page.get_by_label("上のところを").check()
    page.get_by_role("button", name="3人に送ることを承認する").click()
    expect(page.get_by_text("承認しました。")).to_be_visible()
    page.close()
    show.sees("焼きいもの会")
