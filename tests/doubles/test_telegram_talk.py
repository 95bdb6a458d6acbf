"""Telegram's methods that talk, driven through python-telegram-bot: text, HTML, buttons, edits, taps, blocks, pace."""

from __future__ import annotations

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message, ReplyKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken

from bot.channels.doubles.telegram import TelegramPlatform
from tests.doubles import oracle
from tests.doubles.bot import Clock, ListeningBot, telegram_bot

pytestmark = pytest.mark.anyio
USER, GROUP = 5_000_000_000, -1001


def keys(*rows: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(rows)


def key(label: str = "はい", data: str = "a.b") -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=data)


async def test_a_message_reaches_the_screen_and_comes_back_whole(tg: Bot, telegram: TelegramPlatform) -> None:
    await telegram.start(USER)
    link = InlineKeyboardButton("ひらく", url="https://example.org/")
    sent = await tg.send_message(
        USER, "<b>質問</b>です &amp; 🍎", parse_mode="HTML", reply_markup=keys([key(), key("いいえ")], [link])
    )
    face = telegram.screen(USER)[-1]
    assert (face["id"], face["texts"], face["from"]) == (str(sent.message_id), ["質問です & 🍎"], "bot")
    shown = [(each["label"], each["kind"], each["data"], each["uri"], each["row"]) for each in face["buttons"]]
    assert shown == [
        ("はい", "postback", "a.b", None, 0),
        ("いいえ", "postback", "a.b", None, 0),
        ("ひらく", "uri", None, "https://example.org/", 1),
    ]
    assert [(entity.type, entity.offset, entity.length) for entity in sent.entities] == [("bold", 0, 2)]
    assert sent.reply_markup is not None
    assert (sent.chat.id, sent.from_user and sent.from_user.is_bot) == (USER, True)


async def test_the_limits_themselves_are_taken(tg: Bot, telegram: TelegramPlatform) -> None:
    await telegram.start(USER)
    rows = [[key(data="x" * 64)] * 8] * 12 + [[key()] * 4]
    await tg.send_message(USER, "<b>" + "x" * 4096 + "</b>", parse_mode="HTML", reply_markup=keys(*rows))
    assert len(telegram.screen(USER)[-1]["buttons"]) == 100


async def test_keys_below_write_their_words(tg: Bot, telegram: TelegramPlatform, bot: ListeningBot) -> None:
    await telegram.start(USER)
    await tg.send_message(USER, "どうぞ", reply_markup=ReplyKeyboardMarkup([["メニュー"]]))
    await telegram.touch(USER, "メニュー")
    assert bot.updates[-1]["message"]["text"] == "メニュー"


async def test_nobody_is_written_to_first(tg: Bot, telegram: TelegramPlatform) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await tg.send_message(USER, "a")
    assert telegram.ledger.of("sendMessage")[0].accepted is False


async def test_who_blocked_is_forbidden_until_the_next_start(tg: Bot, telegram: TelegramPlatform) -> None:
    await telegram.start(USER)
    await telegram.block(USER)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await tg.send_message(USER, "a")
    with pytest.raises(ValueError, match="blocked"):
        await telegram.say(USER, "a")
    await telegram.start(USER)
    await tg.send_message(USER, "a")
    assert len(telegram.delivered(USER)) == 1


async def test_an_edit_changes_words_and_buttons(tg: Bot, telegram: TelegramPlatform) -> None:
    await telegram.start(USER)
    sent = await tg.send_message(USER, "<b>a</b>", parse_mode="HTML", reply_markup=keys([key()]))
    seen = telegram.screen(USER)[-1]["seq"]
    await tg.edit_message_reply_markup(USER, sent.message_id)
    assert [face["buttons"] for face in await telegram.changed(USER, seen)] == [[]]
    edited = await tg.edit_message_text("b", USER, sent.message_id, reply_markup=keys([key("x")]))
    assert isinstance(edited, Message)
    assert (edited.text, edited.entities, edited.edit_date is None) == ("b", (), False)
    assert [button["label"] for button in telegram.screen(USER)[-1]["buttons"]] == ["x"]
    with pytest.raises(BadRequest, match="Message is not modified"):
        await tg.edit_message_text("b", USER, sent.message_id, reply_markup=keys([key("x")]))


