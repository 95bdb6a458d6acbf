"""A-07: the script of ten tasks for people with screen readers names what is there, by role, name and order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from storage.cases import Mode
from tests.browser.desk import Desk
from tests.browser.street import Street

pytestmark = pytest.mark.browser
SCRIPT = Path(__file__).parents[2] / "deploy" / "screen-readers.md"
ROWS = [
    [cell.strip() for cell in line.strip("|\n").split("|")]
    for line in SCRIPT.read_text(encoding="utf-8").splitlines()
    if re.match(r"\| \d", line)
]


def missing(page: Page, which: str) -> list[str]:
    """What a screen reader does not come across on this page in the order of the script."""
    heard = re.findall(r'^\s*- (\w+)(?: "([^"]*)")?', page.locator("body").aria_snapshot(), re.MULTILINE)
    lost = []
    for number, _, _, _, way in (row for row in ROWS if row[2] == which):
        at = 0
        for role, name in re.findall(r"`(\w+) ?([^`]*)`", way):
            after = [n for n, one in enumerate(heard) if n >= at and one == (role, name)]
            lost += [] if after else [f"{number}: {role} {name}"]
            at = after[0] + 1 if after else at
    return lost


def test_A07_what_the_script_says_of_the_chat_is_heard_there(street: Street) -> None:
    page = street.window()
    page.goto("/chat")
    assert missing(page, "invitation") == []
    assert missing(street.visitor(), "talk") == []


def test_A07_what_the_script_says_of_the_console_is_heard_there(desk: Desk) -> None:
    case_id = desk.office.case("u1", mode=Mode.OPEN)
    desk.office.says(case_id, "花だんをつくりたい", "u1")
    door, page = desk.window(), desk.window(desk.office.member("aoki"))
    door.goto("/login")
    assert missing(door, "login") == []
    page.goto("/console?folder=unassigned")
    assert missing(page, "list") == []
    page.goto(f"/console/cases/{case_id}")
    assert missing(page, "case") == []
    page.keyboard.press("c")
    page.locator("#reply-text").wait_for()
    assert missing(page, "own case") == []


def test_A07_the_script_has_ten_tasks_and_each_of_its_pages_is_looked_at() -> None:
    assert [int(row[0]) for row in ROWS] == list(range(1, 11))
    assert {row[2] for row in ROWS} == {"invitation", "talk", "login", "list", "case", "own case"}
