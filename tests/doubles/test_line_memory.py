"""The LINE double remembers right messages: that may save time, and must never change a verdict."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from bot.channels.doubles.line import LinePlatform, user_id
from bot.channels.doubles.line.memory import Memory
from tests.doubles.bot import TOKEN
from tests.doubles.samples import text

GOOD = b'"messages":[{"type":"text","text":"\xe3\x81\x82"}]}'
HANAKO, TARO = user_id("hanako"), user_id("taro")


@pytest.mark.parametrize(
    ("head", "data"),
    [
        (b'{"replyToken":"x",', {"replyToken": "x"}),
        (b'{"to":"\\"messages\\"",', {"to": '"messages"'}),
        (b"{", {}),
        (b'{"x":{', None),
        (b'{"replyToken":"x"', None),
        (b"[", None),
        (b"", None),
    ],
    ids=["another token", "quoted in a value", "nothing before", "deeper", "no comma", "a list", "no brace"],
)
def test_a_body_is_recalled_only_when_it_is_one(head: bytes, data: dict[str, Any] | None) -> None:
    memory = Memory()
    assert memory.recall(head + GOOD) is None
    memory.keep(b'{"replyToken":"first",' + GOOD)
    recalled = memory.recall(head + GOOD)
    assert recalled == (None if data is None else {**data, "messages": [{"type": "text", "text": "あ"}]})
    if recalled is not None:
        assert recalled == json.loads(head + GOOD)


def test_an_end_that_is_no_object_is_not_kept() -> None:
    memory = Memory()
    deeper = b'{"x":{"messages":[]},"messages":[]}'
    memory.keep(deeper)
    assert memory.recall(deeper) is None


def test_a_long_list_of_people_before_them_is_no_matter() -> None:
    memory, people = Memory(), [user_id(str(one)) for one in range(500)]
    body = b'{"to":' + json.dumps(people).encode() + b"," + GOOD
    memory.keep(body)
    assert memory.recall(body) == json.loads(body)


@pytest.mark.anyio
async def test_verdicts_are_the_same_the_second_time(line: LinePlatform, line_base: str) -> None:
    seen = []
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as session:
        for user in (HANAKO, TARO):
            for messages in ([text("同じ")], [text("x" * 5001)]):
                token = (await line.say(user, "a")).event["replyToken"]
                body = {"replyToken": token, "messages": messages}
                for _ in range(2):
                    async with session.post(f"{line_base}/v2/bot/message/reply", json=body) as response:
                        seen.append(response.status)
    assert seen == [200, 400, 400, 400] * 2
    assert [line.delivered(user) for user in (HANAKO, TARO)] == [[text("同じ")]] * 2
    assert {len(call.body) for call in line.ledger} == {2}