async def test_only_the_bots_own_messages_can_be_edited(tg: Bot, telegram: TelegramPlatform) -> None:
    posted = await telegram.start(USER)
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await tg.edit_message_text("b", USER, posted.event["message"]["message_id"])
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await tg.edit_message_text("b", USER, 1)


@pytest.mark.parametrize(("hours", "gone"), [(48, True), (49, False)], ids=["48 hours", "49 hours"])
async def test_a_message_can_be_deleted_for_two_days(
    tg: Bot, telegram: TelegramPlatform, clock: Clock, hours: int, gone: bool
) -> None:
    await telegram.start(USER)
    sent = await tg.send_message(USER, "a")
    clock.pass_by(hours=hours)
    if gone:
        await tg.delete_message(USER, sent.message_id)
        with pytest.raises(BadRequest, match="not found"):
            await tg.delete_message(USER, sent.message_id)
    else:
        with pytest.raises(BadRequest, match="can't be deleted"):
            await tg.delete_message(USER, sent.message_id)
    assert telegram.screen(USER)[-1]["withdrawn"] is gone


async def test_a_tap_spins_until_it_is_answered(tg: Bot, telegram: TelegramPlatform, clock: Clock) -> None:
    await telegram.start(USER)
    sent = await tg.send_message(USER, "a", reply_markup=keys([key()]))
    query = (await telegram.press(USER, sent.message_id, "a.b")).event["callback_query"]
    assert telegram.spinning(USER) == 1
    await tg.answer_callback_query(query["id"], "承知しました")
    assert (telegram.spinning(USER), telegram.toasts(USER)) == (0, ["承知しました"])
    with pytest.raises(BadRequest, match="Message_too_long"):
        await tg.answer_callback_query(query["id"], "x" * 201)
    clock.pass_by(hours=1)
    with pytest.raises(BadRequest, match="Query is too old"):
        await tg.answer_callback_query(query["id"])


async def test_typing_shows_for_five_seconds(tg: Bot, telegram: TelegramPlatform, clock: Clock) -> None:
    await telegram.start(USER)
    await tg.send_chat_action(USER, "typing")
    assert telegram.busy_until(USER) is not None
    clock.pass_by(seconds=6)
    assert telegram.busy_until(USER) is None
    with pytest.raises(BadRequest):
        await tg.send_chat_action(USER, "thinking")


async def test_a_migrated_group_says_where_it_went(tg: Bot, telegram: TelegramPlatform, bot: ListeningBot) -> None:
    telegram.group(GROUP, "窓口")
    await telegram.migrate(USER, GROUP, -1002)
    assert bot.updates[-1]["message"]["migrate_to_chat_id"] == -1002
    with pytest.raises(ChatMigrated) as caught:
        await tg.send_message(GROUP, "a")
    assert caught.value.new_chat_id == -1002
    await tg.send_message(-1002, "a")
    assert len(telegram.delivered(-1002)) == 1


async def test_a_wrong_token_is_no_bot(telegram_base: str) -> None:
    stranger = telegram_bot(telegram_base, "1:wrong")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()


async def test_results_are_what_the_description_says(tg: Bot, telegram: TelegramPlatform) -> None:
    await telegram.start(USER)
    sent = await tg.send_message(USER, "<b>a</b>", parse_mode="HTML", reply_markup=keys([key()]))
    await tg.edit_message_text("b", USER, sent.message_id)
    assert len(telegram.delivered(USER)) == 1
    if oracle.at_hand("telegram/api.json"):
        assert oracle.telegram_faults("Message", telegram.delivered(USER)[0]) == []
        for call in telegram.ledger:
            needed, known = oracle.telegram_parameters(call.endpoint)
            assert needed <= set(call.body) <= known, call.endpoint
