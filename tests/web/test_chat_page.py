"""The web chat: looking leaves no trace, beginning is one press, what is posted is heard once, what comes is shown."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import httpx2
import pytest

from bot.mind import Mind
from bot.settings import Settings
from bot.web import paper
from bot.web.site import site
from dialogs.heard import Tapped, Typed
from dialogs.words import LANGUAGES, bare, plain
from tests.clock import Clock
from tests.web.talking import GOOD, Place, follow, labels, own_words, past, text, until

pytestmark = pytest.mark.anyio


async def test_looking_sets_no_cookie_and_makes_nobody_known(place: Place) -> None:
    async with place.device() as device:
        page = await device.get("/chat")
    assert page.status_code == 200
    assert "set-cookie" not in page.headers
    assert await place.count("person") == 0
    assert "はじめる" in page.text
    assert "without-script" in page.text


@pytest.mark.parametrize(
    ("asked", "lang", "start"),
    [
        *(("", "ja", "Start"), ("?lang=en", "en", "はじめる"), ("?lang=xx", "ja", "Start")),
        *(("?lang=zh", "zh-Hans", "はじめる"), ("?lang=ko", "ko", "はじめる")),
    ],
)
async def test_the_invitation_speaks_the_language_that_was_asked_for(
    place: Place, asked: str, lang: str, start: str
) -> None:
    async with place.device() as device:
        page = await device.get("/chat" + asked)
    assert f'<html lang="{lang}">' in page.text
    assert f">{start}<" not in page.text


async def test_in_easy_japanese_the_centres_name_is_read_to_whoever_cannot_read_it(place: Place) -> None:
    name = "<ruby>協働<rp>(</rp><rt>きょうどう</rt><rp>)</rp></ruby><ruby>支援<"
    async with place.device() as device:
        assert name in (await device.get("/chat?lang=ja-easy")).text
        await device.post("/chat/start?lang=ja-easy")
        await place.quiet()
        page = (await device.get("/chat")).text
        greeting = (await past(device))[1]
    assert f'aria-hidden="true"></span><span>{name}' in page
    assert ["協働", "きょうどう"] in greeting["text"]


async def test_the_first_press_greets_and_asks_for_consent(place: Place) -> None:
    async with place.visitor() as device:
        seen = await until(device, "はじめに")
        page = await device.get("/chat")
    assert "なこうど" in text(seen[0])
    assert {line["who"] for line in seen} == {"bot"}
    assert labels(seen[-1])[-1:] != []
    assert 'role="log"' in page.text


async def test_beginning_in_english_is_answered_in_english(place: Place) -> None:
    async with place.device() as device:
        await device.post("/chat/start?lang=en")
        await place.quiet()
        seen = await past(device)
        page = await device.get("/chat")
    assert seen
    assert not re.search("[ぁ-ん]", text(seen[-1]))
    assert '<html lang="en">' in page.text


async def test_pressing_twice_keeps_the_one_talk(place: Place) -> None:
    async with place.visitor() as device:
        again = await device.post("/chat/start")
    assert again.headers["location"] == "/chat"
    assert await place.count("person") == 1


async def test_the_cookie_is_for_the_chat_alone_and_out_of_reach_of_scripts(place: Place) -> None:
    async with place.device() as device:
        answer = await device.post("/chat/start")
    parts = set(answer.headers["set-cookie"].split("; "))
    assert {"HttpOnly", "SameSite=lax", "Path=/chat"} <= parts


async def test_words_are_answered_and_a_reload_shows_the_whole_talk(place: Place) -> None:
    async with place.agreed() as device:
        await device.post("/chat/say", json={"key": "question-1", "text": "会議室はいくらですか"})
        await place.quiet()
        seen = await past(device)
        again = await past(device)
    assert own_words(seen) == ["会議室はいくらですか"]
    assert seen[-1]["who"] == "bot"
    assert again == seen


async def test_a_stream_that_broke_goes_on_after_the_last_line_seen(place: Place) -> None:
    async with place.agreed() as device:
        everything = await past(device)
        rest = await past(device, after=everything[1]["id"])
    assert rest == everything[2:]


async def test_a_stranger_can_neither_read_nor_write(place: Place) -> None:
    async with place.device() as device:
        device.cookies.set("nakodo-chat", "forged", path="/chat")
        said = await device.post("/chat/say", json=GOOD)
        read = await device.get("/chat/events")
        page = await device.get("/chat")
    assert (said.status_code, read.status_code) == (403, 403)
    assert "はじめる" in page.text


async def test_leaving_ends_the_session_and_shows_a_page_that_says_nothing(place: Place) -> None:
    async with place.visitor() as device:
        token = device.cookies["nakodo-chat"]
        answer = await device.post("/chat/leave")
        assert (answer.status_code, answer.headers["location"]) == (303, "/clock")
        assert answer.headers["clear-site-data"] == '"cache"'
        neutral = await device.get("/clock")
        device.cookies.set("nakodo-chat", token, path="/chat")
        assert (await device.get("/chat/events")).status_code == 403
    assert not re.search("相談|なこうど|チャット|センター", neutral.text)
    assert await place.count("web_session") == 0


async def test_forgetting_reaches_the_open_page(place: Place) -> None:
    async with place.agreed() as device:
        stream = follow(device, "/chat/events")
        await device.post("/chat/say", json={"key": "forget-1", "text": "消して"})
        async for event in stream:
            if event.name == "gone":
                break
            said = event.data if isinstance(event.data, dict) else {}
            taps = [button["tap"] for button in said.get("buttons", [])]
            if any("forget" in tap for tap in taps):
                await device.post("/chat/say", json={"key": "forget-2", "tap": taps[0]})
        await stream.aclose()
        page = await device.get("/chat")
    assert await place.count("person") == 0
    assert "はじめる" in page.text


async def test_over_https_the_cookie_stays_on_https(sqlite_url: str, mind: Mind, place: Place) -> None:
    settings = Settings.model_validate({"secret_key": "s" * 40, "public_url": "https://nakodo.example.lg.jp"})
    app = site(replace(place.parts.room, settings=settings))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="https://nakodo.example.lg.jp") as device:
        answer = await device.post("/chat/start", headers={"sec-fetch-site": "same-origin"})
    assert answer.headers["set-cookie"].startswith("__Secure-nakodo-chat=")
    assert "Secure" in answer.headers["set-cookie"].split("; ")


async def test_C_another_site_can_neither_begin_nor_write(place: Place) -> None:
    async with place.visitor() as device:
        foreign = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
        begun = await device.post("/chat/start", headers=foreign)
        said = await device.post("/chat/say", json=GOOD, headers=foreign)
    assert (begun.status_code, said.status_code) == (403, 403)


async def test_P24_the_pages_ask_nothing_of_others(place: Place) -> None:
    async with place.visitor() as device:
        pages = [await device.get(path) for path in ("/chat", "/clock", "/chat/0123456789abcdef")]
        found = [name for page in pages for name in re.findall(r'(?:src|href|action)="([^"]+)"', page.text)]
        files = [name for name in found if name.startswith("/static/")]
        texts = [(await device.get(name)).text for name in files]
    assert all(name.startswith(("/", "data:,")) for name in found)
    assert files
    assert not [one for one in texts if re.search(r"(?:url\(|import .*|fetch\()[\"'`]?https?://", one)]


async def test_P22_neither_title_nor_address_tells_what_it_is_about(place: Place) -> None:
    async with place.agreed() as device:
        page = await device.get("/chat")
    title = re.search("<title>(.*?)</title>", page.text)
    assert title is not None
    assert title[1] == "センターのページ"
    assert page.headers["x-robots-tag"].startswith("noindex")
    assert page.headers["cache-control"] == "no-store"


async def test_a_platform_talk_is_not_shown_on_a_page_of_somebody_else(place: Place) -> None:
    await place.hears("Uline", Typed("こんにちは"), Tapped("m:consent"), Typed("ひみつの話"))
    async with place.agreed() as device:
        seen = await past(device)
    assert "ひみつの話" not in json.dumps(seen, ensure_ascii=False)


async def test_the_clock_of_the_neutral_page_is_the_centres(place: Place) -> None:
    clock: Clock = place.clock
    async with place.device() as device:
        page = await device.get("/clock")
    assert clock().hour == 9
    assert "18:30" in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_that_the_lost_page_advises_are_understood(mind: Mind, language: str) -> None:
    advised = re.search("[「“](.+?)[」”]", bare(paper.words(language).say("lost.how")))
    assert advised is not None
    assert mind.house.library[language].spoken[plain(advised[1])] == "person"
