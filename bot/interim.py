"""Before an unheard message's right to a free reply dies, it is spent on a word whose button brings a new one."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.delivery import Postman
from bot.gathered import TOKEN_LIFE
from bot.keeping_on import keep_on
from bot.ports import Parcel
from bot.purse import COUNTED
from bot.visit import HARVEST
from dialogs.around import House
from dialogs.saying import Button, Message, Weight
from storage import lateness
from storage.engine import Store
from storage.lateness import Span, Token

log = structlog.get_logger()
LOOK_S = 1.0
DUE = timedelta(seconds=45)
_ONCE_IN = timedelta(seconds=60)  # a person is told this once, however many of their messages lie unheard


class Interim:
    """Works beside the ear, for what the ear does not come to in time.

    Only hearing is looked at: an answer that is in the outbox can go out on its token as well as this word could. The
    word is carried from memory with a few attempts and never pushed; when it is lost, the answer comes all the same.
    """

    def __init__(self, store: Store, house: House, postman: Postman, clock: Callable[[], datetime]) -> None:
        self._store, self._house, self._postman, self._clock = store, house, postman, clock
        self._told: dict[int, datetime] = {}

    async def run(self) -> None:
        """Look for ever; the ear goes first, also right after a start."""
        await asyncio.sleep(LOOK_S)
        await keep_on(self.look, LOOK_S, "interim answers wait for the database", "interim answers could not be given")

    async def look(self) -> int:
        """Spend what would die unheard; how many people are told."""
        now, vault = self._clock(), self._store.vault
        span = Span(now - TOKEN_LIFE, now - DUE, [COUNTED])
        self._told = {person: at for person, at in self._told.items() if now - at < _ONCE_IN}
        but = list(self._told)
        if not await asyncio.to_thread(self._store.read, lambda conn: lateness.any_token(conn, span, but)):
            return 0
        tokens = await asyncio.wrap_future(
            self._store.writer.submit(lambda conn: lateness.take_tokens(conn, vault, span, but))
        )
        self._told |= {one.person_id: now for one in tokens}
        self._postman.carry_fleeting([self._parcel(one) for one in tokens])
        return len(tokens)

    def _parcel(self, one: Token) -> Parcel:
        words = self._house.library[one.language]
        take = Button(words.say("late.take"), HARVEST, Weight.MAIN)
        person = Button(words.say("command.person"), "m:person", Weight.WAY)
        return Parcel(
            id=0,
            channel=COUNTED,
            address=one.address,
            written=(Message(words.say("late.soon"), (take, person)).to_json(),),
            retry_key=str(uuid.uuid4()),
            reply_token=one.token,
            reply_until=one.arrived_at + TOKEN_LIFE,
            language=one.language,
            may_push=False,
        )
