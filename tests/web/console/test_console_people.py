"""Managers look after the people of the centre: invite, role, link, second factor, sessions, out and back."""

from __future__ import annotations

import re

import anyio
import pytest
from starlette.types import Message

from storage import audit, seconds, staff
from storage.staff import Role
from storage.things import PART
from tests.web.console.listener import Listener
from tests.web.console.office import Office
from tests.web.console.scenes import file_of
from tests.web.console.test_console_second import enrolled

pytestmark = pytest.mark.anyio
LINK = re.compile(r"http://127\.0\.0\.1(/login/once\?t=[\w-]{43})<")


async def test_a_manager_invites_somebody_by_a_link_shown_once(either: Office) -> None:
    async with either.browser(either.member("chief", role=Role.MANAGER)) as browser, either.browser() as fresh:
        made = await browser.post("/console/people", data={"login": "kato", "name": "加藤", "role": "specialist"})
        [link] = LINK.findall(made.text)
        assert LINK.findall((await browser.get("/console/people")).text) == []
        assert (await fresh.post("/login/once", data={"t": link.partition("=")[2]})).status_code == 303
        assert "専門家" in (await fresh.get("/me")).text
        again = await browser.post("/console/people", data={"login": "kato", "name": "別の人"})
        assert (again.status_code, "もう使われています" in again.text) == (422, True)
        for login, name in [("", "x"), ("あ", "x"), ("a b", "x"), ("x" * 61, "x"), ("ok", ""), ("ok", "x" * 61)]:
            assert (await browser.post("/console/people", data={"login": login, "name": name})).status_code == 422
        for role in ("system", "chief", "admin"):
            data = {"login": "ok", "name": "x", "role": role}
            assert (await browser.post("/console/people", data=data)).status_code == 404
    assert len(either.store.read(staff.everybody)) == 2


@pytest.mark.parametrize("do", ["role", "link", "second", "sessions", "remove"])
async def test_C09_whatever_a_manager_changes_ends_sessions_streams_and_links_at_once(office: Office, do: str) -> None:
    number, _, _ = await enrolled(office)
    link, token = office.link(number), office.session(number)
    async with office.browser(office.member("chief", role=Role.MANAGER)) as chief, office.browser(number) as theirs:
        async with Listener(office.app, "/console/live", token) as ear:
            await ear.next()
            done = await chief.post(f"/console/people/{number}", data={"do": do, "role": "committee"})
            assert done.status_code == (200 if do == "link" else 303)
            out = await ear.next(5)
            assert out is not None
            assert out.kind == "out"
        assert (await theirs.get("/console")).status_code == 303
        assert (await theirs.post("/login/once", data={"t": link})).status_code == 410
    assert (number in office.store.read(seconds.have)) == (do != "second")


async def test_C09_a_download_under_way_ends_when_its_reader_is_shut_out(office: Office) -> None:
    aoki, whole = office.member("aoki"), b"%PDF-" + bytes(3 * PART)
    case_id, thing_id = file_of(office, "u1", aoki, whole)
    cookie = f"nakodo={office.session(aoki)}".encode()
    path = f"/console/cases/{case_id}/things/{thing_id}"
    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"", "scheme": "http",
        "headers": [(b"host", b"127.0.0.1"), (b"cookie", cookie)], "server": ("127.0.0.1", 80), "http_version": "1.1",
    }  # fmt: skip
    got: list[bytes] = []
    asked = anyio.Event()

    async def receive() -> Message:
        if asked.is_set():
            await anyio.sleep_forever()  # the browser stays
        asked.set()
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        got.append(message.get("body", b""))
        if len(b"".join(got)) >= PART:
            office.write(lambda conn: staff.set_active(conn, aoki, False))

    with pytest.raises(ConnectionAbortedError, match="out"):
        await office.app(scope, receive, send)
    assert b"".join(got) == whole[:PART]


async def test_who_was_shut_out_can_be_let_in_again_and_no_link_is_made_for_who_is_out(office: Office) -> None:
    number = office.member("aoki")
    async with office.browser(office.member("chief", role=Role.MANAGER)) as chief:
        await chief.post(f"/console/people/{number}", data={"do": "remove"})
        assert "入れません" in (await chief.get("/console/people?remove")).text
        await chief.post(f"/console/people/{number}", data={"do": "back"})
        assert (await chief.post(f"/console/people/{number}", data={"do": "link"})).status_code == 200
    found = office.store.read(lambda conn: staff.get(conn, number))
    assert found is not None
    assert found.active
    whats = [row.what for row in office.store.read(audit.latest)]
    assert {"removed", "back", "linked"} <= set(whats)


async def test_C13_a_manager_cannot_shut_themselves_out_and_what_the_form_does_not_ask_is_not_taken(
    office: Office,
) -> None:
    chief, number = office.member("chief", role=Role.MANAGER), office.member("aoki")
    async with office.browser(chief) as browser:
        for do in ("role", "remove", "sessions", "link", "second"):
            refused = await browser.post(f"/console/people/{chief}", data={"do": do, "role": "committee"})
            assert (refused.status_code, "ほかの管理する人" in refused.text) == (422, True)
        more = {"do": "sessions", "role": "manager", "active": "0", "password_hash": "x", "login": "root", "id": "1"}
        await browser.post(f"/console/people/{number}", data=more)
        assert (await browser.post(f"/console/people/{number}", data={"do": "password_hash"})).status_code == 404
    async with office.browser(number) as browser:
        for extra in ({"role": "manager"}, {"staff_id": str(chief), "holder": str(chief), "created_at": "0"}):
            await browser.post("/me", data={"new": "この秋の合言葉です", "old": "この秋の合言葉です"} | extra)
    found = office.store.read(lambda conn: staff.get(conn, number))
    assert found is not None
    assert (found.login, found.role, found.active) == ("aoki", Role.COORDINATOR, True)


async def test_the_record_names_who_did_what_and_looking_at_it_is_in_it(office: Office) -> None:
    case_id = office.case()
    async with office.browser(office.member("aoki", "青木")) as browser:
        await browser.post(f"/console/cases/{case_id}/claim")
    async with office.browser(office.member("mori", "森", Role.AUDITOR)) as auditor:
        assert (await auditor.get("/console/record")).status_code == 200
        page = (await auditor.get("/console/record")).text
        assert "青木" in page
        assert "担当した" in page
        assert "記録を調べた" in page
        assert office.head(case_id).ref in page
        assert f"/console/cases/{case_id}" not in page, "an auditor opens no case"
        assert "担当した" not in (await auditor.get("/console/record?before=1")).text


async def test_everybody_begins_where_they_may_be(office: Office) -> None:
    homes = {Role.COORDINATOR: "/console", Role.AUDITOR: "/console/record", Role.COMMITTEE: "/console/outcomes"}
    for role, home in homes.items():
        async with office.browser() as browser:
            token = office.link(office.member(role.value, role=role))
            answer = await browser.post("/login/once", data={"t": token})
            assert answer.headers["location"] == home
            assert (await browser.get(home)).status_code == 200
