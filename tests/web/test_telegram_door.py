"""The private page inside Telegram: it opens by itself for whom it is for, and for nobody who only looks like it."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.channels.doubles.serve import serving
from bot.channels.doubles.telegram import TelegramPlatform
from bot.channels.doubles.telegram.web_app import init_data
from bot.mind import Mind
from dialogs.heard import Tapped, Typed
from storage import cases
from storage.pages import Purpose
from tests.channels.samples import TELEGRAM_TOKEN
from tests.clock import Clock
from tests.web.talking import Place, running

pytestmark = pytest.mark.anyio
HANAKO, TARO = 4711, 4712
PUBLIC = "https://127.0.0.1"
OTHER_BOT = "110201544:AAother-bot-of-somebody-else-1234567890"


@pytest.fixture
async def telegram(now: datetime) -> AsyncIterator[TelegramPlatform]:
    """Telegram; nobody listens to its updates."""
    async with TelegramPlatform(TELEGRAM_TOKEN, "", "http://127.0.0.1:9/", clock=Clock(now)) as platform:
        yield platform


@pytest.fixture
async def place(database_url: str, mind: Mind, now: datetime, telegram: TelegramPlatform) -> AsyncIterator[Place]:
    """A centre that people reach by https, with a bot on Telegram."""
    telegram.meet(HANAKO, "花子")
    async with serving(telegram.app, grace=0.05) as host:
        more = {"telegram_token": TELEGRAM_TOKEN, "telegram_api_base": host, "public_url": PUBLIC}
        async with running(database_url, replace(mind, public_url=PUBLIC), Clock(now), **more) as centre:
            yield centre


def told(place: Place, user: int = HANAKO, token: str = TELEGRAM_TOKEN) -> dict[str, str]:
    """The form that Telegram's window posts for a user."""
    person = {"id": user, "is_bot": False, "first_name": "花子"}
    at = int(place.clock().timestamp())
    return {"init": init_data(token, person, at, str(user)), "ticket": ""}


async def link(place: Place) -> str:
    """The path of a link that Hanako got on Telegram."""
    person = await place.hears(str(HANAKO), Typed("こんにちは"), Tapped("m:consent"), channel="telegram")
    return await place.link(person, Purpose.ANSWER, "telegram")


async def unused(place: Place, path: str) -> bool:
    """Whether a link still waits for its owner."""
    found = await place.look(path)
    return found is not None and found.bound_at is None


async def test_the_button_opens_the_page_inside_telegram_without_another_press(
    place: Place, telegram: TelegramPlatform
) -> None:
    steps = Typed("こんにちは"), Tapped("m:consent"), Tapped("m:person")
    person = await place.hears(str(HANAKO), *steps, channel="telegram")
    case = (await place.read(lambda conn: cases.of_person_open(conn, [person])))[person].id
    member = await place.member("sato")
    await place.parts.desk.claim(case, member)
    await place.parts.desk.reply(case, member, "こんにちは。佐藤です。", uuid.uuid4().hex)
    async with asyncio.timeout(20):
        while not (keys := [key for face in telegram.screen(HANAKO) for key in face["buttons"] if key["uri"]]):
            await telegram.changed(HANAKO, max((face["seq"] for face in telegram.screen(HANAKO)), default=0))
    assert keys[-1]["kind"] == "web_app"
    address = urlsplit(str(await telegram.touch(HANAKO, keys[-1]["label"])))
    assert address.scheme == "https"
    assert "佐藤" not in address.geturl()
    init = parse_qs(address.fragment)["tgWebAppData"][0]
    async with place.device() as window:
        got = await window.post(address.path, data={"init": init, "ticket": ""})
        assert got.status_code == 303
        kept = got.headers["set-cookie"].partition(";")[0]
        page = await window.get(got.headers["location"], headers={"cookie": kept})
    assert (page.status_code, "log" in page.text) == (200, True)


async def test_P06_a_forwarded_link_opens_for_nobody_whom_telegram_calls_otherwise(place: Place) -> None:
    path = await link(place)
    await place.hears(str(TARO), Typed("こんにちは"), channel="telegram")
    async with place.device() as window:
        for who in (TARO, 99):  # somebody the bot knows as well, and somebody it has never seen
            got = await window.post(path, data=told(place, who))
            assert got.status_code == 403
            assert "ほかの方" in got.text
            assert "人と話したい" in got.text
            assert "set-cookie" not in got.headers
        assert await unused(place, path)
        assert "set-cookie" in (await window.post(path, data=told(place))).headers


