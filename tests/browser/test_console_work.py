"""A coordinator's work in a real browser: live, by mouse, by keyboard, over a bad line, without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from storage import staff, tombstones
from storage.cases import Mode
from tests.browser.desk import STAYED, Desk
from tests.browser.looks import complaints
from tests.web.console.test_console_deeds import HOSTILE

pytestmark = pytest.mark.browser


def _stayed(page: Page) -> bool:
    """Whether the page was never loaded anew."""
    return bool(page.evaluate("window.stayed === true"))


def test_R15_a_new_case_appears_without_a_reload_and_is_announced(desk: Desk) -> None:
    page = desk.window(desk.office.member("aoki"))
    page.goto("/console?folder=unassigned")
    page.evaluate(STAYED)
    expect(page.locator(".list .empty")).to_be_visible()
    desk.office.case(urgency="today")
    expect(page.locator(".cases a")).to_contain_text("お金・助成")
    expect(page.locator("#say")).to_contain_text("新しい相談が1件あります")
    expect(page).to_have_title(re.compile(r"^\(1\) 未担当"))
    expect(page.locator(".rail a[aria-current] .number")).to_contain_text("1")
    assert _stayed(page)
    assert complaints(page) == []


def test_claim_reply_note_release_and_close_without_a_reload(desk: Desk) -> None:
    case_id = desk.office.case(mode=Mode.OPEN)
    desk.office.says(case_id, "申請書を見てください")
    page = desk.window(desk.office.member("aoki", "青木"))
    page.goto("/console?folder=unassigned")
    page.locator(".cases a").first.click()
    page.evaluate(STAYED)
    page.get_by_role("button", name="担当する").click()
    expect(page.locator("#say")).to_contain_text("あなたが担当になりました")
    expect(page.locator("#reply-text")).to_be_focused()
    page.keyboard.type("はい、見ます。")
    page.get_by_role("button", name="返事を送る").click()
    expect(page.locator(".bubble.staff .words")).to_have_text("はい、見ます。")
    expect(page.locator("#reply-text")).to_have_value("")
    expect(page.locator(".bubble.staff .way")).to_contain_text("送信待ち")
    page.locator("#note-text").fill("来週また聞く")
    page.get_by_role("button", name="メモを残す").click()
    expect(page.locator(".noted")).to_contain_text("来週また聞く")
    desk.office.says(case_id, "ありがとうございます")
    expect(page.locator(".bubble.person").last).to_contain_text("ありがとうございます")
    page.get_by_role("button", name="ボットにもどす").click()
    expect(page.get_by_role("button", name="担当する")).to_be_visible()
    page.locator(".sure summary", has_text="終了").click()
    page.get_by_role("button", name="終了する").click()
    expect(page.get_by_role("button", name="もう一度開く")).to_be_visible()
    expect(page.locator("#say")).to_contain_text("終了しました")
    assert _stayed(page)
    assert desk.office.told(case_id) == ["はい、見ます。"]
    assert desk.office.steps(case_id) == ["opened", "claimed", "released", "closed"]


def test_C35_a_double_click_sends_once(desk: Desk) -> None:
    case_id, page = at_own_case(desk)
    page.locator("#reply-text").fill("一度だけ")
    page.get_by_role("button", name="返事を送る").dblclick()
    expect(page.locator(".bubble.staff")).to_have_count(1)
    page.locator("#note-text").fill("メモも一度だけ")
    page.get_by_role("button", name="メモを残す").dblclick()
    expect(page.locator(".noted")).to_have_count(1)
    assert desk.office.told(case_id) == ["一度だけ"]


def at_own_case(desk: Desk) -> tuple[int, Page]:
    case_id = desk.office.case(mode=Mode.OPEN)
    page = desk.window(desk.office.member("aoki", "青木"))
    page.goto(f"/console/cases/{case_id}")
    page.get_by_role("button", name="担当する").click()
    expect(page.locator("#reply-text")).to_be_focused()
    return case_id, page


def test_A02_the_focus_stays_where_an_answer_puts_it_even_if_the_news_of_it_comes_first(desk: Desk) -> None:
    case_id, page = at_own_case(desk)
    page.locator(".waits summary").click()
    page.locator("#deed-wait button[value=monday]").click()
    expect(page.locator(".waits summary")).to_be_focused()

    def late(route: Route) -> None:
        done = route.fetch(max_redirects=0)
        page.wait_for_timeout(600)  # the live line has told of it by now
        route.fulfill(response=done)

    page.route("**/wait?*", late, times=1)
    page.locator(".waits summary").press("Enter")
    page.locator("#deed-wait button[value=nothing]").press("Enter")
    expect(page.locator("#reply-text")).to_be_focused()
    assert desk.office.head(case_id).state == "claimed"


def test_R03_when_the_line_dies_before_the_answer_pressing_again_sends_nothing_twice(desk: Desk) -> None:
    case_id, page = at_own_case(desk)
    cut = []

    def swallow(route: Route) -> None:
        route.fetch(max_redirects=0)  # it reached the server
        cut.append(route.request.url)
        route.abort()

    page.route("**/reply?*", swallow, times=1)
    page.locator("#reply-text").fill("届いたかわからない返事")
    page.get_by_role("button", name="返事を送る").click()
    expect(page.locator("#warn")).to_contain_text("書いた文は消えていません")
    expect(page.locator("#reply-text")).to_have_value("届いたかわからない返事")
    page.reload()
    expect(page.locator("#reply-text")).to_have_value("届いたかわからない返事")
    page.get_by_role("button", name="返事を送る").click()
    expect(page.locator("#reply-text")).to_have_value("")
    assert len(cut) == 1
    assert desk.office.told(case_id) == ["届いたかわからない返事"]


def test_R08_a_draft_belongs_to_its_case_and_outlives_a_reload(desk: Desk) -> None:
    first, page = at_own_case(desk)
    second = desk.office.case("u2", mode=Mode.OPEN)
    page.locator("#reply-text").fill("一件目への返事")
    page.goto(f"/console/cases/{second}")
    page.get_by_role("button", name="担当する").click()
    expect(page.locator("#reply-text")).to_have_value("")
    page.locator("#reply-text").fill("二件目への返事")
    page.goto(f"/console/cases/{first}")
    expect(page.locator("#reply-text")).to_have_value("一件目への返事")
    page.get_by_role("button", name="返事を送る").click()
    expect(page.locator(".bubble.staff")).to_have_count(1)
    assert (desk.office.told(first), desk.office.told(second)) == (["一件目への返事"], [])


def test_a_draft_is_not_touched_while_the_page_changes_around_it(desk: Desk) -> None:
    case_id, page = at_own_case(desk)
    page.locator("#reply-text").press_sequentially("書きかけの")
    desk.office.says(case_id, "ところで")
    expect(page.locator(".bubble.person")).to_contain_text("ところで")
    expect(page.locator("#reply-text")).to_be_focused()
    page.keyboard.type("返事")
    expect(page.locator("#reply-text")).to_have_value("書きかけの返事")
    page.get_by_role("button", name="返事を送る").click()
    expect(page.locator(".bubble.staff .words")).to_have_text("書きかけの返事")


def test_R01_after_a_lost_connection_all_is_there_before_anything_can_be_sent(desk: Desk) -> None:
    case_id, page = at_own_case(desk)
    page.locator("#reply-text").fill("では進めます")
    desk.served.stop()
    expect(page.locator("#lost")).to_be_visible()
    desk.office.says(case_id, "やっぱりやめます")
    page.get_by_role("button", name="返事を送る").click()
    expect(page.locator("#warn")).to_contain_text("送れませんでした")
    desk.served.start()
    expect(page.locator(".bubble.person")).to_contain_text("やっぱりやめます", timeout=15_000)
    expect(page.locator("#lost")).to_be_hidden()
    expect(page.locator("#reply-text")).to_have_value("では進めます")
    assert desk.office.told(case_id) == []


def test_R07_what_a_resident_takes_back_leaves_an_open_console_within_two_seconds(desk: Desk) -> None:
    case_id, page = at_own_case(desk)
    desk.office.says(case_id, "言わなければよかった", said_id="m1")
    expect(page.locator(".bubble.person")).to_contain_text("言わなければよかった")
    vault, clock = desk.office.store.vault, desk.office.clock
    desk.office.write(lambda conn: tombstones.withdraw(conn, vault, "line", "m1", clock()))
    expect(page.locator(".bubble.person")).to_contain_text("取り消されました", timeout=2_000)
    expect(page.locator("body")).not_to_contain_text("言わなければよかった")


def test_R04_a_colleague_sees_at_once_who_has_the_case(desk: Desk) -> None:
    case_id = desk.office.case()
    mine = desk.window(desk.office.member("aoki", "青木"))
    other = desk.window(desk.office.member("baba", "馬場"))
    for page in (mine, other):
        page.goto(f"/console/cases/{case_id}")
    mine.get_by_role("button", name="担当する").click()
    expect(other.locator(".deeds")).to_contain_text("青木さんが担当しています")
    expect(other.locator("#reply-form")).to_have_count(0)
    expect(other.locator(".cases .held")).to_have_count(0)  # no longer among the unassigned


def test_C02_hostile_words_stay_words_also_when_they_come_live(desk: Desk) -> None:
    aoki = desk.office.member("aoki", "<img src=x onerror=alert(1)>")
    case_id = desk.office.case(mode=Mode.OPEN)
    page = desk.window(aoki)
    page.goto(f"/console/cases/{case_id}")
    page.get_by_role("button", name="担当する").click()
    expect(page.locator("#reply-text")).to_be_visible()
    for text in HOSTILE:
        desk.office.says(case_id, text)
    expect(page.locator(".bubble.person")).to_have_count(len(HOSTILE))
    page.locator("#note-text").fill(HOSTILE[0])
    page.get_by_role("button", name="メモを残す").click()
    expect(page.locator(".noted .theirs").last).to_have_text(HOSTILE[0])
    assert (
        page.locator(".bubble.person img, .bubble.person script, .bubble.person [hx-get], .noted script").count() == 0
    )


def test_C33_after_logging_out_the_way_back_shows_nothing(desk: Desk) -> None:
    _, page = at_own_case(desk)
    page.locator("#reply-text").fill("下書き")
    page.get_by_role("button", name="ログアウト").click()
    expect(page.get_by_role("heading", name="担当者のログイン")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="担当者のログイン")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("受付番号")
    assert page.evaluate("sessionStorage.length") == 0


def test_A06_a_session_that_ends_while_one_writes_asks_to_sign_in_and_keeps_the_draft(desk: Desk) -> None:
    case_id, page = at_own_case(desk)
    page.locator("#reply-text").fill("長い返事の途中")
    aoki = desk.office.head(case_id).holder
    assert aoki is not None
    desk.office.write(lambda conn: staff.set_password(conn, aoki, None))
    expect(page.get_by_role("heading", name="担当者のログイン")).to_be_visible()
    cookie = {"name": "nakodo", "value": desk.office.session(aoki), "url": desk.address}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.goto(page.url)
    expect(page.locator("#reply-text")).to_have_value("長い返事の途中")


def test_everything_works_without_script(desk: Desk) -> None:
    case_id = desk.office.case(mode=Mode.OPEN)
    page = desk.window(desk.office.member("aoki"), java_script_enabled=False)
    page.goto("/console?folder=unassigned")
    page.locator(".cases a").first.click()
    page.get_by_role("button", name="担当する").click()
    expect(page.locator(".flash")).to_contain_text("あなたが担当になりました")
    page.locator("#reply-text").fill("こんにちは")
    page.get_by_role("button", name="返事を送る").click()
    expect(page.locator(".bubble.staff .words")).to_have_text("こんにちは")
    page.locator("#note-text").fill("メモ")
    page.get_by_role("button", name="メモを残す").click()
    expect(page.locator(".noted")).to_contain_text("メモ")
    page.locator(".sure summary", has_text="終了").click()
    page.get_by_role("button", name="終了する").click()
    expect(page.get_by_role("button", name="もう一度開く")).to_be_visible()
    assert desk.office.told(case_id) == ["こんにちは"]


def test_however_long_a_talk_is_the_window_does_not_grow_below_it(desk: Desk) -> None:
    case, page = at_own_case(desk)
    for number in range(25):
        desk.office.says(case, f"もしもし {number}")
    page.reload()
    page.get_by_text("この発言に返事をする").last.click()
    page.get_by_role("textbox", name="返事").fill("はい。")
    page.get_by_role("button", name="返事を送る").click()
    expect(page.locator(".quoted")).to_be_attached()
    for width in (1280, 1000):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.scrollingElement.scrollHeight") == 800
