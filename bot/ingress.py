"""The way in: what a platform brought is durable before it is acknowledged, many callers in one commit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from bot.ports import Arrived
from dialogs.heard import to_json
from storage import inbox
from storage.engine import Store
from storage.inbox import Incoming
from storage.together import Together


class Ingress:
    """Stores events once each; `arrived` is set whenever there is something new to hear."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._together: Together[Sequence[Arrived], int] = Together(self._store_all)
        self.arrived = asyncio.Event()

    async def receive(self, events: Sequence[Arrived]) -> None:
        """Return when the events are durable. Raises StorageDown: then nothing may be acknowledged."""
        if events and await self._together(events):
            self.arrived.set()

    async def _store_all(self, posts: list[Sequence[Arrived]]) -> list[int]:
        rows = [_incoming(event) for post in posts for event in post]
        now = self._clock()
        fresh = await asyncio.wrap_future(
            self._store.writer.submit(lambda conn: inbox.receive(conn, self._store.vault, rows, now), urgent=True)
        )
        news = iter(fresh)
        return [sum(next(news) for _ in post) for post in posts]


def _incoming(event: Arrived) -> Incoming:
    payload: dict[str, Any] | None
    payload = None if event.heard is None else {"heard": to_json(event.heard), "said": event.said_id, **_beside(event)}
    if payload and event.circle:
        # There the right to a free reply belongs to the answer alone: nothing else may find and spend it.
        payload |= {"circle": True, "reply": event.reply_token}
    return Incoming(
        channel=event.channel,
        event_id=event.event_id,
        address=event.address,
        at=event.at,
        payload=payload,
        reply_token="" if event.circle else event.reply_token,
        said_id=event.said_id,
        mark=event.mark,
    )


def _beside(event: Arrived) -> dict[str, str]:
    """What few events have."""
    told = {"quotes": event.quotes, "handle": event.handle, "read": event.read_mark}
    return {name: value for name, value in told.items() if value}
