"""A desk that nobody sits at: it locks, opens again where it was, and the devices of a coordinator can be ended."""

from __future__ import annotations

import re

import httpx2
import pytest

from bot.web.device_name import device_name
from bot.web.passwords import Passwords
from storage import audit, sessions, staff
from tests.each import each
from tests.web.console.listener import Listener
from tests.web.console.office import Office, key
from tests.web.console.test_console_second import GOOD, enrolled, now_code, with_settings

pytestmark = pytest.mark.anyio
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1"
AGENTS = [
    (WINDOWS, "Windows の Edge"),
    (IPHONE, "iPhone の Safari"),
    ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36", "Android の Chrome"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Linux の Firefox"),
    ("curl/8 <script>alert(1)</script>", ""),
    ("", ""),
]


async def _with_password(office: Office) -> int:
    number, hashed = office.member("aoki", "青木"), await Passwords().hashed(GOOD)
    office.write(lambda conn: staff.set_password(conn, number, hashed))
    return number


def _settle(office: Office) -> None:
    """That somebody is there is noted without their waiting for it."""
    office.write(lambda _conn: None)


async def _open(browser: httpx2.AsyncClient, typed: str, wanted: str = "") -> httpx2.Response:
    return await browser.post("/login/locked", data={"key": typed, "next": wanted})


async def test_a_desk_that_nobody_sits_at_locks_and_opens_where_it_was(office: Office) -> None:
    number, case_id = await _with_password(office), office.case()
    path = f"/console/cases/{case_id}?folder=mine"
    async with office.browser(number) as browser:
        office.clock.on(minutes=19)
        assert (await browser.get(path)).status_code == 200
        _settle(office)
        office.clock.on(minutes=19)
        assert (await browser.post("/me/here")).status_code == 204, "who types is there"
        _settle(office)
        for _ in range(3):  # who only listens and refreshes is not
            office.clock.on(minutes=5)
            assert (await browser.get(path, headers={"hx-request": "true"})).status_code == 200
        office.clock.on(minutes=5)
        refreshed = await browser.get(path, headers={"hx-request": "true"})
        assert (refreshed.status_code, refreshed.headers["hx-refresh"]) == (401, "true")
        locked = await browser.get(path)
        assert locked.status_code == 303
        assert locked.headers["location"] == f"/login/locked?next=%2Fconsole%2Fcases%2F{case_id}%3Ffolder%3Dmine"
        for deed in ("claim", "notes"):
            post = await browser.post(f"/console/cases/{case_id}/{deed}", data={"text": "x", "key": key()})
            assert post.headers["location"].startswith("/login/locked")
        assert office.head(case_id).holder is None
        page = (await browser.get(locked.headers["location"])).text
        assert "青木さんの画面を閉じました" in page
        assert (await _open(browser, "ちがう合言葉です")).status_code == 422
        opened = await _open(browser, GOOD, path)
        assert (opened.status_code, opened.headers["location"]) == (303, path)
        assert (await browser.get(path)).status_code == 200
    assert [row.what for row in office.store.read(audit.latest)].count("unlocked") == 1


async def test_a_locked_desk_opens_with_a_code_too_but_no_code_twice_and_guessing_is_slowed(office: Office) -> None:
    number, secret, _ = await enrolled(office)
    async with office.browser(number) as browser:
        office.clock.on(minutes=20)
        code = now_code(office, secret)
        assert (await _open(browser, code, "//evil.example")).headers["location"] == "/console"
        office.clock.on(minutes=20)
        assert (await _open(browser, code)).status_code == 422
        tried = [(await _open(browser, "ちがう合言葉です")).status_code for _ in range(11)]
        assert tried[-1] == 429
        assert (await _open(browser, GOOD)).status_code == 429
        office.clock.on(minutes=15)
        assert (await _open(browser, GOOD)).status_code == 303


async def test_who_could_not_open_it_is_not_locked_and_the_lock_can_be_off(office: Office) -> None:
    async with office.browser(office.member("by-link")) as browser:
        office.clock.on(minutes=60)
        assert (await browser.get("/console")).status_code == 200
    free = with_settings(office, idle_lock_minutes=0)
    async with free.browser(await _with_password(free)) as browser:
        free.clock.on(minutes=600)
        assert (await browser.get("/console")).status_code == 200
        assert (await browser.get("/login/locked?next=/me")).headers["location"] == "/me"
    async with office.browser() as browser:
        assert (await browser.get("/login/locked")).headers["location"] == "/login"
        assert (await _open(browser, GOOD)).headers["location"] == "/login"


async def test_an_open_page_is_told_that_its_desk_is_locked(office: Office) -> None:
    token = office.session(await _with_password(office))
    async with Listener(office.app, "/console/live", token) as ear:
        hello = await ear.next()
        assert hello is not None
        office.clock.on(minutes=20)
        office.room.bell.ring()
        out = await ear.next()
        assert out is not None
        assert (hello.kind, out.kind, await ear.next()) == ("hello", "out", None)


async def test_a_coordinator_sees_where_they_are_signed_in_and_ends_any_of_it(either: Office) -> None:
    number, other = await _with_password(either), either.member("baba")
    async with either.browser() as desk, either.browser() as phone:
        for browser, agent in ((desk, WINDOWS), (phone, IPHONE)):
            browser.headers["user-agent"] = agent
            await browser.post("/login", data={"login": "aoki", "password": GOOD})
        page = (await desk.get("/me")).text
        assert "Windows の Edge" in page
        assert "iPhone の Safari" in page
        assert page.count("いま使っている端末") == 1
        theirs = sessions.mark_of(either.session(other))
        assert (await desk.post(f"/me/sessions/{theirs}/end")).status_code == 404
        marks = re.findall(r"/me/sessions/([0-9a-f]{16})/end", page)
        away = next(one for one in marks if one != sessions.mark_of(desk.cookies["nakodo"]))
        assert (await desk.post(f"/me/sessions/{away}/end")).headers["location"] == "/me?ended"
        assert (await phone.get("/console")).status_code == 303
        either.session(number)
        assert (await desk.post("/me/sessions/others")).status_code == 303
        assert len(either.store.read(lambda conn: sessions.of_member(conn, number, either.clock()))) == 1
        assert (await desk.get("/console")).status_code == 200


@each(("agent", "said"), AGENTS)
def test_a_device_is_called_in_plain_words(agent: str, said: str) -> None:
    assert device_name(agent) == said
