"""The web chat in a real browser: by keyboard alone, at every width, with a lost line, in a hurry to get away."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import Look, too_wide, wrong_in
from tests.browser.street import PEOPLE, Street, newest, press, write

pytestmark = pytest.mark.browser
HOSTILE = "<img src=x onerror=alert(1)> {{7*7}} \u202eabc"
# WCAG 1.4.12: what a reader may set, and nothing may be lost by it.
SPACED = "* {line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}"


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until it is there; the focus is seen on the way."""
    wanted = page.locator(selector).last
    wanted.wait_for()
    for _ in range(60):
        if wanted.evaluate("(one) => one === document.activeElement"):
            outline = wanted.evaluate("(one) => getComputedStyle(one).outlineStyle")
            assert outline != "none"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {selector}")


def test_A02_from_the_invitation_to_an_answer_by_keyboard_alone(street: Street) -> None:
    page = street.window()
    page.goto("/chat")
    _tab_to(page, "button.main")
    page.keyboard.press("Enter")
    newest(page, "同意する").wait_for()
    _tab_to(page, "#log button.main")
    page.keyboard.press("Enter")
    newest(page, "相談を申し込む").wait_for()
    _tab_to(page, "#words")
    page.keyboard.insert_text("会議室はいくらですか")
    _tab_to(page, "#send")
    page.keyboard.press("Space")
    expect(page.locator(".line.me .words").last).to_have_text("会議室はいくらですか")
    expect(page.locator(".line.bot").last).to_contain_text("部屋")
    _tab_to(page, ".exit")
    page.keyboard.press("Enter")
    page.wait_for_url("**/clock")


LOOKS: tuple[Look, ...] = (
    (320, {"color_scheme": "light"}),
    (390, {"color_scheme": "dark"}),
    (390, {"forced_colors": "active"}),
    (1280, {"color_scheme": "light"}),
)


def test_A01_A03_every_state_of_the_chat(street: Street) -> None:
    page = street.window(width=390)
    page.goto("/chat")
    found = wrong_in(page, "invitation", LOOKS)
    page.locator("button.main").click()
    newest(page, "同意する").wait_for()
    found += wrong_in(page, "consent", LOOKS)
    press(page, "同意する")
    newest(page, "相談を申し込む").wait_for()
    found += wrong_in(page, "menu", LOOKS)
    press(page, "相談を申し込む")
    newest(page, "個人").wait_for()
    found += wrong_in(page, "question", LOOKS)
    page.context.set_offline(True)
    write(page, "つながらない")
    page.get_by_role("button", name="もう一度送る").wait_for()
    found += wrong_in(page, "not sent", LOOKS)
    page.context.set_offline(False)
    for path in ("/chat/0123456789abcdef", "/clock", street.link(PEOPLE[0].user)):
        page.goto(path)
        found += wrong_in(page, path[:3], LOOKS)
    assert found == []


def test_A03_nothing_is_lost_with_large_letters_and_wide_spacing(street: Street) -> None:
    page = street.window(width=320, height=640, bypass_csp=True)
    page.add_init_script("localStorage.setItem('size', '2')")
    page.goto("/chat")
    page.add_style_tag(content=SPACED)
    assert not too_wide(page)
    page.locator("button.main").click()
    newest(page, "同意する").wait_for()
    page.add_style_tag(content=SPACED)
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") >= 27
    assert not too_wide(page)
    press(page, "同意する")
    newest(page, "相談を申し込む").wait_for()
    assert page.locator("#log").bounding_box()["height"] > 120  # type: ignore[index]


def test_A04_whatever_one_presses_is_large_enough(street: Street) -> None:
    page = street.visitor()
    boxes = page.locator("button:visible, .button:visible").evaluate_all(
        "all => all.map(e => [e.textContent.trim(), e.getBoundingClientRect()]).map(([t, r]) => [t, r.width, r.height])"
    )
    assert [one for one in boxes if min(one[1:]) < 24] == []
    wanted = page.locator(".line:not(.old) .steps button, #send, .always button, .exit")
    assert min(wanted.evaluate_all("all => all.map(e => e.getBoundingClientRect().height)")) >= 44


def test_A05_R15_what_comes_is_announced_and_the_past_is_not(street: Street) -> None:
    page = street.visitor()
    log = page.locator("#log")
    expect(log).to_have_attribute("aria-live", "polite")
    assert log.get_attribute("role") == "log"
    page.reload()
    before = page.evaluate("document.getElementById('log').getAttribute('aria-live')")
    newest(page, "相談を申し込む").wait_for()
    expect(log).to_have_attribute("aria-live", "polite")
    assert before in (None, "off", "polite")


def test_a_reload_keeps_the_talk_and_the_words_not_yet_sent(street: Street) -> None:
    page = street.visitor()
    said = page.locator(".line.bot .words").count()
    write(page, "催しはありますか")
    expect(page.locator(".line.me .words").last).to_have_text("催しはありますか")
    page.locator(".line.bot .words").nth(said).wait_for()
    page.locator("#words").fill("まだ書いている途中")
    before = page.locator(".line.bot .words").all_inner_texts()
    page.reload()
    expect(page.locator("#words")).to_have_value("まだ書いている途中")
    expect(page.locator(".line.bot .words")).to_have_count(len(before))
    assert page.locator(".line.me .words").all_inner_texts()[-1] == "催しはありますか"


def test_words_that_did_not_get_through_are_sent_again_and_once(street: Street) -> None:
    page = street.visitor()
    page.context.set_offline(True)
    write(page, "とぎれた文")
    again = page.get_by_role("button", name="もう一度送る")
    again.wait_for()
    page.context.set_offline(False)
    again.click()
    expect(page.locator(".failed")).to_have_count(0)
    page.reload()
    expect(page.locator(".line.me .words", has_text="とぎれた文")).to_have_count(1)


