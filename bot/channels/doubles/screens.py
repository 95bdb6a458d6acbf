"""What each phone shows: bubbles in order, each with the number of its last change, and a way to wait for news."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Face = dict[str, Any]
Draw = Callable[[dict[str, Any]], Face]


@dataclass(slots=True)
class Bubble:
    """One thing on the screen. `raw` is what was sent through the API, or for a person's own words the face itself.

    A bot's bubble is drawn only when somebody looks: a load run looks at few.
    """

    id: str
    origin: str  # "bot" or "person"
    at: datetime
    raw: dict[str, Any]
    seq: int = 0
    quick: bool = False  # whether quick replies are still offered
    read: bool = False
    withdrawn: bool = False


@dataclass(slots=True)
class _Screen:
    bubbles: list[Bubble] = field(default_factory=list)
    seq: int = 0
    waiting: list[asyncio.Future[None]] = field(default_factory=list)


class Screens:
    """All screens of one platform, by chat: a person, or a group."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._screens: dict[str, _Screen] = defaultdict(_Screen)

    def put(self, chat: str, bubble: Bubble) -> None:
        """Show one more bubble. Quick replies of earlier ones vanish, as they do on a phone."""
        screen = self._screens[chat]
        for earlier in reversed(screen.bubbles):
            if earlier.quick:
                earlier.quick = False
                self._stir(screen, earlier)
                break
        screen.bubbles.append(bubble)
        self._stir(screen, bubble)

    def touch(self, chat: str, bubble: Bubble) -> None:
        """Say that a bubble has changed."""
        self._stir(self._screens[chat], bubble)

    def take_away(self, chat: str, bubble: Bubble) -> None:
        """Remove a bubble; what is left is announced by marking it withdrawn and wordless."""
        bubble.withdrawn, bubble.raw, bubble.quick = True, {}, False
        self.touch(chat, bubble)

    def bubbles(self, chat: str) -> list[Bubble]:
        """The bubbles themselves, oldest first."""
        return self._screens[chat].bubbles if chat in self._screens else []

    def find(self, chat: str, bubble_id: str) -> Bubble | None:
        """The bubble with this id."""
        return next((bubble for bubble in reversed(self.bubbles(chat)) if bubble.id == bubble_id), None)

    def show(self, chat: str, after: int = 0) -> list[Face]:
        """The bubbles whose last change came after number `after`, oldest first, as JSON ready data."""
        return [self._face(bubble) for bubble in self.bubbles(chat) if bubble.seq > after]

    async def changed(self, chat: str, after: int) -> list[Face]:
        """Wait until something changed after number `after`, and give what did."""
        screen = self._screens[chat]
        while screen.seq <= after:
            news = asyncio.get_running_loop().create_future()
            screen.waiting.append(news)
            try:
                await news
            finally:
                if news in screen.waiting:
                    screen.waiting.remove(news)
        return self.show(chat, after)

    def _stir(self, screen: _Screen, bubble: Bubble) -> None:
        screen.seq += 1
        bubble.seq = screen.seq
        waiting, screen.waiting = screen.waiting, []
        for news in waiting:
            if not news.done():
                news.set_result(None)

    def drawn(self, bubble: Bubble) -> Face:
        """What a bubble says and offers, whether or not its quick replies are still on the screen."""
        drawn = self._draw(bubble.raw) if bubble.origin == "bot" and bubble.raw else bubble.raw
        blank: Face = {"kind": "", "texts": [], "buttons": [], "quick": [], "sender": None, "alt": None, "raw": None}
        return {**blank, **drawn}

    def _face(self, bubble: Bubble) -> Face:
        face = self.drawn(bubble)
        if not bubble.quick:
            face["quick"] = []
        return {
            "id": bubble.id,
            "seq": bubble.seq,
            "from": bubble.origin,
            "at": bubble.at.isoformat(),
            "read": bubble.read,
            "withdrawn": bubble.withdrawn,
            **face,
        }
