"""Second thoughts: what is sent or ended waits a moment, can be taken back anywhere, and happens once or not at all."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import httpx2
import pytest

from bot.due import Due
from bot.mind import Mind
from storage import Store, cases, staff, talk, timed
from storage.casefile import Mode
from storage.staff import Role
from tests.clock import Clock
from tests.web.console.conftest import settings_of
from tests.web.console.office import Office, at_once, key, seen

pytestmark = pytest.mark.anyio
TEXT = "あした10時にお待ちしています"
SECOND = timedelta(seconds=1)


@pytest.fixture
def slow(store: Store, mind: Mind, now: object) -> Office:
    """A centre with ten seconds for second thoughts, on each database."""
    return Office(store, Clock(now), mind, settings_of(undo_seconds=10))  # type: ignore[arg-type]


def due(office: Office) -> Due:
    return Due(office.store, office.room.desk, office.clock)


async def held(office: Office, member: int) -> int:
    """A case that this member holds."""
    case_id = office.case(mode=Mode.OPEN)
    office.write(lambda conn: cases.claim(conn, case_id, member, office.clock()))
    return case_id


async def send(browser: httpx2.AsyncClient, case_id: int, text: str = TEXT, **more: str) -> httpx2.Response:
    page = (await browser.get(f"/console/cases/{case_id}")).text
    form = {"text": text, "key": key(), "seen": seen(page)} | more
    return await browser.post(f"/console/cases/{case_id}/reply", data=form, follow_redirects=True)


def number_in(page: str) -> str:
    found = re.search(r'name="timed" value="(\d+)"', page)
    assert found, "there is a button that takes it back"
    return found[1]


async def test_a_reply_waits_ten_seconds_and_then_leaves_once(slow: Office) -> None:
    aoki = slow.member("aoki")
    case_id = await held(slow, aoki)
    async with slow.browser(aoki) as browser:
        page = (await send(browser, case_id)).text
    assert 'role="status"' in page
    assert "まもなく送ります" in page
    assert 'data-left="10.0"' in page
    slow.clock.now += 9 * SECOND
    assert (await due(slow).look(), slow.told(case_id)) == (0, [])
    slow.clock.now += SECOND
    assert sorted(await asyncio.gather(*(due(slow).look() for _ in range(3)))) == [0, 0, 1]
    assert slow.told(case_id) == [TEXT]


async def test_taken_back_on_another_server_it_never_leaves_and_its_words_are_in_the_box_again(slow: Office) -> None:
    aoki = slow.member("aoki")
    case_id = await held(slow, aoki)
    other = Office(slow.store, slow.clock, slow.mind, slow.settings)
    async with slow.browser(aoki) as browser, other.browser(aoki) as second:
        number = number_in((await send(browser, case_id)).text)
        back = await second.post(f"/console/cases/{case_id}/untimed", data={"timed": number})
    assert re.search(rf"<textarea[^>]*>\n?{TEXT}</textarea>", back.text)
    slow.clock.now += 60 * SECOND
    assert (await due(slow).look(), slow.told(case_id)) == (0, [])


async def test_C32_the_moment_and_the_taking_back_at_once_send_or_give_back_never_both(slow: Office) -> None:
    aoki = slow.member("aoki")
    case_id = await held(slow, aoki)
    async with slow.browser(aoki) as browser:
        for turn in range(6):
            number = number_in((await send(browser, case_id, f"{turn}")).text)
            slow.clock.now += 10 * SECOND
            back, left = await at_once(
                browser.post(f"/console/cases/{case_id}/untimed", data={"timed": number}), due(slow).look()
            )
            sent = slow.told(case_id).count(f"{turn}")
            assert (left, back.status_code) in {(1, 409), (0, 200)}
            assert sent == left


async def test_C35_a_double_press_is_one_reply(slow: Office) -> None:
    aoki = slow.member("aoki")
    case_id = await held(slow, aoki)
    async with slow.browser(aoki) as browser:
        same = key()
        await at_once(*(send(browser, case_id, key=same) for _ in range(3)))
    slow.clock.now += 10 * SECOND
    await due(slow).look()
    assert slow.told(case_id) == [TEXT]


async def test_words_of_the_resident_meanwhile_hold_up_no_reply_that_was_sent(slow: Office) -> None:
    aoki = slow.member("aoki")
    case_id = await held(slow, aoki)
    async with slow.browser(aoki) as browser:
        await send(browser, case_id)
    slow.says(case_id, "もう一つあります")
    slow.clock.now += 10 * SECOND
    assert (await due(slow).look(), slow.told(case_id)) == (1, [TEXT])


async def test_whoever_goes_on_with_the_case_sends_first_what_was_sent_first(slow: Office) -> None:
    aoki = slow.member("aoki")
    case_id = await held(slow, aoki)
    async with slow.browser(aoki) as browser:
        await send(browser, case_id)
        await browser.post(f"/console/cases/{case_id}/release")
    assert slow.told(case_id) == [TEXT]
    assert slow.head(case_id).holder is None


async def test_a_case_ends_ten_seconds_later_and_not_at_all_once_taken_back(slow: Office) -> None:
    aoki = slow.member("aoki")
    case_id = await held(slow, aoki)
    close = f"/console/cases/{case_id}/close"
    async with slow.browser(aoki) as browser:
        await browser.post(close)
        page = (await browser.post(close, follow_redirects=True)).text  # pressed twice
        assert "まだ終了していません" in page
        await browser.post(f"/console/cases/{case_id}/untimed", data={"timed": number_in(page)})
        slow.clock.now += 20 * SECOND
        assert (await due(slow).look(), slow.head(case_id).closed_at) == (0, None)
        await browser.post(close)
    slow.clock.now += 10 * SECOND
    assert await due(slow).look() == 1
    assert slow.head(case_id).closed_at == slow.clock()
    assert slow.steps(case_id).count("closed") == 1


async def test_a_case_in_which_somebody_wrote_meanwhile_does_not_end_unread(slow: Office) -> None:
    aoki = slow.member("aoki")
    case_id = await held(slow, aoki)
    async with slow.browser(aoki) as browser:
        await browser.post(f"/console/cases/{case_id}/close")
        slow.says(case_id, "まだあります")
        slow.clock.now += 10 * SECOND
        assert (await due(slow).look(), slow.head(case_id).closed_at) == (0, None)
        assert "終了しませんでした" in (await browser.get(f"/console/cases/{case_id}")).text


async def test_a_reply_goes_before_the_end_that_was_pressed_after_it(slow: Office) -> None:
    aoki = slow.member("aoki")
    case_id = await held(slow, aoki)
    async with slow.browser(aoki) as browser:
        await send(browser, case_id)
        await browser.post(f"/console/cases/{case_id}/close")
    slow.clock.now += 10 * SECOND
    assert await due(slow).look() == 2
    assert (slow.told(case_id), slow.head(case_id).closed_at) == ([TEXT], slow.clock())


async def test_a_coordinator_may_switch_second_thoughts_off_for_themselves(slow: Office) -> None:
    aoki, baba = slow.member("aoki"), slow.member("baba")
    case_id = await held(slow, aoki)
    async with slow.browser(aoki) as browser:
        assert (await browser.post("/me/undo", data={"seconds": "7"})).status_code == 422
        assert (await browser.post("/me/undo", data={"seconds": "0"})).status_code == 303
        await send(browser, case_id)
    assert slow.told(case_id) == [TEXT]
    other = slow.case("u2", mode=Mode.OPEN)
    slow.write(lambda conn: cases.claim(conn, other, baba, slow.clock()))
    async with slow.browser(baba) as browser:
        await send(browser, other)
    assert slow.told(other) == []
    assert len(slow.store.read(lambda conn: timed.of_case(conn, slow.store.vault, other))) == 1


@pytest.mark.parametrize("deed", ["release", "wait", "pass"])
async def test_a_colleague_who_presses_something_takes_nobody_elses_second_thoughts_away(
    slow: Office, deed: str
) -> None:
    aoki, baba, kato = slow.member("aoki"), slow.member("baba"), slow.member("kato", role=Role.SPECIALIST)
    case_id = await held(slow, aoki)
    async with slow.browser(aoki) as browser:
        number = number_in((await send(browser, case_id)).text)
        for other in (baba, kato):
            async with slow.browser(other) as second:
                form = {"for": "person", "to": str(baba), "text": "", "key": key()}
                await second.post(f"/console/cases/{case_id}/{deed}", data=form)
        assert slow.told(case_id) == []
        await browser.post(f"/console/cases/{case_id}/untimed", data={"timed": number})
    slow.clock.now += 60 * SECOND
    assert (await due(slow).look(), slow.told(case_id)) == (0, [])


async def bulk(browser: httpx2.AsyncClient, case_id: int, deed: str, to: int) -> None:
    form = {"deed": deed, "case": str(case_id), "to": str(to), "key": key()}
    await browser.post("/console/bulk/do", data=form)


@pytest.mark.parametrize("deed", ["close", "give"])
async def test_what_was_sent_leaves_before_many_cases_are_closed_or_given_away_at_once(slow: Office, deed: str) -> None:
    aoki, baba = slow.member("aoki"), slow.member("baba")
    case_id = await held(slow, aoki)
    async with slow.browser(aoki) as browser:
        await send(browser, case_id)
        await bulk(browser, case_id, deed, baba)
    assert slow.told(case_id) == [TEXT]
    assert slow.head(case_id).holder == (baba if deed == "give" else None)


async def test_what_was_sent_is_told_before_what_the_same_person_does_next(slow: Office) -> None:
    aoki = slow.member("aoki")
    case_id = await held(slow, aoki)
    slow.says(case_id, "ひとつめ")
    day = (slow.clock() + timedelta(days=3)).date().isoformat()
    when = {"day": day, "hour": "14:00", "minutes": "60", "way": "desk", "place": "", "whom": str(aoki)}
    async with slow.browser(aoki) as browser:
        await send(browser, case_id)
        await browser.post(f"/console/cases/{case_id}/appoint", data=when | {"key": key()})
    said = slow.store.read(lambda conn: talk.of_case(conn, slow.store.vault, case_id))
    assert [one.author.value for one in said] == ["person", "staff", "bot"]


async def test_what_was_written_in_the_group_comes_after_what_was_sent_in_the_console(slow: Office) -> None:
    aoki = slow.member("aoki")
    case_id = await held(slow, aoki)
    member = slow.store.read(lambda conn: staff.get(conn, aoki))
    assert member is not None
    async with slow.browser(aoki) as browser:
        await send(browser, case_id)
    await slow.room.desk.reply(case_id, member, "つづきです", "telegram:1")
    assert slow.told(case_id) == [TEXT, "つづきです"]
