"""What the LINE phone shows: words and buttons in the order they are seen, and news as it comes."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from linebot.v3.messaging import AsyncMessagingApi, ReplyMessageRequest  # type: ignore[import-untyped]

from bot.channels.doubles.line import LinePlatform, user_id
from tests.doubles import samples
from tests.doubles.bot import ListeningBot
from tests.doubles.samples import LINK, MENU, PICKER, box, bubble, flex, postback, quick, text, words

pytestmark = pytest.mark.anyio
HANAKO = user_id("hanako")


async def shown(api: AsyncMessagingApi, line: LinePlatform, *messages: Any) -> list[dict[str, Any]]:
    """The bot's bubbles after it answered with these messages."""
    token = (await line.say(HANAKO, "こんにちは")).event["replyToken"]
    await api.reply_message(ReplyMessageRequest.from_dict({"replyToken": token, "messages": list(messages)}))
    return line.screen(HANAKO)[-len(messages) :]


def labels(faces: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(face["label"], face["kind"]) for face in faces]


async def test_every_right_message_has_a_face_of_plain_json(api: AsyncMessagingApi, line: LinePlatform) -> None:
    quotable = (await line.say(HANAKO, "こんにちは")).event["message"]["quoteToken"]
    for sample in samples.RIGHT.values():
        message = {**sample, "quoteToken": quotable} if "quoteToken" in sample else sample
        *_, face = await shown(api, line, message)
        assert json.loads(json.dumps(face)) == face
        assert face["raw"]["type"] == face["kind"] == message["type"]


async def test_a_bubble_shows_its_words_and_buttons_in_order(api: AsyncMessagingApi, line: LinePlatform) -> None:
    (face,) = await shown(api, line, samples.RIGHT["question"])
    assert face["texts"] == ["予約", "火曜", "大事"]
    assert labels(face["buttons"]) == [("はい", "postback"), ("日を選ぶ", "datetimepicker"), ("ひらく", "uri")]
    assert face["buttons"][1] | {"mode": "date", "min": "2026-11-20", "max": "2027-03-31"} == face["buttons"][1]
    assert face["buttons"][2]["uri"] == LINK["uri"]
    assert face["alt"] == "質問"


async def test_words_of_a_box_that_can_be_touched_are_its_label(api: AsyncMessagingApi, line: LinePlatform) -> None:
    card = box(words("土曜"), box(words("10時")), action=postback("土曜日の朝"))
    (face,) = await shown(api, line, flex(bubble(words("いつ"), card, words("場所", action=LINK))))
    assert face["texts"] == ["いつ"]
    assert labels(face["buttons"]) == [("土曜 10時", "postback"), ("場所", "uri")]


async def test_a_template_shows_its_words_and_buttons(api: AsyncMessagingApi, line: LinePlatform) -> None:
    (face,) = await shown(api, line, samples.RIGHT["buttons"])
    assert face["texts"] == ["相談", "どれですか"]
    assert [label for label, _ in labels(face["buttons"])] == ["はい", "メニュー", "ひらく", "日を選ぶ"]


async def test_only_the_last_quick_replies_show_and_the_next_message_takes_them_away(
    api: AsyncMessagingApi, line: LinePlatform
) -> None:
    faces = await shown(api, line, text("a", quickReply=quick(MENU)), text("b", quickReply=quick(postback())))
    assert [labels(face["quick"]) for face in faces] == [[], [("はい", "postback")]]
    await line.say(HANAKO, "次")
    assert [face["quick"] for face in line.screen(HANAKO)] == [[], [], [], []]


async def test_the_senders_name_stands_over_the_bubble(api: AsyncMessagingApi, line: LinePlatform) -> None:
    (face,) = await shown(api, line, text(sender={"name": "田中"}))
    assert face["sender"] == "田中"


async def test_a_tap_shows_what_the_button_says(api: AsyncMessagingApi, line: LinePlatform, bot: ListeningBot) -> None:
    action = postback(displayText="はい、お願いします")
    await shown(api, line, text(quickReply=quick(action)))
    await line.tap(HANAKO, action["data"])
    assert line.screen(HANAKO)[-1]["texts"] == ["はい、お願いします"]
    assert bot.events[-1]["postback"] == {"data": action["data"]}
    await line.tap(HANAKO, "nobody.knows")
    assert line.screen(HANAKO)[-1]["texts"] == ["はい、お願いします"], "a silent button leaves no words"


@pytest.mark.parametrize(
    ("touch", "event"),
    [
        (("はい",), {"postback": {"data": "consultation.1.way=desk"}}),
        (("日を選ぶ", "2026-12-01"), {"postback": {"data": "pick", "params": {"date": "2026-12-01"}}}),
        (("メニュー",), {"text": "メニュー"}),
        (("場所",), {"title": "台東区役所"}),
    ],
    ids=["postback", "picker", "message", "place"],
)
async def test_touching_does_what_a_phone_does(
    api: AsyncMessagingApi, line: LinePlatform, bot: ListeningBot, touch: tuple[str, ...], event: Any
) -> None:
    place = {"type": "location", "label": "場所"}
    await shown(api, line, text(quickReply=quick(postback(), PICKER, MENU, place)))
    await line.touch(HANAKO, *touch)
    last = bot.events[-1]
    assert {**last, **last.get("message", {})} | event == {**last, **last.get("message", {})}


async def test_touching_a_link_gives_its_address(api: AsyncMessagingApi, line: LinePlatform) -> None:
    await shown(api, line, samples.RIGHT["question"])
    assert await line.touch(HANAKO, "ひらく") == LINK["uri"]
    with pytest.raises(LookupError, match="ない"):
        await line.touch(HANAKO, "ない")


async def test_a_withdrawn_message_has_no_words_left(line: LinePlatform) -> None:
    posted = await line.say(HANAKO, "秘密")
    await line.unsend(HANAKO, posted.event["message"]["id"])
    (face,) = line.screen(HANAKO)
    assert (face["withdrawn"], face["texts"], face["raw"]) == (True, [], None)


async def test_news_wakes_who_waits(line: LinePlatform) -> None:
    await line.say(HANAKO, "a")
    seen = line.screen(HANAKO)[-1]["seq"]
    waiting = asyncio.create_task(line.changed(HANAKO, seen))
    await asyncio.sleep(0)
    assert not waiting.done()
    await line.say(user_id("taro"), "b")
    assert not waiting.done(), "another's news is none"
    posted = await line.say(HANAKO, "c")
    assert [face["texts"] for face in await waiting] == [["c"]]
    await line.unsend(HANAKO, posted.event["message"]["id"])
    late = await line.changed(HANAKO, seen)
    assert [(face["texts"], face["withdrawn"]) for face in late] == [([], True)], "a change has a new number"


async def test_who_stops_waiting_leaves_nothing_behind(line: LinePlatform) -> None:
    waiting = asyncio.create_task(line.changed(HANAKO, 0))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await line.say(HANAKO, "a")
    assert [face["texts"] for face in await line.changed(HANAKO, 0)] == [["a"]]
