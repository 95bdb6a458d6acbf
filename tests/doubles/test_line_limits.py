"""What the LINE double takes and refuses: a table of limits, and spoilt messages held against LINE's OpenAPI."""

from __future__ import annotations

import io
import json
from typing import Any

import aiohttp
import pytest
from linebot.v3.messaging import (  # type: ignore[import-untyped]
    AsyncMessagingApi,
    PushMessageRequest,
    ValidateMessageRequest,
)

from bot.channels.doubles.line.messages import check_messages
from tests.doubles import oracle, samples
from tests.doubles.bot import TOKEN
from tests.doubles.samples import LINK, MENU, PICKER, box, bubble, button, flex, postback, quick, text, words
from tests.each import each

APPLE = "\U0001f34e"  # two UTF-16 units, one cluster
NOON, LATER = "2026-12-01T12:00", "2027-01-01T00:00"
FAMILY = "\U0001f468‍\U0001f469‍\U0001f467"  # one cluster


def faults(*messages: Any) -> list[str]:
    body = json.dumps({"messages": list(messages)}).encode()
    return [
        f"{fault['property']}: {fault['message']}" for fault in check_messages(list(messages), body_bytes=len(body))
    ]


def confirm(*actions: Any, said: str = "よろしいですか") -> dict[str, Any]:
    template = {"type": "confirm", "text": said, "actions": list(actions)}
    return {"type": "template", "altText": "?", "template": template}


def buttons(said: str, count: int = 1, **more: Any) -> dict[str, Any]:
    template = {"type": "buttons", "text": said, "actions": [postback()] * count, **more}
    return {"type": "template", "altText": "?", "template": template}


def picker(**more: Any) -> dict[str, Any]:
    return text(quickReply=quick({**PICKER, **more}))


def heavy(size: int) -> dict[str, Any]:
    """A bubble of exactly `size` bytes of JSON."""
    empty = len(json.dumps(bubble(words("")), separators=(",", ":")).encode())
    return bubble(words("x" * (size - empty)))


LIMITS = {
    "no message": ([], False),
    "five messages": ([text()] * 5, True),
    "six messages": ([text()] * 6, False),
    "text of 5000": ([text("x" * 5000)], True),
    "text of 5001": ([text("x" * 5001)], False),
    "2500 apples are 5000 units": ([text(APPLE * 2500)], True),
    "2501 apples are too many": ([text(APPLE * 2501)], False),
    "13 quick replies": ([text(quickReply=quick(*[MENU] * 13))], True),
    "14 quick replies": ([text(quickReply=quick(*[MENU] * 14))], False),
    "no quick reply": ([text(quickReply={"items": []})], False),
    "label of 20 families": ([text(quickReply=quick(postback(FAMILY * 20)))], True),
    "label of 21": ([text(quickReply=quick(postback("あ" * 21)))], False),
    "flex label of 40": ([flex(bubble(footer=box(button(postback("あ" * 40)))))], True),
    "flex label of 41": ([flex(bubble(footer=box(button(postback("あ" * 41)))))], False),
    "data of 300": ([confirm(postback(data="x" * 300), postback())], True),
    "data of 301": ([confirm(postback(data="x" * 301), postback())], False),
    "displayText of 301": ([confirm(postback(displayText="x" * 301), postback())], False),
    "message of 300 families": ([text(quickReply=quick({**MENU, "text": FAMILY * 300}))], True),
    "message of 301": ([text(quickReply=quick({**MENU, "text": "x" * 301}))], False),
    "uri of 1001": ([text(quickReply=quick({**LINK, "uri": "https://example.org/" + "x" * 981}))], False),
    "script uri": ([text(quickReply=quick({**LINK, "uri": "javascript:alert(1)"}))], False),
    "telephone": ([text(quickReply=quick({**LINK, "uri": "tel:0352461111"}))], True),
    "confirm of 240": ([confirm(postback(), postback(), said="x" * 240)], True),
    "confirm of 241": ([confirm(postback(), postback(), said="x" * 241)], False),
    "confirm of three": ([confirm(postback(), postback(), postback())], False),
    "buttons text of 160": ([buttons("x" * 160)], True),
    "buttons text of 61 under a title": ([buttons("x" * 61, title="t")], False),
    "five buttons": ([buttons("x", 5)], False),
    "altText of 1500": ([flex(bubble(), "x" * 1500)], True),
    "altText of 1501": ([flex(bubble(), "x" * 1501)], False),
    "12 bubbles": ([flex({"type": "carousel", "contents": [bubble()] * 12})], True),
    "13 bubbles": ([flex({"type": "carousel", "contents": [bubble()] * 13})], False),
    "bubble of 30000 bytes": ([flex(heavy(30_000))], True),
    "bubble of 30001 bytes": ([flex(heavy(30_001))], False),
    "carousel over 50000 bytes": ([flex({"type": "carousel", "contents": [heavy(25_000)] * 2})], False),
    "unknown flex field": ([flex(bubble(words(bold=True)))], False),
    "sender of 20": ([text(sender={"name": "あ" * 20})], True),
    "sender of 21": ([text(sender={"name": "あ" * 21})], False),
    "sender called LINE": ([text(sender={"name": "LINE"})], False),
    "picker of a moment": ([picker(mode="datetime", initial=NOON, min="2026-11-20t00:00", max=LATER)], True),
    "picker of a time": ([picker(mode="time", initial="10:00", min="00:00", max="23:59")], True),
    "picker with a zone": ([picker(initial="2026-12-01T10:00+09:00")], False),
    "picker turned round": ([picker(min="2027-01-01", max="2026-01-01")], False),
    "picker without mode": ([text(quickReply=quick({**PICKER, "mode": "week"}))], False),
    "camera in a quick reply": ([text(quickReply=quick({"type": "camera", "label": "写真"}))], True),
    "camera in a bubble": ([flex(bubble(footer=box(button({"type": "camera", "label": "写真"}))))], False),
    "http picture": ([{**samples.RIGHT["image"], "previewImageUrl": "http://example.org/b.jpg"}], False),
    "unknown type": ([{"type": "nope"}], False),
    "a string": (["hello"], False),
    "open brace": ([{"type": "textV2", "text": "{who"}], False),
    "unknown substitution": ([{"type": "textV2", "text": "{who}"}], False),
}  # fmt: skip


