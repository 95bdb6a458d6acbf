"""The console's pages for going out to people: each of their states by the rule book, and all of it by keyboard."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import Connection

from knowledge.event import Content, Target, Way, What
from storage import events, sign_ups
from storage.events import Change, Span
from tests.browser.desk import Desk
from tests.browser.looks import Look, wrong_in
from tests.browser.test_console_broadcasts import goes_on, under_way
from tests.grants import content as grant
from tests.grants import put
from tests.web.console.office import Office
from tests.web.console.test_console_broadcasts import WORDS, people_to_tell

pytestmark = pytest.mark.browser
LOOKS: tuple[Look, ...] = ((390, {"color_scheme": "light"}), (1280, {"color_scheme": "dark"}))
LONG = "とても長い題名の催し" * 6
ROWS = "名前,出す所,締切日,締切の方法,元ページ\n"
GOOD = "はじめて助成,みほん財団,2027-01-31,必着,https://example.lg.jp/a\n"


def _event(office: Office, by: int, checked_by: int | None, **other: object) -> int:
    """An event of somebody's in three days, published where somebody checked it; its number."""
    start, now = office.clock() + timedelta(days=3), office.clock()
    said = {"title": LONG, "organiser": "町会", "place": "区民館", "about": "そうじをします。" * 20, "easy": "そうじ。"}
    content = Content.model_validate(said | other)

    def job(conn: Connection) -> int:
        number = events.add(conn, Change(content, [Span(start, start + timedelta(hours=2))], by), now)
        made = events.find(conn, number)
        assert made is not None
        assert checked_by is None or events.publish(conn, made, checked_by, now)
        return number

    return int(office.write(job))


def _comes(office: Office, number: int, who: str, *, in_: bool = False) -> str:
    """Somebody signs up, and perhaps is let in; their code."""

    def job(conn: Connection) -> str:
        made = events.find(conn, number)
        assert made is not None
        contact, person = office.who(conn, "line", who)
        mine = sign_ups.ask(conn, made.dates[0].id, (person.id, contact.id), 2, office.clock())
        assert not in_ or sign_ups.arrive(conn, mine, office.clock())
        return mine.code

    return str(office.write(job))


def _states(desk: Desk) -> dict[str, str]:
    """Everything that events and grants can be, and the address of each."""
    office = desk.office
    aoki, baba = office.member("aoki", "青木"), office.member("baba", "馬場")
    course = {"what": What.COURSE, "way": Way.BOT, "capacity": 2, "free": True, "targets": list(Target)}
    open_, mine, theirs = _event(office, baba, aoki, **course), _event(office, aoki, None), _event(office, baba, None)
    off = _event(office, baba, aoki)
    came, comes = _comes(office, open_, "u1", in_=True), _comes(office, open_, "u2")
    now, day = office.clock(), office.clock().date()

    def write(conn: Connection) -> tuple[int, int, int]:
        made = events.find(conn, off)
        assert made is not None
        assert events.move(conn, made, events.State.CANCELLED, aoki, now)
        wide = {"name": LONG, "who": "5年以内の団体", "ceiling": 100_000, "rate": 50, "papers": "申請書"}
        one = put(conn, grant(day + timedelta(days=20), **wide), now)
        old = put(conn, grant(day + timedelta(days=40)), now, ago=200)
        draft = put(conn, grant(day + timedelta(days=60)), now, check=False)
        return one.id, old.id, draft.id

    call, old, draft = office.write(write)
    return {
        "events": "/console/events",
        "a new event": "/console/events/new",
        "an event that is published": f"/console/events/{open_}",
        "an event of one's own to be checked": f"/console/events/{mine}",
        "an event of a colleague's to be checked": f"/console/events/{theirs}",
        "an event that is off": f"/console/events/{off}",
        "events from a file": "/console/events/import",
        "the door": "/console/door",
        "somebody at the door": f"/console/door?c={comes}",
        "somebody who is in": f"/console/door?c={came}",
        "nobody at the door": "/console/door?c=NOBODY",
        "posters": "/console/cards",
        "a place that cannot be": "/console/cards?place=x&code=%E6%B5%85%E8%8D%89",
        "grants": "/console/grants",
        "a new call": "/console/grants/new",
        "a call": f"/console/grants/{call}",
        "a call that nobody looked at for long": f"/console/grants/{old}",
        "a call to be checked": f"/console/grants/{draft}",
        "calls from a file": "/console/grants/import",
        "broadcasts": "/console/broadcasts",
        "a new broadcast": "/console/broadcasts?edit=0",
        "segments": "/console/segments",
        "a new segment": "/console/segments?edit=0",
        "events for everybody": "/events",
        "no events": "/events?near=%E3%81%AA%E3%81%84",
        "an event for everybody": f"/events/{open_}",
        "an event for everybody that is off": f"/events/{off}",
        "a ticket": f"/events/t/{comes}",
        "grants for everybody": "/grants",
        "a call for everybody": f"/grants/{call}",
        "an old call for everybody": f"/grants/{old}",
    }


