"""P-21: whatever goes wrong in a real `nakodo serve`, its output holds no secret and nothing of what anybody wrote."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from sqlalchemy import Connection, make_url

from bot.channels.doubles.faults import FailAfter, Refuse, Reset
from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.line.platform import BOT_ID, Terms, user_id
from bot.channels.doubles.serve import serving
from storage import Store, open_store, people, staff, talk
from storage.cases import of_person_open
from storage.staff import Role
from storage.talk import Author, Line, Way
from tests.channels.samples import line_signature, telegram_message, update
from tests.serving import SECRET, TOKEN, Server

pytestmark = pytest.mark.anyio

WORDS, PHONE, NAME, BODY, PATH = "canary-words", "090-8765-4321", "canary-name", "canary-body", "canary-path"
HOOK, TELEGRAM_TOKEN, KEY = "canary-hook-secret", "110201543:canary-telegram-token", "canary-master-key-" + "k" * 32
CANARIES = ("canary", PHONE, "09087654321", SECRET, TOKEN, KEY, user_id("hanako"))
HANAKO = user_id("hanako")


@pytest.fixture
async def line() -> AsyncIterator[tuple[LinePlatform, str]]:
    platform = LinePlatform(SECRET, TOKEN, "", clock=lambda: datetime.now(UTC), quota=None, terms=Terms(rates={}))
    async with serving(platform.app, grace=0.05) as base:
        yield platform, base


@pytest.fixture
async def server(line: tuple[LinePlatform, str], sqlite_url: str, tmp_path: Path) -> AsyncIterator[Server]:
    """A real server that writes its output into a file, in a talkative mood."""
    more = {
        "NAKODO_SECRET_KEY": KEY,
        "NAKODO_TELEGRAM_TOKEN": TELEGRAM_TOKEN,
        "NAKODO_TELEGRAM_WEBHOOK_SECRET": HOOK,
        "NAKODO_TELEGRAM_API_BASE": "http://127.0.0.1:9",
        "PYTHONASYNCIODEBUG": "1",
        "PYTHONDEVMODE": "1",
    }
    one = Server(sqlite_url, line[1], more=more, output=tmp_path / "output", anew=True)
    await anyio.to_thread.run_sync(one.start)
    line[0].hook_url = f"{one.base}/line/webhook"
    yield one
    await anyio.to_thread.run_sync(one.stop)


async def until_shown(platform: LinePlatform, words: str) -> None:
    """Wait until something with these words shows on Hanako's phone."""
    newest = 0
    async with asyncio.timeout(30):
        while words not in str(platform.screen(HANAKO)):
            newest = max(face["seq"] for face in await platform.changed(HANAKO, newest))


async def talk_normally(platform: LinePlatform) -> None:
    """A resident who asks for a person."""
    platform.meet(HANAKO, NAME)
    await platform.follow(HANAKO)
    await until_shown(platform, "同意する")
    await platform.tap(HANAKO, "m:consent")
    await platform.say(HANAKO, f"{WORDS} {PHONE}")
    await platform.say(HANAKO, "人と話したい")
    await until_shown(platform, "受付番号")


async def refused_posts(server: Server, web: httpx2.AsyncClient) -> None:
    """Everything a stranger may send to the doors."""
    told = {"name": NAME, "text": WORDS, "phone": PHONE}
    good = json.dumps({"destination": BOT_ID, "events": [told]}).encode()
    other = json.dumps({"destination": "U" + "0" * 32, "events": [told]}).encode()
    message = update(message=telegram_message(text=WORDS, **{"from": {"id": 1, "first_name": NAME}}))
    for body, seal in (
        (good, "canary-seal"),
        (b"canary" * 9, line_signature(b"canary" * 9, SECRET)),
        (b"\xffcanary", "x"),
    ):
        assert (await web.post("/line/webhook", content=body, headers={"x-line-signature": seal})).status_code in (
            400,
            401,
        )
    sealed = {"x-line-signature": line_signature(other, SECRET)}
    assert (await web.post("/line/webhook", content=other, headers=sealed)).status_code in (200, 403)
    for secret, status in (("canary-wrong", 403), (HOOK, 200)):
        header = {"x-telegram-bot-api-secret-token": secret}
        assert (await web.post("/telegram/webhook", json=message, headers=header)).status_code == status


