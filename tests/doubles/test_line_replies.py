"""LINE's reply tokens and quota, driven through the official SDK."""

from __future__ import annotations

import pytest
from linebot.v3.messaging import AsyncMessagingApi, ReplyMessageRequest, TextMessage

from bot.channels.doubles.line import LinePlatform, user_id

pytestmark = pytest.mark.anyio
HANAKO = user_id("hanako")


def words(text: str) -> TextMessage:
    return TextMessage.from_dict({"type": "text", "text": text})  # type: ignore[no-any-return]


def answer(token: str, *texts: str) -> ReplyMessageRequest:
    return ReplyMessageRequest.from_dict(  # type: ignore[no-any-return]
        {"replyToken": token, "messages": [{"type": "text", "text": text} for text in texts]}
    )


async def test_a_reply_reaches_the_screen_and_has_ids(api: AsyncMessagingApi, line: LinePlatform) -> None:
    posted = await line.say(HANAKO, "こんにちは")
    done = await api.reply_message(answer(posted.event["replyToken"], "はい", "どうぞ"))
    assert [face["texts"] for face in line.screen(HANAKO)] == [["こんにちは"], ["はい"], ["どうぞ"]]
    assert [sent.id for sent in done.sent_messages] == [face["id"] for face in line.screen(HANAKO)[1:]]
    assert all(sent.quote_token for sent in done.sent_messages)