def test_T6_leaving_is_one_press_and_there_is_no_way_back(street: Street) -> None:
    page = street.visitor()
    page.get_by_role("button", name="すぐ閉じる").click()
    page.wait_for_url("**/clock")
    assert page.title() == "時計"
    page.go_back()
    expect(page.locator(".line")).to_have_count(0)
    assert page.evaluate("sessionStorage.length") == 0


def test_hostile_words_are_words(street: Street) -> None:
    page = street.visitor()
    said = page.locator(".line.bot .words").count()
    write(page, HOSTILE)
    page.locator(".line.bot .words").nth(said).wait_for()
    page.reload()
    shown = page.locator(".line.me .words", has_text="onerror").last
    expect(shown).to_have_text("<img src=x onerror=alert(1)> {{7*7}} abc")
    assert page.locator("#log img").count() == 0


@pytest.mark.parametrize(
    ("name", "tag", "send"), [("English", "en", "Send"), ("中文", "zh-Hans", "发送"), ("한국어", "ko", "보내기")]
)
def test_another_language_reaches_the_page_itself(street: Street, name: str, tag: str, send: str) -> None:
    page = street.visitor()
    page.locator(".tools [data-tap]").click()
    press(page, name)
    expect(page.locator("html")).to_have_attribute("lang", tag)
    expect(page.locator("#send")).to_have_text(send)


def test_easy_japanese_has_its_readings(street: Street) -> None:
    page = street.window()
    page.goto("/chat?lang=ja-easy")
    page.locator("button.main").click()
    page.locator(".line.bot ruby").first.wait_for()
    expect(page.locator(".always ruby rt").first).to_be_visible()
    assert page.locator(".top .name").bounding_box()["height"] < 80, "in two lines, not sign by sign"  # type: ignore[index]


def test_the_size_of_the_letters_stays(street: Street) -> None:
    page = street.visitor()
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    usual = page.evaluate(size)
    page.locator("#size").click()
    larger = page.evaluate(size)
    page.reload()
    assert usual >= 18
    assert page.evaluate(size) == larger > usual


def test_without_script_the_page_says_where_else_to_go(street: Street) -> None:
    page = street.window(java_script_enabled=False)
    page.goto("/chat")
    expect(page.get_by_text("窓口か電話")).to_be_visible()
    expect(page.locator("form")).to_be_hidden()


def test_a_long_text_counts_down_and_stops_in_time(street: Street) -> None:
    page = street.visitor()
    page.locator("#words").fill("あ" * 4990)
    expect(page.locator("#left")).to_have_text("あと10文字")
    page.locator("#words").press("End")
    page.keyboard.insert_text("い" * 20)
    assert len(page.locator("#words").input_value()) == 5000


def test_the_whole_talk_can_be_printed_and_nothing_to_press_with_it(street: Street) -> None:
    page = street.visitor()
    write(page, "印刷したい文")
    page.evaluate("window.print = () => { window.printed = true; }")
    page.locator("#print").click()
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    expect(page.locator(".line.me .words").last).to_be_visible()
    expect(page.locator(".line.me .who").last).to_have_text("あなた")
    assert page.locator("button:visible, textarea:visible").count() == 0
    assert page.evaluate("getComputedStyle(document.getElementById('log')).overflowY") == "visible"


def test_two_windows_of_one_person_show_the_same(street: Street) -> None:
    page = street.visitor()
    other = page.context.new_page()
    other.goto("/chat")
    newest(other, "相談を申し込む").wait_for()
    write(page, "こちらで書きました")
    expect(other.locator(".line.me .words").last).to_have_text("こちらで書きました")
    expect(page.locator(".line.me .words", has_text="こちらで")).to_have_count(1)


def test_a_double_tap_answers_once(street: Street) -> None:
    gaps = (0, 150, 300, 500)  # ms
    pages = [street.visitor() for _ in gaps]
    before = [page.locator(".line.me").count() for page in pages]
    for page in pages:
        newest(page, "相談を申し込む").scroll_into_view_if_needed()
    pages[-1].wait_for_timeout(1000)
    for page, gap in zip(pages, gaps, strict=True):
        box = newest(page, "相談を申し込む").bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.click(x, y)
        page.wait_for_timeout(gap)
        page.mouse.click(x, y)
    pages[-1].wait_for_timeout(1500)
    for page, count, gap in zip(pages, before, gaps, strict=True):
        assert page.locator(".line.me").count() == count + 1, f"{gap} ms"
        expect(page.locator(".line.me .words").last).to_have_text("相談を申し込む")


def test_C06_only_a_web_address_that_leads_where_it_says_is_a_link(street: Street) -> None:
    page = street.visitor()
    said = (
        "javascript:alert(1) data:text/html,x //evil.example ftp://x.example https://taito.lg.jp@evil.example/ "
        "https://www.city.taito.lg.jp/x https://www.city.tаito.lg.jp/"
    )
    links = page.evaluate(
        """async (said) => {
            const script = document.querySelector('script[src*="chat.js"]').src;
            const { text } = await import(script.replace("chat.js", "chat-draw.js"));
            const box = document.createElement("p");
            box.append(text([[said, null]], true));
            return [...box.querySelectorAll("a")].map((one) => [one.textContent, one.href, one.rel]);
        }""",
        said,
    )
    rel = "noopener noreferrer nofollow"
    assert [one[2] for one in links] == [rel] * 2
    assert links[0][:2] == ["https://www.city.taito.lg.jp/x"] * 2
    assert "(www.city.xn--" in links[1][0], "what only looks like the ward says what it is really called"
    assert links[1][1].startswith("https://www.city.xn--")
