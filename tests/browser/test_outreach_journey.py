"""Going out to people as a whole day of it: a broadcast from the first word to its correction, an event to its door."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import Look, wrong_in
from tests.browser.outreach import (
    ASAKUSA,
    ENGLISH,
    ENGLISH_READERS,
    MANY,
    OTHERS,
    WORDS,
    Outreach,
    asked_and_agreed,
    compose,
    look,
    segment,
)
from tests.browser.street import Street, press, write

pytestmark = pytest.mark.browser
LOOKS: tuple[Look, ...] = ((390, {"color_scheme": "light"}), (1280, {"color_scheme": "dark"}))
MENDED = "清掃活動は中止になりました。集まらないでください。"


def _over(page: Page) -> int:
    """How many it is over for, as the page tells it."""
    return int(page.locator("#progress .many").inner_text().split("/")[0].replace(",", ""))


def test_B03_B07_B09_B21_from_the_first_word_to_the_correction(street: Street) -> None:
    out = Outreach(street)
    reached = {one: out.gather(one) for one in (ASAKUSA, ENGLISH_READERS)}
    outside = [(crowd.channel, one) for crowd in OTHERS for one in out.gather(crowd) if crowd.channel != "web"]
    mine, theirs = out.tester("sato"), out.tester("suzuki")
    author, second, third = out.office("sato"), out.office("suzuki"), out.office("tanaka", 390, 844)
    segment(author)
    compose(author)
    look(author)
    author.get_by_label("佐藤・LINE").check()
    author.get_by_role("button", name="試し送りをする").click()
    expect(author.get_by_text("試し送りをしました。")).to_be_visible()
    _until(author, lambda: len(out.shows("line", mine)) == 2)
    assert all("【試し送り】" in one for one in out.shows("line", mine))
    assert [out.shows("line", theirs), *(out.shows(*one) for one in outside)] == [[]] * (1 + len(outside))
    asked_and_agreed(author, second, 1, str(MANY + 12))
    third.goto("/console/broadcasts/1")
    expect(third.locator("#progress .many")).to_have_text(re.compile(r"^[1-9]\d* / 312人$"), timeout=30_000)
    seen = _over(third)
    _until(third, lambda: _over(third) > seen)  # by itself
    second.get_by_role("button", name="今すぐ止める").click()
    expect(second.get_by_text("止めました。残りの人には送りません。")).to_be_visible()
    expect(third.locator("#progress-name .tag")).to_have_text("止めました")
    expect(third.get_by_role("button", name="今すぐ止める")).to_have_count(0)  # by itself, too
    third.wait_for_timeout(2_000)  # what was on its way has arrived
    third.reload()
    got = [(one.channel, who) for one, all_ in reached.items() for who in all_ if out.shows(one.channel, who)]
    figures = third.locator(".figures tbody tr").last.locator("td").all_inner_texts()
    assert 12 < len(got) < MANY + 12
    assert figures == [str(n) for n in (MANY + 12, len(got), 0, 0, MANY + 12 - len(got), 0)]
    _corrects(author, second, len(got))
    for where in got:
        first, last = out.shows(*where)
        assert WORDS in first or ENGLISH in first
        assert MENDED in last
    silent = [(one.channel, who) for one, all_ in reached.items() for who in all_ if (one.channel, who) not in set(got)]
    assert {len(out.shows(*where)) for where in [*silent, *outside]} == {0}


def _until(page: Page, so: Callable[[], bool]) -> None:
    for _ in range(600):
        if so():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never came")


def _corrects(author: Page, second: Page, count: int) -> None:
    """A new draft to exactly those whom the first reached."""
    author.goto("/console/broadcasts/1")
    author.get_by_role("button", name="訂正を送る").click()
    author.get_by_label("本文: 日本語", exact=True).fill(MENDED)
    author.locator("#text-en").fill("")
    author.get_by_role("button", name="下書きを保存").click()
    expect(author.locator(".many")).to_have_text(f"{count}人")
    asked_and_agreed(author, second, 2, str(count))
    for page in (author, second):  # by itself: one waited for the other, and both for its moment
        expect(page.locator("#progress .many")).to_have_text(f"{count} / {count}人", timeout=60_000)


def _make(page: Page, day: str) -> None:
    """A new event for tomorrow with two places."""
    page.goto("/console/events")
    page.get_by_role("link", name="新しい催し").click()
    for label, words in (("題名", "朝の体操"), ("主催", "中央町会"), ("場所", "中央公園"), ("定員", "2")):
        page.get_by_label(label).first.fill(words)
    page.get_by_label("日", exact=True).fill(day)
    page.get_by_label("始まり", exact=True).fill("06:30")
    page.get_by_label("終わり", exact=True).fill("07:00")
    page.get_by_label("無料", exact=True).check()
    page.get_by_role("button", name="保存して確認にまわす").click()
    expect(page.get_by_text("保存しました。ほかの担当者が確認すると公開されます。")).to_be_visible()
    expect(page.get_by_role("button", name="読みました。公開する")).to_have_count(0)


def test_an_event_from_the_form_to_the_door(street: Street) -> None:
    out = Outreach(street)
    author, second, door = out.office("sato"), out.office("suzuki"), out.office("tanaka", 390, 844)
    parts = street.demo.parts
    _make(author, f"{parts.mind.local(parts.clock()).date() + timedelta(days=1)}")
    second.goto(author.url.partition("?")[0])
    second.get_by_role("button", name="読みました。公開する").click()
    expect(second.get_by_text("公開しました。", exact=True)).to_be_visible()
    resident = street.visitor()
    write(resident, "明日のイベント")
    press(resident, "申し込む")
    press(resident, "2人")
    press(resident, "送る")
    going = resident.locator(".line.bot", has_text="申し込みました。").last
    expect(going).to_contain_text("朝の体操")
    code = re.search(r"番号 (\w+) を見せて", going.inner_text())
    assert code
    looks = street.window()
    looks.goto("/events")
    looks.get_by_role("link", name="朝の体操").click()
    expect(looks.get_by_text("満員")).to_be_visible()
    looks.goto(f"/events/t/{code[1]}")
    expect(looks.get_by_alt_text("入口で読みとるQRコード")).to_be_visible()
    door.goto("/console/door")
    door.get_by_label("番号").fill(code[1])
    door.get_by_role("button", name="さがす").click()
    door.get_by_role("button", name="2人を受け付ける").click()
    # Its day is tomorrow: the door opens on that day alone (let in: test_console_door).
    expect(door.get_by_role("status")).to_have_text("今日の催しではありません。日時を確かめてください。")
    second.reload()
    expect(second.get_by_text("申し込み 1件(2人)")).to_be_visible()
    second.locator("summary", has_text="ポスターとカード").click()
    where = second.get_by_role("link", name="ポスター(A4)").get_attribute("href")
    assert second.request.get(f"{street.demo.base}{where}").body().startswith(b"%PDF-")


def test_A01_A03_the_receive_settings_and_a_sign_up_in_the_chat_by_the_rule_book(street: Street) -> None:
    page = street.visitor()
    found: list[str] = []
    for words, state in (("お知らせの設定", "settings"), ("イベント", "events"), ("申し込みを見る", "sign-ups")):
        before = page.locator(".line.bot").count()
        write(page, words)
        page.wait_for_function("(n) => document.querySelectorAll('.line.bot').length > n", arg=before)
        found += wrong_in(page, state, LOOKS)
    assert found == []
