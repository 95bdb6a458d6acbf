"""What is posted to the chat: heard once, refused with a reason, and never more than words."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from bot.web.posted import MOST_SIGNS
from bot.web.site import site
from storage import StorageDown
from tests.web.talking import GOOD, Place, own_words, past, text

pytestmark = pytest.mark.anyio


async def test_the_same_key_twice_is_heard_once(place: Place) -> None:
    async with place.agreed() as device:
        for _ in range(3):
            answer = await device.post("/chat/say", json={"key": "twice-same", "text": "こんにちは"})
            assert answer.status_code == 202
        await place.quiet()
        seen = await past(device)
    assert [text(line) for line in seen].count("こんにちは") == 1


async def test_C35_the_same_key_with_something_else_is_422(either: Place) -> None:
    async with either.agreed() as device:
        first = {"key": "same-key-2", "text": "はじめの文"}
        others: list[dict[str, str]] = [
            {"text": "ちがう文"},
            {"tap": "m:menu"},
            {"tap": "p:1:slot", "value": "2026-12-01"},
        ]
        for heard in (False, True):
            assert (await device.post("/chat/say", json=first)).status_code == 202
            for other in others:
                refused = await device.post("/chat/say", json={"key": first["key"], **other})
                assert (refused.status_code, refused.json()["why"]) == (422, "other_words")
            if not heard:
                await either.quiet()
        seen = own_words(await past(device))
    assert seen == ["はじめの文"]
    assert await either.count("inbox") == 3  # the greeting, the consent and these words


async def test_C35_two_texts_at_once_under_one_key_are_one_message_and_one_422(either: Place) -> None:
    async with either.visitor() as device:  # before consent nothing is kept, and still a key stands for one thing
        posts = [{"key": "same-key-3", "text": text} for text in ("あ", "い")]
        answers = await asyncio.gather(*(device.post("/chat/say", json=one) for one in posts))
    assert sorted(answer.status_code for answer in answers) == [202, 422]


async def test_two_devices_may_use_the_same_key(place: Place) -> None:
    async with place.agreed() as one, place.agreed() as other:
        for device, words in ((one, "ひとりめ"), (other, "ふたりめ")):
            await device.post("/chat/say", json={"key": "same-key-1", "text": words})
        await place.quiet()
        seen = [own_words(await past(device)) for device in (one, other)]
    assert seen == [["ひとりめ"], ["ふたりめ"]]


async def test_a_form_is_taken_like_json(place: Place) -> None:
    async with place.agreed() as device:
        answer = await device.post("/chat/say", data={"key": "form-key-1", "text": "催しはありますか"})
        await place.quiet()
        seen = await past(device)
    assert answer.status_code == 202
    assert "催しはありますか" in [text(line) for line in seen]


BAD: list[tuple[str, Any, int]] = [
    ("no key", {"text": "a"}, 400),
    ("a key that is no key", {**GOOD, "key": "a b"}, 400),
    ("nothing said", {"key": "good-key-1"}, 400),
    ("only spaces", {**GOOD, "text": " \u3000\n"}, 422),
    ("too long", {**GOOD, "text": "あ" * (MOST_SIGNS + 1)}, 422),
    ("text and tap at once", {**GOOD, "tap": "m:menu"}, 400),
    ("a tap that is too long", {"key": "good-key-1", "tap": "x" * 65}, 400),
    ("a tap that is not ours", {"key": "good-key-1", "tap": "め"}, 400),
    ("a value that is no date", {"key": "good-key-1", "tap": "p:1:slot", "value": "tomorrow"}, 422),
    ("a number for words", {**GOOD, "text": 7}, 400),
    ("a list", [GOOD], 400),
    ("null", None, 400),
]


@pytest.mark.parametrize(("body", "status"), [one[1:] for one in BAD], ids=[one[0] for one in BAD])
async def test_what_cannot_be_taken_is_said_so_and_nothing_is_stored(place: Place, body: Any, status: int) -> None:
    async with place.visitor() as device:
        await place.quiet()
        before = await place.count("inbox")
        answer = await device.post("/chat/say", json=body)
    assert answer.status_code == status
    assert answer.json()["why"]
    assert await place.count("inbox") == before


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 20_000], ids=["broken", "not UTF-8", "deep"])
async def test_a_body_that_cannot_be_read_is_no_error_of_ours(place: Place, body: bytes) -> None:
    async with place.visitor() as device:
        answer = await device.post("/chat/say", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400


async def test_a_body_beyond_all_measure_is_not_read(place: Place) -> None:
    async with place.visitor() as device:
        answer = await device.post("/chat/say", json={**GOOD, "text": "x" * 100_000})
    assert answer.status_code == 413


HOSTILE = {
    "D04 a right-to-left override": "abc\u202etxt.exe",
    "D04 an isolate": "\u2066abc",
    "D05 line ends, ANSI, NUL": "a\r\nb\x1b[31mred\x00",
    "D07 templates": "{{7*7}} ${x} {0.__class__} %s",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "marks of a reading": "\ufff9基\ufffaもと\ufffb",
    "outside the basic plane": "𠮷野家👨‍👩‍👧‍👦",
    "an event of its own": "a\n\nevent: gone\ndata: {}\n\n",
}


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile_words_come_back_as_words(place: Place, words: str) -> None:
    async with place.agreed() as device:
        assert (await device.post("/chat/say", json={**GOOD, "text": words})).status_code == 202
        await place.quiet()
        seen = await past(device)
        page = await device.get("/chat")
    own = next(line for line in seen if line["who"] == "me" and "text" in line)
    assert own["text"] == [[re.sub("[\x00\r\x1b\u202e\u2066\ufff9-\ufffb]", "", words), None]]
    assert words not in page.text


async def test_nobody_writes_faster_than_a_person(place: Place) -> None:
    async with place.visitor() as device:
        answers = [await device.post("/chat/say", json={"key": f"quickly-{n}", "text": "あ"}) for n in range(25)]
        assert {answer.status_code for answer in answers} == {202, 429}
        place.clock.on(seconds=30)
        later = await device.post("/chat/say", json={"key": "later-key", "text": "あ"})
    assert later.status_code == 202


async def test_when_the_database_is_away_nothing_is_called_heard(place: Place) -> None:
    async def away(_events: Any) -> None:
        raise StorageDown("gone")

    async with place.visitor() as device:
        cookies = device.cookies
    transport = httpx2.ASGITransport(app=site(replace(place.parts.room, receive=away)), raise_app_exceptions=False)
    headers = {"sec-fetch-site": "same-origin"}
    async with httpx2.AsyncClient(transport=transport, base_url=place.base, headers=headers, cookies=cookies) as device:
        answer = await device.post("/chat/say", json=GOOD)
    assert answer.status_code == 503
