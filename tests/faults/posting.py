"""Posts the same body many times from a process or thread of its own; light to import, since each process does so."""

from __future__ import annotations

import asyncio
import os
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any

import httpx2
from starlette.applications import Starlette

from bot.ingress import Ingress
from bot.settings import Settings
from bot.web.hooks import hooks
from storage import open_store
from tests.channels.samples import LINE_SECRET, US, line_signature
from tests.conftest import SECRET


async def knock(app: Any, path: str, body: bytes, header: tuple[str, str]) -> int:
    """One POST without anything between it and the site; the status of the answer."""
    said: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: MutableMapping[str, Any]) -> None:
        said.append(message)

    headers = [(name.encode(), value.encode()) for name, value in (("host", "127.0.0.1"), header)]
    scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b""}
    await app({**scope, "headers": headers, "scheme": "http", "server": ("127.0.0.1", 80)}, receive, send)
    return int(said[0]["status"])


def post_many(url: str, body: bytes, copies: int) -> tuple[int, list[int]]:
    """All copies at once, through a door and a database line of its own; the process and every status."""
    store = open_store(url, SECRET)
    try:
        return os.getpid(), asyncio.run(_post(Ingress(store, lambda: datetime.now(UTC)), body, copies))
    finally:
        store.close()


async def _post(ingress: Ingress, body: bytes, copies: int) -> list[int]:
    settings = Settings.model_validate({"line_channel_secret": LINE_SECRET})
    app = Starlette(routes=hooks(ingress.receive, settings, US))
    headers = {"x-line-signature": line_signature(body)}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1") as web:
        answers = await asyncio.gather(
            *(web.post("/line/webhook", content=body, headers=headers) for _ in range(copies))
        )
    return [answer.status_code for answer in answers]
