"""The month's pushes: reserves are kept, words bundled, a free reply is used first, what waited leaves later."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.bell import Bell
from bot.delivery import Postman
from bot.purse import Purse, Reserves
from bot.settings import Settings
from dialogs.heard import Heard, Typed, to_json
from storage import Store, outbox, people, pushes
from storage.cases import CaseHead
from storage.inbox import Incoming
from storage.pushes import Month
from storage.staff import Member
from tests.bot.centre import Centre
from tests.bot.desk import open_case_of, write
from tests.bot.post import Post, post_office
from tests.channels.samples import HANAKO
from tests.clock import Clock

pytestmark = pytest.mark.anyio
SMALL = Reserves(emergencies=2, reminders=1)


class Month30(Centre):
    """A centre with a purse; Hanako's open case, held by Sato."""

    post: Post
    purse: Purse
    sato: Member
    case: CaseHead

    async def write(self, heard: Heard, arrives: bool = True) -> list[str]:
        """Hanako writes, with a living reply token; what her phone shows because of it."""
        before = len(self.post.shown())
        self.on(1)
        payload = {"heard": to_json(heard), "said": ""}
        token = await self.post.token()
        self.receive(Incoming("line", f"m-{self.now.isoformat()}", HANAKO, self.now, payload, token))
        self.hear()
        if arrives:
            await self.post.carry()
        return self.post.shown()[before:]

    def on(self, seconds: float) -> None:
        """Time passes."""
        self.now += timedelta(seconds=seconds)
        self.post.clock.now = self.now

    async def reply(self, *texts: str) -> list[str]:
        """Sato writes to Hanako; what her phone shows because of it."""
        before = len(self.post.shown())
        for text in texts:
            await self.desk.reply(self.case.id, self.sato, text, text)
        await self.post.carry()
        return self.post.shown()[before:]

    def known(self) -> Month | None:
        """What is kept of this month."""
        return self.store.read(lambda conn: pushes.month(conn, "line", self.now))

    def delivery(self) -> list[str | None]:
        """How far each of Sato's words got."""
        return [line.delivery for line in self.lines(HANAKO) if line.author == "staff"]


@pytest.fixture
async def month(store: Store, clock: Clock) -> AsyncIterator[Month30]:
    async with post_office(store, clock, quota=10) as post:
        centre = Month30(store, clock.now)
        post.postman = Postman(store, post.channels, Bell(), clock, SMALL)
        centre.post = post
        centre.purse = Purse(store, post.channels, clock, SMALL, centre.mind)
        centre.case, centre.sato = open_case_of(centre, HANAKO), centre.member("sato")
        centre.carried()
        await centre.desk.claim(centre.case.id, centre.sato)
        centre.carried()
        centre.on(1)
        yield centre


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


async def test_N02_what_a_month_has_left_is_asked_and_then_counted(month: Month30) -> None:
    assert month.known() is None
    await month.purse.look()
    assert month.known() == Month(10, 0, month.now)
    await month.reply("はい")
    assert month.known() == Month(10, 1, month.now)
    assert month.post.line.consumption == 1


async def test_N02_words_keep_off_the_reserve_and_wait_and_danger_is_answered_still(month: Month30) -> None:
    month.post.line.allow(10, used=6)
    await month.purse.look()
    assert await month.reply("一通目") == ["一通目"]
    assert await month.reply("二通目") == []  # three are left, and all three are kept back
    assert month.delivery() == ["sent", "waiting_person"]
    assert month.post.postman.refused.is_set()
    assert month.post.calls().count("push") == 1
    await month.write(Typed("もう死にたいです"), arrives=False)
    month.on(70)  # the free reply is gone: only a push can bring the numbers
    await month.post.carry()
    assert any("119" in text for text in month.post.shown())
    assert month.post.line.consumption == 8


async def test_N02_what_waited_goes_with_the_next_free_reply(month: Month30) -> None:
    month.post.line.allow(10, used=7)
    await month.purse.look()
    assert await month.reply("土曜はいかがですか") == []
    assert await month.write(Typed("どうなりましたか")) == ["土曜はいかがですか"]
    assert month.delivery() == ["sent"]
    assert month.post.line.consumption == 7


