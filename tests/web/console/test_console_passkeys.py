"""Passkeys: set up, named, used in the place of password and code, taken away; no signature counts twice."""

from __future__ import annotations

import re

import httpx2
import pytest

from bot.web import totp
from bot.web.passwords import Passwords
from storage import audit, passkeys, seconds, staff
from storage.engine import Store
from storage.staff import Role
from tests import ours
from tests.clock import Clock
from tests.web.console.authenticator import PRESENT, Authenticator
from tests.web.console.conftest import settings_of
from tests.web.console.office import Office
from tests.web.console.test_console_settings import MONDAY
from tests.web.console.test_console_signin import GOOD, _enter, _with_password

pytestmark = pytest.mark.anyio


@pytest.fixture
def desk(store: Store) -> Office:
    """A centre, once on each database."""
    return Office(store, Clock(MONDAY), ours.mind(), settings_of())


async def _add(browser: httpx2.AsyncClient, device: Authenticator, name: str = "窓口のパソコン") -> httpx2.Response:
    options = (await browser.post("/me/passkeys/begin")).json()
    return await browser.post("/me/passkeys", data={"told": device.make(options), "beside": name})


async def _come(browser: httpx2.AsyncClient, device: Authenticator, wanted: str = "/console") -> httpx2.Response:
    options = (await browser.post("/login/passkey/begin")).json()
    return await browser.post("/login/passkey", data={"told": device.sign(options), "beside": wanted})


async def test_a_passkey_is_set_up_named_used_and_taken_away(desk: Office) -> None:
    number, device = desk.member("aoki"), Authenticator()
    async with desk.browser(number) as here, desk.browser() as fresh:
        assert (await _add(here, device)).json() == {"to": "/me?passkey"}
        page = (await here.get("/me?passkey")).text
        assert "窓口のパソコン" in page
        assert "まだ使っていません" in page
        twice = await _add(here, device)
        assert (twice.status_code, "もうあります" in twice.text) == (422, True)
        came = await _come(fresh, device, "/console?folder=mine")
        assert came.json() == {"to": "/console?folder=mine"}
        assert (await fresh.get("/console")).status_code == 200
        assert (await _come(fresh, device, "//evil.example")).json() == {"to": "/console"}
        [kept] = desk.store.read(lambda conn: passkeys.of_member(conn, number))
        assert (kept.signs, kept.used_at) == (2, MONDAY)
        assert (await here.post(f"/me/passkeys/{kept.id}/remove")).headers["location"] == "/me?passkey_gone"
        assert (await _come(fresh, device)).status_code == 422
    whats = [one.what for one in desk.store.read(audit.latest)]
    assert {"passkey", "no_passkey", "came"} <= set(whats)


async def test_a_locked_desk_offers_the_passkey_of_its_owner_and_opens_where_it_was(desk: Office) -> None:
    number, device = desk.member("aoki"), Authenticator()
    other = desk.member("baba")
    async with desk.browser(number) as here, desk.browser(other) as bare:
        await _add(here, device)
        desk.clock.on(minutes=20)
        locked = "/login/locked?next=%2Fconsole%3Ffolder%3Dmine"
        assert 'data-passkey="/login/passkey"' in (await here.get(locked)).text
        assert "data-passkey" not in (await bare.get(locked)).text
        assert (await here.get("/console?folder=mine")).status_code == 303
        assert (await _come(here, device, "/console?folder=mine")).json() == {"to": "/console?folder=mine"}
        assert (await here.get("/console?folder=mine")).status_code == 200


@pytest.mark.parametrize(
    ("has", "shown"),
    [
        ("key", (None, True)),
        ("password", ("パスワード", False)),
        ("password key", ("パスワード", True)),
        ("code", ("認証アプリの6けたの数字", False)),
        ("code key", ("認証アプリの6けたの数字", True)),
        ("password code key", ("パスワードか、認証アプリの6けたの数字", True)),
    ],
)
async def test_a_locked_desk_asks_for_what_its_owner_has(
    desk: Office, has: str, shown: tuple[str | None, bool]
) -> None:
    number, hashed = desk.member("aoki"), await Passwords().hashed(GOOD)
    if "password" in has:
        desk.write(lambda conn: staff.set_password(conn, number, hashed))
    async with desk.browser(number) as here:
        assert "key" not in has or (await _add(here, Authenticator())).status_code == 200
        if "code" in has:
            desk.write(lambda conn: seconds.lay(conn, desk.store.vault, number, totp.fresh()))
            assert desk.write(lambda conn: seconds.confirm(conn, number, 1, desk.clock()))
        desk.clock.on(minutes=20)
        page = (await here.get("/login/locked")).text
    label = re.search(r'<label for="key">(.*?)</label>', page)
    assert "画面を閉じています" in page
    assert (label and label[1], "data-passkey" in page) == shown


