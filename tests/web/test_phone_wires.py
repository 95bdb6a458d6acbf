"""The demo's phone: only in the demo, only for its people, live, and every deed becomes the platform's own event."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from bot.channels.doubles.line import LinePlatform, user_id
from bot.channels.doubles.serve import serving
from bot.channels.doubles.telegram import TelegramPlatform
from bot.web import demo
from bot.web.demo.hands import Platforms, hand_of
from tests.clock import Clock
from tests.doubles.bot import HOOK_SECRET, SECRET, TELEGRAM_TOKEN, TOKEN, ListeningBot
from tests.web.talking import Place, follow

pytestmark = pytest.mark.anyio
HANAKO = user_id("hanako")
LINE, TELEGRAM = f"/demo/phone/line/{HANAKO}", "/demo/phone/telegram/4711"


@dataclass(frozen=True)
class Somebody:
    """A made-up resident."""

    name: str
    channel: str
    user: str


PEOPLE = (Somebody("花子", "line", HANAKO), Somebody("太郎", "telegram", "4711"))


@dataclass
class Stage:
    """The phone's routes with a bot that only listens behind both platforms."""

    base: str
    line: LinePlatform
    telegram: TelegramPlatform
    bot: ListeningBot
    line_api: str
    telegram_api: str

    def device(self) -> httpx2.AsyncClient:
        """A browser."""
        return httpx2.AsyncClient(base_url=self.base)


@pytest.fixture
async def stage(place: Place, clock: Clock) -> AsyncIterator[Stage]:
    """Both platforms and the demo's page."""
    bot = ListeningBot()
    async with (
        serving(bot) as hook,
        LinePlatform(SECRET, TOKEN, hook, clock=clock) as line,
        TelegramPlatform(TELEGRAM_TOKEN, HOOK_SECRET, hook, clock=clock) as telegram,
        serving(line.app) as line_api,
        serving(telegram.app) as telegram_api,
    ):
        routes = demo.routes(replace(place.parts.room, demo=True), line, telegram, PEOPLE)
        async with serving(Starlette(routes=routes)) as base:
            yield Stage(base, line, telegram, bot, line_api, telegram_api)


@pytest.fixture
def clock(place: Place) -> Clock:
    """The clock that everything shares."""
    return place.clock


async def test_outside_the_demo_there_is_no_phone(place: Place, stage: Stage) -> None:
    assert demo.routes(place.parts.room, stage.line, stage.telegram, PEOPLE) == []
    async with place.device() as device:
        assert (await device.get("/demo")).status_code == 404
        assert (await device.get(LINE + "/events")).status_code == 404


async def test_the_page_names_the_people_and_frames_the_console(stage: Stage) -> None:
    async with stage.device() as device:
        page = await device.get("/demo")
        readme = await device.get("/demo/readme")
    about = re.search('id="about">(.*?)</script>', page.text)
    assert about is not None
    assert [one["name"] for one in json.loads(about[1])] == [one.name for one in PEOPLE]
    assert '<iframe src="/console"' in page.text
    assert readme.text.startswith("# ")
    assert readme.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "who", ["line/U" + "0" * 32, "telegram/1", "line/4711", f"telegram/{HANAKO}", "fax/4711"], ids=str
)
async def test_nobody_else_has_a_phone(stage: Stage, who: str) -> None:
    async with stage.device() as device:
        assert (await device.get(f"/demo/phone/{who}/events")).status_code == 404
        assert (await device.post(f"/demo/phone/{who}/say", json={"text": "a"})).status_code == 404
    assert not stage.bot.got


DEEDS: list[tuple[str, str, dict[str, Any], str]] = [
    (LINE, "say", {"text": "こんにちは"}, "message"),
    (LINE, "tap", {"data": "m:menu", "id": "1"}, "postback"),
    (LINE, "pick", {"data": "p:1:slot", "value": "2026-12-01T14:30"}, "postback"),
    (LINE, "send", {"kind": "sticker"}, "message"),
    (LINE, "send", {"kind": "location"}, "message"),
    (LINE, "unsend", {"id": "123"}, "unsend"),
    (LINE, "follow", {}, "follow"),
    (LINE, "block", {}, "unfollow"),
    (TELEGRAM, "say", {"text": "こんにちは"}, "message"),
    (TELEGRAM, "tap", {"data": "m:menu", "id": "7"}, "callback_query"),
    (TELEGRAM, "send", {"kind": "image"}, "message"),
    (TELEGRAM, "follow", {}, "message"),
    (TELEGRAM, "block", {}, "my_chat_member"),
]


@pytest.mark.parametrize(
    ("phone", "deed", "told", "kind"), DEEDS, ids=[f"{one[0].split('/')[3]} {one[1]} {one[3]}" for one in DEEDS]
)
async def test_each_deed_becomes_an_event_of_the_platform(
    stage: Stage, phone: str, deed: str, told: dict[str, Any], kind: str
) -> None:
    async with stage.device() as device:
        answer = await device.post(f"{phone}/{deed}", json=told)
    assert answer.status_code == 200
    (got,) = stage.bot.got
    assert kind in (got.data["events"][0]["type"] if "events" in got.data else got.data)


