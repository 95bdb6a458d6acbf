"""The stream behind open consoles: nothing missed over a lost connection, nothing doubled, nothing said out loud."""

from __future__ import annotations

import asyncio

import pytest

from storage import feed, staff
from tests.web.console.listener import Heard, Listener
from tests.web.console.office import Office

pytestmark = pytest.mark.anyio


def _kind(heard: Heard | None) -> tuple[str, int]:
    assert heard is not None
    return str(heard.data.get("kind", heard.kind)), int(heard.data.get("case", 0))


async def test_R01_after_a_gap_everything_missed_comes_in_order_and_nothing_twice(either: Office) -> None:
    token = either.session(either.member("aoki"))
    first = either.case("u1")
    cursor = either.store.read(feed.newest)
    async with Listener(either.app, f"/console/live?after={cursor}", token) as ear:
        assert _kind(await ear.next()) == ("hello", 0)
        either.says(first, "もしもし")
        heard = await ear.next()
        assert _kind(heard) == ("said", first)
    assert heard is not None
    # The line is cut; meanwhile the world goes on, and a colleague answers.
    async with either.browser(either.member("baba")) as colleague:
        second = either.case("u2")
        await colleague.post(f"/console/cases/{first}/claim")
        either.says(first, "まだいますか")
        await colleague.post(f"/console/cases/{first}/release")
    written = either.store.read(lambda conn: feed.since(conn, int(heard.id)))
    missed = [(change.kind, change.case_id) for change in written if change.case_id is not None]
    assert missed[0] == ("opened", second)
    assert {"claimed", "said", "released"} <= {kind for kind, case_id in missed if case_id == first}
    async with Listener(either.app, f"/console/live?after={cursor}", token, last=heard.id) as ear:
        told = [_kind(await ear.next()) for _ in range(len(missed) + 1)]
        assert await ear.quiet()
    assert told == [("hello", 0), *missed]
    ids = [line for line in ear.raw.splitlines() if line.startswith("id: ")]
    assert len(ids) == len(set(ids))


async def test_a_change_arrives_with_the_ring_and_not_only_at_the_next_look(office: Office) -> None:
    token = office.session(office.member("aoki"))
    async with Listener(office.app, "/console/live", token) as ear:
        await ear.next()
        case_id = office.case()
        office.room.bell.ring()
        assert _kind(await ear.next(0.5)) == ("opened", case_id)


async def test_R13_a_change_arrives_without_a_ring_too_because_another_server_may_have_made_it(office: Office) -> None:
    token = office.session(office.member("aoki"))
    async with Listener(office.app, "/console/live", token) as ear:
        await ear.next()
        case_id = office.case()
        assert _kind(await ear.next(2)) == ("opened", case_id)


async def test_C09_the_stream_ends_when_the_session_does(office: Office) -> None:
    aoki = office.member("aoki")
    for end in ("left", "new password", "logged out"):
        office.write(lambda conn: staff.set_active(conn, aoki, active=True))
        token = office.session(aoki)
        async with Listener(office.app, "/console/live", token) as ear:
            assert _kind(await ear.next()) == ("hello", 0)
            match end:
                case "left":
                    office.write(lambda conn: staff.set_active(conn, aoki, active=False))
                case "new password":
                    office.write(lambda conn: staff.set_password(conn, aoki, "hash"))
                case _:
                    async with office.browser() as browser:
                        browser.cookies.set("nakodo", token)
                        await browser.post("/logout")
            assert _kind(await ear.next()) == ("out", 0)
            assert await ear.next() is None


async def test_C02_the_stream_tells_that_something_changed_and_never_what(office: Office) -> None:
    token = office.session(office.member("aoki"))
    case_id = office.case(rows=[["story", "相談", "カナリアの名前"]])
    async with Listener(office.app, "/console/live?after=0", token) as ear:
        await ear.next()
        office.says(case_id, "<script>カナリアの言葉</script>")
        office.room.bell.ring()
        assert [_kind(await ear.next()) for _ in range(2)] == [("opened", case_id), ("said", case_id)]
    assert "カナリア" not in ear.raw
    assert "script" not in ear.raw


async def test_R09_who_is_not_signed_in_hears_nothing(office: Office) -> None:
    office.case()
    async with Listener(office.app, "/console/live?after=0", "made up") as ear:
        assert await ear.next() is None
    assert (ear.status, ear.raw) == (303, "")


@pytest.mark.parametrize("cursor", ["", "-1", "x", "１２", "9" * 60, "1e9"])
async def test_a_cursor_nobody_gave_out_means_from_now_on(office: Office, cursor: str) -> None:
    office.case()
    token = office.session(office.member("aoki"))
    async with Listener(office.app, f"/console/live?after={cursor}", token) as ear:
        hello = await ear.next()
        assert hello is not None
        assert int(hello.id) == office.store.read(feed.newest)
        assert await ear.quiet()


async def test_forty_consoles_hear_the_same(office: Office) -> None:
    token = office.session(office.member("aoki"))
    ears = [Listener(office.app, "/console/live", token) for _ in range(40)]
    await asyncio.gather(*(ear.__aenter__() for ear in ears))
    await asyncio.gather(*(ear.next() for ear in ears))
    case_id = office.case()
    office.room.bell.ring()
    heard = await asyncio.gather(*(ear.next() for ear in ears))
    await asyncio.gather(*(ear.__aexit__(None, None, None) for ear in ears))
    assert {_kind(one) for one in heard} == {("opened", case_id)}
