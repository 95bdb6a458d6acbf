"""What a resident sent in every weather: slow, killed, taken back, forgotten, asked for by somebody else."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from bot.app import working
from bot.channels.doubles.faults import Refuse, Slow
from storage.staff import Role
from storage.things import State
from tests.clock import Clock
from tests.faults.living import HANAKO, Living, living
from tests.faults.showing import PDF, RECEIVED, asked, case_of, count, seen, send, settled

pytestmark = pytest.mark.anyio


async def test_S21_a_host_that_is_slow_or_gone_holds_up_nobody_and_is_asked_again(here: Living) -> None:
    here.line.faults.next("content", Refuse(500))
    here.line.faults.next("content", Slow(0.5), times=2)
    await send(here, "image")
    page, browser = await seen(here)
    await browser.aclose()
    assert "読み込み中です。" in page
    assert here.shown()[-1] == RECEIVED
    await asked(here, 1)
    here.clock.on(seconds=10)
    here.parts.fetcher.due.set()
    await settled(here, State.KEPT)


async def test_a_thing_that_never_comes_is_given_up_after_a_day(here: Living) -> None:
    here.line.faults.next("content", Refuse(500), times=50)
    await send(here, "image")
    await asked(here, 1)
    here.clock.on(days=1, seconds=10)
    here.parts.fetcher.due.set()
    [thing] = await settled(here, State.LOST)
    assert thing.why == "unreachable"


async def test_S01_killed_between_the_ack_and_the_fetch_it_is_taken_up_at_the_next_start(
    database_url: str, now: datetime
) -> None:
    async with living(database_url, Clock(now)) as of:
        await of.touch("同意する", "人と話したい")
        of.line.faults.next("content", Refuse(500), times=50)
        await send(of, "image")
        await asked(of, 1)
        [waiting] = await settled(of, State.WANTED)

        # As a process leaves it that was killed while it fetched.
        def die(conn: object) -> None:
            sql = "UPDATE thing SET state = 'fetching', lease_owner = 'dead', next_at = :later"
            later = now + timedelta(minutes=2)
            value = later.isoformat(" ", "microseconds") if of.parts.store.dialect == "sqlite" else later
            conn.execute(text(sql), {"later": value})  # type: ignore[attr-defined]

        await of.write(die)
        of.line.faults.clear()
        of.clock.on(minutes=3)  # on PostgreSQL others may live: there the lease must end
        async with working(of.parts):
            [thing] = await settled(of, State.KEPT)
    assert thing.id == waiting.id


async def test_P07_R07_taken_back_before_and_after_it_was_fetched(of: Living) -> None:
    first = await send(of, "image")
    [thing] = await settled(of, State.KEPT)
    of.line.faults.next("content", Slow(0.3))
    second = await send(of, "image")
    page, browser = await seen(of)
    for number in (first, second):
        of.clock.on(seconds=2)
        await of.line.unsend(HANAKO, number)
    await of.quiet()
    await of.parts.fetcher.idle()
    address = f"/console/cases/{await case_of(of)}"
    gone = await browser.get(f"{address}/things/{thing.id}")
    after = await browser.get(address)
    await browser.aclose()
    assert f"{address}/things/{thing.id}" in page
    assert (gone.status_code, after.text.count("取り消されました")) == (404, 2)
    assert "/things/" not in after.text
    assert (await count(of, "thing"), await count(of, "thing_part")) == (0, 0)


async def test_P08_P13_C30_forgotten_while_it_is_fetched(of: Living) -> None:
    await send(of, "file", PDF)
    [thing] = await settled(of, State.KEPT)
    case_id = await case_of(of)
    of.line.faults.next("content", Slow(0.5))
    await send(of, "image")
    await of.say("消して")
    await of.touch("すべて消す")
    await of.parts.fetcher.idle()
    assert await of.person() is None
    assert (await count(of, "thing"), await count(of, "thing_part")) == (0, 0)
    browser = await of.signed_in(await of.member("sato"))
    assert (await browser.get(f"/console/cases/{case_id}/things/{thing.id}")).status_code == 404
    await browser.aclose()


async def test_C10_C11_C30_who_may_not_see_the_case_is_not_handed_its_files(here: Living) -> None:
    await send(here, "file", PDF)
    [thing] = await settled(here, State.KEPT)
    case_id = await case_of(here)
    address = f"/console/cases/{case_id}/things/{thing.id}"

    def reader(conn: object) -> str:
        from storage import staff

        number = staff.add(conn, "ken", "Ken", Role.COMMITTEE, here.clock())  # type: ignore[arg-type]
        return str(staff.start_session(conn, number or 0, here.clock(), timedelta(hours=1)))  # type: ignore[arg-type]

    token = await here.write(reader)
    async with here.browser() as browser:
        assert (await browser.get(address)).status_code == 303  # to sign in
        browser.cookies.set("nakodo", token)
        assert (await browser.get(address)).status_code == 404
    _, browser = await seen(here)
    for path in (
        f"/console/cases/{case_id + 1}/things/{thing.id}",
        f"/console/cases/{case_id}/things/0",
        address + "0",
    ):
        assert (await browser.get(path)).status_code == 404
    await browser.post("/logout")
    browser.cookies.clear()
    assert (await browser.get(address)).status_code == 303
    await browser.aclose()


async def test_L09_a_range_costs_no_more_than_the_file(here: Living) -> None:
    await send(here, "file", PDF)
    [thing] = await settled(here, State.KEPT)
    _, browser = await seen(here)
    ranges = "bytes=" + "0-," * 900 + "0-"
    answer = await browser.get(f"/console/cases/{await case_of(here)}/things/{thing.id}", headers={"range": ranges})
    await browser.aclose()
    assert (answer.status_code, answer.content) == (200, PDF)


async def test_P14_the_person_is_told_how_many_there_are(here: Living) -> None:
    await send(here, "image")
    await settled(here, State.KEPT)
    assert "写真やファイルなど:1件" in (await here.say("何を持っていますか"))[0]


async def test_P21_nothing_of_it_is_logged(here: Living, capfd: pytest.CaptureFixture[str]) -> None:
    await send(here, "file", PDF, fileName="CANARY.pdf")
    await send(here, "file", b"MZCANARY", fileName="CANARY.exe")
    await settled(here, State.KEPT, State.LOST)
    said = capfd.readouterr()
    assert "CANARY" not in said.out + said.err
