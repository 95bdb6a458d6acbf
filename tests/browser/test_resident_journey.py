"""The demo's phone in a real browser: the whole way of a consultation, three looks, and what a thumb can do."""

from __future__ import annotations

import httpx2
import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.looks import Look, wrong_in
from tests.browser.street import PEOPLE, Street, press, tap

pytestmark = pytest.mark.browser
YUKI, SUSUMU, WEN, NAO, HAJIME = PEOPLE
STORY = "団体を作りたいのですが、仲間が見つかりません。"
ANSWER = "担当の佐藤です。土曜の午後はいかがですか。"


def _newest_in(frame: FrameLocator, label: str) -> None:
    tap(frame, frame.locator("#log").get_by_role("button", name=label, exact=True).last)


def _begun(page: Page, person: str) -> None:
    """Take this person's phone and come to the menu."""
    page.get_by_role("button", name=f"{person}さん").click()
    page.locator(".begin").click()
    press(page, "同意する")
    page.locator("#log").get_by_role("button", name="相談を申し込む").wait_for()


def _answered(page: Page, *labels: str) -> None:
    for label in labels:
        press(page, label)


def test_the_whole_way_from_a_trouble_to_a_coordinators_answer(street: Street) -> None:
    page = street.window(width=1440, height=900)
    page.goto(street.demo.entrance)
    page.wait_for_url("**/demo")
    _begun(page, YUKI.name)
    _answered(page, "相談を申し込む", "これから団体を作る", "仲間さがし", "これで次へ")
    _answered(page, "1か月以内", "文字だけ", "いいえ", "だれにも伝えない", "センターのページを開く")
    own = page.frame_locator("#sheet iframe")
    own.locator("button.main").click()
    expect(own.locator(".line.bot").last).to_contain_text("ご相談の内容")
    own.locator("#words").fill(STORY)
    own.locator("#send").click()
    _newest_in(own, "同意する")
    expect(own.locator(".line.bot").last).to_contain_text("まちがいはありませんか")
    _newest_in(own, "送る")
    expect(own.locator(".line.bot", has_text="受付番号は")).to_be_visible()
    assert STORY not in "".join(str(sent) for sent in street.demo.line.delivered(YUKI.user))

    console = page.frame_locator(".console iframe")
    console.get_by_role("link", name="仲間さがし").last.click()
    expect(console.get_by_text(STORY).first).to_be_visible()
    console.get_by_role("button", name="担当する").click()
    console.locator("#reply-text").fill(ANSWER)
    console.get_by_role("button", name="返事を送る").click()
    expect(own.locator(".line.staff").last).to_contain_text(ANSWER)
    own.locator("#words").fill("はい、おねがいします。")
    own.locator("#send").click()
    expect(console.get_by_text("はい、おねがいします。").first).to_be_visible()
    assert ANSWER not in "".join(str(sent) for sent in street.demo.line.delivered(YUKI.user))


def test_the_phone_has_three_looks_and_each_keeps_its_talk(street: Street) -> None:
    page = street.window(width=1280, height=880)
    page.goto("/demo")
    _begun(page, SUSUMU.name)
    page.get_by_role("tab", name="Telegram").click()
    page.locator(".begin").click()
    tap(page, page.locator(".key", has_text="同意する").last)
    expect(page.locator(".key", has_text="人と話したい").last).to_be_visible()
    page.get_by_role("tab", name="ウェブ").click()
    page.frame_locator("#web").get_by_role("button", name="はじめる").wait_for()
    page.get_by_role("tab", name="LINE").click()
    page.locator("#log").get_by_role("button", name="相談を申し込む").wait_for()
    page.reload()
    page.get_by_role("button", name=f"{SUSUMU.name}さん").click()
    expect(page.locator("#log").get_by_role("button", name="相談を申し込む")).to_be_visible()


def test_on_a_small_screen_the_menu_leaves_room_to_begin(street: Street) -> None:
    page = street.window(width=390, height=780)
    page.goto("/demo")
    page.get_by_role("button", name=f"{HAJIME.name}さん").click()
    expect(page.locator(".rich-sheet")).to_be_visible()
    expect(page.locator(".begin")).to_be_in_viewport(ratio=1)


def test_A02_the_looks_change_by_arrow_keys(street: Street) -> None:
    page = street.window(width=1280, height=880)
    page.goto("/demo")
    page.get_by_role("tab", name="LINE").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Telegram")).to_be_focused()
    expect(page.locator("#screen")).to_have_class("screen telegram")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#screen")).to_have_class("screen line")


