"""How a page looks to a rule book: axe's complaints and sideways scrolling, in every width and colour one asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Look = tuple[int, dict[str, Any]]  # a width in CSS pixels, and what `Page.emulate_media` takes
_PLAIN = {"color_scheme": "light", "forced_colors": "none", "reduced_motion": "reduce"}
_RUN = "options => axe.run(options).then(found => found.violations)"


def complaints(page: Page) -> list[str]:
    """What axe finds on the page as it is: rule, why, and where."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate(_RUN, {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]})
    return [f"{one['id']}: {one['help']} {[node['target'] for node in one['nodes']]}" for one in found]


def too_wide(page: Page) -> bool:
    """Whether one must scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def wrong_in(page: Page, state: str, looks: Sequence[Look]) -> list[str]:
    """What is wrong with the page in this state, in any of the looks; it keeps the last one."""
    found: list[str] = []
    for width, media in looks:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(**{**_PLAIN, **media})
        name = f"{state} {width} {media}"
        found += [f"{name}: scrolls sideways"] if too_wide(page) else []
        found += [f"{name}: {one}" for one in complaints(page)]
    return found
