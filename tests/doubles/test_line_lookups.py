"""LINE's smaller endpoints, driven through the official SDK: profile, quota, content, reading marks, menus, loading."""

from __future__ import annotations

import io
from collections.abc import Awaitable
from typing import Any

import aiohttp
import pytest
from linebot.v3.messaging import (  # type: ignore[import-untyped]
    AsyncMessagingApi,
    AsyncMessagingApiBlob,
    MarkMessagesAsReadByTokenRequest,
    RichMenuRequest,
    ShowLoadingAnimationRequest,
)
from linebot.v3.messaging.exceptions import ApiException  # type: ignore[import-untyped]
from PIL import Image

from bot.channels.doubles.line import LinePlatform, user_id
from tests.doubles import oracle
from tests.doubles.bot import TOKEN, Clock

pytestmark = pytest.mark.anyio
HANAKO, TARO = user_id("hanako"), user_id("taro")


async def status_of(call: Awaitable[Any]) -> int:
    with pytest.raises(ApiException) as caught:
        await call
    return int(caught.value.status)


async def test_a_profile_is_that_of_who_is_near(api: AsyncMessagingApi, line: LinePlatform) -> None:
    line.meet(HANAKO, "花子", "en")
    assert await status_of(api.get_profile(HANAKO)) == 404
    await line.say(HANAKO, "a")
    profile = await api.get_profile(HANAKO)
    assert (profile.user_id, profile.display_name, profile.language) == (HANAKO, "花子", "en")
    await line.unfollow(HANAKO)
    assert await status_of(api.get_profile(HANAKO)) == 404


async def test_the_bot_knows_itself(api: AsyncMessagingApi, line: LinePlatform) -> None:
    info = await api.get_bot_info()
    posted = await line.say(HANAKO, "a")
    assert posted.ok
    assert info.user_id.startswith("U")
    assert (info.chat_mode, info.mark_as_read_mode) == ("chat", "manual")


async def test_quota_and_webhook_can_be_asked(api: AsyncMessagingApi, line: LinePlatform) -> None:
    assert (await api.get_message_quota()).to_dict() == {"type": "limited", "value": 200}
    assert (await api.get_webhook_endpoint()).to_dict() == {"endpoint": line.hook_url, "active": True}


async def test_loading_shows_until_the_next_message(api: AsyncMessagingApi, line: LinePlatform, clock: Clock) -> None:
    posted = await line.say(HANAKO, "a")
    await api.show_loading_animation(ShowLoadingAnimationRequest(chatId=HANAKO, loadingSeconds=5))
    assert line.busy_until(HANAKO) is not None
    assert line.ledger.of("loading")[0].status == 202
    clock.pass_by(seconds=6)
    assert line.busy_until(HANAKO) is None
    assert posted.ok


@pytest.mark.parametrize(("chat", "seconds"), [(HANAKO, 7), ("C" + "0" * 32, 5)], ids=["7 seconds", "a group"])
async def test_loading_is_refused(api: AsyncMessagingApi, chat: str, seconds: int) -> None:
    request = ShowLoadingAnimationRequest(chatId=chat, loadingSeconds=seconds)
    assert await status_of(api.show_loading_animation(request)) == 400


async def test_a_reading_mark_covers_all_earlier_messages(api: AsyncMessagingApi, line: LinePlatform) -> None:
    await line.say(HANAKO, "a")
    posted = await line.say(HANAKO, "b")
    await line.say(HANAKO, "c")
    token = posted.event["message"]["markAsReadToken"]
    await api.mark_messages_as_read_by_token(MarkMessagesAsReadByTokenRequest(markAsReadToken=token))
    assert [face["read"] for face in line.screen(HANAKO)] == [True, True, False]
    unknown = MarkMessagesAsReadByTokenRequest(markAsReadToken="x")
    assert await status_of(api.mark_messages_as_read_by_token(unknown)) == 400


async def test_a_picture_can_be_fetched_until_it_is_withdrawn(blobs: AsyncMessagingApiBlob, line: LinePlatform) -> None:
    posted = await line.send(HANAKO, "image", data=b"\xff\xd8picture")
    message_id = posted.event["message"]["id"]
    assert bytes(await blobs.get_message_content(message_id)) == b"\xff\xd8picture"
    await line.unsend(HANAKO, message_id)
    assert await status_of(blobs.get_message_content(message_id)) == 410