@each(("messages", "taken"), LIMITS.values(), ids=list(LIMITS))
def test_limits(messages: list[Any], taken: bool) -> None:
    assert (faults(*messages) == []) is taken, faults(*messages)


@each("message", samples.RIGHT.values(), ids=list(samples.RIGHT))
def test_right_messages_are_taken_by_all_judges(message: dict[str, Any]) -> None:
    assert faults(message) == []
    request = PushMessageRequest.from_dict({"to": "U" + "0" * 32, "messages": [message]})
    assert type(request.messages[0]).__name__ != "Message", "the SDK knows its type"
    if oracle.at_hand("line-openapi/messaging-api.yml"):
        assert oracle.line_faults("messaging-api", "Message", message) == []


@pytest.mark.parametrize("message", samples.RIGHT.values(), ids=list(samples.RIGHT))
def test_what_the_openapi_refuses_the_double_refuses_too(message: dict[str, Any]) -> None:
    judged = oracle.at_hand("line-openapi/messaging-api.yml")
    too_kind, refused = [], 0
    for name, changed in samples.spoilt(message):
        found = faults(changed)
        refused += bool(found)
        if judged and not found and oracle.line_faults("messaging-api", "Message", changed):
            too_kind.append(name)
    assert too_kind == []
    assert refused > 5, "spoiling a message mostly makes it wrong"


@pytest.mark.anyio
async def test_the_sdk_is_told_what_is_wrong(api: AsyncMessagingApi) -> None:
    request = ValidateMessageRequest.from_dict({"messages": [text(), text("x" * 5001)]})
    with pytest.raises(Exception, match="Length must be between 0 and 5000") as caught:
        await api.validate_reply(request)
    body = json.loads(caught.value.body)  # type: ignore[attr-defined]
    assert body["details"] == [{"message": "Length must be between 0 and 5000", "property": "messages[1].text"}]


@pytest.mark.anyio
async def test_the_sdk_may_ask_beforehand(api: AsyncMessagingApi) -> None:
    request = ValidateMessageRequest.from_dict({"messages": [text()]})
    for ask in (api.validate_reply, api.validate_push, api.validate_multicast):
        assert await ask(request) is None


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"\xff\xfe", 400),
        (b"{}", 400),
        (b"[" * 100_000, 400),
        (b'{"messages":"' + b"x" * 2_097_152 + b'"}', 413),
    ],
    ids=["empty", "cut off", "a list", "not UTF-8", "no messages", "deep", "over 2 MB"],
)
async def test_bodies_that_are_no_request(line_base: str, body: bytes, status: int) -> None:
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as session,
        session.post(f"{line_base}/v2/bot/message/reply", data=io.BytesIO(body)) as response,
    ):
        assert response.status == status
        assert (await response.json())["message"]
