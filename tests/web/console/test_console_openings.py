"""How often links of a broadcast were opened: as a sum on its page, from a door that leads only where it may."""

from __future__ import annotations

import html
import re

import httpx2
import pytest
from sqlalchemy import Connection

from storage import broadcasts, openings
from tests.web.console.office import Office
from tests.web.console.test_console_broadcasts import SURE, do, form, newest, ready

pytestmark = pytest.mark.anyio
PAGE, MORE = "https://www.city.taito.lg.jp/clean", "https://www.city.taito.lg.jp/more?day=29"
TEXT = f"11月29日に清掃活動があります。{PAGE} か {MORE} を見てください。"
TELEPHONE = {"user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Line/14.0.0"}


def door(office: Office, place: int) -> str:
    """Our address for a link of the newest broadcast."""
    return "/to/" + openings.code_of(office.store.vault, newest(office).id, place)


def opened(office: Office) -> dict[int, int]:
    """How often each link of the newest was opened, once all that was written is in."""
    office.write(lambda _: None)
    return office.store.read(lambda conn: openings.of(conn, newest(office).id))


async def send(office: Office, a: httpx2.AsyncClient, second: int, version: str) -> None:
    """A broadcast with two links that has begun."""
    await a.post("/console/broadcasts", data=form(version, **{"text-ja": TEXT}))
    await do(a, office, "ask", **SURE)

    def go(conn: Connection) -> bool:
        now, one = office.clock(), newest(office)
        return broadcasts.approve(conn, one, second, one.expected, now)

    assert office.write(go)
    assert office.write(lambda conn: broadcasts.start(conn, newest(office), office.clock()))


async def test_openings_are_summed_and_nothing_of_anybody_is_kept(office: Office) -> None:
    office.under(broadcast_count_links=True)
    aoki, baba, version = await ready(office)
    async with office.browser(aoki) as a, office.browser() as resident:
        await a.post("/console/broadcasts", data=form(version, **{"text-ja": TEXT}))
        page = html.unescape((await a.get(f"/console/broadcasts/{newest(office).id}")).text)
        assert "回数だけを数えます" in page
        assert "だれが開いたかは数えません。" in page
        assert len(set(re.findall(r"/to/[0-9]+-[01]-[a-z2-7]{8}", page))) == 2
        draft = await resident.get(door(office, 0), headers=TELEPHONE)
        assert (draft.status_code, draft.headers["location"], opened(office)) == (302, PAGE, {})
        await send(office, a, baba, version)
        shown = (await a.get(f"/console/broadcasts/{newest(office).id}/progress")).text
        assert "リンクが開かれた回数" in shown
        assert f"{PAGE}</bdi>: 0回" in shown
        for place, address in ((0, PAGE), (1, MORE), (1, MORE)):
            answer = await resident.get(door(office, place), headers=TELEPHONE)
            assert (answer.status_code, answer.headers["location"]) == (302, address)
            assert "set-cookie" not in answer.headers
            assert answer.headers["referrer-policy"] == "no-referrer"
        assert opened(office) == {0: 1, 1: 2}
        shown = (await a.get(f"/console/broadcasts/{newest(office).id}/progress")).text
        assert f"{html.escape(MORE)}</bdi>: 2回" in shown


@pytest.mark.parametrize("agent", ["TelegramBot (like TwitterBot)", "facebookexternalhit/1.1;line-poker/1.0"])
async def test_messengers_that_look_at_a_link_first_do_not_count(office: Office, agent: str) -> None:
    office.under(broadcast_count_links=True)
    aoki, baba, version = await ready(office)
    async with office.browser(aoki) as a, office.browser() as looker:
        await send(office, a, baba, version)
        assert (await looker.get(door(office, 0), headers={"user-agent": agent})).status_code == 302
        assert (await looker.head(door(office, 0), headers=TELEPHONE)).status_code == 302
        assert opened(office) == {}


async def test_links_that_were_sent_lead_on_after_counting_ended_and_say_nothing_then(office: Office) -> None:
    office.under(broadcast_count_links=True)
    aoki, baba, version = await ready(office)
    async with office.browser(aoki) as a:
        await send(office, a, baba, version)
    office.under(broadcast_count_links=False)
    async with office.browser(aoki) as a, office.browser() as resident:
        assert (await resident.get(door(office, 0), headers=TELEPHONE)).headers["location"] == PAGE
        assert opened(office) == {}
        assert "リンクが開かれた回数" not in (await a.get(f"/console/broadcasts/{newest(office).id}/progress")).text


async def test_the_door_leads_nowhere_else(office: Office) -> None:
    office.under(broadcast_count_links=True)
    aoki, baba, version = await ready(office)
    async with office.browser(aoki) as a, office.browser() as stranger:
        await send(office, a, baba, version)
        one = newest(office)
        right = door(office, 0)
        forged = right[:-1] + ("a" if right[-1] != "a" else "b")
        missing = "/to/" + openings.code_of(office.store.vault, one.id + 1, 0)
        beyond = "/to/" + openings.code_of(office.store.vault, one.id, 2)
        for path in (forged, missing, beyond, "/to/x", "/to/1-0-aaaaaaaa", "/to/https:%2F%2Fevil.example"):
            assert (await stranger.get(path, headers=TELEPHONE)).status_code == 404, path
        office.under(link_hosts="go.jp")  # the city is trusted no more
    async with office.browser() as stranger:
        assert (await stranger.get(right, headers=TELEPHONE)).status_code == 404
        assert opened(office) == {}
