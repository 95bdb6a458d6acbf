"""LINE's reply tokens, driven through the official SDK: they work once, and die."""

from __future__ import annotations

import json

import aiohttp
import pytest
from linebot.v3.messaging import AsyncMessagingApi, ReplyMessageRequest  # type: ignore[import-untyped]
from linebot.v3.messaging.exceptions import ApiException  # type: ignore[import-untyped]

from bot.channels.doubles.line import LinePlatform, user_id
from tests.doubles.bot import TOKEN, Clock

pytestmark = pytest.mark.anyio
HANAKO = user_id("hanako")


def answer(token: str, *texts: str) -> ReplyMessageRequest:
    messages = [{"type": "text", "text": text} for text in texts]
    return ReplyMessageRequest.from_dict({"replyToken": token, "messages": messages})


async def refused(api: AsyncMessagingApi, request: ReplyMessageRequest) -> tuple[int, str]:
    with pytest.raises(ApiException) as caught:
        await api.reply_message(request)
    return caught.value.status, json.loads(caught.value.body)["message"]


async def test_a_reply_reaches_the_screen_and_has_ids(api: AsyncMessagingApi, line: LinePlatform) -> None:
    posted = await line.say(HANAKO, "こんにちは")
    done = await api.reply_message(answer(posted.event["replyToken"], "はい", "どうぞ"))
    assert [face["texts"] for face in line.screen(HANAKO)] == [["こんにちは"], ["はい"], ["どうぞ"]]
    assert [sent.id for sent in done.sent_messages] == [face["id"] for face in line.screen(HANAKO)[1:]]
    assert all(sent.quote_token for sent in done.sent_messages)


async def test_a_reply_costs_nothing(api: AsyncMessagingApi, line: LinePlatform) -> None:
    posted = await line.say(HANAKO, "こんにちは")
    await api.reply_message(answer(posted.event["replyToken"], "はい"))
    assert (await api.get_message_quota_consumption()).total_usage == 0


async def test_a_reply_token_works_once(api: AsyncMessagingApi, line: LinePlatform) -> None:
    token = (await line.say(HANAKO, "a")).event["replyToken"]
    await api.reply_message(answer(token, "b"))
    assert await refused(api, answer(token, "b")) == (400, "Invalid reply token")
    assert len(line.delivered(HANAKO)) == 1


async def test_an_invalid_reply_does_not_use_up_its_token(api: AsyncMessagingApi, line: LinePlatform) -> None:
    token = (await line.say(HANAKO, "a")).event["replyToken"]
    assert (await refused(api, answer(token, "x" * 5001)))[0] == 400
    await api.reply_message(answer(token, "b"))
    assert len(line.delivered(HANAKO)) == 1


@pytest.mark.parametrize(("seconds", "alive"), [(60, True), (61, False)], ids=["one minute", "a second more"])
async def test_a_reply_token_dies(
    api: AsyncMessagingApi, line: LinePlatform, clock: Clock, seconds: int, alive: bool
) -> None:
    token = (await line.say(HANAKO, "a")).event["replyToken"]
    clock.pass_by(seconds=seconds)
    if alive:
        await api.reply_message(answer(token, "b"))
    else:
        assert await refused(api, answer(token, "b")) == (400, "Invalid reply token")
    assert len(line.delivered(HANAKO)) == alive


async def test_redelivery_lets_the_token_live_again(api: AsyncMessagingApi, line: LinePlatform, clock: Clock) -> None:
    event = (await line.say(HANAKO, "a")).event
    clock.pass_by(minutes=10)
    await line.redeliver(event["webhookEventId"])
    clock.pass_by(seconds=59)
    await api.reply_message(answer(event["replyToken"], "b"))
    assert len(line.delivered(HANAKO)) == 1


async def test_redelivery_revives_no_used_token(api: AsyncMessagingApi, line: LinePlatform) -> None:
    event = (await line.say(HANAKO, "a")).event
    await api.reply_message(answer(event["replyToken"], "b"))
    await line.redeliver(event["webhookEventId"])
    assert await refused(api, answer(event["replyToken"], "b")) == (400, "Invalid reply token")


async def test_redelivery_revives_no_token_of_twenty_minutes(
    api: AsyncMessagingApi, line: LinePlatform, clock: Clock
) -> None:
    event = (await line.say(HANAKO, "a")).event
    clock.pass_by(minutes=21)
    await line.redeliver(event["webhookEventId"])
    assert await refused(api, answer(event["replyToken"], "b")) == (400, "Invalid reply token")


async def test_a_reply_takes_no_retry_key(line: LinePlatform, line_base: str) -> None:
    token = (await line.say(HANAKO, "a")).event["replyToken"]
    headers = {"Authorization": f"Bearer {TOKEN}", "X-Line-Retry-Key": "123e4567-e89b-12d3-a456-426614174000"}
    body = {"replyToken": token, "messages": [{"type": "text", "text": "b"}]}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{line_base}/v2/bot/message/reply", json=body, headers=headers) as response,
    ):
        assert response.status == 400
    assert line.delivered(HANAKO) == []


async def test_a_reply_to_who_blocked_meanwhile_is_accepted_and_lost(
    api: AsyncMessagingApi, line: LinePlatform
) -> None:
    token = (await line.say(HANAKO, "a")).event["replyToken"]
    await line.unfollow(HANAKO)
    done = await api.reply_message(answer(token, "b"))
    assert len(done.sent_messages) == 1
    assert line.delivered(HANAKO) == []


async def test_the_ledger_keeps_every_call(api: AsyncMessagingApi, line: LinePlatform) -> None:
    token = (await line.say(HANAKO, "a")).event["replyToken"]
    await api.reply_message(answer(token, "b"))
    await refused(api, answer(token, "c"))
    first, second = line.ledger.of("reply")
    assert (first.status, first.accepted, second.status, second.accepted) == (200, True, 400, False)
    assert first.body == {"replyToken": token, "notificationDisabled": False, "messages": line.delivered(HANAKO)}
    assert first.headers["authorization"] == f"Bearer {TOKEN}"


async def test_a_wrong_access_token_is_refused(api: AsyncMessagingApi, line: LinePlatform) -> None:
    api.api_client.configuration.access_token = "another"
    token = (await line.say(HANAKO, "a")).event["replyToken"]
    assert (await refused(api, answer(token, "b")))[0] == 401
    assert line.ledger.of("reply")[0].accepted is False
