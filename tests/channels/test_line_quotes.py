"""Words that answer one message on LINE: drawn as LINE takes them, and never lost for the sake of the quote."""

from __future__ import annotations

import pytest

from bot.channels.doubles.line import LinePlatform, user_id
from bot.channels.line import LineChannel
from bot.channels.line_draw import draw, draw_plain
from bot.channels.telegram_draw import draw as draw_telegram
from bot.ports import Sent
from dialogs.heard import Typed
from dialogs.saying import Button, Message
from tests.channels.line_case import calls, parcel
from tests.channels.samples import HANAKO, Clock, line_event
from tests.channels.test_line_read import hear

pytestmark = pytest.mark.anyio
REPLY = Message("3日は空いています。", sender="佐藤")


def quoting(token: str, text: str = REPLY.text) -> Message:
    return Message(text, sender="佐藤", quote=token)


def test_only_the_first_part_of_words_quotes_and_what_is_no_text_never_does() -> None:
    long = "あ" * 6000
    assert [one.get("quoteToken") for one in draw([quoting("q1", long)])] == ["q1", None]
    asked = Message("どれですか", (Button("これ", "a:1"),), quote="q1")
    assert "quoteToken" not in str(draw([asked]))
    assert "quoteToken" not in str(draw_plain([quoting("q1")]))


def test_two_answers_to_two_messages_are_not_joined_into_one() -> None:
    drawn = draw([REPLY] * 4 + [quoting("q1"), quoting("q2")])
    assert [one["quoteToken"] for one in drawn if "quoteToken" in one] == ["q1", "q2"]
    assert len(drawn) <= 5


def test_telegram_answers_with_the_first_part_and_only_under_a_number() -> None:
    assert [part.answers for part in draw_telegram([quoting("77", "あ" * 5000)])] == [77, None]
    assert [part.answers for part in draw_telegram([quoting("q1")])] == [None]


@pytest.mark.parametrize("way", ["reply", "push"])
async def test_a_quote_that_line_does_not_take_costs_the_quote_and_not_the_words(
    line: LinePlatform, channel: LineChannel, clock: Clock, token: str, way: str
) -> None:
    other = (await line.say(user_id("other"), "別の人の言葉")).event["message"]["quoteToken"]
    sent = parcel(clock, token if way == "reply" else "", messages=(quoting(other),))
    outcome = await channel.send(sent)
    assert isinstance(outcome, Sent)
    assert (outcome.via, calls(line)) == (way, [way, way])
    assert [one["text"] for one in line.delivered(HANAKO)] == [REPLY.text]


def test_what_a_message_quotes_and_how_it_is_quoted_and_read_is_kept() -> None:
    message = {"type": "text", "id": "2", "text": "これです", "quoteToken": "q" * 150, "markAsReadToken": "r" * 300}
    [arrived] = hear(line_event(message={**message, "quotedMessageId": "1"}))
    assert (arrived.quotes, arrived.handle, arrived.read_mark) == ("1", "q" * 150, "r" * 300)
    [odd] = hear(
        line_event(message={**message, "quotedMessageId": 1, "quoteToken": None, "markAsReadToken": "r" * 9999})
    )
    assert (odd.heard, odd.quotes, odd.handle, odd.read_mark) == (Typed("これです"), "", "", "")


async def test_an_invalid_reply_token_beside_a_good_quote_is_pushed_with_it(
    line: LinePlatform, channel: LineChannel, clock: Clock
) -> None:
    good = (await line.say(HANAKO, "3日は空いていますか")).event["message"]["quoteToken"]
    outcome = await channel.send(parcel(clock, "token-that-never-was", messages=(quoting(good),)))
    assert isinstance(outcome, Sent)
    assert (outcome.via, calls(line)) == ("push", ["reply", "reply", "push"])
    assert line.delivered(HANAKO)[-1]["quoteToken"] == good
