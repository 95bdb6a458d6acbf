"""The Telegram platform as one object: `.app` for the adapter, and the hands of the people who hold the phones."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from bot.channels.doubles.door import Door
from bot.channels.doubles.faults import Faults
from bot.channels.doubles.ledger import Ledger
from bot.channels.doubles.postman import Event, Habit, Posted, Postman
from bot.channels.doubles.screens import Face, Screens
from bot.channels.doubles.telegram.answers import faulty
from bot.channels.doubles.telegram.phone import Phones
from bot.channels.doubles.telegram.routes import Routes
from bot.channels.doubles.telegram.setting_up import SettingUp
from bot.channels.doubles.telegram.state import State
from bot.channels.doubles.telegram.talking import Talking
from bot.channels.doubles.telegram.topics import Topics
from bot.channels.doubles.telegram.updates import draw


@dataclass(frozen=True)
class Terms:
    """What may differ between runs. `flood` off lifts all pacing, for load; `seed` decides all chance."""

    flood: bool = True
    hook_seconds: float = 10.0
    seed: int = 0


_USUAL = Terms()


class TelegramPlatform(Phones):
    """Telegram in miniature, for one bot.

    `hook_url` and `secret_token` are what setWebhook would have set. `faults` takes faults on request by method name
    (sendMessage, answerCallbackQuery …, and file); `ledger` lists every call received.
    """

    def __init__(
        self, token: str, secret_token: str, hook_url: str, *, clock: Callable[[], datetime], terms: Terms = _USUAL
    ) -> None:
        bot_id = int(token.split(":", maxsplit=1)[0])
        me = {"id": bot_id, "is_bot": True, "first_name": "なこうど", "username": "nakodo_bot"}
        chance = random.Random(terms.seed)  # noqa: S311 - made-up ids of a made-up platform
        state = State(clock, Screens(draw), me, terms.flood, chance)
        state.secret, state.token = secret_token, token
        super().__init__(state, Postman(hook_url, self._wrap, self._seal, terms.hook_seconds))
        self.faults, self.ledger = Faults(), Ledger()
        routes = Routes(token, Talking(state), Topics(state), SettingUp(state, self._postman))
        self.app = Door(routes.find, faulty, self.faults, self.ledger, clock, self.close)

    @property
    def hook_url(self) -> str:
        """Where updates go."""
        return self._postman.url

    @hook_url.setter
    def hook_url(self, url: str) -> None:
        self._postman.url = url

    @property
    def posts(self) -> list[Posted]:
        """Every POST to the webhook, oldest first."""
        return self._postman.posts

    def screen(self, user: int, after: int = 0) -> list[Face]:
        """What this chat shows (a person's id, or a group's), oldest first; with `after`, only later changes."""
        return self._state.screens.show(str(user), after)

    async def changed(self, user: int, after: int = 0) -> list[Face]:
        """Wait until this chat changed after number `after` (the highest `seq` seen), and give what did."""
        return await self._state.screens.changed(str(user), after)

    def delivered(self, user: int) -> list[dict[str, Any]]:
        """The Message objects that really arrived in this chat, oldest first."""
        return [bubble.raw for bubble in self._state.screens.bubbles(str(user)) if bubble.origin == "bot"]

    def busy_until(self, user: int) -> datetime | None:
        """Until when the chat shows that the bot is typing, if it does."""
        until = self._state.busy_until.get(user)
        return until if until and until > self._state.clock() else None

    def toasts(self, user: int) -> list[str]:
        """The words that answers to taps showed to this person."""
        return list(self._state.toasts.get(user, ()))

    def spinning(self, user: int) -> int:
        """How many of this person's taps were never answered."""
        return sum(tap.user == user and not tap.answered for tap in self._state.taps.values())

    def held(self, habit: Habit | None = None) -> AbstractAsyncContextManager[None]:
        """Hold back the updates of what happens inside, and carry them by `habit` (`batch` is always 1) at the end."""
        return self._postman.held(habit or Habit())

    async def redeliver(self, update_id: int) -> Posted:
        """Deliver an update once more, unchanged."""
        return await self._postman.carry(self._state.updates[update_id])

    async def redeliver_failed(self) -> list[Posted]:
        """Deliver once more whatever the bot did not answer with 2xx."""
        return await self._postman.retry(lambda update: update)

    async def raw(self, update: Event) -> Posted:
        """Post this update exactly as it is."""
        return await self._postman.post(self._wrap([update]), [update])

    async def post(self, body: bytes, headers: dict[str, str] | None = None) -> Posted:
        """Post these bytes, with the secret header or with these headers alone."""
        return await self._postman.post(body, (), headers)

    async def close(self) -> None:
        """Give back the connections to the webhook."""
        await self._postman.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _wrap(self, updates: Sequence[Event]) -> bytes:
        return json.dumps(updates[0], ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")

    def _seal(self, _body: bytes) -> dict[str, str]:
        return {"x-telegram-bot-api-secret-token": self._state.secret} if self._state.secret else {}
