"""Coming in: password, one-time link, throttle, session; and going out."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import select

from bot.mind import Mind
from bot.settings import Settings
from bot.web import passwords, patience
from storage import linking, staff, tables
from storage.staff import Role
from tests.conftest import SECRET, SHIPPED
from tests.web.console.office import Office

pytestmark = pytest.mark.anyio
GOOD = "合言葉は秋の隅田川です"
FOREIGN = [
    "//evil.example",
    "/\\evil.example",
    "https:evil",
    "https://evil.example",
    "\\/evil",
    "/\t/evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "/\r\nSet-Cookie: x=1",
    "\r\n//evil.example",
    "/é",
    "console",
    "",
]


async def _with_password(office: Office, login: str = "aoki") -> int:
    number = office.member(login)
    hashed = await passwords.Passwords().hashed(GOOD)
    office.write(lambda conn: staff.set_password(conn, number, hashed))
    return number


async def _enter(browser: httpx2.AsyncClient, password: str, login: str = "aoki", wanted: str = "") -> httpx2.Response:
    return await browser.post("/login", data={"login": login, "password": password, "next": wanted})


async def test_C19_a_password_opens_a_new_session_and_the_old_one_is_over(office: Office) -> None:
    number = await _with_password(office)
    async with office.browser(number) as browser:
        planted = browser.cookies["nakodo"]
        answer = await _enter(browser, GOOD, wanted="/console?folder=mine")
        assert (answer.status_code, answer.headers["location"]) == (303, "/console?folder=mine")
        cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("nakodo="))
        assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
        fresh = cookie.split(";")[0].removeprefix("nakodo=")
    assert fresh != planted
    assert office.store.read(lambda conn: staff.of_session(conn, planted, office.clock())) is None
    assert office.store.read(lambda conn: staff.of_session(conn, fresh, office.clock())) is not None


async def test_over_https_the_cookie_cannot_be_planted_by_a_sibling_host(office: Office, mind: Mind) -> None:
    settings = Settings.model_validate({"secret_key": SECRET, "public_url": "https://nakodo.example.lg.jp"})
    secure = Office(office.store, office.clock, mind, settings)
    await _with_password(secure)
    async with secure.browser() as browser:
        browser.base_url = httpx2.URL("https://nakodo.example.lg.jp")
        answer = await _enter(browser, GOOD)
    cookie = next(one for one in answer.headers.get_list("set-cookie") if "device" not in one)
    assert cookie.startswith("__Host-nakodo=")
    assert {"HttpOnly", "Secure", "Path=/"} <= set(cookie.split("; "))
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    assert answer.headers["referrer-policy"] == "no-referrer"


async def test_C08_to_try_a_password_takes_as_much_memory_and_time_as_rfc_9106_asks_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(passwords, "EFFORT", SHIPPED)
    stored = await passwords.Passwords().hashed(GOOD)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert await passwords.Passwords().fits(stored, GOOD)
    assert not await passwords.Passwords().fits(stored, GOOD + "か")


async def test_C08_nobody_learns_whether_a_name_exists(office: Office) -> None:
    await _with_password(office)
    gone = await _with_password(office, "gone")
    office.member("without")
    office.write(lambda conn: staff.set_active(conn, gone, active=False))
    async with office.browser() as browser:
        words = {"aoki": "ちがう合言葉です", "nobody": GOOD, "gone": GOOD, "without": GOOD, "\x00": GOOD}
        answers = {name: await _enter(browser, word, name) for name, word in words.items()}
    assert {answer.status_code for answer in answers.values()} == {422}
    texts = {answer.text.replace(f'value="{name}"', "") for name, answer in answers.items() if name.isprintable()}
    assert len(texts) == 1
    assert not any(answer.headers.get("set-cookie") for answer in answers.values())


async def test_C08_guessing_is_slowed_down_but_never_locks_out_whose_desk_it_is(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "PER_NAME", 3)
    number = await _with_password(office)
    async with office.browser() as desk, office.browser() as stranger, office.browser() as link:
        assert (await _enter(desk, GOOD)).status_code == 303
        assert [(await _enter(stranger, f"guess number {n}")).status_code for n in range(4)] == [422, 422, 429, 429]
        slow = await _enter(stranger, GOOD)
        assert (slow.status_code, slow.headers["retry-after"]) == (429, "900")
        assert (await _enter(desk, GOOD)).status_code == 303, "a browser that was here before has its own counter"
        assert (await _enter(stranger, GOOD, "other")).status_code == 422, "other names are not touched"
        once = await link.post("/login/once", data={"t": office.link(number)})
        assert once.status_code == 303, "a one-time link always works"
        office.clock.on(minutes=16)
        assert (await _enter(stranger, GOOD)).status_code == 303, "and after a while so does the password"


async def test_C08_one_address_cannot_spray_over_many_names(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PER_ADDRESS", 4)
    async with office.browser() as browser:
        codes = [(await _enter(browser, "guess guess", f"name{n}")).status_code for n in range(6)]
    assert codes == [422, 422, 422, 422, 429, 429]


@pytest.mark.parametrize("mark", ["", "x", "a" * 16 + ".00", "é" * 16 + ".é", "." * 40])
async def test_a_made_up_mark_of_a_device_counts_as_a_stranger(office: Office, mark: str) -> None:
    vault, now = office.store.vault, office.clock()
    tries = [
        office.write(lambda conn: patience.may_try(conn, vault, "aoki", ("192.0.2.1", mark), now)) for _ in range(11)
    ]
    assert tries == [True] * 10 + [False]


async def test_a_mark_of_a_device_is_good_for_its_own_name_only(office: Office) -> None:
    vault, now = office.store.vault, office.clock()
    mark = patience.device_mark(vault, "aoki")
    for _ in range(10):
        assert office.write(lambda conn: patience.may_try(conn, vault, "aoki", ("192.0.2.1", ""), now))
        assert office.write(lambda conn: patience.may_try(conn, vault, "baba", ("192.0.2.1", ""), now))
    assert office.write(lambda conn: patience.may_try(conn, vault, "aoki", ("192.0.2.1", mark), now))
    assert not office.write(lambda conn: patience.may_try(conn, vault, "baba", ("192.0.2.1", mark), now))


@pytest.mark.parametrize("wanted", FOREIGN)
async def test_C25_after_signing_in_nobody_is_sent_elsewhere(office: Office, wanted: str) -> None:
    number = office.member("aoki")
    async with office.browser() as browser:
        answer = await browser.post("/login/once", data={"t": office.link(number), "next": wanted})
        again = await browser.get("/login", params={"next": wanted})
    assert (answer.headers["location"], again.headers["location"]) == ("/console", "/console")


async def test_C07_a_link_lets_in_once_and_looking_at_it_uses_nothing_up(office: Office) -> None:
    token = office.link(office.member("aoki", "青木"))
    async with office.browser() as browser, office.browser() as second:
        for _ in range(3):
            page = await browser.get("/login/once", params={"t": token, "next": "/console?folder=mine"})
            assert (page.status_code, "青木さんが1回だけ使えます" in page.text) == (200, True)
            assert page.headers.get("set-cookie") is None
        answer = await browser.post("/login/once", data={"t": token, "next": "/console?folder=mine"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/console?folder=mine")
        assert (await browser.get("/console")).status_code == 200
        for refused in [
            await second.post("/login/once", data={"t": token}),
            await second.get(f"/login/once?t={token}"),
        ]:
            assert (refused.status_code, "もう使えません" in refused.text) == (410, True)
            assert refused.headers.get("set-cookie") is None
        assert "すでにログインしています" in (await browser.get(f"/login/once?t={token}")).text


async def test_C07_an_old_link_or_that_of_somebody_who_left_is_refused_and_only_a_hash_is_kept(office: Office) -> None:
    left = office.member("left")
    old, void = office.link(office.member("old"), timedelta(minutes=5)), office.link(left)
    kept = office.store.read(lambda conn: conn.execute(select(tables.login_link.c.token_hash)).scalars().all())
    assert all(token.encode() not in hashed for hashed in kept for token in (old, void))
    office.write(lambda conn: staff.set_active(conn, left, active=False))
    office.clock.on(minutes=6)
    async with office.browser() as browser:
        for token in [old, void, "", "made up", "é\x00"]:
            assert (await browser.post("/login/once", data={"t": token})).status_code == 410
            assert (await browser.get("/login/once", params={"t": token})).status_code == 410


async def test_in_the_demo_opening_the_link_is_enough_but_prefetching_is_not(office: Office, mind: Mind) -> None:
    demo = Office(office.store, office.clock, mind, office.settings, demo=True)
    token = demo.link(demo.member("demo"))
    async with demo.browser() as browser:
        fetched = await browser.get(f"/login/once?t={token}", headers={"sec-purpose": "prefetch;prerender"})
        assert (fetched.status_code, fetched.headers.get("set-cookie")) == (200, None)
        answer = await browser.get(f"/login/once?t={token}&next=/console%3Ffolder%3Dall")
        assert (answer.status_code, answer.headers["location"]) == (303, "/console?folder=all")
        assert (await browser.get("/console")).status_code == 200
        assert (await browser.get(f"/login/once?t={token}")).status_code == 410


async def test_C33_after_logging_out_nothing_is_left(office: Office) -> None:
    case_id = office.case()
    async with office.browser(office.member("aoki")) as browser:
        token = browser.cookies["nakodo"]
        assert (await browser.get(f"/console/cases/{case_id}")).headers["cache-control"] == "no-store"
        answer = await browser.post("/logout")
        assert answer.headers["clear-site-data"] == '"cache", "storage"'
        assert 'nakodo=""' in answer.headers["set-cookie"]
        browser.cookies.set("nakodo", token)
        for path in ["/console", f"/console/cases/{case_id}", "/me"]:
            assert (await browser.get(path)).status_code == 303, "the token itself is dead, not just forgotten"


async def test_C09_who_leaves_is_out_at_once(office: Office) -> None:
    number = office.member("aoki")
    async with office.browser(number) as browser:
        assert (await browser.get("/console")).status_code == 200
        office.write(lambda conn: staff.set_active(conn, number, active=False))
        assert (await browser.get("/console")).status_code == 303


async def test_a_coordinator_sets_a_password_and_other_devices_must_sign_in_again(office: Office) -> None:
    number = office.member("aoki")
    async with office.browser(number) as here, office.browser(number) as elsewhere, office.browser() as fresh:
        for wrong, words in [("短い", "10文字以上"), ("x" * 201, "200文字まで"), ("AOKI", "10文字以上")]:
            refused = await here.post("/me", data={"new": wrong})
            assert (refused.status_code, words in refused.text) == (422, True)
        done = await here.post("/me", data={"new": GOOD})
        assert (done.status_code, done.headers["location"]) == (303, "/me?saved")
        assert "パスワードを決めました" in (await here.get("/me?saved")).text
        assert (await elsewhere.get("/console")).status_code == 303
        assert (await _enter(fresh, GOOD)).status_code == 303
        assert (await here.post("/me", data={"old": "ちがう", "new": "つぎの合言葉はなに"})).status_code == 422
        assert (await here.post("/me", data={"old": GOOD, "new": "つぎの合言葉は秘密です"})).status_code == 303


async def test_the_same_as_the_login_is_no_password(office: Office) -> None:
    async with office.browser(office.member("coordinator-1")) as browser:
        refused = await browser.post("/me", data={"new": "Coordinator-1"})
    assert "ログイン名と同じ" in refused.text


async def test_a_coordinator_gets_a_number_for_their_telegram_and_takes_the_link_back(office: Office) -> None:
    number = office.member("aoki")
    group = Office(
        office.store, office.clock, office.mind, office.settings.model_copy(update={"telegram_staff_chat": -100})
    )
    async with group.browser(number) as browser:
        page = (await browser.post("/me/telegram")).text
        code = re.search(r"/staff ([0-9A-Z-]{11})<", page)
        assert code is not None
        vault, now = office.store.vault, office.clock()
        assert office.write(lambda conn: linking.use_code(conn, vault, code[1], "501", now)).id == number
        assert (await browser.post("/me/telegram/unlink")).headers["location"] == "/me?unlinked"
        assert "つながりを切りました" in (await browser.get("/me?unlinked")).text
    assert office.store.read(lambda conn: linking.linked_since(conn, number)) is None
    async with office.browser(number) as browser:
        assert "Telegram" not in (await browser.get("/me")).text
        assert (await browser.post("/me/telegram")).status_code == 404


async def test_C07_the_invited_person_sets_their_own_password_by_the_link_and_other_links_are_void(
    either: Office,
) -> None:
    number = either.member("aoki", "青木")
    older, token = either.link(number), either.link(number)
    async with either.browser() as browser, either.browser() as second:
        page = (await browser.get(f"/login/once?t={token}")).text
        assert "ログイン名「aoki」とパスワード" in page
        assert (await second.post("/login/once", data={"t": older, "new": GOOD})).status_code == 410
        for wrong in ("短い", "", "AOKI"):
            refused = await browser.post("/login/once", data={"t": token, "new": wrong})
            assert (refused.status_code, "10文字以上" in refused.text) == (422, True), "and nothing is used up"
        assert (await browser.post("/login/once", data={"t": token, "new": GOOD})).status_code == 303
        assert (await browser.get("/console")).status_code == 200
        assert (await second.post("/login/once", data={"t": token, "new": "べつの合言葉にします"})).status_code == 410
        assert (await _enter(second, GOOD)).status_code == 303


async def test_C07_a_reset_ends_all_sessions_and_the_old_password_and_a_new_role_voids_the_link(either: Office) -> None:
    number, chief = await _with_password(either), either.member("chief", role=Role.MANAGER)
    async with either.browser(number) as theirs, either.browser(chief) as manager, either.browser() as fresh:
        made = await manager.post(f"/console/people/{number}", data={"do": "link"})
        found = re.search(r"/login/once\?t=([\w-]{43})<", made.text)
        assert found is not None
        assert (await theirs.get("/console")).status_code == 303
        assert (await _enter(fresh, GOOD)).status_code == 422
        await manager.post(f"/console/people/{number}", data={"do": "role", "role": "specialist"})
        assert (await fresh.post("/login/once", data={"t": found[1], "new": GOOD})).status_code == 410
