"""Ten everyday tasks, done by mouse and by keys and counted: the table in deploy/console.md says the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from knowledge import checklists
from storage import canned, cases, ticks
from storage.casefile import By, Who
from storage.cases import Mode
from tests.browser.desk import Desk
from tests.browser.hands import Keys, Mouse
from tests.web.console.office import Office

pytestmark = pytest.mark.browser
TABLE = Path(__file__).parents[2] / "deploy" / "console.md"
_ROW = re.compile(r"^\| (?P<task>[^|!]+?) \| (?P<clicks>\d+) \| (?P<keys>\d+) \|", re.MULTILINE)
_LIST = "/console?folder=unassigned"


@dataclass(frozen=True)
class Centre:
    """What a task finds: each gets cases of its own, of new people."""

    office: Office
    people: Iterator[int] = field(default_factory=lambda: count(1))

    def free(self, address: str = "") -> int:
        """A case that nobody has."""
        return self.office.case(address or f"u{next(self.people)}", mode=Mode.OPEN)

    def list(self) -> str:
        """The list with cases that nobody has; in one of them somebody spoke of fireworks."""
        self.office.says(self.free("words"), "隅田川の花火について", "words")
        self.free()
        return _LIST

    def mine(self) -> str:
        """A case that one holds, with its checklist done."""
        case_id, now = self.free(), self.office.clock()
        self.office.write(lambda conn: cases.claim(conn, case_id, 1, now))
        items = [one.key for one in checklists.lists().of(("money",))]
        self.office.write(lambda conn: [ticks.tick(conn, case_id, one, 1, now) for one in items])
        return f"/console/cases/{case_id}"

    def known(self) -> str:
        """A case of somebody who was here before."""
        address, now = f"u{next(self.people)}", self.office.clock()
        before = self.free(address)
        self.office.write(lambda conn: cases.close(conn, before, By(Who.STAFF, 1), now))
        return f"/console/cases/{self.free(address)}"


@dataclass(frozen=True)
class Task:
    """Where it begins, both ways to do it, and what is to be seen afterwards."""

    begins: Callable[[Centre], str]
    by_mouse: Callable[[Mouse], None]
    by_keys: Callable[[Keys], None]
    seen: str


def _answer(hand: Keys) -> None:
    hand.press("r", "/")
    hand.at("#ready button")
    hand.press("Enter")
    expect(hand.page.locator("#reply-text")).to_have_value("お問い合わせありがとうございます。")
    hand.at("#reply-text")
    hand.press("Control+Enter")


def _answer_by_mouse(hand: Mouse) -> None:
    hand.click("#ready summary")
    hand.click("#ready button")
    expect(hand.page.locator("#reply-text")).to_have_value("お問い合わせありがとうございます。")
    hand.click("#reply-form .button.main")


def _note(hand: Keys) -> None:
    hand.press("n")
    hand.write("あとで電話する")
    hand.press("Control+Enter")


def _note_by_mouse(hand: Mouse) -> None:
    hand.click("#note-text")
    hand.write("あとで電話する")
    hand.click("#note-form .button")


def _pass_by_mouse(hand: Mouse) -> None:
    hand.click("#pass-fold summary")
    hand.choose("#pass-to", "馬場")
    hand.click("#pass-form .button")


def _appoint(hand: Keys) -> None:
    hand.press("a")
    hand.type("12012026")
    hand.tab_to("#hour-0")
    hand.type("1030AM")
    hand.press("Enter")


def _appoint_by_mouse(hand: Mouse) -> None:
    hand.click("summary:has(+ form#appoint-form-0)")
    for part, said in (("#day-0", "2026-12-01"), ("#hour-0", "10:30")):
        hand.click(part)
        hand.page.locator(part).fill(said)
    hand.click("#appoint-form-0 .button.main")


def _find(hand: Keys) -> None:
    hand.press("/")
    hand.write("花火")
    hand.press("Enter")
    expect(hand.page.locator("mark").first).to_have_text("花火")
    hand.press("o")


def _find_by_mouse(hand: Mouse) -> None:
    hand.click("#search-text")
    hand.write("花火")
    hand.click("#search .button")
    hand.click(".found .cases a")


def _take(hand: Keys) -> None:
    hand.press("o")
    hand.page.wait_for_url("**/cases/*")
    hand.press("c")


def _many(hand: Keys) -> None:
    hand.press("j", "x", "j", "x", "b", "Enter")
    hand.at("form[action='/console/bulk/do'] .button")
    hand.press("Enter")


def _clicks(*selectors: str) -> Callable[[Mouse], None]:
    def click(hand: Mouse) -> None:
        for one in selectors:
            hand.click(one)

    return click


def _presses(*keys: str) -> Callable[[Keys], None]:
    return lambda hand: hand.press(*keys)


_TICKS = (".cases li:nth-child(1) .tick", ".cases li:nth-child(2) .tick")
_DONE = ("#bulk-form .button", "form[action='/console/bulk/do'] .button")
TASKS = {
    "see what is most urgent, and take it": Task(
        Centre.list, _clicks(".cases a", "#deed-claim button"), _take, "#deed-release"
    ),
    "answer with ready words": Task(Centre.mine, _answer_by_mouse, _answer, ".held-back"),
    "write an inner note": Task(Centre.mine, _note_by_mouse, _note, ".noted"),
    "pass it to a colleague, with a summary": Task(
        Centre.mine, _pass_by_mouse, _presses("p", "ArrowDown", "Tab", "Control+Enter"), ".noted h3"
    ),
    "put it aside until Monday": Task(
        Centre.mine,
        _clicks(".waits summary", "#deed-wait [value=monday]"),
        _presses("w", "ArrowDown", "ArrowDown", "Enter"),
        ".case .cover .tag:text-is('あとで対応します')",
    ),
    "find an old case by a word": Task(Centre.list, _find_by_mouse, _find, ".bubble:has-text('隅田川の花火')"),
    "propose an appointment": Task(Centre.mine, _appoint_by_mouse, _appoint, ".meeting"),
    "close it, and let the resident be asked how it went": Task(
        Centre.mine, _clicks("#deed-close button"), _presses("Shift+E"), ".held-back"
    ),
    "take two cases at once": Task(Centre.list, _clicks("#bulk-fold summary", *_TICKS, *_DONE), _many, ".notice.good"),
    "see what a resident came with before": Task(
        Centre.known, _clicks("#earlier a"), _presses("h", "Enter"), "#deed-reopen"
    ),
}


def _counted(page: Page, centre: Centre, task: Task) -> tuple[int, int]:
    """How many clicks, and how many keys: both ways are gone to the end."""
    mouse, keys = Mouse(page), Keys(page)
    page.goto(task.begins(centre))
    task.by_mouse(mouse)
    expect(page.locator(task.seen).first).to_be_visible()
    page.goto(task.begins(centre))
    task.by_keys(keys)
    expect(page.locator(task.seen).first).to_be_visible()
    return mouse.clicked, keys.pressed


def test_A_ten_everyday_tasks_take_as_many_clicks_and_keys_as_the_table_says(desk: Desk) -> None:
    office = desk.office
    desk.served.stop()
    office.under(undo_seconds=10)
    desk.served.start()
    page = desk.window(office.member("aoki", "青木"))
    office.member("baba", "馬場")
    words = canned.New(1, "お礼", "お問い合わせありがとうございます。")
    office.write(lambda conn: canned.add(conn, words, office.clock()))
    said = {one["task"]: (int(one["clicks"]), int(one["keys"])) for one in _ROW.finditer(TABLE.read_text("utf-8"))}
    centre = Centre(office)
    assert {name: _counted(page, centre, task) for name, task in TASKS.items()} == said