async def test_N02_what_waited_leaves_by_itself_when_a_month_begins(month: Month30) -> None:
    month.post.line.allow(10, used=7)
    await month.purse.look()
    await month.reply("土曜はいかがですか", "日曜でもかまいません")
    assert await month.purse.look() == 0
    month.on(40 * 86400)
    assert month.known() == Month(10, 0, month.now - timedelta(days=40))
    assert await month.purse.look() == 1  # they had been joined before they were held back
    await month.post.carry()
    assert month.post.shown()[-2:] == ["土曜はいかがですか", "日曜でもかまいません"]
    assert (month.delivery(), month.post.line.consumption) == (["sent", "sent"], 1)
    assert month.store.read(outbox.depth) == 0


async def test_what_waited_wakes_nobody_at_midnight_when_the_month_begins(month: Month30) -> None:
    month.post.line.allow(10, used=7)
    await month.purse.look()
    await month.reply("土曜はいかがですか")
    midnight = month.mind.local(month.now + timedelta(days=9)).replace(hour=0, minute=5)
    assert midnight.day == 1
    month.on((midnight - month.now).total_seconds())
    assert await month.purse.look() == 0
    month.on(8 * 3600)
    assert await month.purse.look() == 1


async def test_N02_several_words_leave_as_one_push_and_never_more_than_five(month: Month30) -> None:
    texts = [f"その{number}" for number in range(7)]
    assert await month.reply(*texts) == texts
    assert month.post.calls().count("push") == 2
    assert month.delivery() == ["sent"] * 7
    assert month.store.read(outbox.depth) == 0


async def test_N02_words_wait_a_moment_for_more_before_they_cost_a_push(month: Month30) -> None:
    month.desk.gather = timedelta(seconds=2)
    assert await month.reply("一つ目です。") == []
    month.on(1)
    assert await month.reply("二つ目です。") == []
    month.on(1)
    await month.post.carry()
    assert month.post.shown()[-2:] == ["一つ目です。", "二つ目です。"]
    assert month.post.calls().count("push") == 1


async def test_N02_a_push_that_may_have_arrived_is_repeated_as_it_was(month: Month30) -> None:
    first = month.post.queue("一つ目", case_id=month.case.id)[0]
    held = write(month, lambda conn: outbox.claim(conn, month.store.vault, "dead", month.now))
    assert [one.id for one in held] == [first]
    second = month.post.queue("二つ目", case_id=month.case.id)[0]
    month.on(31)
    await month.post.carry()
    assert month.post.states(first, second) == ["sent", "sent"]
    assert month.post.calls().count("push") == 2


async def test_N02_a_coordinator_who_answers_at_once_answers_for_free(month: Month30) -> None:
    month.desk.gather = timedelta(seconds=2)
    assert await month.write(Typed("もしもし")) == []
    assert await month.reply("はい、佐藤です。") == ["はい、佐藤です。"]
    assert month.post.calls() == ["reply"]
    month.desk.gather = timedelta(0)
    await month.reply("つづきです。")
    assert month.post.calls() == ["reply", "push"]  # a right works once


async def test_N02_a_right_that_ran_out_is_not_used(month: Month30) -> None:
    await month.write(Typed("もしもし"))
    month.on(51)
    await month.reply("おそくなりました。")
    assert month.post.calls() == ["push"]


async def test_N02_the_right_of_somebody_who_is_forgotten_goes(month: Month30) -> None:
    await month.write(Typed("もしもし"))
    who = month.person_of(HANAKO)
    assert write(month, lambda conn: people.forget(conn, who, month.now))


async def test_N02_a_silent_platform_stops_nothing(month: Month30) -> None:
    await month.post.channels["line"].close()
    month.post.channels["line"] = month.post.channels["telegram"]
    unheard = Purse(month.store, month.post.channels, month.post.clock, SMALL, month.mind)
    assert await unheard.look() == 0
    async with asyncio.timeout(1):
        await unheard.run(asyncio.Event())
    assert month.known() is None


@pytest.mark.parametrize(
    ("left", "lane", "room"),
    [
        (None, outbox.TALK, None),
        (50, outbox.TALK, 0),
        (51, outbox.TALK, 1),
        (0, outbox.TALK, 0),
        (3, outbox.URGENT, None),
    ],
    ids=["no limit", "the reserve", "one above it", "nothing", "danger"],
)
def test_N02_the_usual_reserves(now: datetime, left: int | None, lane: int, room: int | None) -> None:
    settings = Settings()
    usual = Reserves(settings.line_reserve_emergencies, settings.line_reserve_reminders)
    month = Month(None, 120, now) if left is None else Month(200, 200 - left, now)
    assert usual.room(month, lane) == room
    assert usual.room(None, lane) is None