WRONG: list[tuple[str, str, bytes]] = [
    (LINE, "say", b"{}"),
    (LINE, "say", b"{"),
    (LINE, "say", b"[1]"),
    (LINE, "say", b'{"text": 7}'),
    (LINE, "send", b'{"kind": "elephant"}'),
    (LINE, "dance", b"{}"),
    (LINE, "pick", b'{"data": "p:1:slot", "value": "later on"}'),
    (TELEGRAM, "tap", b'{"data": "m:menu", "id": "one"}'),
    (TELEGRAM, "unsend", b'{"id": "1"}'),
]


@pytest.mark.parametrize(("phone", "deed", "body"), WRONG, ids=[f"{one[1]} {one[2].decode()}" for one in WRONG])
async def test_what_a_phone_cannot_do_is_said_and_nothing_is_posted(
    stage: Stage, phone: str, deed: str, body: bytes
) -> None:
    async with stage.device() as device:
        answer = await device.post(f"{phone}/{deed}", content=body)
    assert answer.status_code == 409
    assert not stage.bot.got


@pytest.mark.parametrize("phone", [LINE, TELEGRAM])
async def test_who_has_blocked_the_bot_cannot_write_until_they_take_it_back(stage: Stage, phone: str) -> None:
    async with stage.device() as device:
        await device.post(f"{phone}/block")
        assert (await device.post(f"{phone}/say", json={"text": "a"})).status_code == 409
        assert (await device.post(f"{phone}/follow")).status_code == 200
        assert (await device.post(f"{phone}/say", json={"text": "a"})).status_code == 200


@pytest.mark.parametrize("phone", [LINE, TELEGRAM])
async def test_the_screen_is_there_at_once_and_goes_on_by_itself(stage: Stage, phone: str) -> None:
    async with stage.device() as device:
        await device.post(f"{phone}/say", json={"text": "まえ"})
        stream = follow(device, f"{phone}/events")
        whole = await anext(stream)
        await device.post(f"{phone}/say", json={"text": "あと"})
        change = await anext(stream)
        await stream.aclose()
    assert (whole.name, [face["texts"] for face in whole.data]) == ("whole", [["まえ"]])
    assert (change.name, [face["texts"] for face in change.data]) == ("change", [["あと"]])


async def test_a_message_taken_back_is_wordless_on_the_screen(stage: Stage) -> None:
    async with stage.device() as device:
        await device.post(f"{LINE}/say", json={"text": "ひみつ"})
        stream = follow(device, f"{LINE}/events")
        message = (await anext(stream)).data[0]
        await device.post(f"{LINE}/unsend", json={"id": message["id"]})
        face = (await anext(stream)).data[0]
        await stream.aclose()
    assert (face["id"], face["withdrawn"], face["texts"]) == (message["id"], True, [])


async def test_the_phone_shows_that_the_bot_is_writing(stage: Stage, clock: Clock) -> None:
    headers = {"authorization": f"Bearer {TOKEN}"}
    async with stage.device() as device, httpx2.AsyncClient(base_url=stage.line_api, headers=headers) as bot:
        await device.post(f"{LINE}/say", json={"text": "あ"})
        stream = follow(device, f"{LINE}/events")
        await anext(stream)
        started = await bot.post("/v2/bot/chat/loading/start", json={"chatId": HANAKO, "loadingSeconds": 5})
        assert started.status_code == 202
        busy = await anext(stream)
        clock.on(seconds=6)
        idle = await anext(stream)
        await stream.aclose()
    assert [(one.name, one.data) for one in (busy, idle)] == [("busy", True), ("busy", False)]


async def test_a_bot_that_does_not_answer_is_told_from_one_that_does(stage: Stage) -> None:
    stage.bot.answers.append(503)
    async with stage.device() as device:
        answer = await device.post(f"{LINE}/say", json={"text": "a"})
    assert answer.status_code == 502


async def test_a_closed_page_leaves_nothing_waiting(stage: Stage) -> None:
    async with stage.device() as device:
        stream = follow(device, f"{LINE}/events")
        await anext(stream)
        await stream.aclose()
    looking = {task for task in asyncio.all_tasks() if "changed" in repr(task.get_coro())}
    late = (await asyncio.wait(looking, timeout=5))[1] if looking else set()
    assert not late


async def test_hands_exist_for_the_people_of_the_demo_alone(stage: Stage) -> None:
    platforms = Platforms(stage.line, stage.telegram, PEOPLE)
    assert hand_of(platforms, "line", HANAKO) is not None
    assert hand_of(platforms, "telegram", HANAKO) is None
