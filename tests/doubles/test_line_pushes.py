"""LINE's pushes and multicasts, driven through the official SDK: retry keys, quota, who is reached."""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable
from typing import Any

import pytest
from linebot.v3.messaging import (  # type: ignore[import-untyped]
    AsyncApiClient,
    AsyncMessagingApi,
    Configuration,
    MulticastRequest,
    PushMessageRequest,
)
from linebot.v3.messaging.exceptions import ApiException  # type: ignore[import-untyped]

from bot.channels.doubles.line import LinePlatform, Terms, user_id
from bot.channels.doubles.serve import serving
from tests.doubles.bot import SECRET, TOKEN, Clock

pytestmark = pytest.mark.anyio
HANAKO, TARO = user_id("hanako"), user_id("taro")
KEY = str(uuid.UUID(int=7, version=4))
WORDS = [{"type": "text", "text": "お知らせ"}]
MONTHLY = "You have reached your monthly limit."
TOO_FAST = "The API rate limit has been exceeded. Try again later."


def to(user: str) -> PushMessageRequest:
    return PushMessageRequest.from_dict({"to": user, "messages": WORDS})


def to_all(*users: str) -> MulticastRequest:
    return MulticastRequest.from_dict({"to": list(users), "messages": WORDS})


async def refused(call: Awaitable[Any]) -> tuple[int, dict[str, Any], dict[str, str]]:
    with pytest.raises(ApiException) as caught:
        await call
    return caught.value.status, json.loads(caught.value.body), caught.value.headers


async def test_a_push_reaches_a_friend(api: AsyncMessagingApi, line: LinePlatform) -> None:
    await line.follow(HANAKO)
    done = await api.push_message(to(HANAKO))
    assert line.screen(HANAKO)[0]["texts"] == ["お知らせ"]
    assert done.sent_messages[0].id == line.screen(HANAKO)[0]["id"]


async def test_a_retry_key_is_accepted_once(api: AsyncMessagingApi, line: LinePlatform) -> None:
    await line.follow(HANAKO)
    first = await api.push_message_with_http_info(to(HANAKO), x_line_retry_key=KEY)
    status, body, headers = await refused(api.push_message(to(HANAKO), x_line_retry_key=KEY))
    assert status == 409
    assert headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert [sent["id"] for sent in body["sentMessages"]] == [sent.id for sent in first.data.sent_messages]
    assert len(line.delivered(HANAKO)) == 1
    assert line.consumption == 1


async def test_a_retry_key_is_forgotten_after_a_day(api: AsyncMessagingApi, line: LinePlatform, clock: Clock) -> None:
    await line.follow(HANAKO)
    await api.push_message(to(HANAKO), x_line_retry_key=KEY)
    clock.pass_by(hours=24)
    await api.push_message(to(HANAKO), x_line_retry_key=KEY)
    assert len(line.delivered(HANAKO)) == 2


async def test_a_refused_push_leaves_its_key_free(api: AsyncMessagingApi, line: LinePlatform) -> None:
    assert (await refused(api.push_message(to(HANAKO), x_line_retry_key=KEY)))[0] == 400
    await line.follow(HANAKO)
    await api.push_message(to(HANAKO), x_line_retry_key=KEY)
    assert len(line.delivered(HANAKO)) == 1


async def test_a_retry_key_must_be_a_uuid(api: AsyncMessagingApi, line: LinePlatform) -> None:
    await line.follow(HANAKO)
    assert (await refused(api.push_message(to(HANAKO), x_line_retry_key="case-7")))[0] == 400
    assert line.delivered(HANAKO) == []


async def test_a_duplicate_multicast_has_no_ids(api: AsyncMessagingApi, line: LinePlatform) -> None:
    await line.follow(HANAKO)
    await api.multicast(to_all(HANAKO), x_line_retry_key=KEY)
    status, body, _ = await refused(api.multicast(to_all(HANAKO), x_line_retry_key=KEY))
    assert (status, "sentMessages" in body) == (409, False)


async def test_a_push_to_who_blocked_is_accepted_and_lost(api: AsyncMessagingApi, line: LinePlatform) -> None:
    await line.follow(HANAKO)
    await line.unfollow(HANAKO)
    done = await api.push_message(to(HANAKO))
    assert len(done.sent_messages) == 1
    assert line.delivered(HANAKO) == []
    assert line.consumption == 0, "who is not reached is not counted"


@pytest.mark.parametrize(("days", "reached"), [(7, True), (8, False)], ids=["within a week", "later"])
async def test_a_stranger_who_wrote_is_reached_for_a_week(
    api: AsyncMessagingApi, line: LinePlatform, clock: Clock, days: int, reached: bool
) -> None:
    await line.say(HANAKO, "はじめまして")
    clock.pass_by(days=days)
    await api.push_message(to(HANAKO))
    assert len(line.delivered(HANAKO)) == reached


async def test_a_push_to_nobody_known_is_refused(api: AsyncMessagingApi) -> None:
    status, body, _ = await refused(api.push_message(to(HANAKO)))
    assert (status, body["message"]) == (400, "Failed to send messages")


async def test_a_multicast_with_one_unknown_goes_to_nobody(api: AsyncMessagingApi, line: LinePlatform) -> None:
    await line.follow(HANAKO)
    assert (await refused(api.multicast(to_all(HANAKO, TARO))))[0] == 400
    assert line.delivered(HANAKO) == []


async def test_a_multicast_to_a_group_is_refused(api: AsyncMessagingApi, line: LinePlatform) -> None:
    group = "C" + "0" * 32
    await line.join(group, HANAKO)
    assert (await refused(api.multicast(to_all(group))))[0] == 400


async def test_the_quota_counts_people_and_ends(hook: str, clock: Clock) -> None:
    group = "C" + "1" * 32
    async with (
        LinePlatform(SECRET, TOKEN, hook, clock=clock, quota=4) as line,
        serving(line.app) as base,
        AsyncApiClient(Configuration(host=base, access_token=TOKEN)) as client,
    ):
        api = AsyncMessagingApi(client)
        for user in (HANAKO, TARO):
            await line.follow(user)
        await line.join(group, HANAKO, TARO)
        await api.push_message(to(group))
        await api.push_message(to(HANAKO))
        status, body, _ = await refused(api.multicast(to_all(HANAKO, TARO)))
        assert (status, body["message"]) == (429, MONTHLY)
        assert len(line.delivered(TARO)) == 0, "nobody gets a part of a multicast"
        assert (await api.get_message_quota()).value == 4
        assert (await api.get_message_quota_consumption()).total_usage == 3
        clock.pass_by(days=11)
        await api.multicast(to_all(HANAKO, TARO))
        assert line.consumption == 2, "a new month in Tokyo counts from nothing"


async def test_calls_that_come_too_fast_are_refused(hook: str, clock: Clock) -> None:
    async with (
        LinePlatform(SECRET, TOKEN, hook, clock=clock, terms=Terms(rates={"push": 2.0})) as line,
        serving(line.app) as base,
        AsyncApiClient(Configuration(host=base, access_token=TOKEN)) as client,
    ):
        api = AsyncMessagingApi(client)
        await line.follow(HANAKO)
        await api.push_message(to(HANAKO))
        await api.push_message(to(HANAKO))
        status, body, headers = await refused(api.push_message(to(HANAKO)))
        assert (status, body["message"]) == (429, TOO_FAST)
        assert "retry-after" not in headers
        clock.pass_by(seconds=0.5)
        await api.push_message(to(HANAKO))
        assert len(line.delivered(HANAKO)) == 3
