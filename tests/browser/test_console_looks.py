"""Every state of the console, at every width, in light and dark: axe finds nothing and nobody scrolls sideways."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Connection

from bot.settings import Settings
from knowledge.edited import Edited
from storage import (
    appointments,
    articles,
    canned,
    cases,
    forgetting,
    news,
    notes,
    open_store,
    partners,
    ticks,
    ties,
    timed,
)
from storage.cases import By, Mode, Who
from tests import ours
from tests.browser.desk import Desk
from tests.browser.looks import Look, wrong_in
from tests.clock import Clock
from tests.conftest import SECRET
from tests.web.console.office import Office
from tests.web.console.test_console_deeds import HOSTILE

pytestmark = pytest.mark.browser
SIZES = [(320, 640), (390, 844), (768, 1024), (1024, 500), (1200, 800)]
LONG = "とても長い文が続きます。" * 40 + " https://example.lg.jp/" + "a" * 200


def _desk_things(office: Office, mine: int, closed: int, who: tuple[int, int]) -> None:
    """Replies that wait and cannot leave, calls, a case that was passed on and lies aside, news, ready words."""
    aoki, baba = who
    now, vault = office.clock(), office.store.vault

    def write(conn: Connection) -> None:
        for one in who:
            timed.add(conn, vault, timed.New(mine, one, now + timedelta(days=1), 9**9, LONG), now)
        for kind in (None, *notes.Kind):
            notes.add(conn, vault, notes.NewNote(mine, baba, LONG, kind), now)
        news.add(conn, [news.New(aoki, closed, one, baba) for one in news.Kind], now)
        for title in ("あいさつ", "お礼"):
            canned.add(conn, canned.New(aoki, title, "{staff}です。" + LONG), now)
        articles.add(conn, articles.New(aoki, "", 0, articles.State.DRAFT, Edited().model_dump_json(), LONG), now)
        cases.pend(conn, mine, now + timedelta(days=1), By(Who.SYSTEM), now)

    office.write(write)


def _work(office: Office, mine: int, other: int, who: tuple[int, int]) -> None:
    """Cases that belong together, ticks, a partner who answered, and appointments of which two are at once."""
    now, vault = office.clock(), office.store.vault
    aoki, baba = who

    def write(conn: Connection) -> None:
        ticks.tick(conn, mine, "goal", baba, now)
        ties.add(conn, ties.New(ties.Kind.RELATED, mine, other, aoki), now)
        new = partners.New(
            mine, aoki, LONG[:80], LONG[:300], partners.Scope.TALK, partners.Consent.ASKED, now + timedelta(1)
        )
        keys = partners.make(conn, vault, new, now)
        found = partners.by_token(conn, vault, keys.token, now)
        assert found is not None
        partners.did(conn, vault, found, None, now)
        partners.did(conn, vault, found, ("key", LONG), now)
        for way in (appointments.Way.DESK, appointments.Way.PHONE):
            when = appointments.When(aoki, now + timedelta(hours=2), 60, way, LONG[:80])
            appointments.add(conn, vault, mine, when, now)

    office.write(write)


def _busy(desk: Desk) -> dict[str, str]:
    """An office in full swing; the address of each state."""
    office = desk.office
    aoki, baba = office.member("aoki", "青木 さゆり"), office.member("baba", "馬場 健")
    mine, theirs, closed, gone = (office.case(name, mode=Mode.OPEN) for name in ("mine", "theirs", "closed", "gone"))
    free = office.case("free", urgency="today", why="urgent", flow="", topics=[], rows=[])
    for number in range(6):
        office.case(f"more{number}", topic="other", topics=["other", "ward", "start", "rules"], language="ja-easy")
    for words in (LONG, HOSTILE[0], "短い"):
        office.says(mine, words, "mine")
    page = desk.window(aoki)
    for case_id, deeds in [(mine, ["claim"]), (closed, ["close"])]:
        page.goto(f"/console/cases/{case_id}")
        for deed in deeds:
            page.evaluate("(to) => fetch(to, {method: 'POST'})", f"/console/cases/{case_id}/{deed}")
    colleague = desk.window(baba)
    colleague.goto("/console")
    colleague.evaluate("(to) => fetch(to, {method: 'POST'})", f"/console/cases/{theirs}/claim")
    _desk_things(office, mine, closed, (aoki, baba))
    _work(office, mine, theirs, (aoki, baba))
    person_id = office.head(gone).person_id
    assert person_id is not None
    office.write(lambda conn: forgetting.forget(conn, person_id, office.clock()))
    return {
        "queue": "/console?folder=all",
        "empty": "/console?topic=accounts",
        "free": f"/console/cases/{free}",
        "mine": f"/console/cases/{mine}?folder=mine",
        "theirs": f"/console/cases/{theirs}",
        "closed": f"/console/cases/{closed}?folder=closed",
        "forgotten": f"/console/cases/{gone}?folder=all",
        "not there": "/console/cases/999999",
        "me": "/me",
        "ready words": "/console/canned",
        "week": "/console/appointments",
        "answers": "/console/articles",
        "a new answer": "/console/articles/new",
        "before it goes out": "/console/articles/own-1/check",
        "how it looks": "/console/articles/printing/look?on=line",
        "how it looks on our page": "/console/articles/printing/look?on=web&lang=ja-easy",
        "nothing searched": "/console/search",
        "an old search": "/console/search?of=99",
        "pushes": "/console/pushes",
        "care of answers": "/console/knowledge",
        "outcomes": "/console/outcomes",
        "files": "/console/exports",
        "paper": f"/console/cases/{mine}/print",
        "second factor": "/me/second",
        "events": "/console/events",
        "segments": "/console/segments",
        "a partner who is too late": "/partner/x",
    }


FOLDS, OPEN = ".sure, .waits, .fold:not(.work .fold)", "all => all.forEach(one => one.open = true)"
LOOKS: tuple[Look, ...] = ((390, {"color_scheme": "light"}), (1440, {"color_scheme": "dark"}))
PRESSED = "button:visible, .button:visible, .rail a:visible, .cases a:visible, summary:visible"
HEIGHTS = "all => all.map(e => [e.textContent.trim(), e.getBoundingClientRect().height])"
# Of the folds above the talk one at a time stands open: what is too wide with each of them.
WIDE_FOLDS = f"""async () => {{
    const folds = [...document.querySelectorAll('{FOLDS}')], page = document.documentElement, wide = [];
    for (let n = 0; n < Math.max(1, folds.length); n += 1) {{
        if (folds[n]) folds[n].open = true;
        await new Promise(done => setTimeout(done));  // the page shuts the one that stood open before
        if (page.scrollWidth > page.clientWidth) wide.push(n);
    }}
    return wide;
}}"""


@dataclass
class Seen:
    """What was found wrong on the way through every state; `states` names all that were looked at."""

    states: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    wide: list[str] = field(default_factory=list)
    small: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def seen(browser: Browser, tmp_path_factory: pytest.TempPathFactory, _migrated_file: Path) -> Seen:
    """One way through every state, for all that is asked of each: to make and load them takes as long as to look."""
    folder = tmp_path_factory.mktemp("seen")
    store = open_store(f"sqlite:///{shutil.copy(_migrated_file, folder / 'nakodo.db')}", SECRET)
    settings = Settings.model_validate({"secret_key": SECRET, "public_url": "http://127.0.0.1", "undo_seconds": 0})
    office = Office(store, Clock(datetime(2026, 11, 22, 9, 30, tzinfo=UTC)), ours.mind(), settings)
    with Desk.opened(office, browser, folder) as desk:
        seen = _walked(desk)
    store.close()
    return seen


def _walked(desk: Desk) -> Seen:
    states, page, seen = _busy(desk), desk.window(1), Seen()

    def look(state: str, within: str = "html") -> None:
        seen.states.append(state)
        seen.found.extend(wrong_in(page, state, LOOKS, within))

    for name, path in states.items():
        page.goto(path)
        look(name)
        _measure(page, name, seen)
    _unfold(page, states, look)
    desk.served.stop()
    expect(page.locator("#lost")).to_be_visible()
    look("line lost")
    desk.served.start()
    return seen


def _measure(page: Page, name: str, seen: Seen) -> None:
    """What is too small to be pressed on a phone, and what is too wide anywhere."""
    page.set_viewport_size({"width": 390, "height": 800})
    heights = page.locator(PRESSED).evaluate_all(HEIGHTS)
    seen.small += [f"{name}: {label} {height}" for label, height in heights if height < 44]
    page.locator(".work .fold").evaluate_all(OPEN)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        seen.wide += [f"{name} at {width}, fold {fold}" for fold in page.evaluate(WIDE_FOLDS)]


def _unfold(page: Page, states: dict[str, str], look: Callable[..., None]) -> None:
    """What is seen only after something was done."""
    page.goto(states["queue"])
    page.keyboard.press("?")
    look("the keys", "#keys")
    page.keyboard.press("Escape")
    page.locator("#search-text").fill("とても長い文")
    page.locator("#search-text").press("Enter")
    page.wait_for_url("**/search?of=*")
    look("found")
    page.goto(states["mine"])
    page.locator(".work .fold").evaluate_all(OPEN)
    look("the work", ".work")
    for number, fold in enumerate(page.locator(FOLDS).all()):
        fold.evaluate("one => { one.open = true; one.id ||= 'looked-at'; }")
        look(f"fold {number}", f"#{fold.get_attribute('id')}")
        fold.evaluate("one => { one.open = false; if (one.id === 'looked-at') one.removeAttribute('id'); }")
    page.locator("#reply-text").fill("   ")
    page.get_by_role("button", name="返事を送る").click()
    expect(page.locator("#warn")).to_contain_text("文が書かれていません")
    look("refused")


def test_A01_A03_axe_finds_nothing_in_any_of_forty_states(seen: Seen) -> None:
    assert seen.found == []
    assert len(seen.states) >= 40, seen.states


def test_A03_nobody_scrolls_sideways(seen: Seen) -> None:
    assert seen.wide == []


def test_A04_whatever_one_presses_is_large_enough(seen: Seen) -> None:
    assert seen.small == []


def test_A01_A03_every_state_of_coming_in(desk: Desk) -> None:
    looks: list[Look] = [(320, {"color_scheme": "dark"}), (1440, {"color_scheme": "light"})]
    aoki = desk.office.member("aoki", "青木 さゆり")
    token = desk.office.link(aoki)
    page = desk.window()
    found: list[str] = []
    link = f"/login/once?t={token}"
    for path in ["/login", "/login?out", "/login?next=%2Fconsole", link, "/login/once?t=x", "/nothing"]:
        page.goto(path)
        found += wrong_in(page, path, looks)
    page.goto("/login")
    page.get_by_label("ログイン名").fill("aoki")
    page.get_by_label("パスワード").fill("ちがう合言葉です")
    page.get_by_role("button", name="ログイン", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    found += wrong_in(page, "wrong", looks)
    page.goto(link)
    page.get_by_role("button", name="いまは決めずにログインする").click()
    expect(page.get_by_role("heading", name="未担当")).to_be_visible()
    page.goto("/me")
    page.get_by_label("新しいパスワード").fill("短い")
    page.get_by_role("button", name="パスワードを決める").click()
    expect(page.get_by_role("alert")).to_be_visible()
    found += wrong_in(page, "too short", looks)
    assert found == []
