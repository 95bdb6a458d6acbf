"""LINE's access tokens of fifteen minutes: asked for when needed, shared, renewed in time, and anew when refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.adapters import line_access
from bot.channels.access import Account
from bot.channels.doubles.faults import Refuse
from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.line.tokens import CHANNEL_ID
from bot.channels.line import LineChannel
from bot.ports import Fetched, Sent, TryLater
from bot.settings import Settings
from tests.channels.line_case import ONCE, arrived, calls, parcel
from tests.channels.samples import HANAKO, LINE_SECRET, LINE_TOKEN, Clock

pytestmark = pytest.mark.anyio
OLD = "0" * 32
LOST = TryLater(60.0, "token", token_spent=True)


@pytest.fixture
async def lent(line_host: str, line: LinePlatform, clock: Clock) -> AsyncIterator[LineChannel]:
    """The adapter of a channel that has no token of its own; Hanako is a friend."""
    adapter = LineChannel(line_host, Account(CHANNEL_ID, (OLD, LINE_SECRET)), clock)
    await line.follow(HANAKO)
    yield adapter
    await adapter.close()


async def test_a_token_is_asked_for_once_and_renewed_before_its_end(
    line: LinePlatform, lent: LineChannel, clock: Clock
) -> None:
    for minutes in (0, 6, 6):
        clock.pass_by(60 * minutes)
        assert isinstance(await lent.send(parcel(clock)), Sent)
    assert calls(line) == ["token", "token", "push", "push", "push"]  # the first of the two secrets was refused
    clock.pass_by(90)  # a minute and a half before its end
    assert isinstance(await lent.send(parcel(clock)), Sent)
    assert calls(line)[5:] == ["token", "token", "push"]
    assert [call.status for call in line.ledger.of("token")] == [400, 200, 400, 200]


async def test_many_calls_wait_for_one_token(line: LinePlatform, lent: LineChannel, clock: Clock) -> None:
    outcomes = await asyncio.gather(*(lent.send(parcel(clock)) for _ in range(20)))
    assert all(isinstance(one, Sent) for one in outcomes)
    assert len(line.ledger.of("token")) == 2


async def test_a_token_that_is_refused_is_replaced_once_and_the_words_arrive_once(
    line: LinePlatform, lent: LineChannel, clock: Clock, token: str
) -> None:
    await lent.send(parcel(clock, token))
    line.end_tokens()
    line.ledger.clear()
    fresh = str((await line.follow(HANAKO)).event["replyToken"])
    assert isinstance(await lent.send(parcel(clock, fresh)), Sent)
    assert [(call.endpoint, call.status) for call in line.ledger] == [
        ("reply", 401),
        ("token", 400),
        ("token", 200),
        ("reply", 200),
    ]
    assert arrived(line) == ONCE * 2


async def test_a_channel_that_is_refused_for_good_is_not_asked_again_and_again(
    line: LinePlatform, lent: LineChannel, clock: Clock
) -> None:
    line.faults.next("push", Refuse(401), times=9)
    assert await lent.send(parcel(clock)) == LOST
    assert calls(line).count("push") == 2


async def test_while_line_gives_no_token_words_wait_and_nothing_is_doubted(
    line: LinePlatform, lent: LineChannel, clock: Clock
) -> None:
    line.faults.next("token", Refuse(500), Refuse(503))
    assert await lent.send(parcel(clock)) == LOST
    assert calls(line) == ["token", "token"]
    assert isinstance(await lent.send(parcel(clock)), Sent)
    assert arrived(line) == ONCE


async def test_a_renewal_that_fails_costs_nothing_while_the_old_token_lives(
    line: LinePlatform, lent: LineChannel, clock: Clock
) -> None:
    await lent.send(parcel(clock))
    line.faults.next("token", Refuse(500), times=6)
    clock.pass_by(13 * 60 + 30)
    for _ in range(3):
        assert isinstance(await lent.send(parcel(clock)), Sent)
        clock.pass_by(25)
    assert len(line.ledger.of("token")) == 2 + 6
    assert isinstance(await lent.send(parcel(clock)), Sent)
    assert arrived(line) == ONCE * 5


async def test_pictures_and_the_month_are_asked_for_with_the_same_token(
    line: LinePlatform, lent: LineChannel, clock: Clock
) -> None:
    number = str((await line.send(HANAKO, "file", data=b"%PDF-1.7\n")).event["message"]["id"])
    assert await lent.fetch(number) == Fetched("pdf", b"%PDF-1.7\n")
    assert await lent.month() is not None
    line.end_tokens()
    assert await lent.fetch(number) == Fetched("pdf", b"%PDF-1.7\n")
    assert len(line.ledger.of("token")) == 4


async def test_P21_the_secret_is_in_no_log_and_no_outcome(
    line: LinePlatform, lent: LineChannel, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    line.faults.next("token", Refuse(500), Refuse(500))
    outcome = await lent.send(parcel(clock))
    await lent.send(parcel(clock))
    assert LINE_SECRET not in caplog.text + repr(outcome)
    assert LINE_SECRET not in str([call.body for call in line.ledger])


@pytest.mark.parametrize(
    ("token", "number", "access"),
    [
        (LINE_TOKEN, "", LINE_TOKEN),
        (LINE_TOKEN, CHANNEL_ID, LINE_TOKEN),
        ("", CHANNEL_ID, Account(CHANNEL_ID, (LINE_SECRET,))),
        ("", "", None),
    ],
    ids=["a token", "both", "the channel's id", "neither"],
)
def test_a_token_that_is_set_is_used_and_else_the_channels_id(token: str, number: str, access: object) -> None:
    told = {"line_channel_secret": LINE_SECRET, "line_access_token": token, "line_channel_id": number}
    assert line_access(Settings.model_validate(told)) == access
