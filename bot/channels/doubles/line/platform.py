"""The LINE platform as one object: `.app` for the adapter, and the hands of the people who hold the phones."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from bot.channels.doubles.door import Answer, Door
from bot.channels.doubles.faults import Faults, Refuse
from bot.channels.doubles.ledger import Ledger
from bot.channels.doubles.line.answers import refusal
from bot.channels.doubles.line.draw import draw
from bot.channels.doubles.line.events import again, sign
from bot.channels.doubles.line.login import Login
from bot.channels.doubles.line.looking import Looking
from bot.channels.doubles.line.menus import Menus
from bot.channels.doubles.line.phone import Phones
from bot.channels.doubles.line.routes import Routes
from bot.channels.doubles.line.sending import Sending
from bot.channels.doubles.line.state import State
from bot.channels.doubles.line.tokens import Tokens
from bot.channels.doubles.postman import Event, Habit, Posted, Postman
from bot.channels.doubles.screens import Face, Screens

BOT_ID = "U8e742f61d673b39c7fff3cecb7536ef0"
# Calls a second that LINE documents for one channel.
RATES = {"reply": 2000.0, "push": 2000.0, "multicast": 200.0, "validate": 2000.0}


def user_id(name: str) -> str:
    """A LINE user id for a name: always the same one."""
    return "U" + hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Terms:
    """What may differ between runs: how long a reply token lives, how fast calls may come, how long a webhook may take.

    `rates` are calls a second by endpoint; an endpoint that is not named is not limited. `seed` decides all chance.
    """

    reply_seconds: float = 60.0
    hook_seconds: float = 2.0
    rates: Mapping[str, float] = field(default_factory=lambda: dict(RATES))
    seed: int = 0


_USUAL = Terms()


class LinePlatform(Phones):
    """LINE in miniature, for one channel.

    `hook_url` is where webhook events go; it may be changed later. `quota` is the month's free messages, None for no
    limit. `faults` takes faults on request by the endpoint names reply, push, multicast, validate, profile, quota,
    consumption, content, loading, markAsRead, richmenu, info, token, login; `ledger` lists every call received.
    """

    def __init__(  # noqa: PLR0913 - what an operator gets from LINE, plus the clock
        self,
        channel_secret: str,
        access_token: str,
        hook_url: str,
        *,
        clock: Callable[[], datetime],
        quota: int | None = 200,
        terms: Terms = _USUAL,
    ) -> None:
        self._secret = channel_secret
        chance = random.Random(terms.seed)  # noqa: S311 - made-up ids of a made-up platform
        state = State(clock, quota, terms.reply_seconds, chance, BOT_ID)
        screens = Screens(draw)
        super().__init__(state, screens, Postman(hook_url, self._wrap, self._seal, terms.hook_seconds))
        self.faults, self.ledger = Faults(), Ledger()
        looking = Looking(state, screens, lambda: self.hook_url)
        self._menus = Menus(state)
        self._tokens = Tokens(state, access_token, lambda: self._secret)
        self.login = Login(state)
        sending = Sending(state, screens, dict(terms.rates))
        routes = Routes(sending, looking, self._menus, (self._tokens, self.login))
        self.app = Door(routes.find, self._refuse, self.faults, self.ledger, clock, self.close)

    @property
    def hook_url(self) -> str:
        """Where webhook events go."""
        return self._postman.url

    @hook_url.setter
    def hook_url(self, url: str) -> None:
        self._postman.url = url

    @property
    def posts(self) -> list[Posted]:
        """Every POST to the webhook, oldest first."""
        return self._postman.posts

    def screen(self, user: str, after: int = 0) -> list[Face]:
        """What this person's phone shows, oldest first; with `after`, only what changed after that number."""
        return self._screens.show(user, after)

    async def changed(self, user: str, after: int = 0) -> list[Face]:
        """Wait until this person's screen changed after number `after` (the highest `seq` seen), and give what did."""
        return await self._screens.changed(user, after)

    def delivered(self, user: str) -> list[dict[str, Any]]:
        """The message objects that really arrived at this person, oldest first."""
        return [bubble.raw for bubble in self._screens.bubbles(user) if bubble.origin == "bot"]

    def busy_until(self, user: str) -> datetime | None:
        """Until when the loading animation shows, if it does."""
        until = self._state.busy_until.get(user)
        return until if until and until > self._state.clock() else None

    def menu(self, user: str) -> str | None:
        """The rich menu linked to this person."""
        return self._state.menus.get(user)

    def menu_shown(self, user: str) -> tuple[str, dict[str, Any], bytes] | None:
        """Id, content and picture of the menu under this person's talk, their own or everybody's."""
        found = self._menus.shown(user)
        return None if found is None else (found[0], found[1].spec, found[1].picture)

    @property
    def menus(self) -> list[str]:
        """The names of all menus of the channel."""
        return [str(one.spec["name"]) for one in self._menus.made.values()]

    @property
    def consumption(self) -> int:
        """Recipients counted against the quota this month."""
        return self._state.consumption()

    def allow(self, limit: int | None, used: int = 0) -> None:
        """Change the month's limit, as one does in LINE's manager, and say how much of it is used up."""
        self._state.quota = limit
        self._state.used += used - self._state.consumption()

    def held(self, habit: Habit | None = None) -> AbstractAsyncContextManager[None]:
        """Hold back the events of what happens inside, and carry them by `habit` at the end."""
        return self._postman.held(habit or Habit())

    async def redeliver(self, event_id: str) -> Posted:
        """Deliver an event once more, as LINE does: only `isRedelivery` differs, and its reply token lives again."""
        return await self._postman.carry(self._again(self._state.events[event_id]))

    async def redeliver_failed(self) -> list[Posted]:
        """Deliver once more whatever the bot did not answer with 2xx in time."""
        return await self._postman.retry(self._again)

    async def raw(self, *events: Event) -> Posted:
        """Post these events exactly as they are, in one POST; none at all is LINE's ping."""
        return await self._postman.post(self._wrap(events), events)

    async def post(self, body: bytes, headers: dict[str, str] | None = None) -> Posted:
        """Post these bytes; signed rightly, or with these headers alone."""
        return await self._postman.post(body, (), headers)

    def reissue(self, channel_secret: str) -> None:
        """The operator had a new channel secret made: every post from now on is signed with it."""
        self._secret = channel_secret

    def end_tokens(self) -> None:
        """Every access token that was lent ends before its time."""
        self._tokens.end_all()

    def sign(self, body: bytes) -> str:
        """The x-line-signature of these bytes."""
        return sign(self._secret, body)

    async def close(self) -> None:
        """Give back the connections to the webhook."""
        await self._postman.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _again(self, event: Event) -> Event:
        self._state.refresh(event.get("replyToken"))
        return again(event)

    def _wrap(self, events: Sequence[Event]) -> bytes:
        whole = {"destination": self._state.bot_id, "events": list(events)}
        return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")

    def _seal(self, body: bytes) -> dict[str, str]:
        return {"x-line-signature": self.sign(body), "user-agent": "LineBotWebhook/2.0"}

    def _refuse(self, fault: Refuse) -> Answer:
        return refusal(self._state, fault.status, fault.message)
