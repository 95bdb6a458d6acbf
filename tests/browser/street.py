"""A whole demo in a thread, and residents' windows in front of it, each of which notes what must never happen."""

from __future__ import annotations

import asyncio
import itertools
import math
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import Browser, BrowserContext, Error, FrameLocator, Locator, Page, Request
from sqlalchemy import Connection

from bot.demo.scenes import Scene
from bot.demo.stage import Stage, stage
from storage import pages, people
from tests.serving import free_port

T = TypeVar("T")
PATIENCE_MS = 30_000
PEOPLE = tuple(
    Scene(channel, user, name, 1, ())
    for channel, user, name in (
        ("line", "U" + "d4" * 16, "花岡 ゆき"),
        ("line", "U" + "e5" * 16, "大野 進"),
        ("telegram", "420001", "陳 文"),
        ("line", "U" + "f6" * 16, "西村 直"),
        ("line", "U" + "a7" * 16, "森 一"),
    )
)


class Town:
    """The demo, on a free port, in a thread with an event loop of its own."""

    def __init__(self, folder: Path, cast: tuple[Scene, ...] = PEOPLE) -> None:
        self._folder, self._cast = folder, cast
        self._up = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._live()), daemon=True)
        self.wrong: BaseException | None = None
        self._thread.start()
        assert self._up.wait(180), "the demo did not start"  # on a fresh machine all workers make their search at once
        if self.wrong:
            raise self.wrong

    async def _live(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        try:
            async with stage(self._folder, free_port(), lambda _said: None, self._cast) as self.stage:
                self._up.set()
                await self._over.wait()
        except BaseException as wrong:
            self.wrong = wrong
            raise
        finally:
            self._up.set()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something inside the demo's loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def stop(self) -> None:
        """End the demo."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(20)
        assert not self._thread.is_alive(), "the demo did not stop"


@dataclass
class Street:
    """`window()` opens a browser window; `wrongs` holds what went wrong in any of them."""

    town: Town
    browser: Browser
    wrongs: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def demo(self) -> Stage:
        """The running demo."""
        return self.town.stage

    def window(self, width: int = 390, height: int = 780, **more: Any) -> Page:
        """A new window that belongs to nobody yet."""
        size = {"width": width, "height": height}
        context = self.browser.new_context(base_url=self.demo.base, viewport=size, locale="ja-JP", **more)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.wrongs.append(f"script: {error}"))
        page.on("dialog", lambda dialog: self.wrongs.append(f"dialog: {dialog.message}"))
        page.on("console", lambda said: self._listen(said.text))
        page.on("request", self._watch)
        return page

    def visitor(self, **more: Any) -> Page:
        """A window of the web chat whose person has agreed and sees the menu."""
        page = self.window(**more)
        page.goto("/chat")
        page.locator("button.main").click()
        press(page, "同意する")
        page.get_by_role("button", name="相談を申し込む").wait_for()
        return page

    def link(self, user: str, purpose: str = "talk", channel: str = "line") -> str:
        """The path of a one-time link for somebody on a platform, made as the bot makes them."""
        store, now = self.demo.parts.store, self.demo.parts.clock()

        def make(conn: Connection) -> str:
            own = people.contacts_for(conn, store.vault, [(channel, user)], now)[channel, user]
            lasts = timedelta(hours=1)
            new = pages.NewLink(own.person_id, pages.Purpose(purpose), lasts, contact_id=own.id)
            return pages.make(conn, new, now)

        return f"/p/{store.writer.submit(make).result()}"

    def _listen(self, said: str) -> None:
        if "Content Security Policy" in said or "Refused to" in said:
            self.wrongs.append(f"policy: {said}")

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.demo.base, "data:", "blob:")):
            self.wrongs.append(f"went elsewhere: {request.url}")


@contextmanager
def open_street(town: Town, browser: Browser) -> Iterator[Street]:
    """Windows that are closed at the end and must have kept the rules."""
    street = Street(town, browser)
    yield street
    for context in street.contexts:
        context.close()
    assert street.wrongs == []


# A tap within the time that offers rest (bot/web/static/still.js) is taken for a slip of the finger.
CALM = """() => !document.querySelector("#log").classList.contains("moving")
  && !document.documentElement.classList.contains("tapped")"""


# A click that still.js takes for a slip never gets as far as this, and one under which the talk moved has no button.
COUNT_TAPS = """() => { if (window.taps !== undefined) return; window.taps = 0;
  document.addEventListener("click", (event) => { if (event.target.closest("button, a")) window.taps += 1; }); }"""
TAPS = "() => window.taps ?? Infinity"


def press(page: Page, label: str) -> None:
    """Press the newest button of the talk that says this."""
    tap(page, newest(page, label))


def tap(within: Page | FrameLocator, offer: Locator) -> None:
    """Tap an offer of the talk as a person does: once it stands still, and again if the first time slipped."""
    offer.wait_for()
    page, root = offer.page, within.locator("html")
    page.wait_for_timeout(700)
    root.evaluate(COUNT_TAPS)
    for _ in range(5):
        while not root.evaluate(CALM):
            page.wait_for_timeout(50)
        before = root.evaluate(TAPS)
        offer.click()
        if _taps_after(root) > before:
            return
    raise AssertionError(f"tapped five times in vain: {offer}")


def _taps_after(root: Locator) -> float:
    """How many taps the page has counted; a page that is just going away, for what was tapped, has counted this one."""
    try:
        return float(root.evaluate(TAPS))
    except Error as gone:
        if "context was destroyed" not in str(gone):
            raise
        return math.inf


def newest(page: Page, label: str) -> Locator:
    """The newest button of the talk that says this."""
    return page.locator("#log").get_by_role("button", name=label, exact=True).last


def write(page: Page, words: str) -> None:
    """Write in the web chat and send."""
    page.locator("#words").fill(words)
    page.locator("#send").click()
