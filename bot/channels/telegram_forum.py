"""Speaks to a Telegram forum group through the SDK: topics, cards, and what became of each call."""

from __future__ import annotations

from typing import assert_never

from telegram import Bot, InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.channels.forum_calls import (
    Call,
    Change,
    CloseTopic,
    DeleteTopic,
    Fate,
    Lost,
    Moved,
    Never,
    NoMessage,
    NoTopic,
    OpenTopic,
    Pin,
    Rename,
    ReopenTopic,
    Say,
    Shut,
    Toast,
    Wait,
    Went,
)
from bot.channels.telegram_draw import Part
from bot.channels.telegram_sdk import NO_PREVIEW, answering, keyboard, never_left, seconds

_SOON, _OUT = 2.0, 60.0  # seconds: when the network is away, and when the bot may not write at all
# Telegram's words for what is so already, and for what somebody took away (tdlib/telegram-bot-api).
_SO_ALREADY = ("not modified", "not_modified")
_NO_TOPIC = ("thread not found", "topic_deleted", "topic_id_invalid")
_NO_MESSAGE = ("message to edit not found", "message to pin not found", "message_id_invalid", "message can't be edited")


async def carry(bot: Bot, chat: int, call: Call) -> Fate:
    """Do it; once more in plain words when Telegram finds fault with the form of what we drew."""
    fate = await _once(bot, chat, call, plain=False)
    if isinstance(fate, Never) and fate.why == "form" and isinstance(call, Say | Change):
        return await _once(bot, chat, call, plain=True)
    return fate


async def _once(bot: Bot, chat: int, call: Call, *, plain: bool) -> Fate:
    try:
        return Went(await _do(bot, chat, call, plain=plain))
    except TelegramError as trouble:
        return _fate(trouble)
    except (KeyError, TypeError, ValueError, AttributeError):
        return Went()  # the SDK could not read the answer to a call that was accepted


async def _do(bot: Bot, chat: int, call: Call, *, plain: bool) -> int:
    match call:
        case OpenTopic(name):
            return (await bot.create_forum_topic(chat, name)).message_thread_id
        case Say():
            return await _say(bot, chat, call, plain=plain)
        case Change(message, part):
            text, mode, keys = _drawn(part, plain=plain)
            await bot.edit_message_text(
                text, chat, message, parse_mode=mode, reply_markup=keys, link_preview_options=NO_PREVIEW
            )
        case Pin(message):
            await bot.pin_chat_message(chat, message, disable_notification=True)
        case Rename(thread, name):
            await bot.edit_forum_topic(chat, thread, name)
        case CloseTopic(thread):
            await bot.close_forum_topic(chat, thread)
        case ReopenTopic(thread):
            await bot.reopen_forum_topic(chat, thread)
        case DeleteTopic(thread):
            await bot.delete_forum_topic(chat, thread)
        case Toast(tap, text, loud):
            await bot.answer_callback_query(tap, text or None, show_alert=loud)
        case _:
            assert_never(call)
    return 0


async def _say(bot: Bot, chat: int, call: Say, *, plain: bool) -> int:
    text, mode, keys = _drawn(call.part, plain=plain)
    message = await bot.send_message(
        chat,
        text,
        parse_mode=mode,
        reply_markup=keys,
        message_thread_id=call.thread,
        reply_parameters=answering(call.answers),
        link_preview_options=NO_PREVIEW,
    )
    return message.message_id


def _drawn(part: Part, *, plain: bool) -> tuple[str, ParseMode | None, InlineKeyboardMarkup | None]:
    keys = keyboard(part.plain_rows if plain else part.rows)
    return (part.plain, None, keys) if plain else (part.text, ParseMode.HTML, keys)


def _fate(trouble: TelegramError) -> Fate:
    match trouble:
        case RetryAfter():
            return Wait(seconds(trouble), "rate")
        case ChatMigrated():
            return Moved(trouble.new_chat_id)
        case Forbidden():
            return Wait(_OUT, "the bot is not in the group")
        case InvalidToken():
            return Wait(_OUT, "token")
        case Conflict():
            return Wait(_SOON, "conflict")
        case BadRequest():
            return _refusal(trouble.message.casefold())
        case NetworkError():
            return Wait(_SOON, "cannot be reached") if never_left(trouble) else Lost()
        case _:
            return Went()  # a 2xx whose body the SDK could not read


def _refusal(said: str) -> Fate:
    if any(words in said for words in _SO_ALREADY):
        return Went()
    if any(words in said for words in _NO_TOPIC):
        return NoTopic()
    if "topic_closed" in said:
        return Shut()
    if any(words in said for words in _NO_MESSAGE):
        return NoMessage()
    if "entit" in said or "url" in said:
        return Never("form")
    if "chat not found" in said or "not enough rights" in said or "not a forum" in said:
        return Wait(_OUT, "the group is not ready: the bot must be in it, may manage topics, and topics must be on")
    return Never("refused by Telegram: 400")
