"""Photographs going out to people (`make pictures`): composer, preview, progress, an event, a grant, and a poster."""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from bot.fonts import font_or_none
from bot.poster import Sheet, printed
from bot.web import placards
from storage import events
from tests.bot.printing import seen
from tests.browser.conftest import ARGUMENTS, chromium
from tests.browser.outreach import (
    ASAKUSA,
    ENGLISH_READERS,
    OTHERS,
    Outreach,
    asked_and_agreed,
    compose,
    look,
    segment,
)
from tests.browser.street import Town, open_street

FOLDER = Path(__file__).parents[2] / "deploy" / "pictures"
NAMES = ("composer", "preview", "progress", "event", "grant", "poster")
COLOURS = 32  # letters stay sharp, and a picture has some 40 KB


def file_of(name: str) -> Path:
    """Where a picture lies."""
    return FOLDER / f"outreach-{name}.png"


def keep(name: str, picture: Image.Image) -> None:
    """Keep it, small."""
    plain = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    plain.save(file_of(name), "PNG", optimize=True)


def _shoot(page: Page, name: str, top: int = 0) -> None:
    page.evaluate("(y) => window.scrollTo(0, y)", top)
    page.mouse.move(0, 0)
    page.evaluate("() => document.activeElement.blur()")
    keep(name, Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide"))))


def _broadcast(out: Outreach) -> None:
    author, second = out.office("sato"), out.office("suzuki")
    for crowd in (ASAKUSA, ENGLISH_READERS, *OTHERS):
        out.gather(crowd)
    out.tester("sato")
    segment(author)
    compose(author)
    _shoot(author, "composer")
    look(author)
    _shoot(author, "preview")
    asked_and_agreed(author, second, 1, "312")
    second.goto("/console/broadcasts/1")
    expect(second.locator("#progress .many")).to_contain_text("1")
    second.wait_for_timeout(5_000)
    _shoot(second, "progress")
    second.get_by_role("button", name="今すぐ止める").click()


def _pages(out: Outreach) -> None:
    page = out.street.window(390, 844, reduced_motion="reduce")
    for name in ("event", "grant"):
        page.goto(f"/{name}s/1")
        _shoot(page, name)


def _poster(out: Outreach) -> None:
    parts = out.street.demo.parts
    of = parts.store.read(lambda conn: events.find(conn, 1))
    assert of is not None
    day = (parts.mind.house.centre["ja"], parts.mind.zone, parts.clock())
    drawn = placards.of_event(parts.store.vault, parts.room.known, parts.mind.public_url, of, day)
    keep("poster", seen(printed(drawn, Sheet.A4, font_or_none(""))))


def main() -> int:
    """Take all of them anew."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        town = Town(Path(folder))
        with open_street(town, browser) as street:
            out = Outreach(street)
            for job in (_pages, _poster, _broadcast):
                job(out)
        town.stop()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
