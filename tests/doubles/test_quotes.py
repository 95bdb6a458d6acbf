"""Quotes on both platforms in miniature: in the phones' events, and with what is sent in answer."""

from __future__ import annotations

import json

import pytest
from linebot.v3.messaging import AsyncMessagingApi, PushMessageRequest, ReplyMessageRequest  # type: ignore[import-untyped]
from linebot.v3.messaging.exceptions import ApiException  # type: ignore[import-untyped]
from linebot.v3.webhook import WebhookParser  # type: ignore[import-untyped]
from telegram import Bot, ReplyParameters, Update
from telegram.error import BadRequest

from bot.channels.doubles.line import LinePlatform, user_id
from bot.channels.doubles.telegram import TelegramPlatform
from tests.doubles import oracle
from tests.doubles.bot import SECRET

pytestmark = pytest.mark.anyio
HANAKO, TARO, GROUP = user_id("hanako"), 4711, -1001


def push(token: str, kind: str = "text") -> PushMessageRequest:
    body = {"text": "はい", "altText": "はい", "template": {"type": "buttons", "text": "はい", "actions": []}}
    return PushMessageRequest.from_dict(
        {"to": HANAKO, "messages": [{"type": kind, **body, **({"quoteToken": token} if token else {})}]}
    )


async def test_a_phone_quotes_and_the_event_is_as_line_describes_it(line: LinePlatform, api: AsyncMessagingApi) -> None:
    first = (await line.say(HANAKO, "3日の件です")).event["message"]
    event = (await line.say(HANAKO, "これです", quoting=first["id"])).event
    assert event["message"]["quotedMessageId"] == first["id"]
    body = json.dumps({"destination": "U" + "0" * 32, "events": [event]})
    (read,) = WebhookParser(SECRET).parse(body, line.sign(body.encode()))
    assert read.message.quoted_message_id == first["id"]
    if oracle.at_hand("line-openapi/webhook.yml"):
        assert oracle.line_faults("webhook", "MessageEvent", event) == []


async def test_a_quote_token_is_good_in_its_own_chat_alone_for_ever(line: LinePlatform, api: AsyncMessagingApi) -> None:
    mine = (await line.say(HANAKO, "こんにちは")).event["message"]
    other = (await line.say(user_id("other"), "こんにちは")).event["message"]["quoteToken"]
    sent = (await api.push_message(push(mine["quoteToken"]))).sent_messages[0]
    for token in (mine["quoteToken"], sent.quote_token):
        await api.push_message(push(token))
    for wrong in (other, "q-never-was"):
        with pytest.raises(ApiException) as caught:
            await api.push_message(push(wrong))
        assert caught.value.status == 400
    used = line.consumption
    await line.unsend(HANAKO, mine["id"])
    await api.push_message(push(mine["quoteToken"]))
    assert (used, len(line.delivered(HANAKO))) == (3, 4), "what is refused costs nothing and shows nothing"


async def test_a_wrong_quote_leaves_the_reply_token_alive(line: LinePlatform, api: AsyncMessagingApi) -> None:
    event = (await line.say(HANAKO, "こんにちは")).event
    for quote, good in (("q-never-was", False), (event["message"]["quoteToken"], True)):
        messages = [{"type": "text", "text": "はい", "quoteToken": quote}]
        request = ReplyMessageRequest.from_dict({"replyToken": event["replyToken"], "messages": messages})
        if good:
            await api.reply_message(request)
        else:
            with pytest.raises(ApiException):
                await api.reply_message(request)


async def test_telegram_replies_carry_what_they_answer_both_ways(tg: Bot, telegram: TelegramPlatform) -> None:
    asked = (await telegram.say(TARO, "3日の件です")).event["message"]["message_id"]
    ours = await tg.send_message(TARO, "はい", reply_parameters=ReplyParameters(asked))
    assert ours.reply_to_message is not None
    assert (ours.reply_to_message.message_id, ours.reply_to_message.text) == (asked, "3日の件です")
    update = Update.de_json((await telegram.say(TARO, "では", under=ours.message_id)).event, tg)
    assert update.message is not None
    assert update.message.reply_to_message is not None
    assert update.message.reply_to_message.text == "はい"
    with pytest.raises(BadRequest, match=r"(?i)message to be replied not found"):
        await tg.send_message(TARO, "はい", reply_parameters=ReplyParameters(99))
    alone = await tg.send_message(TARO, "はい", reply_parameters=ReplyParameters(99, allow_sending_without_reply=True))
    assert alone.reply_to_message is None


async def test_words_in_a_topic_are_a_reply_to_its_first_message(tg: Bot, telegram: TelegramPlatform) -> None:
    telegram.group(GROUP, "窓口", forum=True)
    topic = await tg.create_forum_topic(GROUP, "A-1")
    event = (await telegram.say(TARO, "こんにちは", chat=GROUP, thread=topic.message_thread_id)).event
    assert event["message"]["reply_to_message"]["message_id"] == topic.message_thread_id
    assert event["message"]["reply_to_message"]["forum_topic_created"]["name"] == "A-1"
    update = Update.de_json(event, tg)
    assert update.message is not None
    if oracle.at_hand("telegram/api.json"):
        assert oracle.telegram_faults("Update", event) == []
