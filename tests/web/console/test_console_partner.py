"""A partner outside the centre: one case, for a time, by a link and a number, and never a step further."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from httpx2 import Response
from sqlalchemy import Connection, text

from dialogs.heard import Tapped, Typed
from storage import audit, cases, feed, news, partners, people, talk
from storage.calls import called
from storage.cases import State
from tests.web.console.meetings import says as hears
from tests.web.console.office import Office, at_once, key

pytestmark = pytest.mark.anyio
ROWS = [
    ["trouble", "困りごと", "区との協働"],
    ["phone", "電話番号", "03-5555-1234"],
    ["calling", "お名前", "山田さくら"],
    ["story", "相談の内容", "公園の使い方を区と話したいです。"],
]
WISH = {"name": "公園課 田中", "purpose": "使用の条件を聞く", "scope": "answers", "consent": "asked", "days": "7"}


def shared_case(office: Office, member: int, address: str = "u1") -> int:
    """A case with answers and words, held by this member."""
    case_id = office.case(address, rows=ROWS)
    office.write(lambda conn: cases.claim(conn, case_id, member, office.clock()))
    office.says(case_id, "やりとりの中身です。", address)
    return case_id


async def made(office: Office, member: int, case_id: int, **other: str) -> tuple[str, str]:
    """The path of a new link, and its number."""
    async with office.browser(member) as browser:
        answer = await browser.post(f"/console/cases/{case_id}/share", data=WISH | other)
    assert answer.status_code == 200, answer.text
    link = re.search(r'id="link">(\S+?)</p>', answer.text)
    code = re.search(r'id="code"><strong>([\d ]+)</strong>', answer.text)
    assert link is not None
    assert code is not None
    return "/" + link[1].split("/", 3)[3], code[1]


async def opened(office: Office, path: str, code: str) -> tuple[Response, Response]:
    """What the door answers to the number, and what it then leads to, on a device of its own."""
    async with office.browser() as browser:
        entered = await browser.post(path, data={"code": code})
        return entered, await browser.get(entered.headers.get("location", path))


def reads(office: Office, case_id: int) -> list[str]:
    return [one.what for one in office.store.read(lambda conn: audit.of_case(conn, case_id)) if one.what == "partner"]


async def test_a_partner_reads_what_was_chosen_and_answers_the_coordinators_alone(either: Office) -> None:
    aoki = either.member("aoki", "青木")
    case_id = shared_case(either, aoki)
    path, code = await made(either, aoki, case_id)
    assert either.head(case_id).state is State.WAITING_PARTNER
    async with either.browser() as browser:
        assert "公園の使い方" not in (await browser.get(path)).text
        entered = await browser.post(path, data={"code": code})
        at = entered.headers["location"]
        page = await browser.get(at)
        shown = unescape(page.text)
        assert "公園の使い方を区と話したいです。" in shown
        assert "使用の条件を聞く" in shown
        assert not [
            one for one in ("03-5555-1234", "山田", "やりとりの中身", "/console/", '/console"', "/me") if one in shown
        ]
        assert (page.headers["cache-control"], "noindex" in page.headers["x-robots-tag"]) == ("no-store", True)
        assert page.text.count("<a ") == 1  # the jump to its own words
        form = {"text": "火は使えません。<script>alert(1)</script>", "key": key()}
        answers = await at_once(*(browser.post(at, data=form) for _ in range(3)))
        assert [one.status_code for one in answers] == [303] * 3
        assert (await browser.post(at, data={"text": " ", "key": key()})).status_code == 422
    said = either.store.read(lambda conn: talk.of_case(conn, either.store.vault, case_id))
    assert "火は使えません" not in str([one.body for one in said])
    assert either.head(case_id).state is State.CLAIMED
    assert [one.kind for one in either.store.read(lambda conn: news.unseen(conn, aoki))] == [news.Kind.PARTNER]
    async with either.browser(aoki) as browser:
        case_page = (await browser.get(f"/console/cases/{case_id}")).text
    assert case_page.count("火は使えません。") == 1
    assert "<script>alert" not in case_page
    assert "読んだ記録 2回" in case_page
    assert reads(either, case_id) == ["partner", "partner"]
    assert either.steps(case_id).count("partner_said") == 1


async def test_the_talk_is_shown_where_that_was_chosen(office: Office) -> None:
    aoki = office.member("aoki")
    case_id = shared_case(office, aoki)
    _, page = await opened(office, *await made(office, aoki, case_id, scope="talk"))
    assert "やりとりの中身です。" in page.text


async def test_C07_a_link_and_its_number_open_one_device_once_and_only_hashes_are_kept(either: Office) -> None:
    aoki = either.member("aoki")
    case_id = shared_case(either, aoki)
    path, code = await made(either, aoki, case_id)
    async with either.browser() as one, either.browser() as other, either.browser() as third:
        answers = await at_once(*(who.post(path, data={"code": code}) for who in (one, other, third)))
        assert sorted(answer.status_code for answer in answers) == [303, 404, 404]
        at = next(answer.headers["location"] for answer in answers if answer.status_code == 303)
        found = [(await who.get(at)).status_code for who in (one, other, third)]
        assert sorted(found) == [200, 404, 404]
        assert (await third.get(path)).headers.get("location") == at  # the page of the device that has it
    token = path.rpartition("/")[2]

    def kept(conn: Connection) -> str:
        return str(conn.execute(text("SELECT * FROM partner")).all())

    rows = either.store.read(kept)
    assert not [one for one in (token, code, code.replace(" ", ""), "公園課", "使用の条件") if one in rows]


def _over(office: Office, case_id: int) -> None:
    office.clock.now += timedelta(days=8)


def _revoked(office: Office, case_id: int) -> None:
    office.write(lambda conn: partners.revoke(conn, case_id, 1, office.clock()))


def _closed(office: Office, case_id: int) -> None:
    by = cases.By(cases.Who.SYSTEM)
    office.write(lambda conn: cases.close(conn, case_id, by, office.clock()))


def _withdrawn(office: Office, case_id: int) -> None:
    office.clock.now += timedelta(minutes=1)
    change = feed.Change(office.clock(), "consent_withdrawn", case_id)
    office.write(lambda conn: called(conn, change))


def _forgotten(office: Office, case_id: int) -> None:
    whose = office.head(case_id).person_id or 0
    office.write(lambda conn: people.forget(conn, whose, office.clock()))


@pytest.mark.parametrize("shut", [_over, _revoked, _closed, _withdrawn, _forgotten])
async def test_C07_C09_what_is_over_is_shut_at_once_on_an_open_page_and_at_the_door(
    either: Office, shut: Callable[[Office, int], None]
) -> None:
    aoki = either.member("aoki")
    case_id = shared_case(either, aoki)
    first, second = [await made(either, aoki, case_id) for _ in range(2)]
    async with either.browser() as browser:
        at = (await browser.post(first[0], data={"code": first[1]})).headers["location"]
        assert (await browser.get(at)).status_code == 200
        shut(either, case_id)
        if shut is _revoked:
            either.write(lambda conn: partners.revoke(conn, case_id, 2, either.clock()))
        before = reads(either, case_id)
        assert (await browser.get(at)).status_code == 404
        assert (await browser.post(at, data={"text": "まだ?", "key": key()})).status_code == 404
        assert [(await browser.get(one[0])).status_code for one in (first, second)] == [404, 404]
        assert (await browser.post(second[0], data={"code": second[1]})).status_code == 404
    assert reads(either, case_id) == before


async def test_C08_guessing_the_number_is_slowed_and_the_link_alone_opens_nothing(office: Office) -> None:
    aoki = office.member("aoki")
    case_id = shared_case(office, aoki)
    path, code = await made(office, aoki, case_id)
    async with office.browser() as browser:
        tried = [(await browser.post(path, data={"code": f"{n:08}"})).status_code for n in range(8)]
        assert tried == [422] * 5 + [429] * 3
        assert (await browser.post(path, data={"code": code})).status_code == 429
        office.clock.now += timedelta(minutes=16)
        for wrong in ("", "x", "１２３", code[:-1]):
            assert (await browser.post(path, data={"code": wrong})).status_code == 422
        assert (await browser.post(path, data={"code": code})).status_code == 303
        assert (await browser.post("/partner/" + "x" * 43, data={"code": code})).status_code == 404


async def test_C11_the_key_of_one_case_opens_no_other(office: Office) -> None:
    aoki = office.member("aoki")
    mine, other = shared_case(office, aoki), shared_case(office, aoki, "u2")
    keys = [await made(office, aoki, one) for one in (mine, other)]
    async with office.browser() as browser:
        assert (await browser.post(keys[0][0], data={"code": keys[1][1]})).status_code == 422
        at = (await browser.post(keys[0][0], data={"code": keys[0][1]})).headers["location"]
        there = (await browser.get(keys[1][0])).text
        assert "区と話したい" not in there
        answer = await browser.post(at, data={"text": "こちらへ", "key": key(), "case_id": str(other), "partner": "2"})
        assert answer.status_code == 303
        near = at[:-1] + ("1" if at.endswith("0") else "0")
        for path in (f"/console/cases/{mine}", near, f"/partner/at/{mine}", "/partner/at/../../console"):
            assert (await browser.get(path)).status_code in {303, 404}
    said = office.store.read(lambda conn: partners.deeds(conn, office.store.vault, other))
    assert said == []
    async with office.browser(aoki) as browser:  # nor does its number shut another's
        await browser.post(f"/console/cases/{mine}/unshare", data={"partner": "2"})
        page = (await browser.get(f"/console/cases/{other}")).text
    assert "いま閉じる" in page


async def test_nothing_is_shown_to_anybody_without_the_residents_consent(office: Office) -> None:
    aoki, baba = office.member("aoki"), office.member("baba")
    case_id = shared_case(office, aoki)
    path = f"/console/cases/{case_id}/share"
    wrongs = [{"consent": ""}, {"consent": "form"}, {"scope": "all"}, {"name": " "}, {"purpose": ""}, {"days": "365"}]
    async with office.browser(aoki) as browser:
        for wrong in wrongs:
            answer = await browser.post(path, data=WISH | wrong)
            assert (answer.status_code, "公園課 田中" in answer.text or "name" in wrong) == (409, True), wrong
    async with office.browser(baba) as browser:
        assert (await browser.post(path, data=WISH)).status_code == 409
    assert office.store.read(lambda conn: partners.of_case(conn, office.store.vault, case_id)) == []
    agreed = office.case("u3", record={"share": ["ward"]})
    office.write(lambda conn: cases.claim(conn, agreed, aoki, office.clock()))
    await made(office, aoki, agreed, consent="form")


async def dead(office: Office, *doors: str) -> bool:
    """Whether none of these links opens."""
    async with office.browser() as browser:
        return [(await browser.get(one)).status_code for one in doors] == [404] * len(doors)


async def test_C09_consent_taken_back_shuts_the_links_to_every_case_of_the_person_for_good(either: Office) -> None:
    aoki = either.member("aoki")
    for tap in ("m:menu", "m:consent"):
        hears(either, Tapped(tap))
    mine, beside = shared_case(either, aoki), shared_case(either, aoki)
    doors = [(await made(either, aoki, one))[0] for one in (mine, beside)]
    either.clock.now += timedelta(minutes=1)
    hears(either, Typed("同意しない"))
    assert await dead(either, *doors)


async def test_a_case_that_is_taken_up_again_is_not_open_to_the_partner_of_before(either: Office) -> None:
    aoki = either.member("aoki")
    case_id = shared_case(either, aoki)
    door, _ = await made(either, aoki, case_id)
    either.clock.now += timedelta(minutes=1)
    async with either.browser(aoki) as browser:
        await browser.post(f"/console/cases/{case_id}/close")
        either.clock.now += timedelta(minutes=1)
        assert (await browser.post(f"/console/cases/{case_id}/reopen")).status_code == 303
        assert either.head(case_id).closed_at is None
        assert await dead(either, door)
        assert "いま閉じる" not in (await browser.get(f"/console/cases/{case_id}")).text