def test_what_a_thumb_can_do_besides_writing(street: Street) -> None:
    page = street.window(width=1280, height=880)
    page.goto("/demo")
    page.get_by_role("button", name=f"{YUKI.name}さん").click()
    page.locator("#write").wait_for()
    page.locator("#plus").click()
    page.get_by_role("button", name="スタンプ", exact=True).click()
    expect(page.get_by_role("img", name="スタンプ").last).to_be_visible()
    page.locator("#words").fill("まちがえた文")
    page.keyboard.press("Enter")
    own = page.locator(".row.me", has_text="まちがえた文")
    own.locator(".dots-menu").click()
    own.get_by_role("button", name="送信取消").click()
    expect(page.locator(".note", has_text="送信を取り消しました")).to_be_visible()
    expect(own).to_have_count(0)


def test_who_blocks_hears_why_nothing_goes_out_and_can_come_back(street: Street) -> None:
    page = street.window(width=1280, height=880)
    page.goto("/demo")
    page.get_by_role("button", name=f"{SUSUMU.name}さん").click()
    page.locator("#more").click()
    page.get_by_role("button", name="ブロックする").click()
    page.locator("#words").fill("とどきますか")
    page.keyboard.press("Enter")
    expect(page.locator("#say")).to_contain_text("ブロック")
    page.locator("#more").click()
    page.get_by_role("button", name="解除").click()
    page.locator("#words").fill("もう一度")
    page.keyboard.press("Enter")
    expect(page.locator(".row.me", has_text="もう一度")).to_be_visible()


PICKER = {
    "type": "flex",
    "altText": "日時",
    "contents": {
        "type": "bubble",
        "body": {
            "type": "box",
            "layout": "vertical",
            "contents": [
                {
                    "type": "button",
                    "action": {
                        "type": "datetimepicker",
                        "label": "日時を選ぶ",
                        "data": "p:9:slot",
                        "mode": "datetime",
                        "min": "2026-11-01T10:00",
                        "max": "2030-12-31T17:00",
                    },
                },
                {
                    "type": "button",
                    "action": {"type": "uri", "label": "外のページ", "uri": "https://www.example.lg.jp/"},
                },
            ],
        },
    },
}


def test_a_picker_gives_its_value_and_a_foreign_page_is_asked_about(street: Street) -> None:
    page = street.window(width=1280, height=880)
    page.goto("/demo")
    _begun(page, NAO.name)
    settings = street.demo.parts.settings
    headers = {"authorization": f"Bearer {settings.line_access_token.get_secret_value()}"}
    body = {"to": NAO.user, "messages": [PICKER]}
    sent = httpx2.post(f"{str(settings.line_api_base).rstrip('/')}/v2/bot/message/push", json=body, headers=headers)
    assert sent.status_code == 200
    press(page, "日時を選ぶ")
    page.locator("#sheet input").fill("2027-03-04T15:30")
    posts = len(street.demo.line.posts)
    page.get_by_role("button", name="これに決める").click()
    expect(page.locator("#sheet")).to_be_hidden()
    while len(street.demo.line.posts) == posts:
        page.wait_for_timeout(20)
    assert street.demo.line.posts[-1].event["postback"]["params"] == {"datetime": "2027-03-04T15:30"}
    press(page, "外のページ")
    expect(page.locator("#sheet a")).to_have_attribute("rel", "noopener noreferrer")
    page.keyboard.press("Escape")
    expect(page.locator("#sheet")).to_be_hidden()


def test_A01_A03_every_state_of_the_phone(street: Street) -> None:
    looks: list[Look] = [(390, {}), (1440, {})]
    page = street.window(width=1440, height=880)
    page.goto("/demo")
    found: list[str] = []
    for name, person in (("LINE", YUKI.name), ("Telegram", WEN.name)):
        page.get_by_role("tab", name=name).click()
        page.get_by_role("button", name=f"{person}さん").click()
        page.locator("#log > *").first.wait_for()
        found += wrong_in(page, name, looks)
        page.locator("#plus").click()
        found += wrong_in(page, f"{name} menu", looks)
        page.keyboard.press("Escape")
    page.get_by_role("tab", name="ウェブ").click()
    page.frame_locator("#web").locator("main").wait_for()
    found += wrong_in(page, "web", looks)
    page.locator("summary").click()
    found += wrong_in(page, "how", looks)
    assert found == []


def test_A02_a_menu_takes_the_focus_and_escape_closes_it(street: Street) -> None:
    page = street.window(width=1280, height=880)
    page.goto("/demo")
    page.locator("#more").click()
    expect(page.get_by_role("button", name="ブロックする")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#more-list")).to_be_hidden()
