"""How a page looks to a rule book: axe's complaints and sideways scrolling, in every width and colour one asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Look = tuple[int, dict[str, Any]]  # a width in CSS pixels, and what `Page.emulate_media` takes
_PLAIN = {"color_scheme": "light", "forced_colors": "none", "reduced_motion": "reduce"}
_RUN = "([where, options]) => axe.run(where, options).then(found => found.violations)"
_ONCE = {"resultTypes": ["violations"], "preload": False, "iframes": False}
_ALL = _ONCE | {"runOnly": {"type": "tag", "values": RULES}}
# What another width or colour can change of a page that was read whole.
_AGAIN = _ONCE | {"runOnly": ["color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block"]}


def complaints(page: Page, within: str = "html", rules: dict[str, Any] = _ALL) -> list[str]:
    """What axe finds on the page as it is, or in a part of it: rule, why, and where."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate(_RUN, [within, rules])
    return [f"{one['id']}: {one['help']} {[node['target'] for node in one['nodes']]}" for one in found]


def too_wide(page: Page) -> bool:
    """Whether one must scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def wrong_in(page: Page, state: str, looks: Sequence[Look], within: str = "html") -> list[str]:
    """What is wrong with the page in this state, or with a part that opened, in any look; it keeps the last one."""
    found: list[str] = []
    for turn, (width, media) in enumerate(looks):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(**{**_PLAIN, **media})
        name = f"{state} {width} {media}"
        found += [f"{name}: scrolls sideways"] if too_wide(page) else []
        found += [f"{name}: {one}" for one in complaints(page, within, _AGAIN if turn else _ALL)]
    return found