def test_A01_A03_axe_finds_nothing_in_any_state_of_going_out(desk: Desk) -> None:
    states = _states(desk)
    page = desk.window(1)
    found: list[str] = []
    for name, path in states.items():
        page.goto(path)
        page.locator(".fold").evaluate_all("all => all.forEach(one => one.open = true)")
        found += wrong_in(page, name, LOOKS)
    assert found == []
    assert len(states) >= 30


def test_a_file_of_calls_is_looked_at_first_and_taken_whole_or_not_at_all(desk: Desk, tmp_path: Path) -> None:
    page, bad, good = desk.window(desk.office.member("aoki")), tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text(ROWS + GOOD + "x,y,いつか,必着,https://example.lg.jp/b\n", "cp932")
    good.write_text(ROWS + GOOD + GOOD.replace("はじめて", "つづける").replace("/a", "/b"), "utf-8-sig")
    page.goto("/console/grants")
    page.get_by_role("link", name="ファイルやフィードから取りこむ").click()
    _send(page, bad)
    expect(page.get_by_role("alert")).to_contain_text("まだ何も取りこんでいません")
    expect(page.get_by_role("button", name="件を取りこむ")).to_have_count(0)
    found = wrong_in(page, "wrong rows", LOOKS)
    _send(page, good)
    expect(page.get_by_text("新しいもの 2件、変わったもの 0件、同じもの 0件です。")).to_be_visible()
    found += wrong_in(page, "before it is taken", LOOKS)
    page.get_by_role("button", name="2件を取りこむ").click()
    expect(page.get_by_role("status")).to_contain_text("取りこみました")
    page.goto("/console/grants")
    expect(page.get_by_text("確認待ち", exact=True)).to_have_count(2)
    assert found == []


def _send(page: Page, file: Path) -> None:
    page.locator("#upload").set_input_files(file)
    page.get_by_role("button", name="中身を見る").click()


def _tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until it is there; the focus is seen on it."""
    wanted.wait_for()
    for _ in range(90):
        if wanted.evaluate("one => one === document.activeElement"):
            assert wanted.evaluate(
                "one => getComputedStyle(one.closest('.tick') || one).outlineStyle !== 'none'"
                " || getComputedStyle(one).outlineStyle !== 'none'"
            ), f"the focus is not seen on {wanted}"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {wanted}")


def _press(page: Page, name: str) -> None:
    _tab_to(page, page.get_by_role("button", name=name))
    page.keyboard.press("Enter")


def test_A02_composed_agreed_to_and_stopped_by_keyboard_alone(desk: Desk) -> None:
    office = desk.office
    aoki, baba = office.member("aoki", "青木"), office.member("baba", "馬場")
    people_to_tell(office, aoki)
    page, other = desk.window(aoki), desk.window(baba)
    page.goto("/console/broadcasts?edit=0")
    _tab_to(page, page.get_by_label("見出し"))
    page.keyboard.insert_text("清掃活動")
    _tab_to(page, page.get_by_label("だれに送りますか"))
    page.keyboard.press("ArrowDown")
    _tab_to(page, page.get_by_label("本文: 日本語", exact=True))
    page.keyboard.insert_text(WORDS)
    _tab_to(page, page.locator("summary", has_text="本文: English"))
    page.keyboard.press("Enter")
    _tab_to(page, page.locator("#text-en"))
    page.keyboard.insert_text("Cleaning on 29 November, all are welcome.")
    _press(page, "下書きを保存")
    _agree(page, "承認をたのむ")
    expect(page.get_by_text("ほかの人の承認を待っています")).to_be_visible()
    other.goto("/console/broadcasts/1")
    _agree(other, "33人に送ることを承認する")
    expect(other.get_by_text("承認しました。")).to_be_visible()
    office.write(lambda conn: under_way(conn, desk))
    page.goto("/console/broadcasts/1")
    expect(page.locator("#progress .many")).to_have_text("0 / 33人")
    _tab_to(page, page.get_by_role("button", name="今すぐ止める"))
    office.write(lambda conn: goes_on(conn, desk))
    expect(page.locator("#progress .many")).to_have_text("3 / 33人")
    expect(page.get_by_role("button", name="今すぐ止める")).to_be_focused()  # what moves by itself takes it from nobody
    page.keyboard.press("Enter")
    expect(page.get_by_text("止めました。残りの人には送りません。")).to_be_visible()
    _press(page, "訂正を送る")
    expect(page.get_by_label("見出し")).to_have_value("訂正: 清掃活動")


def _agree(page: Page, button: str) -> None:
    _tab_to(page, page.get_by_label("上のところを"))
    page.keyboard.press("Space")
    _press(page, button)
