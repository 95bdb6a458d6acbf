"""A person at the console as their hands are: keys alone, with a look at every stop of the focus, or a mouse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

_MOST = 150  # presses of Tab until something is called out of reach
# What has the focus: which it is, how it shows it, and whether it is seen where it stands.
_STOP = """() => {
    const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
    const across = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2;
    const down = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
    const on = document.elementFromPoint(across, down);
    const shows = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none';
    const path = [];
    for (let at = one; at.parentElement; at = at.parentElement) path.push([...at.parentElement.children].indexOf(at));
    const name = one.outerHTML.replace(/\\s+/g, ' ').slice(0, 160);
    return { name, path: path.join('.'), shows, seen: Boolean(on) && (one.contains(on) || on.contains(one)),
             body: one === document.body, parts: ['date', 'time'].includes(one.type) };
}"""


@dataclass
class Keys:
    """Keys alone: `pressed` counts them without the text that is written; every stop of the focus is looked at."""

    page: Page
    pressed: int = 0

    def press(self, *keys: str) -> None:
        """Press keys, one after the other; a chord is one."""
        for one in keys:
            self.page.keyboard.press(one)
            self.pressed += 1

    def write(self, text: str) -> None:
        """Write into whatever has the focus."""
        self.page.keyboard.insert_text(text)

    def type(self, signs: str) -> None:
        """Type sign by sign, as the parts of a date must be; it is text."""
        self.page.keyboard.type(signs)

    def at(self, selector: str) -> None:
        """The focus comes to stand there by itself, and shows it."""
        expect(self.page.locator(selector).first).to_be_focused()
        self._look()

    def tab_to(self, selector: str, key: str = "Tab") -> None:
        """Press Tab until the element has the focus; on the way it is never caught, and always shown and seen."""
        before = ""
        for _ in range(_MOST):
            self.press(key)
            stop = self._look(anywhere=True)
            # A date has parts of its own, and a button for its calendar.
            assert stop["path"] != before or stop["parts"], f"the focus is caught at {stop['name']}"
            before = stop["path"]
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                return
        raise AssertionError(f"{selector} cannot be reached by keyboard")

    def enter(self, selector: str) -> None:
        """Go there by Tab and press Enter."""
        self.tab_to(selector)
        self.press("Enter")

    def _look(self, anywhere: bool = False) -> Any:
        stop = self.page.evaluate(_STOP)
        for _ in range(20):
            if stop["seen"] or stop["body"]:
                break
            self.page.evaluate("() => new Promise(requestAnimationFrame)")  # what scrolls or unfolds comes to rest
            stop = self.page.evaluate(_STOP)
        assert anywhere or not stop["body"], "the focus is lost"
        assert stop["body"] or stop["shows"], f"the focus is not shown at {stop['name']}"
        assert stop["body"] or stop["seen"], f"the focus is out of sight at {stop['name']}"
        return stop


@dataclass
class Mouse:
    """A mouse, and text where one writes: `clicked` counts; to choose in a list is two."""

    page: Page
    clicked: int = 0

    def click(self, selector: str) -> None:
        """Click the first that fits."""
        self.page.locator(selector).first.click()
        self.clicked += 1

    def choose(self, selector: str, label: str) -> None:
        """Open a list and click a line of it."""
        self.page.locator(selector).select_option(label=label)
        self.clicked += 2

    def write(self, text: str) -> None:
        """Write into whatever has the focus."""
        self.page.keyboard.insert_text(text)