async def strange_visits(web: httpx2.AsyncClient) -> None:
    """Everything a stranger may try on the pages."""
    for path in (
        f"/{PATH}",
        f"/p/{PATH}",
        f"/console/cases/{PATH}",
        f"/chat/{PATH}?text={WORDS}",
        f"/login/once?t={PATH}",
    ):
        assert (await web.get(path, headers={"user-agent": BODY, "referer": PATH})).status_code < 500
    assert (await web.post("/login", data={"login": NAME, "password": WORDS})).status_code < 500
    assert (
        await web.post("/chat/say", content=BODY.encode(), headers={"cookie": f"nakodo-chat={PATH}"})
    ).status_code < 500
    assert (await web.get("/", headers={"host": PATH})).status_code == 400


def spoil(store: Store) -> str:
    """A line of the talk that no release can read, quoting its words when it breaks; a coordinator's session."""

    def job(conn: Connection) -> str:
        contact = people.known(conn, store.vault, [("line", HANAKO)])["line", HANAKO]
        person = people.load(conn, store.vault, [contact.person_id])[contact.person_id]
        case = of_person_open(conn, [person.id])[person.id]
        body: dict[str, Any] = {"kind": "typed", WORDS: PHONE}
        at = datetime.now(UTC)
        talk.write(conn, store.vault, [Line(person.id, person.key, at, Way.IN, Author.PERSON, body, case.id)])
        number = staff.add(conn, "canary-login", NAME, Role.COORDINATOR, at)
        assert number is not None
        return staff.start_session(conn, number, at, timedelta(hours=1)) + f" {case.id}"

    return str(store.writer.submit(job).result(20))


async def broken_pages(server: Server, web: httpx2.AsyncClient) -> None:
    """A page that breaks of what a resident wrote, and a database that refuses."""
    store = open_store(server.database_url, KEY)
    session, case_id = (await asyncio.to_thread(spoil, store)).split()
    await asyncio.to_thread(store.close)
    web.cookies.set("nakodo", session)
    assert (await web.get(f"/console/cases/{case_id}")).status_code == 500


async def test_P21_no_secret_and_no_words_in_the_output_whatever_goes_wrong(
    line: tuple[LinePlatform, str], server: Server
) -> None:
    platform, _ = line
    await talk_normally(platform)
    async with httpx2.AsyncClient(base_url=server.base, headers={"sec-fetch-site": "same-origin"}) as web:
        await refused_posts(server, web)
        await strange_visits(web)
        await broken_pages(server, web)
        platform.faults.next("reply", Refuse(400, WORDS), Refuse(403, WORDS), FailAfter(500), Reset(accepted=True))
        platform.faults.next("push", Refuse(400, WORDS), Refuse(429, WORDS), Refuse(401, WORDS), FailAfter(500))
        for number in range(6):
            await platform.say(HANAKO, f"メニュー {WORDS} {number}")
        await until_shown(platform, "メニュー")
        with closing(sqlite3.connect(str(make_url(server.database_url).database), isolation_level=None)) as tool:
            tool.execute("ALTER TABLE message RENAME TO elsewhere")  # from now on nothing can be heard
        await platform.say(HANAKO, WORDS)
        async with asyncio.timeout(20):
            while "could not be written" not in server.said():  # noqa: ASYNC110 - it is another process's output
                await asyncio.sleep(0.05)
        assert (await web.get("/console")).status_code in (200, 500)
    await anyio.to_thread.run_sync(server.stop)
    output = server.said()
    assert "a page broke" in output
    assert "post refused" in output
    assert {type(json.loads(line)) for line in output.splitlines()} == {dict}  # one line each, whatever was in it
    assert [canary for canary in CANARIES if canary in output] == []
