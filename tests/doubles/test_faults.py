"""Faults on request, seen through both official SDKs: what the caller meets, and whether the platform acted upon it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import aiohttp
import pytest
import telegram.error
from linebot.v3.messaging import AsyncMessagingApi, ReplyMessageRequest  # type: ignore[import-untyped]
from linebot.v3.messaging.exceptions import ApiException  # type: ignore[import-untyped]
from telegram import Bot

from bot.channels.doubles.faults import ANY, Empty, FailAfter, Fault, Faults, Hang, Refuse, Reset, Slow
from bot.channels.doubles.line import LinePlatform, user_id
from bot.channels.doubles.telegram import TelegramPlatform
from tests.doubles.bot import Clock

pytestmark = pytest.mark.anyio
HANAKO, USER = user_id("hanako"), 4321
Lost = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)

# What is asked for, what LINE's SDK raises (and the status in it), whether the message arrived all the same.
ON_LINE: dict[str, tuple[Fault, tuple[type[Exception], ...], int, bool]] = {
    **{f"{status}": (Refuse(status), (ApiException,), status, False) for status in (400, 401, 409, 429, 500)},
    "500 after acceptance": (FailAfter(), (ApiException,), 500, True),
    "silence before": (Hang(accepted=False), (TimeoutError,), 0, False),
    "silence after": (Hang(accepted=True), (TimeoutError,), 0, True),
    "reset before": (Reset(accepted=False), Lost, 0, False),
    "reset after": (Reset(accepted=True), Lost, 0, True),
    "an empty answer": (Empty(), (ValueError,), 0, True),
}


async def reply(api: AsyncMessagingApi, token: str) -> None:
    request = ReplyMessageRequest.from_dict({"replyToken": token, "messages": [{"type": "text", "text": "b"}]})
    await api.reply_message(request, _request_timeout=0.3)


@pytest.mark.parametrize(("fault", "raised", "status", "arrived"), ON_LINE.values(), ids=list(ON_LINE))
async def test_line_fails_once_as_asked(
    api: AsyncMessagingApi,
    line: LinePlatform,
    *,
    fault: Fault,
    raised: tuple[type[Exception], ...],
    status: int,
    arrived: bool,
) -> None:
    token = (await line.say(HANAKO, "a")).event["replyToken"]
    line.faults.next("reply", fault)
    with pytest.raises(raised) as caught:
        await reply(api, token)
    assert getattr(caught.value, "status", 0) == status
    assert len(line.delivered(HANAKO)) == arrived
    (call,) = line.ledger.of("reply")
    assert (call.fault, call.accepted) == (fault, arrived)
    if arrived:
        with pytest.raises(ApiException, match="Invalid reply token"):
            await reply(api, token)
    else:
        await reply(api, token)
    assert len(line.delivered(HANAKO)) == 1, "whatever happened, trying the same token again never doubles"


# The same for Telegram through python-telegram-bot.
ON_TELEGRAM: dict[str, tuple[Fault, type[Exception], bool]] = {
    "400": (Refuse(400), telegram.error.BadRequest, False),
    "401": (Refuse(401), telegram.error.InvalidToken, False),
    "403": (Refuse(403), telegram.error.Forbidden, False),
    "429": (Refuse(429, retry_after=7), telegram.error.RetryAfter, False),
    "500": (Refuse(500), telegram.error.NetworkError, False),
    "502 after acceptance": (FailAfter(502), telegram.error.NetworkError, True),
    "silence before": (Hang(accepted=False), telegram.error.TimedOut, False),
    "silence after": (Hang(accepted=True), telegram.error.TimedOut, True),
    "reset before": (Reset(accepted=False), telegram.error.NetworkError, False),
    "reset after": (Reset(accepted=True), telegram.error.NetworkError, True),
    "an empty answer": (Empty(), KeyError, True),
}


@pytest.mark.parametrize(("fault", "raised", "arrived"), ON_TELEGRAM.values(), ids=list(ON_TELEGRAM))
async def test_telegram_fails_once_as_asked(
    tg: Bot, telegram: TelegramPlatform, *, fault: Fault, raised: type[Exception], arrived: bool
) -> None:
    await telegram.start(USER)
    telegram.faults.next("sendMessage", fault)
    with pytest.raises(raised):
        await tg.send_message(USER, "a", read_timeout=0.3)
    assert len(telegram.delivered(USER)) == arrived
    assert telegram.ledger.of("sendMessage")[0].accepted is arrived
    await tg.send_message(USER, "b")
    assert len(telegram.delivered(USER)) == arrived + 1


async def test_telegram_says_how_long_to_wait(tg: Bot, telegram: TelegramPlatform) -> None:
    telegram.faults.next("getMe", Refuse(429, retry_after=7))
    with pytest.raises(Exception, match="Retry in 0:00:07") as caught:
        await tg.get_me()
    assert type(caught.value).__name__ == "RetryAfter"


async def test_a_slow_answer_comes_in_the_end(api: AsyncMessagingApi, line: LinePlatform) -> None:
    token = (await line.say(HANAKO, "a")).event["replyToken"]
    line.faults.next("reply", Slow(0.05))
    started = asyncio.get_running_loop().time()
    await reply(api, token)
    assert asyncio.get_running_loop().time() - started >= 0.05
    assert len(line.delivered(HANAKO)) == 1


@pytest.mark.parametrize(
    ("ask", "met"),
    [
        (lambda faults: faults.next("push", Empty(), times=2), ["push", "push"]),
        (lambda faults: faults.next(ANY, Empty(), Empty(), Empty()), ["push", "reply", "push"]),
        (lambda faults: (faults.next("reply", Empty()), faults.clear()), []),
    ],
    ids=["twice", "whatever comes", "taken back"],
)
async def test_faults_are_used_up_in_order(ask: Callable[[Faults], object], met: list[str]) -> None:
    faults = Faults()
    ask(faults)
    assert [name for name in ("push", "reply", "push", "push") if faults.take(name)] == met


async def test_a_fault_says_its_own_words(api: AsyncMessagingApi, line: LinePlatform, clock: Clock) -> None:
    line.faults.next("quota", Refuse(429, "You have reached your monthly limit."))
    with pytest.raises(ApiException, match="monthly limit"):
        await api.get_message_quota()
    assert line.ledger[0].at == clock()