async def test_P06_replayed_words_of_telegram_open_nothing_twice(place: Place) -> None:
    path, form = await link(place), told(place)
    async with place.device() as first, place.device() as second:
        assert "set-cookie" in (await first.post(path, data=form)).headers
        again = await second.post(path, data=form)
        assert "set-cookie" not in again.headers
        assert (await second.get(again.headers["location"])).status_code == 403


async def test_words_for_another_bot_are_nobodys_here(place: Place) -> None:
    path = await link(place)
    async with place.device() as window:
        got = await window.post(path, data=told(place, token=OTHER_BOT))
    assert (got.status_code, "set-cookie" in got.headers, await unused(place, path)) == (403, False, True)


async def test_words_that_are_old_lead_back_to_the_button(place: Place) -> None:
    path, form = await link(place), told(place)
    place.clock.on(minutes=11)
    async with place.device() as window:
        got = await window.post(path, data=form)
        assert (got.status_code, got.headers["location"]) == (303, path)
        assert await unused(place, path)
        assert 'name="init"' in (await window.get(path)).text
        assert "set-cookie" in (await window.post(path, data={"init": "", "ticket": ""})).headers


async def test_tampered_words_do_not_pass_as_no_words(place: Place) -> None:
    path, form = await link(place), told(place)
    changed = form["init"].replace(str(HANAKO), str(TARO)), form["init"][:-1], "x", "hash=0"
    async with place.device() as window:
        answers = [await window.post(path, data={"init": one, "ticket": ""}) for one in changed]
    assert [got.status_code for got in answers] == [403] * 4
    assert await unused(place, path)


async def test_a_form_that_is_none_of_ours_opens_nothing(place: Place) -> None:
    path, form = await link(place), told(place)
    urlencoded = {"content-type": "application/x-www-form-urlencoded"}
    async with place.device() as window:
        statuses = [
            (await window.post(path, data={"init": "x" * 20_000})).status_code,
            (await window.post(path, content=b"init=a&init=b", headers=urlencoded)).status_code,
            (await window.post(path, data={**form, "ticket": ["a", "b"]})).status_code,
            (await window.post(path, content=b"&".join(b"f=1" for _ in range(900)), headers=urlencoded)).status_code,
            (await window.post(path, files={"init": ("a.txt", b"hello")})).status_code,
            (await window.post(path, content=b"--x", headers={"content-type": "multipart/form-data"})).status_code,
        ]
    assert all(status in (400, 403) for status in statuses), statuses
    assert await unused(place, path)


async def test_where_no_bot_is_set_nobody_makes_one_up(sqlite_url: str, mind: Mind, now: datetime) -> None:
    async with running(sqlite_url, mind, Clock(now)) as centre:
        path = await link(centre)
        async with centre.device() as window:
            got = await window.post(path, data=told(centre, token=""))
        assert (got.status_code, await unused(centre, path)) == (403, True)


async def test_telegram_in_a_browser_may_frame_the_way_out_and_nothing_else(place: Place) -> None:
    path = await link(place)
    frame = {"sec-fetch-dest": "iframe"}
    async with place.device() as window:
        door, chat = await window.get(path, headers=frame), await window.get("/chat", headers=frame)
        used = await window.post(path, data=told(place))
        kept = {"cookie": used.headers["set-cookie"].partition(";")[0], **frame}
        page, again = await window.get(used.headers["location"], headers=kept), await window.get(path, headers=frame)
    assert "frame-ancestors https://web.telegram.org" in door.headers["content-security-policy"]
    assert "<form" not in door.text
    assert f'href="{path}" target="_blank"' in door.text
    assert again.text == door.text  # whether it was used is told to no frame
    for private in (page, chat):
        assert "frame-ancestors 'none'" in private.headers["content-security-policy"]


async def test_P21_what_telegram_told_reaches_no_log(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    path, form = await link(place), told(place, TARO)
    async with place.device() as window:
        await window.post(path, data=form)
        await window.post(path, data={"init": form["init"] + "x", "ticket": "canary-ticket"})
    said = "".join(capsys.readouterr())
    assert not [part for part in (path[3:], "canary-ticket", "query_id", json.dumps(TARO)) if part in said]