async def test_C34_a_signature_counts_once_in_time_and_for_what_was_asked(desk: Office) -> None:
    number, device = desk.member("aoki"), Authenticator()
    async with desk.browser(number) as here, desk.browser() as fresh:
        options = (await here.post("/me/passkeys/begin")).json()
        made = {"told": device.make(options), "beside": "x"}
        assert (await here.post("/me/passkeys", data=made)).status_code == 200
        assert (await here.post("/me/passkeys", data=made)).status_code == 422
        asked = (await fresh.post("/login/passkey/begin")).json()
        signed = {"told": device.sign(asked)}
        assert (await fresh.post("/login/passkey", data=signed)).status_code == 200
        assert (await fresh.post("/login/passkey", data=signed)).status_code == 422, "the same once more"
        for_me = (await here.post("/me/passkeys/begin")).json()
        assert (await fresh.post("/login/passkey", data={"told": device.sign(for_me)})).status_code == 422
        late = (await fresh.post("/login/passkey/begin")).json()
        desk.clock.on(minutes=5)
        assert (await fresh.post("/login/passkey", data={"told": device.sign(late)})).status_code == 422
        made_up = {"challenge": "AAAA"}
        assert (await fresh.post("/login/passkey", data={"told": device.sign(made_up)})).status_code == 422


async def test_C34_a_copy_a_foreign_page_an_absent_owner_and_a_made_up_device_are_refused(office: Office) -> None:
    number, device = office.member("aoki"), Authenticator()
    async with office.browser(number) as here, office.browser() as fresh:
        assert (await _add(here, device)).status_code == 200
        assert (await _come(fresh, device)).status_code == 200
        device.signs = 0  # a copy made before
        assert (await _come(fresh, device)).status_code == 422
        device.signs = 5
        for spoilt in (
            Authenticator("https://evil.example", key=device.key, name=device.name, signs=6),
            Authenticator(host="evil.example", key=device.key, name=device.name, signs=7),
            Authenticator(flags=PRESENT, key=device.key, name=device.name, signs=8),
            Authenticator(name=device.name, signs=9),
            Authenticator(),
        ):
            assert (await _come(fresh, spoilt)).status_code == 422
        for told in ("", "[]", "{}", "nonsense", "[" * 9000, '{"rawId": 3, "response": []}'):
            answer = await fresh.post("/login/passkey", data={"told": told})
            assert answer.status_code in (400, 422)
        assert (await _come(fresh, device)).status_code == 200
        office.write(lambda conn: staff.set_active(conn, number, False))
        assert (await _come(fresh, device)).status_code == 422


async def test_after_the_password_whoever_has_a_passkey_needs_it(office: Office) -> None:
    number, device = await _with_password(office), Authenticator()
    async with office.browser(number) as here, office.browser() as fresh:
        assert (await _add(here, device)).status_code == 200
        half = await _enter(fresh, GOOD)
        assert half.headers["location"] == "/login/code"
        page = (await fresh.get("/login/code")).text
        assert "パスキーでログイン" in page
        assert "6けたの数字を入れる" in page
        assert 'name="code"' not in page
        assert (await fresh.get("/console")).status_code == 303
        assert (await fresh.post("/login/code", data={"code": "000000"})).status_code == 422
        assert (await _come(fresh, device)).status_code == 200


async def test_C11_nobody_takes_away_a_colleagues_passkey_but_a_manager_takes_them_all(office: Office) -> None:
    number, device = office.member("aoki"), Authenticator()
    chief = office.member("chief", role=Role.MANAGER)
    async with office.browser(number) as here, office.browser(chief) as manager, office.browser() as fresh:
        assert (await _add(here, device)).status_code == 200
        [kept] = office.store.read(lambda conn: passkeys.of_member(conn, number))
        assert (await manager.post(f"/me/passkeys/{kept.id}/remove")).status_code == 404
        assert (await manager.post(f"/console/people/{number}", data={"do": "second"})).status_code == 303
        assert (await _come(fresh, device)).status_code == 422
