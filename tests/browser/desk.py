"""A served office and the windows in front of it, each of which notes what a page should never do."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Request

from tests.web.console.office import Office

STAYED = "window.stayed = true"


@dataclass
class Desk:
    """`window()` opens a signed-in browser window; `wrongs` holds what went wrong in any of them."""

    office: Office
    browser: Browser
    folder: Path
    served: Served
    wrongs: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    @classmethod
    @contextmanager
    def opened(cls, office: Office, browser: Browser, folder: Path) -> Iterator[Desk]:
        """Serve the office until the end; every window is closed and must have kept the rules."""
        desk = cls(office, browser, folder, Served(office))
        try:
            yield desk
        finally:
            for context in desk.contexts:
                context.close()
            desk.served.stop()
        assert desk.wrongs == []

    @property
    def address(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self.served.port}"

    def window(self, staff_id: int | None = None, width: int = 1280, height: int = 900, **more: Any) -> Page:
        """A new window, signed in as a member or as nobody."""
        size = {"width": width, "height": height}
        context = self.browser.new_context(base_url=self.address, viewport=size, locale="ja-JP", **more)  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        if staff_id is not None:
            context.add_cookies([{"name": "nakodo", "value": self.office.session(staff_id), "url": self.address}])
        page = context.new_page()
        page.on("pageerror", lambda error: self.wrongs.append(f"script: {error}"))
        page.on("dialog", lambda dialog: self.wrongs.append(f"dialog: {dialog.message}"))
        page.on("console", lambda said: self._listen(said.text))
        page.on("request", self._watch)
        return page

    def _listen(self, said: str) -> None:
        if "Content Security Policy" in said or "Refused to" in said:
            self.wrongs.append(f"policy: {said}")

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.address, self.served.also, "data:")):
            self.wrongs.append(f"went elsewhere: {request.url}")


class Served:
    """An office behind a real server, which can be stopped and come back at the same address."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self.port = 0
        self.also = "data:"  # another name of the same place
        self.start()

    def start(self) -> None:
        """Serve; at the second time where it was before."""
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", self.port))
        self.port = int(door.getsockname()[1])
        # A bell belongs to the loop it first rang in: each start has parts of its own around the one store.
        config = uvicorn.Config(
            replace(self._office).app, log_level="error", lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [door]}, daemon=True)
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.01)

    def stop(self) -> None:
        """Stop, with every line to it cut."""
        self._server.should_exit = True
        self._thread.join(10)
        assert not self._thread.is_alive(), "the server did not stop"
