"""The private page of somebody on LINE where a LINE Login channel is set: LINE says who they are, or nothing opens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.channels.doubles.faults import Fault, Refuse, Reset
from bot.channels.doubles.line.login import LOGIN_ID, LOGIN_SECRET
from bot.channels.doubles.line.platform import user_id
from bot.mind import Mind
from dialogs.heard import Tapped, Typed
from storage.pages import Purpose
from tests.web.line_town import BACK, TARO, Town, beside_line, let_in

pytestmark = pytest.mark.anyio


@pytest.fixture
async def town(database_url: str, mind: Mind, now: datetime) -> AsyncIterator[Town]:
    """Both at work, once on each database."""
    async with beside_line(database_url, mind, now) as both:
        yield both


async def test_whom_line_names_is_let_in(town: Town) -> None:
    async with town.place.device() as device:
        door = await device.get(town.path)
        assert f'href="{town.path}/line"' in door.text
        assert "<form" not in door.text
        got = await town.through(device)
        assert (got.status_code, let_in(got)) == (303, True)
        assert (await device.get(got.headers["location"])).status_code == 200
    assert [call.status for call in town.line.ledger.of("login")] == [200, 302, 200, 200]


async def test_P06_a_forwarded_link_is_of_no_use_to_another_user_of_line(town: Town) -> None:
    await town.place.hears(TARO, Typed("こんにちは"))
    async with town.place.device() as theirs, town.place.device() as hers:
        for user in (TARO, user_id("nobody we know")):
            assert await town.shut(await town.through(theirs, user))
        assert let_in(await town.through(hers))


async def test_P06_the_link_alone_opens_nothing(town: Town) -> None:
    forged: tuple[dict[str, str], ...] = (
        {"ticket": "9999999999." + "0" * 32},
        {"ticket": "x"},
        {"ticket": "９９.ａ"},
        {},
    )
    async with town.place.device() as device:
        for form in forged:
            got = await device.post(town.path, data=form)
            assert (got.status_code, got.headers["location"]) == (303, town.path)
    assert await town.unused()


async def test_previews_use_nothing_up_on_the_way_to_line(town: Town) -> None:
    async with town.place.device() as preview:
        for _ in range(2):
            await town.away(preview)
            await preview.head(f"{town.path}/line")
    assert await town.unused()


async def test_line_is_asked_for_no_more_than_who_it_is(town: Town) -> None:
    async with town.place.device() as device:
        first, second = [parse_qs(urlsplit(await town.away(device)).query) for _ in range(2)]
    assert (first["scope"], first["redirect_uri"], first["client_id"]) == (["openid"], [BACK], [LOGIN_ID])
    assert first["code_challenge_method"] == ["S256"]
    for drawn in ("state", "nonce", "code_challenge"):
        assert first[drawn] != second[drawn]
    assert town.path[3:] not in str(first)  # LINE never learns the link
    assert LOGIN_SECRET not in str(first)


DOWN: dict[str, Fault] = {"failing": Refuse(500), "gone": Reset(accepted=False)}


@pytest.mark.parametrize("fault", DOWN.values(), ids=DOWN)
async def test_while_line_is_down_the_link_is_enough(town: Town, fault: Fault) -> None:
    async with town.place.device() as device:
        back = await town.agreed(await town.away(device))
        town.line.faults.next("login", fault)
        door = await device.get(back)
        assert door.status_code == 200
        assert "いま、LINEで確かめられません" in door.text
        ticket = door.text.partition('name="ticket" value="')[2].partition('"')[0]
        assert let_in(await device.post(town.path, data={"init": "", "ticket": ticket}))


async def test_while_lines_own_page_is_down_nobody_is_sent_there(town: Town) -> None:
    town.line.faults.next("login", Refuse(503))
    async with town.place.device() as device:
        door = await device.get(f"{town.path}/line")
    assert (door.status_code, 'name="ticket"' in door.text) == (200, True)
    assert await town.unused()


async def test_a_ticket_is_for_one_link_and_ten_minutes(town: Town) -> None:
    person = await town.place.hears(TARO, Typed("こんにちは"), Tapped("m:consent"))
    other = await town.place.link(person, Purpose.ANSWER, "line")
    town.line.faults.next("login", Refuse(503))
    async with town.place.device() as device:
        door = await device.get(f"{town.path}/line")
        form = {"ticket": door.text.partition('name="ticket" value="')[2].partition('"')[0]}
        assert (await device.post(other, data=form)).headers["location"] == other
        town.place.clock.on(minutes=10, seconds=1)
        assert (await device.post(town.path, data=form)).headers["location"] == town.path
    assert await town.unused()


async def test_where_line_only_asks_for_patience_nobody_slips_in(town: Town) -> None:
    """Whoever can make LINE say 429 by many calls must gain nothing by it."""
    async with town.place.device() as device:
        back = await town.agreed(await town.away(device))
        town.line.faults.next("login", Refuse(429))
        assert await town.shut(await device.get(back))


async def test_a_link_that_was_given_elsewhere_needs_no_line(town: Town) -> None:
    person = await town.place.hears("4711", Typed("こんにちは"), Tapped("m:consent"), channel="telegram")
    path = await town.place.link(person, Purpose.ANSWER, "telegram")
    async with town.place.device() as device:
        assert (await device.get(f"{path}/line")).headers["location"] == path
        assert "<form" in (await device.get(path)).text
        assert let_in(await device.post(path))


@pytest.mark.parametrize("path", ["/p/unknown/line", "/p/%2F%2Fevil.example/line", "/p/%5C%5Cevil.example/line"])
async def test_a_made_up_link_leads_nowhere_else(town: Town, path: str) -> None:
    async with town.place.device() as device:
        got = await device.get(path, params={"next": "https://evil.example", "redirect_uri": "https://evil.example"})
        assert got.status_code in (303, 404)
        assert "evil" not in got.headers.get("location", "")
