"""The second factor: set up, asked after the password, each code once, recovery codes, and the throttle."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx2
import pyotp
import pytest
from sqlalchemy import select

from bot.settings import SecondFactor
from bot.web import patience, totp
from bot.web.passwords import Passwords
from storage import audit, seconds, staff
from storage.door_tables import recovery, second
from storage.staff import Role
from tests.web.console.office import Office

pytestmark = pytest.mark.anyio
GOOD = "合言葉は秋の隅田川です"
CODE = re.compile(r"\b[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}\b")


def with_settings(office: Office, **values: object) -> Office:
    """The same centre with other settings."""
    return Office(office.store, office.clock, office.mind, office.settings.model_copy(update=values))


async def enrolled(office: Office, login: str = "aoki", role: Role = Role.COORDINATOR) -> tuple[int, str, list[str]]:
    """Somebody with a password and a second factor: number, secret, recovery codes."""
    number, secret = office.member(login, role=role), totp.fresh()
    hashed = await Passwords().hashed(GOOD)
    vault = office.store.vault
    office.write(lambda conn: staff.set_password(conn, number, hashed))
    office.write(lambda conn: seconds.lay(conn, vault, number, secret))
    assert office.write(lambda conn: seconds.confirm(conn, number, 1, office.clock()))
    return number, secret, office.write(lambda conn: seconds.draw_codes(conn, vault, number))


def now_code(office: Office, secret: str, later: int = 0) -> str:
    """What the telephone shows."""
    return pyotp.TOTP(secret).at(office.clock() + timedelta(seconds=later))


async def halfway(browser: httpx2.AsyncClient, wanted: str = "/console?folder=mine") -> None:
    """Name and password are right."""
    answer = await browser.post("/login", data={"login": "aoki", "password": GOOD, "next": wanted})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login/code")
    assert "nakodo" not in browser.cookies


async def test_C34_after_the_password_a_code_lets_in_once_and_no_older_one_ever(either: Office) -> None:
    _, secret, _ = await enrolled(either)
    code = now_code(either, secret)
    async with either.browser() as one, either.browser() as two:
        for browser in (one, two):
            await halfway(browser)
            assert (await browser.get("/console")).status_code == 303, "halfway is not in"
        answer = await one.post("/login/code", data={"code": code})
        assert (answer.status_code, answer.headers["location"]) == (303, "/console?folder=mine")
        assert (await one.get("/console")).status_code == 200
        for used in (code, now_code(either, secret, -30)):
            refused = await two.post("/login/code", data={"code": used})
            assert (refused.status_code, "もう使われています" in refused.text) == (422, True)
        either.clock.on(seconds=30)
        full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in now_code(either, secret))
        assert (await two.post("/login/code", data={"code": f" {full_width} "})).status_code == 303


async def test_C34_a_recovery_code_lets_in_once_and_only_an_index_of_it_is_kept(either: Office) -> None:
    number, _, codes = await enrolled(either)
    assert len(set(codes)) == seconds.CODES
    kept = either.store.read(lambda conn: conn.execute(select(recovery.c.code_index)).scalars().all())
    assert not [code for code in codes for one in kept if code.replace("-", "").encode() in one]
    async with either.browser() as browser:
        await halfway(browser)
        typed = codes[3].lower().replace("-", " ")
        assert (await browser.post("/login/code", data={"code": typed})).status_code == 303
    async with either.browser() as browser:
        await halfway(browser)
        assert (await browser.post("/login/code", data={"code": codes[3]})).status_code == 422
    assert either.store.read(lambda conn: seconds.left(conn, number)) == seconds.CODES - 1
    assert "recovered" in [row.what for row in either.store.read(audit.latest)]


async def test_C08_codes_are_throttled_in_the_database_and_the_right_one_does_not_help_then(either: Office) -> None:
    _, secret, codes = await enrolled(either)
    async with either.browser() as browser:
        await halfway(browser)
        tried = [(await browser.post("/login/code", data={"code": "000000"})).status_code for _ in range(7)]
        assert tried == [422] * patience.PER_CODE + [429]
        again = with_settings(either)  # another server on the same database
        async with again.browser() as elsewhere:
            await halfway(elsewhere)
            slow = await elsewhere.post("/login/code", data={"code": now_code(either, secret)})
            assert (slow.status_code, slow.headers["retry-after"]) == (429, "900")
            assert (await elsewhere.post("/login/code", data={"code": codes[0]})).status_code == 429
            either.clock.on(minutes=15)
            await halfway(elsewhere)
            assert (await elsewhere.post("/login/code", data={"code": now_code(either, secret)})).status_code == 303


@pytest.mark.parametrize("deed", ["old", "password", "role", "left", "made up", "other"])
async def test_a_ticket_from_before_opens_nothing(office: Office, deed: str) -> None:
    number, secret, _ = await enrolled(office)
    other = office.member("baba")
    deeds: dict[str, Callable[[], object]] = {
        "old": lambda: office.clock.on(minutes=6),
        "password": lambda: office.write(lambda conn: staff.set_password(conn, number, "x")),
        "role": lambda: office.write(lambda conn: staff.set_role(conn, number, Role.AUDITOR)),
        "left": lambda: office.write(lambda conn: staff.set_active(conn, number, False)),
    }
    async with office.browser() as browser:
        await halfway(browser)
        ticket = browser.cookies["nakodo-halfway"]
        if deed in deeds:
            deeds[deed]()
        else:
            proof, _, body = ticket.strip('"').partition(".")
            changed = f"{'0' * 32}.{body}" if deed == "made up" else f"{proof}.{other}.{body.partition('.')[2]}"
            browser.cookies.clear()
            browser.cookies.set("nakodo-halfway", changed, path="/login")
        answer = await browser.post("/login/code", data={"code": now_code(office, secret)})
        assert (answer.status_code, answer.headers["location"]) == (303, "/login")
        assert (await browser.get("/console")).status_code == 303


async def test_C07_a_one_time_link_does_not_stand_for_the_code(office: Office) -> None:
    number, secret, _ = await enrolled(office)
    async with office.browser() as browser:
        answer = await browser.post("/login/once", data={"t": office.link(number)})
        assert answer.headers["location"] == "/login/code"
        assert (await browser.post("/login/code", data={"code": now_code(office, secret)})).status_code == 303
        assert (await browser.get("/console")).status_code == 200


async def test_a_coordinator_sets_it_up_and_ends_every_other_session_by_it(office: Office) -> None:
    number = office.member("aoki", "青木")
    async with office.browser(number) as here, office.browser(number) as elsewhere:
        assert "設定をはじめる" in (await here.get("/me/second")).text
        page = (await here.post("/me/second")).text
        found = re.search(r'<strong class="spelt">([A-Z2-7 ]{39})</strong>', page)
        assert found is not None
        assert "<svg" in page
        assert 'href="otpauth://totp/' in page
        secret = found[1].replace(" ", "")
        sealed = office.store.read(lambda conn: conn.execute(select(second.c.secret)).scalar_one())
        assert secret.encode() not in sealed
        wrong = await here.post("/me/second/confirm", data={"code": "12345"})
        assert (wrong.status_code, found[1] in wrong.text) == (422, True)
        done = (await here.post("/me/second/confirm", data={"code": now_code(office, secret)})).text
        assert len(CODE.findall(done)) == 10
        assert (await elsewhere.get("/console")).status_code == 303
        assert CODE.findall((await here.get("/me/second")).text) == []
        assert "2段階のログインを使っています" in (await here.get("/me")).text
        # Whoever sits down at an open desk puts no telephone of theirs in its place, and takes nothing off.
        assert (await here.post("/me/second")).status_code == 303
        assert (await here.post("/me/second/off", data={"code": "000000"})).status_code == 422
        office.clock.on(seconds=30)
        assert "やめました" in (await here.post("/me/second/off", data={"code": now_code(office, secret)})).text
        assert number not in office.store.read(seconds.have)


async def test_where_it_is_required_nothing_else_opens_before_it_is_set_up(office: Office) -> None:
    strict = with_settings(office, second_factor=SecondFactor.REQUIRED)
    async with strict.browser(strict.member("aoki")) as browser:
        for path in ("/console", "/me", "/console/live", f"/console/cases/{strict.case()}"):
            answer = await browser.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, "/me/second")
        assert "必要です" in (await browser.get("/me/second")).text
        assert (await browser.post("/me/second/off", data={"code": "1"})).status_code == 404
    some = with_settings(office, second_factor=SecondFactor.MANAGERS)
    async with some.browser(some.member("baba")) as browser:
        assert (await browser.get("/console")).status_code == 200
    async with some.browser(some.member("chief", role=Role.MANAGER)) as browser:
        assert (await browser.get("/console")).headers["location"] == "/me/second"


async def test_switched_off_it_is_neither_asked_nor_offered(office: Office) -> None:
    number, _, _ = await enrolled(office)
    off = with_settings(office, second_factor=SecondFactor.OFF)
    async with off.browser() as browser:
        answer = await browser.post("/login", data={"login": "aoki", "password": GOOD, "next": ""})
        assert answer.headers["location"] == "/console"
    async with off.browser(number) as browser:
        assert "2段階" not in (await browser.get("/me")).text
        assert (await browser.get("/me/second")).status_code == 404


def test_codes_fit_half_a_minute_either_way_and_nothing_else() -> None:
    """The vectors of RFC 6238, appendix B, cut to six digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds_, code in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        at = datetime.fromtimestamp(seconds_, UTC)
        assert totp.step_of(secret, code, at) == seconds_ // 30
        assert totp.step_of(secret, f"{code[:3]} {code[3:]}", at + timedelta(seconds=30)) == seconds_ // 30
        assert totp.step_of(secret, code, at + timedelta(seconds=90)) is None
    for wrong in ("", "28708", "2870820", "28708x", "٢٨٧٠٨٢"):
        assert totp.step_of(secret, wrong, datetime.fromtimestamp(59, UTC)) is None
