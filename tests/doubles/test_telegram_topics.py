"""Telegram's forum topics, driven through python-telegram-bot: the staff's queue and the ways a topic is lost."""

from __future__ import annotations

import pytest
from telegram import Bot
from telegram.error import BadRequest

from bot.channels.doubles.telegram import TelegramPlatform
from tests.doubles import oracle
from tests.doubles.bot import ListeningBot

pytestmark = pytest.mark.anyio
STAFF, FORUM, PLAIN = 77, -1001, -1002


@pytest.fixture
async def topic(tg: Bot, telegram: TelegramPlatform) -> int:
    """A topic in a forum."""
    telegram.group(FORUM, "窓口", forum=True)
    return (await tg.create_forum_topic(FORUM, "相談 0001")).message_thread_id


async def test_talk_in_a_topic_goes_both_ways(
    tg: Bot, telegram: TelegramPlatform, bot: ListeningBot, topic: int
) -> None:
    sent = await tg.send_message(FORUM, "新しい相談", message_thread_id=topic)
    assert (sent.message_thread_id, sent.is_topic_message, sent.chat.is_forum) == (topic, True, True)
    await telegram.say(STAFF, "わたしが受けます", chat=FORUM, thread=topic)
    message = bot.updates[0]["message"]
    assert (message["message_thread_id"], message["chat"]["id"], message["from"]["id"]) == (topic, FORUM, STAFF)
    if oracle.at_hand("telegram/api.json"):
        assert oracle.telegram_faults("Update", bot.updates[0]) == []


async def test_a_closed_topic_takes_nothing_until_it_is_reopened(
    tg: Bot, telegram: TelegramPlatform, topic: int
) -> None:
    await tg.close_forum_topic(FORUM, topic)
    with pytest.raises(BadRequest, match="Topic_closed"):
        await tg.send_message(FORUM, "a", message_thread_id=topic)
    with pytest.raises(BadRequest, match="Topic_not_modified"):
        await tg.close_forum_topic(FORUM, topic)
    await tg.reopen_forum_topic(FORUM, topic)
    await tg.send_message(FORUM, "a", message_thread_id=topic)
    assert len(telegram.delivered(FORUM)) == 1


async def test_a_deleted_topic_is_gone(tg: Bot, telegram: TelegramPlatform, topic: int) -> None:
    telegram.delete_topic(FORUM, topic)
    for call in (
        tg.send_message(FORUM, "a", message_thread_id=topic),
        tg.edit_forum_topic(FORUM, topic, "b"),
        tg.close_forum_topic(FORUM, topic),
    ):
        with pytest.raises(BadRequest, match="Message thread not found"):
            await call
    assert telegram.delivered(FORUM) == []


async def test_a_bot_may_delete_a_topic_and_rename_it(tg: Bot, telegram: TelegramPlatform, topic: int) -> None:
    await tg.edit_forum_topic(FORUM, topic, "相談 0001 ✓")
    await tg.delete_forum_topic(FORUM, topic)
    with pytest.raises(BadRequest, match="not found"):
        await tg.edit_forum_topic(FORUM, topic, "a")
    assert [call.status for call in telegram.ledger.of("editForumTopic")] == [200, 400]


@pytest.mark.parametrize("name", ["", " ", "x" * 129], ids=["empty", "blank", "129"])
async def test_a_topic_needs_a_name(tg: Bot, topic: int, name: str) -> None:
    with pytest.raises(BadRequest, match="Invalid forum topic name"):
        await tg.create_forum_topic(FORUM, name)


async def test_only_a_forum_has_topics(tg: Bot, telegram: TelegramPlatform) -> None:
    telegram.group(PLAIN, "雑談")
    with pytest.raises(BadRequest, match="The chat is not a forum"):
        await tg.create_forum_topic(PLAIN, "a")
