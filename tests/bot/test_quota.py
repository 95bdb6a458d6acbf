"""LINE's month is used up: replies go on, and what had to be pushed goes along when the person writes again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from dialogs.heard import Heard, Tapped, Typed, to_json
from storage import Store, outbox
from storage.inbox import Incoming
from tests.bot.centre import Centre
from tests.bot.desk import case_of, count, open_case_of
from tests.bot.post import Post, post_office
from tests.channels.samples import HANAKO
from tests.clock import Clock

pytestmark = pytest.mark.anyio


class Month(Centre):
    """A centre whose LINE account has no pushes left."""

    post: Post

    async def write(self, heard: Heard) -> list[str]:
        """Hanako writes, with a living reply token; what her phone shows because of it."""
        before = len(self.post.shown())
        self.now += timedelta(seconds=1)
        self.post.clock.now = self.now
        payload = {"heard": to_json(heard), "said": ""}
        event_id = f"month-{self.now.isoformat()}"
        self.receive(Incoming("line", event_id, HANAKO, self.now, payload, await self.post.token()))
        self.hear()
        await self.post.carry()
        return self.post.shown()[before:]


@pytest.fixture
async def month(store: Store, now: datetime) -> AsyncIterator[Month]:
    async with post_office(store, Clock(now), quota=0) as post:
        centre = Month(store, now)
        centre.post = post
        yield centre


async def test_B12_what_could_not_be_pushed_waits_for_the_person_and_is_in_nobodys_way(month: Month) -> None:
    case = open_case_of(month, HANAKO)
    sato = month.member("sato")
    await month.post.carry_for(2)
    for text in ("土曜はいかがですか", "日曜でもかまいません"):
        await month.desk.claim(case.id, sato)
        await month.desk.reply(case.id, sato, text, text)
    await month.post.carry()
    assert month.post.shown() == []
    assert {line.delivery for line in month.lines(HANAKO) if line.delivery} == {"waiting_person"}
    assert month.store.read(outbox.depth) == 0  # shown as waiting, and not tried again and again
    # She writes: the coordinator holds the case, so the bot says nothing of its own.
    shown = await month.write(Typed("どうなりましたか"))
    assert len(shown) == 4  # as many parcels as one reply holds, the oldest first: the greeting
    joined, *relayed = await month.write(Typed("もしもし"))
    assert "Satoが担当します" in joined
    assert relayed == ["土曜はいかがですか", "日曜でもかまいません"]
    assert {line.delivery for line in month.lines(HANAKO) if line.delivery} == {"sent"}
    assert await month.write(Typed("わかりました")) == []


async def test_B12_replies_go_on_and_bring_along_what_waited_first(month: Month) -> None:
    await month.write(Typed("こんにちは"))
    await month.write(Tapped("m:consent"))
    number, other = month.post.queue("お知らせ一", "お知らせ二")
    await month.post.carry()
    assert month.post.states(number, other) == ["waiting_person", "waiting_person"]
    shown = await month.write(Typed("使い方"))
    assert shown[:2] == ["お知らせ一", "お知らせ二"]
    assert 2 < len(shown) <= 5
    assert set(month.post.calls()) == {"reply", "push", "quota", "consumption"}
    assert month.post.calls()[-1] == "reply"
    assert await month.write(Typed("使い方")) == shown[2:]


async def test_B12_a_link_that_waited_too_long_is_made_anew(month: Month) -> None:
    case = case_of(month, HANAKO)
    await month.post.carry_for(2)
    sato = month.member("sato")
    await month.desk.claim(case.id, sato)
    await month.desk.reply(case.id, sato, "病院の書類をお持ちください", "k")
    await month.post.carry()
    links = count(month, "private_link")
    month.now += timedelta(days=10)
    for _ in range(3):
        await month.write(Typed("もしもし"))
    assert count(month, "private_link") > links
    assert any("担当者から返事があります" in text for text in month.post.shown())
    assert not any("病院" in str(call.body) for call in month.post.line.ledger)
