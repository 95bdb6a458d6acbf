"""Two days in a few seconds: posts missed and come again at any time, restarts, a new secret, tokens that run out."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import pytest
from sqlalchemy import select

from bot import app
from bot.adapters import line_access
from bot.channels.access import Account
from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.line.platform import Terms, user_id
from bot.channels.doubles.line.tokens import CHANNEL_ID
from bot.channels.doubles.serve import serving
from bot.channels.line import LineChannel
from storage import people, tables, talk
from storage.engine import Store
from tests.channels.samples import LINE_SECRET, LINE_TOKEN
from tests.clock import Clock
from tests.faults.living import Living
from tests.faults.town import settings
from tests.ours import mind

pytestmark = pytest.mark.anyio
NEW = "5ec0d" * 6 + "00"
NOWHERE = "http://127.0.0.1:9/"
PEOPLE = [user_id(f"neighbour {number}") for number in range(5)]
STEP_MINUTES, STEPS = 40, 24  # of each of the three shifts: sixteen hours


class TwoDays:
    """Five people, the LINE they write on, and what they wrote."""

    def __init__(self, url: str, host: str, line: LinePlatform, clock: Clock) -> None:
        self.url, self.host, self.line, self.clock = url, host, line, clock
        self.chance = random.Random(48)  # noqa: S311 - a weather, not a secret
        self.wrote: dict[str, list[str]] = {who: [] for who in PEOPLE}
        self.events: list[str] = []

    @asynccontextmanager
    async def shift(self, secrets: str) -> AsyncIterator[Living]:
        """The operator starts the bot with these channel secrets."""
        chosen = settings(
            self.url, line_channel_secret=secrets, line_access_token="", line_channel_id=CHANNEL_ID, telegram_token=""
        )
        access = line_access(chosen)
        assert isinstance(access, Account)  # so that its tokens live for fifteen minutes
        channels = {"line": LineChannel(self.host, access, self.clock)}
        parts = app.assemble(chosen, clock=self.clock, mind=mind(), channels=channels)
        async with serving(app.web(parts), grace=0.1) as base:
            self.line.hook_url = f"{base}/line/webhook"
            yield Living(parts, self.line, base, self.clock)
        self.line.hook_url = NOWHERE

    async def write(self) -> None:
        """Somebody writes."""
        who = self.chance.choice(PEOPLE)
        words = f"{len(self.wrote[who]) + 1} メニュー"
        self.wrote[who].append(words)
        self.events.append(str((await self.line.say(who, words)).event["webhookEventId"]))

    async def step(self, of: Living) -> None:
        """Forty minutes: one message, sometimes missed, and old ones again in any order."""
        self.clock.on(minutes=STEP_MINUTES)
        there = self.line.hook_url
        if self.chance.random() < 0.25:
            self.line.hook_url = NOWHERE
        await self.write()
        self.line.hook_url = there
        if self.chance.random() < 0.5:
            await self.line.redeliver_failed()
        for event in self.chance.choices(self.events, k=self.chance.randrange(4)):
            assert (await self.line.redeliver(event)).status == 200
        await of.quiet()

    async def forge(self, secret: str) -> None:
        """A post under a secret that is not, or no longer, ours."""
        forged = LinePlatform(secret, LINE_TOKEN, self.line.hook_url, clock=self.clock)
        await forged.follow(PEOPLE[0])
        assert (await forged.say(PEOPLE[0], "にせもの")).status == 401
        await forged.close()


def check(store: Store, days: TwoDays) -> None:
    """Each message was heard once and stands in the order in which it was written; each had one parcel."""
    found = store.read(lambda conn: people.known(conn, store.vault, [("line", who) for who in PEOPLE]))
    parcels = Counter(store.read(lambda conn: list(conn.execute(select(tables.outbox.c.person_id)).scalars())))
    for who in PEOPLE:
        person = found["line", who].person_id
        said = store.read(lambda conn, of=person: talk.of_person(conn, store.vault, of))  # type: ignore[misc]
        bodies = [line.body for line in said if line.way is talk.Way.IN and line.body]
        assert [body["text"] for body in bodies if body["kind"] == "typed"] == days.wrote[who]
        assert parcels[person] == len(days.wrote[who]) + 2  # and the greeting, and the thanks for agreeing


async def test_W09_W13_two_days_of_repeated_posts_and_a_new_secret_lose_and_double_nothing(
    sqlite_url: str, now: datetime
) -> None:
    clock = Clock(now)
    line = LinePlatform(LINE_SECRET, LINE_TOKEN, "", clock=clock, quota=None, terms=Terms(rates={}))
    async with serving(line.app, grace=0.05) as host, line:
        days = TwoDays(sqlite_url, host, line, clock)
        async with days.shift(LINE_SECRET) as of:
            for who in PEOPLE:
                await line.follow(who)
                await line.tap(who, "m:consent")
            await of.quiet()
            await days.forge(NEW)
            for _ in range(STEPS):
                await days.step(of)
        await days.write()  # while it starts again
        async with days.shift(f"{LINE_SECRET},{NEW}") as of:
            for number in range(STEPS):
                if number == STEPS // 2:
                    line.reissue(NEW)
                await days.step(of)
        await days.write()
        async with days.shift(NEW) as of:
            await days.forge(LINE_SECRET)
            for _ in range(STEPS):
                await days.step(of)
            await line.redeliver_failed()
            await of.quiet()
            check(of.parts.store, days)
        sent = line.ledger.of("reply", "push")
        assert sum(call.status == 200 for call in line.ledger.of("token")) >= STEPS
        assert clock.now.timestamp() - now.timestamp() >= 48 * 3600
        assert sum(call.accepted for call in sent) == len(days.events) + 2 * len(PEOPLE)
