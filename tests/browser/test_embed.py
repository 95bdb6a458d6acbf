"""The chat on another site, in a real browser: opened and closed by keyboard, at every width, nothing asked before."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bot.settings import Settings
from tests.browser.desk import Desk
from tests.browser.looks import Look, wrong_in
from tests.conftest import SECRET
from tests.web.console.office import Office

pytestmark = pytest.mark.browser
LOOKS: tuple[Look, ...] = (
    (320, {"color_scheme": "light"}),
    (390, {"forced_colors": "active"}),
    (1280, {"color_scheme": "dark"}),
)
PAGE = """<!doctype html><html lang="ja"><title>区のページ</title><link rel="icon" href="data:,"><main>
<h1>区のページ</h1><p>本文</p></main><script src="{centre}/embed.js" async></script>"""


class Ward(BaseHTTPRequestHandler):
    """The ward's site: one page with our one line in it, under a policy of its own."""

    centre = ""

    def do_GET(self) -> None:
        """Show it."""
        self.send_response(200)
        policy = f"default-src 'none'; img-src data:; script-src {self.centre}; frame-src {self.centre}"
        self.send_header("Content-Security-Policy", policy)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE.format(centre=self.centre).encode())

    def log_message(self, *_said: object) -> None:
        """Silence."""


@contextmanager
def ward() -> Iterator[HTTPServer]:
    """The ward's site on a free port."""
    with HTTPServer(("127.0.0.1", 0), Ward) as served:
        thread = threading.Thread(target=served.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield served
        served.shutdown()
        thread.join(5)


@pytest.fixture
def pages(office: Office, browser: Browser, tmp_path: Path) -> Iterator[tuple[Desk, str]]:
    """A centre that names the ward's site, and that site."""
    with ward() as served:
        site = f"http://127.0.0.1:{served.server_port}"
        named = {"secret_key": SECRET, "public_url": "http://127.0.0.1", "embed_sites": site}
        with Desk.opened(replace(office, settings=Settings.model_validate(named)), browser, tmp_path) as centre:
            Ward.centre = centre.address
            yield centre, site


def test_A01_A02_the_chat_on_the_wards_site(pages: tuple[Desk, str], browser: Browser) -> None:
    centre, site = pages
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(centre.address)))
    page.goto(site)
    opener = page.get_by_role("button", name="チャットで相談")
    opener.wait_for()
    assert [url for url in asked if not url.startswith("data:")] == [site + "/", "/embed.js"], "nothing before the wish"
    found = wrong_in(page, "closed", LOOKS)
    page.keyboard.press("Tab")
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    frame = page.frame_locator("iframe")
    begin = frame.get_by_role("button", name="はじめる")
    begin.wait_for()
    found += wrong_in(page, "open", LOOKS)
    assert page.context.cookies() == []
    begin.press("Escape")
    expect(opener).to_be_focused()
    opener.press("Enter")
    page.get_by_role("button", name="閉じる", exact=True).click()
    expect(opener).to_be_focused()
    assert found == []
    page.context.close()