async def test_a_voice_is_prepared_first(line: LinePlatform, line_base: str) -> None:
    posted = await line.send(HANAKO, "audio", data=b"voice")
    content = f"{line_base}/v2/bot/message/{posted.event['message']['id']}/content"
    seen = []
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as session:
        for url in (f"{content}/transcoding", content, f"{content}/transcoding", content):
            async with session.get(url) as response:
                seen.append((response.status, await response.read()))
    processing, succeeded = b'{"status":"processing"}', b'{"status":"succeeded"}'
    assert seen == [(200, processing), (202, b"{}"), (200, succeeded), (200, b"voice")]


async def test_words_can_never_be_fetched(blobs: AsyncMessagingApiBlob, line: LinePlatform) -> None:
    posted = await line.say(HANAKO, "a")
    assert await status_of(blobs.get_message_content(posted.event["message"]["id"])) == 404


AREAS = [
    {
        "bounds": {"x": 0, "y": 0, "width": 2500, "height": 843},
        "action": {"type": "postback", "label": "はじめる", "data": "m:menu"},
    }
]
MENU: dict[str, Any] = {
    "size": {"width": 2500, "height": 843},
    "selected": True,
    "name": "a menu",
    "chatBarText": "メニュー",
    "areas": AREAS,
}


def picture(wide: int, high: int) -> bytes:
    """A PNG of this size."""
    out = io.BytesIO()
    Image.new("RGB", (wide, high)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    "wrong",
    [
        {"size": {"width": 2500, "height": 2000}},
        {"areas": MENU["areas"] * 21},
        {"name": ""},
    ],
    ids=["shape", "areas", "name"],
)
async def test_a_menu_beyond_the_limits_is_refused(api: AsyncMessagingApi, wrong: dict[str, Any]) -> None:
    assert await status_of(api.create_rich_menu(RichMenuRequest.from_dict(MENU | wrong))) == 400


async def test_a_hundred_menus_an_hour_may_be_made(api: AsyncMessagingApi) -> None:
    request = RichMenuRequest.from_dict(MENU)
    for _ in range(100):
        await api.create_rich_menu(request)
    assert await status_of(api.create_rich_menu(request)) == 429


async def test_a_menu_is_linked_to_friends_alone(
    api: AsyncMessagingApi, blobs: AsyncMessagingApiBlob, line: LinePlatform
) -> None:
    await line.follow(HANAKO)
    menu = (await api.create_rich_menu(RichMenuRequest.from_dict(MENU))).rich_menu_id
    assert await status_of(api.link_rich_menu_id_to_user(HANAKO, menu)) == 400  # it has no picture yet
    assert await status_of(blobs.set_rich_menu_image(menu, body=b"x", _headers={"Content-Type": "image/png"})) == 400
    await blobs.set_rich_menu_image(menu, body=picture(800, 400), _headers={"Content-Type": "image/png"})
    assert await status_of(api.link_rich_menu_id_to_user(HANAKO, "richmenu-0")) == 404
    for user in (HANAKO, TARO):
        await api.link_rich_menu_id_to_user(user, menu)
    assert (line.menu(HANAKO), line.menu(TARO)) == (menu, None)
    assert (await api.get_rich_menu_id_of_user(HANAKO)).rich_menu_id == menu
    await api.unlink_rich_menu_id_from_user(HANAKO)
    assert await status_of(api.get_rich_menu_id_of_user(HANAKO)) == 404


async def test_an_unknown_endpoint_is_not_found(line_base: str, line: LinePlatform) -> None:
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as session,
        session.get(f"{line_base}/v2/bot/novelty") as response,
    ):
        assert response.status == 404
    assert line.ledger[0].endpoint == "unknown"


ANSWERS = {
    "/v2/bot/info": "BotInfoResponse",
    "/v2/bot/message/quota": "MessageQuotaResponse",
    "/v2/bot/message/quota/consumption": "QuotaConsumptionResponse",
    "/v2/bot/channel/webhook/endpoint": "GetWebhookEndpointResponse",
    f"/v2/bot/profile/{HANAKO}": "UserProfileResponse",
    f"/v2/bot/profile/{TARO}": "ErrorResponse",
}


@pytest.mark.parametrize(("path", "schema"), ANSWERS.items())
async def test_answers_are_what_the_openapi_says(line: LinePlatform, line_base: str, path: str, schema: str) -> None:
    await line.follow(HANAKO)
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as session,
        session.get(line_base + path) as response,
    ):
        body = await response.json()
        assert response.headers["x-line-request-id"].count("-") == 4
    if oracle.at_hand("line-openapi/messaging-api.yml"):
        assert oracle.line_faults("messaging-api", schema, body) == []
