"""Hanako's LINE, Taro's Telegram and the desk joined: what they write is really read, heard and carried."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.channels import line_read, telegram_read
from bot.channels.doubles.postman import Posted
from bot.ingress import Ingress
from bot.ports import Arrived
from storage import Store
from tests.bot.centre import Centre
from tests.bot.post import TARO, Post
from tests.channels.samples import HANAKO


class Correspondence(Centre):
    """A centre with a post office; time passes for both together."""

    post: Post

    @classmethod
    def at(cls, store: Store, post: Post) -> Correspondence:
        """With this post office."""
        made = cls(store, post.clock())
        made.post = post
        return made

    def later(self, seconds: float) -> None:
        """Time passes."""
        self.now += timedelta(seconds=seconds)
        self.post.clock.now = self.now

    async def arrives(self, posted: Posted) -> None:
        """What LINE posted stands in the inbox and is not heard yet."""
        body = json.dumps({"destination": "", "events": [posted.event]}).encode()
        post = line_read.read(body, self.now)
        assert isinstance(post, line_read.Post)
        await self._receive(post.arrived)

    async def write(self, text: str, quoting: str = "") -> dict[str, Any]:
        """Hanako writes on LINE, and what comes of it is carried; her message, as LINE told it."""
        self.later(1)
        posted = await self.post.line.say(HANAKO, text, quoting=quoting)
        await self.arrives(posted)
        await self.work()
        message: dict[str, Any] = posted.event["message"]
        return message

    async def telegram(self, text: str, under: int = 0) -> int:
        """Taro writes on Telegram, perhaps under a message; the number of his."""
        self.later(1)
        posted = await self.post.telegram.say(TARO, text, under=under)
        arrived = telegram_read.read(json.dumps(posted.event).encode(), self.now)
        assert isinstance(arrived, Arrived)
        await self._receive([arrived])
        await self.work()
        number: int = posted.event["message"]["message_id"]
        return number

    async def work(self) -> None:
        """Everything that waits is heard, and everything that can go goes."""
        while self.hear().heard:
            continue
        await self.post.carry()

    def line_with(self, text: str, who: str = HANAKO, channel: str = "line") -> int:
        """The number of the line with exactly these words."""
        (found,) = (one.id for one in self.lines(who, channel) if one.body and one.body.get("text") == text)
        return found

    async def _receive(self, arrived: Sequence[Arrived]) -> None:
        await Ingress(self.store, lambda: self.now).receive(arrived)
