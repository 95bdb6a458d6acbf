"""What the Telegram double sends to the bot: official updates with the secret header, also twice or not at all."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from telegram import Bot, Update

from bot.channels.doubles.postman import Habit, Order
from bot.channels.doubles.telegram import TelegramPlatform
from tests.doubles import oracle
from tests.doubles.bot import HOOK_SECRET, Clock, ListeningBot

pytestmark = pytest.mark.anyio
USER, STAFF, GROUP = 5_000_000_000, 77, -1001
Act = Callable[[TelegramPlatform], Coroutine[Any, Any, Any]]

ACTS: dict[str, tuple[Act, str]] = {
    "start": (lambda telegram: telegram.start(USER), "message"),
    "start with payload": (lambda telegram: telegram.start(USER, "case_1"), "message"),
    "words": (lambda telegram: telegram.say(USER, "こんにちは 𠮷🍎 \x00 %s"), "message"),
    "words in a group": (lambda telegram: telegram.say(STAFF, "はい", chat=GROUP), "message"),
    "our name in a group": (lambda telegram: telegram.say(STAFF, "🍎 @nakodo_bot はい", chat=GROUP), "message"),
    "reply in a group": (lambda telegram: telegram.say(STAFF, "はい", chat=GROUP, under=7), "message"),
    "brought into a group": (lambda telegram: telegram.invite(STAFF, GROUP), "my_chat_member"),
    "taken out of a group": (lambda telegram: telegram.remove(STAFF, GROUP), "my_chat_member"),
    "group with a new number": (lambda telegram: telegram.migrate(STAFF, GROUP, -1002), "message"),
    "press in a group": (lambda telegram: telegram.press(STAFF, 7, "a.b", chat=GROUP), "callback_query"),
    "press": (lambda telegram: telegram.press(USER, 7, "a.b"), "callback_query"),
    "block": (lambda telegram: telegram.block(USER), "my_chat_member"),
    "unblock": (lambda telegram: telegram.unblock(USER), "my_chat_member"),
    **{
        kind: (lambda telegram, kind=kind: telegram.send(USER, kind), "message")  # type: ignore[misc]
        for kind in ("sticker", "photo", "video", "voice", "document", "location", "image", "audio", "file")
    },
}


@pytest.mark.parametrize(("act", "kind"), ACTS.values(), ids=list(ACTS))
async def test_both_judges_read_every_update(
    telegram: TelegramPlatform, tg: Bot, bot: ListeningBot, act: Act, kind: str
) -> None:
    telegram.group(GROUP, "窓口")
    posted = await act(telegram)
    update = Update.de_json(bot.updates[0], tg)
    assert posted.ok
    assert getattr(update, kind) is not None
    assert update.effective_user is not None
    assert update.effective_user.id in {USER, STAFF}
    assert update.api_kwargs == {}
    if oracle.at_hand("telegram/api.json"):
        assert oracle.telegram_faults("Update", bot.updates[0]) == []


async def test_every_update_carries_the_secret(telegram: TelegramPlatform, bot: ListeningBot) -> None:
    await telegram.start(USER)
    assert bot.got[0].headers["x-telegram-bot-api-secret-token"] == HOOK_SECRET
    await telegram.post(b"{", {})
    assert "x-telegram-bot-api-secret-token" not in bot.got[1].headers


async def test_a_start_marks_its_command(telegram: TelegramPlatform, bot: ListeningBot) -> None:
    await telegram.start(USER, "case_1")
    message = bot.updates[0]["message"]
    assert message["text"] == "/start case_1"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_update_ids_count_up(telegram: TelegramPlatform, bot: ListeningBot) -> None:
    for word in "abc":
        await telegram.say(USER, word)
    first, second, third = (update["update_id"] for update in bot.updates)
    assert (second - first, third - second) == (1, 1)


async def test_a_press_brings_the_message_it_stands_under(
    telegram: TelegramPlatform, tg: Bot, bot: ListeningBot
) -> None:
    await telegram.start(USER)
    sent = await tg.send_message(USER, "a")
    await telegram.press(USER, sent.message_id, "old.button")
    query = bot.updates[-1]["callback_query"]
    assert (query["message"]["text"], query["data"]) == ("a", "old.button")
    await tg.delete_message(USER, sent.message_id)
    await telegram.press(USER, sent.message_id, "old.button")
    assert bot.updates[-1]["callback_query"]["message"]["date"] == 0, "an inaccessible message"


async def test_blocking_is_told_as_membership(telegram: TelegramPlatform, bot: ListeningBot) -> None:
    await telegram.start(USER)
    await telegram.block(USER)
    await telegram.start(USER)
    kinds = [next(iter(update.keys() - {"update_id"})) for update in bot.updates]
    assert kinds == ["message", "my_chat_member", "my_chat_member", "message"]
    statuses = [update["my_chat_member"]["new_chat_member"]["status"] for update in bot.updates[1:3]]
    assert statuses == ["kicked", "member"]


async def test_an_edit_keeps_the_message_id(telegram: TelegramPlatform, bot: ListeningBot) -> None:
    posted = await telegram.say(USER, "a")
    await telegram.edit(USER, posted.event["message"]["message_id"], "b")
    edited = bot.updates[1]["edited_message"]
    assert (edited["text"], edited["message_id"]) == ("b", posted.event["message"]["message_id"])
    assert telegram.screen(USER)[0]["texts"] == ["b"]


async def test_a_file_can_be_fetched(telegram: TelegramPlatform, tg: Bot) -> None:
    posted = await telegram.send(USER, "document", data=b"%PDF")
    file = await tg.get_file(posted.event["message"]["document"]["file_id"])
    assert bytes(await file.download_as_bytearray()) == b"%PDF"
    with pytest.raises(Exception, match="Invalid file_id"):
        await tg.get_file("nothing")


async def test_touching_a_label_presses_its_button(telegram: TelegramPlatform, tg: Bot, bot: ListeningBot) -> None:
    await telegram.start(USER)
    markup: Any = {
        "inline_keyboard": [[{"text": "はい", "callback_data": "y"}, {"text": "見る", "url": "https://a.example"}]]
    }
    await tg.send_message(USER, "a", reply_markup=markup)
    await tg.send_message(USER, "b")
    await telegram.touch(USER, "はい")
    await telegram.tap(USER, "y")
    await telegram.tap(USER, "forged")
    queries = [update["callback_query"] for update in bot.updates[1:]]
    assert [(query["data"], query["message"]["text"]) for query in queries] == [("y", "a"), ("y", "a"), ("forged", "b")]
    assert await telegram.touch(USER, "見る") == "https://a.example"
    with pytest.raises(LookupError):
        await telegram.touch(USER, "ない")


async def test_what_the_bot_did_not_take_comes_again(telegram: TelegramPlatform, tg: Bot, bot: ListeningBot) -> None:
    bot.answers = [500]
    posted = await telegram.start(USER)
    info = await tg.get_webhook_info()
    assert (posted.ok, info.pending_update_count, info.last_error_message) == (
        False,
        1,
        "Wrong response from the webhook: 500",
    )
    await telegram.redeliver_failed()
    await telegram.redeliver(posted.event["update_id"])
    assert bot.updates == [posted.event] * 3
    assert (await tg.get_webhook_info()).pending_update_count == 0


async def test_updates_may_come_twice_and_turned_round(telegram: TelegramPlatform, bot: ListeningBot) -> None:
    async with telegram.held(Habit(order=Order.REVERSED, copies=2)):
        await telegram.say(USER, "a")
        await telegram.say(USER, "b")
    assert [update["message"]["text"] for update in bot.updates] == ["b", "b", "a", "a"]


async def test_the_webhook_can_be_set(telegram: TelegramPlatform, tg: Bot, bot: ListeningBot, hook: str) -> None:
    await tg.delete_webhook()
    lost = await telegram.start(USER)
    assert (lost.ok, lost.why, bot.got) == (False, "no webhook is set", [])
    assert [update.update_id for update in await tg.get_updates()] == [lost.event["update_id"]]
    await tg.set_webhook(hook, secret_token="another_1", allowed_updates=["message"], drop_pending_updates=True)
    await telegram.say(USER, "a")
    await telegram.block(USER)
    assert [got.headers["x-telegram-bot-api-secret-token"] for got in bot.got] == ["another_1"]
    info = await tg.get_webhook_info()
    assert (info.url, info.allowed_updates, info.pending_update_count) == (hook, ("message",), 0)
    with pytest.raises(Exception, match="webhook is active"):
        await tg.get_updates()


@pytest.mark.parametrize(
    "call", [{"url": "ftp://a"}, {"url": "https://a", "secret_token": "ひみつ"}], ids=["no http", "secret"]
)
async def test_a_wrong_webhook_is_refused(tg: Bot, telegram: TelegramPlatform, call: dict[str, Any]) -> None:
    before = telegram.hook_url
    with pytest.raises(Exception, match=r"Bad webhook|Secret token"):
        await tg.set_webhook(**call)
    assert telegram.hook_url == before


async def test_the_bot_knows_itself_and_its_commands(tg: Bot, telegram: TelegramPlatform, clock: Clock) -> None:
    assert tg.bot.username == "nakodo_bot"
    await tg.set_my_commands([("menu", "メニュー")])
    assert [command.command for command in await tg.get_my_commands()] == ["menu"]
    with pytest.raises(Exception, match="Bot_command_invalid"):
        await tg.set_my_commands([("メニュー", "メニュー")])
    assert {call.at for call in telegram.ledger} == {clock()}


async def test_what_this_platform_lacks_is_not_found(tg: Bot, telegram: TelegramPlatform) -> None:
    with pytest.raises(Exception, match="Not Found"):
        await tg.send_dice(USER)
    assert telegram.ledger.of("sendDice")[0].status == 404
