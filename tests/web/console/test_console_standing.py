"""Whoever has an interest in a matter does not learn that it is there; specialists see what they were asked into."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, update

from storage import audit, cases, people, standings
from storage.cases import Mode
from storage.staff import Role
from storage.standings import Kind
from storage.tables import contact
from tests.web.console.listener import Listener
from tests.web.console.office import Office, key

pytestmark = pytest.mark.anyio


def _whats(office: Office, case_id: int) -> list[tuple[str, int | None]]:
    return [(row.what, row.about) for row in office.store.read(lambda conn: audit.of_case(conn, case_id))]


async def test_C12_S12_who_steps_aside_sees_no_case_of_that_person_in_any_list_count_or_news(either: Office) -> None:
    aoki, baba = either.member("aoki", "青木"), either.member("baba")
    one, two = either.case("u1", topic="money"), either.case("u2", topic="ward", topics=["ward"])
    ref = either.head(one).ref
    async with either.browser(aoki) as browser, either.browser(baba) as colleague:
        assert "この件には関わりません" in (await browser.get(f"/console/cases/{one}")).text
        await browser.post(f"/console/cases/{one}/claim")
        answer = await browser.post(f"/console/cases/{one}/apart")
        assert (answer.status_code, answer.headers["location"]) == (303, "/console")
        assert either.head(one).holder is None, "the resident is back with the bot and not with somebody who is gone"
        for path in ("/console?folder=all", "/console?folder=unassigned", "/console?topic=money", "/console/pushes"):
            page = (await browser.get(path)).text
            assert ref not in page
            assert f"cases/{one}" not in page
        page = (await browser.get("/console?folder=all")).text
        assert either.head(two).ref in page
        assert "お金" not in page, "nor that there is anything of that kind"
        assert page.count('<span class="number">1<') == 3  # unassigned, all, and the one topic
        mine = await colleague.get("/console?folder=all")
        assert ref in mine.text
        assert mine.text.count('<span class="number">2<') == 2
        # The same person comes again, and the case is closed: still nothing.
        await colleague.post(f"/console/cases/{one}/close")
        again = either.case("u1", topic="money")
        for case_id in (one, again):
            assert (await browser.get(f"/console/cases/{case_id}")).status_code == 404
            assert (await browser.post(f"/console/cases/{case_id}/claim")).status_code == 404
        assert ref not in (await browser.get("/console?folder=closed")).text
        assert either.head(again).ref not in (await browser.get("/console?folder=all")).text
    assert ("apart", aoki) in _whats(either, one)
    assert ("refused", None) in _whats(either, again)


async def test_S12_open_pages_of_who_steps_aside_end_and_hear_nothing_of_it_any_more(office: Office) -> None:
    one, aoki, chief = office.case("u1"), office.member("aoki"), office.member("chief", role=Role.MANAGER)
    two, token = office.case("u2"), office.session(aoki)
    async with office.browser(chief) as browser:
        async with Listener(office.app, "/console/live", token) as ear:
            await ear.next()
            await browser.post(f"/console/cases/{one}/part", data={"who": str(aoki)})
            out = await ear.next()
            assert out is not None
            assert out.kind == "out"
        async with Listener(office.app, "/console/live", token) as ear:
            await ear.next()
            office.says(one, "だれにも言わないでください", "u1")
            office.says(two, "こんにちは", "u2")
            office.room.bell.ring()
            heard = await ear.next()
            assert heard is not None
            assert heard.data == {"kind": "said", "case": two}
            assert str(one) not in [str(value) for value in heard.data.values()]
        page = (await browser.get(f"/console/cases/{one}")).text
        assert "この件に関わらない人" in page
        assert office.head(one).ref in (await browser.get("/console/people")).text
        await browser.post(f"/console/cases/{one}/rejoin", data={"who": str(aoki)})
    async with office.browser(aoki) as browser:
        assert (await browser.get(f"/console/cases/{one}")).status_code == 200
    assert [("apart", aoki), ("rejoined", aoki)] == [row for row in _whats(office, one) if row[1]]


async def test_S12_it_follows_when_channels_are_joined_and_stays_when_the_person_is_forgotten(either: Office) -> None:
    one, aoki = either.case("u1"), either.member("aoki")
    async with either.browser(aoki) as browser:
        await browser.post(f"/console/cases/{one}/apart")
        other = either.case("u2", "telegram")
        assert (await browser.get(f"/console/cases/{other}")).status_code == 200
        person, keeper = either.head(one).person_id, either.head(other).person_id
        assert person is not None
        assert keeper is not None
        _become_one(either, person, keeper)
        assert (await browser.get(f"/console/cases/{other}")).status_code == 404
        either.write(lambda conn: people.forget(conn, keeper, either.clock()))
        assert (await browser.get(f"/console/cases/{one}")).status_code == 404


def _become_one(office: Office, person_id: int, keeper_id: int) -> None:
    """As far as it matters here: the contact of the one is the other's from now on."""
    statement = update(contact).where(contact.c.person_id == person_id).values(person_id=keeper_id)
    office.write(lambda conn: conn.execute(statement))


async def test_a_specialist_sees_only_what_they_were_asked_into_and_answers_there(either: Office) -> None:
    kato = either.member("kato", "加藤", Role.SPECIALIST)
    one, two = either.case("u1", mode=Mode.OPEN), either.case("u2")
    async with either.browser(either.member("aoki")) as browser, either.browser(kato) as theirs:
        page = (await theirs.get("/console?folder=all")).text
        assert either.head(one).ref not in page
        assert '<span class="number">1<' not in page
        assert "加藤" in (await browser.get(f"/console/cases/{one}")).text
        assert (await browser.post(f"/console/cases/{one}/ask", data={"who": str(kato)})).status_code == 303
        page = (await theirs.get("/console?folder=all")).text
        assert either.head(one).ref in page
        assert either.head(two).ref not in page
        assert (await theirs.post(f"/console/cases/{one}/claim")).status_code == 303
        data = {"text": "お答えします。", "key": key(), "seen": "0"}
        assert (await theirs.post(f"/console/cases/{one}/reply", data=data)).status_code == 303
        assert either.told(one) == ["お答えします。"]
        await theirs.post(f"/console/cases/{one}/release")
        await browser.post(f"/console/cases/{one}/unask", data={"who": str(kato)})
        assert (await theirs.get(f"/console/cases/{one}")).status_code == 404
        assert (await browser.post(f"/console/cases/{one}/ask", data={"who": "999"})).status_code == 404
    assert [row for row in _whats(either, one) if row[1]] == [("brought", kato), ("parted", kato)]


async def test_a_standing_is_said_once_and_gone_at_once(either: Office) -> None:
    head, aoki, now = either.head(either.case()), either.member("aoki"), either.clock()

    def put_and_drop(conn: Connection, kind: Kind) -> list[bool]:
        new = standings.New(kind, aoki, None)
        put = [standings.put(conn, new, head, now) for _ in range(2)]
        return [*put, *(standings.drop(conn, kind, head, aoki, now) for _ in range(2))]

    said = either.write(lambda conn: [put_and_drop(conn, kind) for kind in Kind])
    assert said == [[True, False, True, False]] * len(Kind)
    assert either.store.read(lambda conn: cases.counts(conn, aoki, either.clock())).open == 1
