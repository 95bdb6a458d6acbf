"""The same through Telegram, which knows no retry key: what is not certain is said to be unknown, never doubled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from bot import delivery
from bot.bell import Bell
from bot.channels.doubles.faults import FailAfter, Fault, Hang, Refuse, Reset
from bot.channels.line import LineChannel
from bot.delivery import Postman
from storage import open_store, people
from tests.bot.post import TARO, Post, post_office
from tests.channels.samples import LINE_TOKEN
from tests.clock import Clock
from tests.conftest import SECRET

pytestmark = pytest.mark.anyio


@pytest.fixture
async def post(sqlite_url: str, now: datetime) -> AsyncIterator[Post]:
    store = open_store(sqlite_url, SECRET)
    async with post_office(store, Clock(now)) as office:
        yield office
    store.close()


async def test_while_one_platform_is_silent_the_other_is_spoken_to(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "AT_ONCE", 1)
    patient = LineChannel(post.line_base, LINE_TOKEN, post.clock, patience=60)
    await patient.open()
    postman = Postman(post.store, {**post.channels, "line": patient}, Bell(), post.clock)
    post.line.faults.next("push", Hang(accepted=False))
    (silent,) = post.queue("待つ")
    assert await postman.carry() == 1
    (other,) = post.queue("やあ", channel="telegram")
    assert await postman.carry() == 1
    async with asyncio.timeout(30):
        while post.states(other) != ["sent"]:  # noqa: ASYNC110 - what a database holds tells nobody
            await asyncio.sleep(0.01)
    assert post.states(silent) == ["sending"]
    await postman.put_down(0)
    await patient.close()


async def test_words_arrive_in_the_order_they_were_said(post: Post) -> None:
    numbers = post.queue("一", "二", "三", channel="telegram")
    await post.carry_for(8)
    assert post.told() == ["一", "二", "三"]
    assert {post.row(number).via for number in numbers} == {"telegram"}


async def test_R06_who_has_blocked_us_is_given_up_and_marked(post: Post) -> None:
    await post.telegram.block(TARO)
    one, two = post.queue("一", "二", channel="telegram")
    await post.carry_for(4)
    assert post.states(one, two) == ["gave_up", "gave_up"]
    assert not post.person("telegram").reachable
    assert len(post.telegram.ledger.of("sendMessage")) == 1  # the second is not even tried
    contact = post.person("telegram").contacts[0].id
    post.store.writer.submit(lambda conn: people.set_reachable(conn, contact, True)).result()
    await post.telegram.unblock(TARO)
    (three,) = post.queue("三", channel="telegram")
    await post.carry()
    assert (post.states(three), post.told()) == (["sent"], ["三"])


async def test_too_fast_waits_as_long_as_telegram_says(post: Post, now: datetime) -> None:
    post.telegram.faults.next("sendMessage", Refuse(429, retry_after=17))
    (number,) = post.queue("ゆっくり", channel="telegram")
    await post.carry()
    row = post.row(number)
    assert (row.state, row.why, row.tried) == ("queued", "rate", 0)
    post.clock.on(seconds=16.9)
    await post.carry()
    assert post.told() == []
    post.clock.on(seconds=0.2)
    await post.carry()
    assert (post.states(number), post.told()) == (["sent"], ["ゆっくり"])


DOUBTFUL: list[Fault] = [Hang(accepted=True), Hang(accepted=False), Reset(accepted=True), FailAfter(500), Refuse(500)]


@pytest.mark.parametrize("fault", DOUBTFUL, ids=str)
async def test_B11_no_answer_is_shown_as_unknown_and_never_sent_again(post: Post, fault: Fault) -> None:
    post.telegram.faults.next("sendMessage", fault)
    numbers = post.queue("どうなったか", "つぎです", channel="telegram")
    await post.carry_for(120)
    assert post.states(*numbers) == ["unknown", "sent"]
    assert post.row(numbers[0]).why == "no answer (telegram)"
    assert post.told().count("どうなったか") <= 1
    assert post.told()[-1] == "つぎです"


async def test_a_chat_that_is_gone_is_given_up(post: Post) -> None:
    post.telegram.faults.next("sendMessage", Refuse(400, "Bad Request: chat not found"))
    (number,) = post.queue("だれか", channel="telegram")
    await post.carry()
    assert post.states(number) == ["gave_up"]
    assert not post.person("telegram").reachable
