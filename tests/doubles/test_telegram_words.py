"""Which words and buttons the Telegram double takes, seen through python-telegram-bot: HTML, lengths, keyboards."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.error import BadRequest

from bot.channels.doubles.telegram import TelegramPlatform

pytestmark = pytest.mark.anyio
USER = 5_000_000_000
APPLE = "\U0001f34e"


def keys(*rows: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(rows)


def key(label: str = "はい", data: str = "a.b") -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=data)


HTML = {
    "nested": ("<b>あ<i>い</i></b>", "あい", [("bold", 0, 2), ("italic", 1, 1)]),
    "apples count two": (f"{APPLE}<u>a</u>", f"{APPLE}a", [("underline", 2, 1)]),
    "link": ('<a href="https://example.org/?a=1&amp;b=2">x</a>', "x", [("text_link", 0, 1)]),
    "spoiler": ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
    "trimmed": ("  <code> x </code> \n", "x", [("code", 0, 1)]),
    "entities": ("&lt;b&gt; &quot;&#12354;&quot; &", '<b> "あ" &', []),
}  # fmt: skip


@pytest.mark.parametrize(("html", "plain", "entities"), HTML.values(), ids=list(HTML))
async def test_html_is_read(
    tg: Bot, telegram: TelegramPlatform, html: str, plain: str, entities: list[tuple[str, int, int]]
) -> None:
    await telegram.start(USER)
    sent = await tg.send_message(USER, html, parse_mode="HTML")
    assert sent.text == plain
    assert [(str(each.type), each.offset, each.length) for each in sent.entities] == entities


WORDS: dict[str, tuple[dict[str, Any], str]] = {
    "open tag": ({"text": "<b>a", "parse_mode": "HTML"}, "can't parse entities: can't find end tag"),
    "crossed tags": ({"text": "<b><i>a</b></i>", "parse_mode": "HTML"}, "can't parse entities: unmatched end tag"),
    "unknown tag": ({"text": "<script>a</script>", "parse_mode": "HTML"}, "can't parse entities: unsupported start"),
    "bare sign": ({"text": "1 < 2", "parse_mode": "HTML"}, "can't parse entities: unsupported start tag"),
    "empty": ({"text": " \n"}, "message text is empty"),
    "empty within tags": ({"text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty"),
    "4097": ({"text": "x" * 4097}, "message is too long"),
    "2049 apples": ({"text": APPLE * 2049}, "message is too long"),
    "another mode": ({"text": "a", "parse_mode": "MarkdownV2"}, "unsupported parse_mode"),
    "data of 65 bytes": ({"text": "a", "reply_markup": keys([key(data="あ" * 21 + "xx")])}, "button_data_invalid"),
    "button without act": ({"text": "a", "reply_markup": keys([InlineKeyboardButton("x")])}, "text buttons are"),
    "script address": (
        {"text": "a", "reply_markup": keys([InlineKeyboardButton("x", url="javascript:1")])},
        "wrong http",
    ),
    "101 buttons": ({"text": "a", "reply_markup": keys(*[[key()]] * 101)}, "reply markup is too long"),
    "9 in a row": ({"text": "a", "reply_markup": keys([key()] * 9)}, "reply markup is too long"),
    "reply to nothing": ({"text": "a", "reply_parameters": ReplyParameters(7)}, "message to be replied not found"),
    "topic of none": ({"text": "a", "message_thread_id": 1}, "message thread not found"),
}


@pytest.mark.parametrize(("call", "why"), WORDS.values(), ids=list(WORDS))
async def test_what_telegram_does_not_take(tg: Bot, telegram: TelegramPlatform, call: dict[str, Any], why: str) -> None:
    await telegram.start(USER)
    with pytest.raises(BadRequest) as caught:
        await tg.send_message(USER, **call)
    assert why in str(caught.value).lower()
    assert telegram.delivered(USER) == []
