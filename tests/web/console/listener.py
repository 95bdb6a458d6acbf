"""A console's ear: opens the event stream of an application without a server in between, and hangs up when told."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from starlette.types import ASGIApp, Message


@dataclass(frozen=True)
class Heard:
    """One event of the stream."""

    kind: str
    id: str
    data: dict[str, Any]


@dataclass
class Listener:
    """`async with Listener(app, path, token) as ear:`, then `await ear.next()`."""

    app: ASGIApp
    path: str
    token: str
    last: str = ""
    status: int = 0
    raw: str = ""
    _rest: str = ""
    _heard: asyncio.Queue[Heard | None] = field(default_factory=asyncio.Queue)
    _gone: asyncio.Event = field(default_factory=asyncio.Event)

    async def next(self, seconds: float = 5) -> Heard | None:
        """The next event; None when the stream has ended. TimeoutError when nothing comes."""
        async with asyncio.timeout(seconds):
            return await self._heard.get()

    async def quiet(self) -> bool:
        """Whether nothing more has come after one look of the server."""
        with suppress(TimeoutError):
            await self.next(1.3)
            return False
        return True

    async def __aenter__(self) -> Listener:
        path, _, query = self.path.partition("?")
        headers = [(b"host", b"127.0.0.1"), (b"cookie", f"nakodo={self.token}".encode())]
        headers += [(b"last-event-id", self.last.encode())] if self.last else []
        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": headers,
            "scheme": "http",
            "server": ("127.0.0.1", 80),
            "client": ("127.0.0.1", 5),
            "http_version": "1.1",
            "asgi": {"version": "3.0"},
        }
        self._task = asyncio.create_task(self._run(scope))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gone.set()
        async with asyncio.timeout(5):
            await self._task

    async def _run(self, scope: dict[str, Any]) -> None:
        asked = False

        async def receive() -> Message:
            nonlocal asked
            if not asked:
                asked = True
                return {"type": "http.request", "body": b"", "more_body": False}
            await self._gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.status = message["status"]
                return
            self._take(message.get("body", b"").decode())
            if not message.get("more_body"):
                self._heard.put_nowait(None)

        await self.app(scope, receive, send)

    def _take(self, text: str) -> None:
        self.raw += text
        *whole, self._rest = (self._rest + text).replace("\r\n", "\n").split("\n\n")
        for block in whole:
            fields = dict(
                line.split(": ", 1) for line in block.split("\n") if ": " in line and not line.startswith(":")
            )
            if "event" in fields:
                self._heard.put_nowait(Heard(fields["event"], fields.get("id", ""), json.loads(fields["data"])))
